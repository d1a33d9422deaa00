"""What survives a switch of models."""

from __future__ import annotations

import dataclasses

import numpy as np

from studio.controls.named_controls import apply_all, control_set, read
from studio.document.carry import asks_for_units, carried_over, same_basis
from studio.document.document import new_take
from studio.document.take import Take
from studio.flame.model import Variant
from studio.flame.params import FIELD_WIDTHS, Params
from studio.flame.variants import make_variant
from studio.sequence.clip import Clip
from tests.backends.reference import forward
from tests.controls.second_heads import rotated_head
from tests.flame.plain_head import plain_head


def posed(model, **values):
    take = new_take(model)
    return take.edited(0.0, Params.neutral(model).replace(**values))


def test_the_same_basis_in_another_file_keeps_everything(tiny_model):
    copy = dataclasses.replace(tiny_model, name="copy", digest="ff" * 32)
    assert same_basis(tiny_model, copy)
    takes = (posed(tiny_model, shape=np.arange(6.0), jaw_pose=(0.2, 0, 0)),)
    carried, notice = carried_over(takes, tiny_model, copy)
    assert carried[0].params(0.0) == takes[0].params(0.0)
    assert notice == ""


def test_another_basis_keeps_the_pose_and_says_what_it_left(tiny_model):
    other = dataclasses.replace(tiny_model, name="other", shapedirs=tiny_model.shapedirs[:, :, :4].copy())
    takes = (posed(tiny_model, shape=np.ones(6), jaw_pose=(0.2, 0, 0), eyes_pose=(0.1,) * 6),)
    carried, notice = carried_over(takes, tiny_model, other)
    params = carried[0].params(0.0)
    assert params.shape.shape == (4,)
    assert not params.shape.any()
    np.testing.assert_allclose(params.jaw_pose, (0.2, 0, 0), atol=1e-7)
    np.testing.assert_allclose(params.eyes_pose, 0.1, atol=1e-7)
    assert "other" in notice


def test_components_with_the_same_name_are_carried(tiny_model):
    named = dataclasses.replace(tiny_model, expression_names=("a", "b", "c", "d"))
    other = dataclasses.replace(
        tiny_model, expressiondirs=tiny_model.expressiondirs[:, :, :2] * 2, expression_names=("c", "a")
    )
    carried, _ = carried_over((posed(named, expr=(1, 2, 3, 4)),), named, other)
    np.testing.assert_array_equal(carried[0].params(0.0).expr, (3, 1))


def test_a_pose_alone_is_carried_without_a_notice(tiny_model):
    other = dataclasses.replace(tiny_model, shapedirs=tiny_model.shapedirs * 2)
    _, notice = carried_over((posed(tiny_model, neck_pose=(0, 0.3, 0)),), tiny_model, other)
    assert notice == ""


def offset_take(model):
    """A take of three frames with both kinds of vertex offsets, and one on top."""
    count = model.vertex_count
    rows = np.random.default_rng(0).normal(0, 1e-3, (5, count, 3)).astype(np.float32)
    widths = {**FIELD_WIDTHS, "expr": model.expression_count}
    clip = Clip(
        shape=np.zeros(model.shape_count),
        static_offset=rows[0],
        dynamic_offset=rows[1:4],
        **{name: np.zeros((3, width)) for name, width in widths.items()},
    )
    take = Take.of("moved", clip)
    return take.edited(0.0, take.params(0.0).replace(eyelids=(0.5, 1.0), vertex_offset=rows[4]))


def test_offsets_and_eyelids_stay_on_the_same_mesh(tiny_model):
    other = dataclasses.replace(tiny_model, shapedirs=tiny_model.shapedirs * 2, digest="11" * 32)
    take = offset_take(tiny_model)
    (carried,), notice = carried_over((take,), tiny_model, other)
    assert notice == ""
    assert carried.clip.static_offset is take.clip.static_offset
    for frame in (0.0, 1.0, 2.0):
        assert carried.params(frame) == take.params(frame)


def test_offsets_are_left_out_on_another_mesh_and_eyelids_stay(tiny_model):
    other = dataclasses.replace(tiny_model, faces=tiny_model.faces[::-1].copy(), digest="11" * 32)
    (carried,), notice = carried_over((offset_take(tiny_model),), tiny_model, other)
    assert carried.params(1.0).vertex_offset is None
    np.testing.assert_allclose(carried.params(1.0).eyelids, (0.5, 1.0))
    assert notice == "Vertex offsets were made for the mesh of tiny and were left out. Undo brings them back."


def test_offsets_follow_teeth_in_and_out():
    plain = plain_head()
    toothed = make_variant(plain, Variant(teeth=True))
    take = offset_take(plain)
    (there,), notice = carried_over((take,), plain, toothed)
    assert notice == ""
    assert there.clip.dynamic_offset.shape == (3, toothed.vertex_count, 3)
    offset = there.params(1.0).vertex_offset
    np.testing.assert_array_equal(offset[: plain.vertex_count], take.params(1.0).vertex_offset)
    assert not offset[plain.vertex_count :].any()
    (back,), _ = carried_over((there,), toothed, plain)
    assert back.params(2.0) == take.params(2.0)


def test_hiding_parts_leaves_takes_as_they_are(head_model):
    hidden = make_variant(head_model, Variant(without=frozenset({"neck"})))
    takes = (offset_take(head_model),)
    carried, notice = carried_over(takes, head_model, hidden)
    assert carried is takes
    assert notice == ""


def test_a_face_is_made_anew_by_the_units_of_both_models(head_model):
    second = dataclasses.replace(rotated_head(seed=13), digest="66" * 32)
    units = control_set(head_model).space, control_set(second).space
    face = {"mouthSmileLeft": 0.6, "browInnerUp": 0.4, "jawOpen": 0.5, "eyeLookUpLeft": 0.3, "headTurn": 0.2}
    params = apply_all(control_set(head_model), Params.neutral(head_model), face)
    params = params.replace(translation=(0.0, 0.1, 0.0))
    take = new_take(head_model).edited(0.0, params)
    assert asks_for_units((take,), head_model, second)
    (carried,), notice = carried_over((take,), head_model, second, units)
    there = carried.params(0.0)
    away = forward(second, there).vertices - forward(head_model, params).vertices
    assert np.linalg.norm(away, axis=1)[np.unique(second.faces)].max() < 3e-4
    values = read(control_set(second), there)
    assert {
        name: round(value, 3) for name, value in values.items() if abs(value) > 1e-3 and name in face
    } == face
    assert notice.startswith("The face was carried over to second by its controls")
    assert "mean" not in notice
    (back,), _ = carried_over((carried,), second, head_model, units[::-1])
    np.testing.assert_allclose(back.params(0.0).expr, params.expr, atol=2e-3)
    np.testing.assert_allclose(back.params(0.0).jaw_pose, params.jaw_pose, atol=2e-3)


def test_every_frame_of_a_clip_is_carried(head_model):
    second = dataclasses.replace(rotated_head(seed=13), digest="66" * 32)
    units = control_set(head_model).space, control_set(second).space
    expr = np.zeros((4, head_model.expression_count), np.float32)
    expr[:, head_model.expression_names.index("cheekPuff")] = (0.0, 0.2, 0.5, 0.9)
    widths = {name: width for name, width in FIELD_WIDTHS.items() if name != "eyelids"}
    clip = Clip(
        shape=np.zeros(head_model.shape_count),
        expr=expr,
        **{name: np.full((4, width), 0.01) for name, width in widths.items()},
    )
    (carried,), _ = carried_over((Take.of("puff", clip),), head_model, second, units)
    told = [read(control_set(second), carried.params(frame))["cheekPuff"] for frame in range(4)]
    np.testing.assert_allclose(told, (0.0, 0.2, 0.5, 0.9), atol=2e-3)
    np.testing.assert_allclose(carried.clip.neck_pose, 0.01)
