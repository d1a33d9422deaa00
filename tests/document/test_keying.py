from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.named_controls import control_set, read
from studio.document.carry import carried_over
from studio.document.document import Document
from studio.document.key_commands import with_curves
from studio.document.keying import (
    changed_channels,
    keyed,
    keyed_controls,
    set_keys,
    set_layers,
    set_length,
    with_layer,
)
from studio.document.mirroring import flip_face
from studio.document.take import Take
from studio.flame.params import FIELD_WIDTHS, Params
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from tests.controls.second_heads import rotated_head

RANDOM = np.random.default_rng(21)


def random_params(model, scale=0.2) -> Params:
    widths = {"shape": model.shape_count, "expr": model.expression_count, **FIELD_WIDTHS}
    return Params(**{name: RANDOM.normal(0, scale, width) for name, width in widths.items()})


@pytest.fixture
def take(tiny_model) -> Take:
    frames = [random_params(tiny_model) for _ in range(20)]
    channels = {
        name: np.stack([getattr(frame, name) for frame in frames]) for name in ("expr", *FIELD_WIDTHS)
    }
    taken = Take.of("walk", Clip(shape=frames[0].shape, fps=25.0, **channels))
    return taken.edited(3.0, random_params(tiny_model))


def assert_shows(take: Take, position: float, wanted: Params, atol=3e-6) -> None:
    shown = take.params(position)
    for name in ("expr", *FIELD_WIDTHS):
        np.testing.assert_allclose(getattr(shown, name), getattr(wanted, name), atol=atol, err_msg=name)


@pytest.mark.parametrize("blend", ["replace", "add"])
@pytest.mark.parametrize("weight", [1.0, 0.5])
def test_keys_show_what_was_asked_for_under_an_offset_and_another_layer(
    tiny_model, take, blend, weight
) -> None:
    above = Layer("above", {"neck_pose": Curve.of([0, 9], RANDOM.normal(0, 0.3, (2, 3)), turns=True)})
    for over in (above.replace(blend="add", weight=0.7), above.replace(weight=0.4)):
        stack = replace(take, layers=(Layer(blend=blend, weight=weight), over), active_layer=0)
        wanted = random_params(tiny_model)
        made = keyed(stack, 7.0, wanted, changed_channels(stack.params(7.0), wanted))
        assert not made.hidden
        assert_shows(made.take, 7.0, wanted)


def test_a_layer_above_that_replaces_wholly_is_told(tiny_model, take) -> None:
    above = Layer("above", {"neck_pose": Curve.of([0], [[0.1, 0, 0]], turns=True)})
    stack = replace(take, layers=(Layer(), above), active_layer=0)
    made = keyed(stack, 7.0, random_params(tiny_model), ["neck_pose", "jaw_pose"])
    assert made.hidden == ("neck_pose",)


def test_keys_over_a_dense_clip_add_and_leave_it_as_it_is_elsewhere(tiny_model, take) -> None:
    wanted = take.params(10.0).replace(jaw_pose=(0.3, 0.0, 0.0))
    for frame in (5.0, 15.0):
        take = keyed(take, frame, take.params(frame), ["jaw_pose"]).take
    made = keyed(take, 10.0, wanted, ["jaw_pose"]).take
    assert made.layer is not None
    assert made.layer.blend == "add"
    assert_shows(made, 10.0, wanted)
    for frame in (0.0, 5.0, 15.0, 19.0):
        assert_shows(made, frame, take.params(frame))


def test_only_what_changed_gets_keys(tiny_model) -> None:
    document = Document(tiny_model)
    wanted = document.params.replace(neck_pose=(0.0, 0.2, 0.0), eyelids=(0.0, 0.5))
    channels = changed_channels(document.params, wanted)
    assert channels == ("neck_pose", "eyelids/right")
    command = set_keys(document, "Turn", wanted, channels)
    command.apply(document)
    assert document.take.layer is not None
    assert set(document.take.layer.curves) == set(channels)
    command.revert(document)
    assert not document.take.layers


def test_identity_goes_into_the_offset(tiny_model) -> None:
    document = Document(tiny_model)
    wanted = random_params(tiny_model)
    set_keys(document, "All", wanted, changed_channels(document.params, wanted)).apply(document)
    np.testing.assert_allclose(document.params.shape, wanted.shape, atol=1e-6)
    assert_shows(document.take, 0.0, wanted)


def test_a_still_gets_as_long_as_is_asked_and_plays_between_its_keys(tiny_model) -> None:
    document = Document(tiny_model)
    set_length(document, 51).apply(document)
    assert len(document.take) == 51
    assert document.play_range == (0, 50)
    set_keys(document, "Key jaw", document.params, ["jaw_pose"]).apply(document)
    document.set(position=50.0)
    opened = document.params.replace(jaw_pose=(0.4, 0.0, 0.0))
    set_keys(document, "Key jaw", opened, ["jaw_pose"]).apply(document)
    assert document.take.params(25.0).jaw_pose[0] == pytest.approx(0.2, abs=1e-6)
    baked = document.take.baked()
    assert len(baked) == 51
    assert baked.jaw_pose[25, 0] == pytest.approx(0.2, abs=1e-6)
    set_length(document, 1).apply(document)
    assert document.position == 0.0


def test_units_have_keys_of_their_own_on_top_of_the_face(head_model) -> None:
    controls = control_set(head_model)
    take = replace(Take.of("still", Clip.still(random_params(head_model, 0.05))), length=40)
    before = read(controls, take.params(20.0))["mouthSmileLeft"]
    made = keyed_controls(take, 20.0, {"mouthSmileLeft": 0.6}, controls.space)
    made = keyed_controls(made, 0.0, {"mouthSmileLeft": -0.6}, controls.space)
    assert read(controls, made.params(20.0))["mouthSmileLeft"] == pytest.approx(before + 0.6, abs=1e-5)
    assert read(controls, made.params(0.0))["mouthSmileLeft"] == pytest.approx(before, abs=1e-5)
    assert set(made.layer.curves) == {"control/mouthSmileLeft"}


def test_layers_are_carried_to_another_basis_by_the_controls(head_model) -> None:
    rotated = rotated_head(digest="rotated")
    old, new = control_set(head_model), control_set(rotated)
    smile = old.space.places["mouthSmileLeft"]
    still = replace(Take.of("still", Clip.still(Params.neutral(head_model))), length=30)
    wanted = Params.neutral(head_model).replace(
        expr=old.space.directions[: head_model.expression_count, smile]
    )
    made = keyed(still, 0.0, still.params(0.0), changed_channels(still.params(0.0), wanted)).take
    made = keyed(made, 20.0, wanted, changed_channels(still.params(0.0), wanted)).take
    made = keyed_controls(made, 20.0, {"eyeBlinkRight": 0.5}, old.space)
    (carried,), _ = carried_over((made,), head_model, rotated, (old.space, new.space))
    values = read(new, carried.params(20.0))
    assert values["mouthSmileLeft"] == pytest.approx(1.0, abs=0.02)
    assert values["eyeBlinkRight"] == pytest.approx(0.5, abs=0.02)
    assert abs(read(new, carried.params(0.0))["mouthSmileLeft"]) < 0.02
    assert len(carried) == 30


def test_a_flipped_take_flips_its_keys(head_model) -> None:
    from studio.controls.symmetry import flipped

    document = Document(head_model)
    controls = control_set(head_model)
    still = replace(document.take, length=30)
    for frame in (0.0, 12.0, 29.0):
        wanted = random_params(head_model, 0.1).replace(shape=still.params(0.0).shape)
        still = keyed(still, frame, wanted, changed_channels(still.params(frame), wanted)).take
    still = keyed_controls(still, 12.0, {"mouthSmileLeft": 0.4}, controls.space)
    document.set(takes=(still,))
    flip_face(document).apply(document)
    for frame in (0.0, 6.3, 12.0, 20.0):
        assert_shows(document.take, frame, flipped(head_model, still.params(frame)), atol=1e-5)


@pytest.mark.parametrize(("last", "length"), [(10.0, 11), (10.25, 12), (10.9995, 12)])
def test_a_take_lasts_until_its_last_key_also_between_frames(tiny_model, last, length) -> None:
    take = Take.of("Still", Clip.still(Params.neutral(tiny_model), 25.0))
    made = with_curves(take, {"expr/0": Curve.of([0.0, last], [0.0, 1.0])})
    assert len(made) == length
    assert made.params(len(made) - 1.0).expr[0] == pytest.approx(1.0)


def test_layers_are_replaced_in_one_step(tiny_model) -> None:
    document = Document(tiny_model)
    document.set(takes=(with_layer(document.take),))
    two = (*document.take.layers, Layer("Smile", blend="add"))
    command = set_layers(document, "Add layer", two, active=1)
    command.apply(document)
    assert document.take.layer == two[1]
    command.revert(document)
    assert len(document.take.layers) == 1
