"""Parameters drawn at random, told apart from impossible ones, and blended."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.flame.param_ranges import DRAWABLE, FIELD_RANGES, draw
from studio.flame.params import Params

JOINTS = {"rotation": 1, "neck_pose": 1, "jaw_pose": 1, "eyes_pose": 2}


def quaternion(vector):
    """Axis-angle to a unit quaternion, one by one in float64."""
    angle = math.sqrt(sum(float(x) ** 2 for x in vector))
    if angle == 0.0:
        return np.array([1.0, 0.0, 0.0, 0.0])
    return np.array([math.cos(angle / 2), *(math.sin(angle / 2) * float(x) / angle for x in vector)])


def arc(start, end, amount):
    """Shoemake's slerp by its textbook formula, as a quaternion."""
    a, b = quaternion(start), quaternion(end)
    cosine = float(a @ b)
    if cosine < 0.0:
        b, cosine = -b, -cosine
    theta = math.acos(min(cosine, 1.0))
    if theta < 1e-9:
        return a
    return (math.sin((1 - amount) * theta) * a + math.sin(amount * theta) * b) / math.sin(theta)


def anyone(random, spread=1.5):
    widths = {"shape": 5, "expr": 4, "translation": 3, "eyelids": 2, **{n: 3 * c for n, c in JOINTS.items()}}
    return Params(**{name: random.normal(0, spread, width) for name, width in widths.items()})


@pytest.mark.parametrize("seed", range(40))
def test_between_two_heads_joints_take_the_shorter_arc_and_the_rest_is_linear(seed):
    random = np.random.default_rng(seed)
    start, end, amount = anyone(random), anyone(random), float(random.random())
    between = start.lerp(end, amount)
    for name in ("shape", "expr", "translation", "eyelids"):
        wanted = (1 - amount) * getattr(start, name).astype(float) + amount * getattr(end, name).astype(float)
        np.testing.assert_allclose(getattr(between, name), wanted, atol=1e-6)
    for name, count in JOINTS.items():
        for joint in range(count):
            side = slice(3 * joint, 3 * joint + 3)
            wanted = arc(getattr(start, name)[side], getattr(end, name)[side], amount)
            reached = quaternion(getattr(between, name)[side])
            assert abs(reached @ wanted) == pytest.approx(1.0, abs=1e-11)
            assert np.linalg.norm(reached * np.sign(reached @ wanted) - wanted) < 1e-6


def test_both_ends_are_the_heads_themselves():
    start, end = anyone(np.random.default_rng(1), 4.0), anyone(np.random.default_rng(2), 4.0)
    assert start.lerp(end, 0.0) == start
    assert start.lerp(end, 1.0) == end


def test_a_joint_at_rest_beyond_half_a_turn_keeps_its_numbers():
    start = Params.zeros(2, 2).replace(rotation=(0.0, 4.0, 0.0))
    between = start.lerp(start.replace(jaw_pose=(0.2, 0.0, 0.0)), 0.5)
    np.testing.assert_array_equal(between.rotation, start.rotation)
    assert between.shape is start.shape


def test_blending_across_half_a_turn_does_not_spin_back():
    start = Params.zeros(1, 1).replace(rotation=(0.0, 3.0, 0.0))
    end = start.replace(rotation=(0.0, -3.0, 0.0))
    assert np.linalg.norm(start.lerp(end, 0.5).rotation) == pytest.approx(math.pi, abs=1e-6)


def test_offsets_blend_and_a_missing_one_is_none_at_all():
    bare = Params.zeros(1, 1)
    offset = bare.replace(vertex_offset=np.ones((4, 3)))
    assert bare.lerp(bare.replace(expr=[1.0]), 0.5).vertex_offset is None
    for pair, amount in (((bare, offset), 0.25), ((offset, bare), 0.75)):
        np.testing.assert_allclose(pair[0].lerp(pair[1], amount).vertex_offset, np.full((4, 3), 0.25))
    far = bare.replace(vertex_offset=np.full((4, 3), 3.0))
    np.testing.assert_allclose(offset.lerp(far, 0.5).vertex_offset, np.full((4, 3), 2.0))
    assert offset.lerp(offset.replace(expr=[1.0]), 0.5).vertex_offset is offset.vertex_offset


@pytest.mark.parametrize("amount", [0.0, 0.4, 1.0])
def test_heads_of_different_sizes_are_not_blended(amount):
    start = Params.zeros(3, 2)
    with pytest.raises(ValueError, match="expr has 2 components here and 4 there"):
        start.lerp(Params.zeros(3, 4), amount)
    with pytest.raises(ValueError, match="shape has 3"):
        start.lerp(Params.zeros(5, 2), amount)
    mesh = start.replace(vertex_offset=np.ones((4, 3)))
    with pytest.raises(ValueError, match="vertex_offset has 4 vertices here and 5 there"):
        mesh.lerp(start.replace(vertex_offset=np.ones((5, 3))), amount)


def test_no_amount_is_no_head():
    with pytest.raises(ValueError, match="finite"):
        Params.zeros(1, 1).lerp(Params.zeros(1, 1), math.nan)


def test_components_in_sigma_have_the_strength_as_deviation():
    values = draw(np.tile([-3.0, 3.0], (20_000, 1)), 0.5, np.random.default_rng(1))
    assert np.std(values) == pytest.approx(0.5, rel=0.03)
    assert abs(np.mean(values)) < 0.02


def test_one_sided_units_are_never_negative():
    values = draw(np.tile([0.0, 1.0], (1000, 1)), 2.0, np.random.default_rng(1))
    assert values.min() == 0.0
    assert values.max() == 1.0


@pytest.mark.parametrize("strength", [0.3, 1.0, 50.0])
def test_random_heads_have_no_problems(tiny_model, head_model, strength):
    for model in (tiny_model, head_model):
        for seed in range(10):
            head = Params.random(model, seed, strength, DRAWABLE)
            assert head.validate(model) == []
            assert head != Params.neutral(model)


def test_random_heads_are_repeatable_and_differ(tiny_model):
    assert Params.random(tiny_model, 3) == Params.random(tiny_model, 3)
    assert Params.random(tiny_model, 3) != Params.random(tiny_model, 4)
    going_on = np.random.default_rng(3)
    assert Params.random(tiny_model, going_on) == Params.random(tiny_model, 3)
    assert Params.random(tiny_model, going_on) != Params.random(tiny_model, 3)
    assert Params.random(tiny_model, 3, 0.0) == Params.neutral(tiny_model)


def test_random_heads_stay_where_they_are_and_look_one_way(tiny_model):
    head = Params.random(tiny_model, 3)
    assert not head.rotation.any()
    assert not head.translation.any()
    assert not head.eyelids.any()
    np.testing.assert_array_equal(head.eyes_pose[:3], head.eyes_pose[3:])
    only = Params.random(tiny_model, 3, fields=("jaw_pose",))
    assert only.jaw_pose.any()
    assert not only.shape.any()
    assert not only.neck_pose.any()


@pytest.mark.parametrize("strength", [-1.0, math.nan, math.inf])
def test_senseless_strengths_are_refused(tiny_model, strength):
    with pytest.raises(ValueError, match="strength"):
        Params.random(tiny_model, 0, strength)


@pytest.mark.parametrize("field", ["translation", "smile"])
def test_what_is_never_drawn_is_refused(tiny_model, field):
    with pytest.raises(ValueError, match=field):
        Params.random(tiny_model, 0, fields=(field,))


def test_each_number_at_fault_is_told_with_its_name_and_range(tiny_model):
    model = replace(tiny_model, expression_names=("smile", "blink", "puff", "frown"))
    head = Params.neutral(model).replace(
        expr=(0.0, 5.2, -3.5, 3.0),
        neck_pose=(0.0, 2.0, 0.0),
        eyelids=(0.0, 1.5),
        translation=(0.0, np.nan, 11.0),
        shape=(0.0, np.inf, 0.0, 0.0, 0.0, 0.0),
    )
    assert head.validate(model) == [
        "shape[1] is not a finite number",
        "expr[1] (blink) is 5.2, beyond -3..3",
        "expr[2] (puff) is -3.5, beyond -3..3",
        "neck_pose[1] is 2, beyond -1.396..1.396",
        "translation[1] is not a finite number",
        "translation[2] is 11, beyond -10..10",
        "eyelids[1] (right) is 1.5, beyond 0..1",
    ]


def test_sizes_of_another_model_are_told(tiny_model):
    head = Params.zeros(6, 7).replace(expr=(0, 0, 0, 0, 0, np.nan, 9), vertex_offset=np.zeros((9, 3)))
    assert head.validate(tiny_model) == [
        "expr has 7 components, tiny 4",
        "expr[5] is not a finite number",
        "vertex_offset is for 9 vertices, tiny has 62",
    ]
    assert Params.zeros(2, 1).validate(tiny_model) == []


def test_offsets_that_tear_the_mesh_are_told_in_one_entry(tiny_model):
    offset = np.zeros((62, 3))
    offset[7, 1], offset[9] = np.nan, 5.0
    (told,) = Params.neutral(tiny_model).replace(vertex_offset=offset).validate(tiny_model)
    assert told == "vertex_offset[7, 1] is not a finite number and 3 more are at fault"


def test_every_end_of_a_range_is_within_it(tiny_model):
    for side in (0, 1):
        ends = {name: ranges[:, side] for name, ranges in FIELD_RANGES.items()}
        assert Params.neutral(tiny_model).replace(**ends).validate(tiny_model) == []
