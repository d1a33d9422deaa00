"""With auto-key, what a hand changes becomes keys at the time cursor, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.presets import Preset
from studio.document import posing
from studio.document.auto_key import STILL_LENGTH
from studio.document.commands import open_clip, reset_fields, set_component, set_params
from studio.document.document import Document
from studio.document.faces import look_at_point, set_control, set_controls
from studio.document.mirroring import mirror_face
from studio.document.randomising import randomise_face
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from tests.controls.second_heads import rotated_head


def walk(model, frames=21):
    """A clip in which the jaw opens and the head turns."""
    angle = np.linspace(0.0, 0.4, frames)
    pose = {name: np.zeros((frames, 3)) for name in ("rotation", "neck_pose", "jaw_pose", "translation")}
    pose["jaw_pose"][:, 0] = angle
    pose["rotation"][:, 1] = -angle
    return Clip(
        shape=np.zeros(model.shape_count),
        expr=np.zeros((frames, model.expression_count)),
        eyes_pose=np.zeros((frames, 6)),
        **pose,
    )


@pytest.fixture
def document(head_model):
    made = Document(head_model)
    open_clip(made, "Walk", walk(head_model)).apply(made)
    made.set(tools=made.tools.replace(auto_key=True), position=5.0)
    return made


def test_a_slider_sets_one_key_on_its_channel_and_the_clip_goes_on_beneath(document):
    before = document.take.baked()
    command = set_component(document, "Jaw open", "jaw_pose", 0, 0.3)
    command.apply(document)
    take = document.take
    assert command.name == "Key Jaw open"
    assert [layer.blend for layer in take.layers] == ["add"]
    assert set(take.layer.curves) == {"jaw_pose"}
    assert take.layer.curves["jaw_pose"].frames.tolist() == [5.0]
    assert document.params.jaw_pose[0] == pytest.approx(0.3, abs=1e-6)
    assert take.offset == Params.zeros(len(take.offset.shape), len(take.offset.expr))
    step = 0.3 - before.jaw_pose[5, 0]
    np.testing.assert_allclose(take.baked().jaw_pose[:, 0], before.jaw_pose[:, 0] + step, atol=1e-6)
    np.testing.assert_array_equal(take.baked().rotation, before.rotation)
    command.revert(document)
    assert not document.take.layers


def test_three_keys_of_a_smile_bend_the_clip_between_them(document, head_model):
    smile = head_model.expression_names.index("mouthSmileLeft")
    for frame, value in ((0.0, 0.2), (10.0, 0.8), (20.0, 0.1)):
        document.set(position=frame)
        set_component(document, "Smile", "expr", smile, value).apply(document)
    baked = document.take.baked()
    assert baked.expr[[0, 10, 20], smile] == pytest.approx([0.2, 0.8, 0.1], abs=1e-6)
    assert (np.diff(baked.expr[:11, smile]) >= -1e-7).all()
    np.testing.assert_allclose(baked.jaw_pose, document.take.clip.jaw_pose, atol=1e-6)


def test_a_drag_is_one_step_and_one_key(document):
    first = set_component(document, "Jaw open", "jaw_pose", 0, 0.2, gesture=7)
    first.apply(document)
    second = set_component(document, "Jaw open", "jaw_pose", 0, 0.25, gesture=7)
    second.apply(document)
    merged = first.merged(second)
    assert merged is not None
    assert len(document.take.layer.curves["jaw_pose"]) == 1
    merged.revert(document)
    assert not document.take.layers


def test_keys_stand_on_whole_frames_also_while_time_runs(document):
    document.set(position=7.4)
    set_component(document, "Jaw open", "jaw_pose", 0, 0.3).apply(document)
    assert set(document.take.layer.curves) == {"jaw_pose"}
    assert document.take.layer.curves["jaw_pose"].frames.tolist() == [7.0]
    document.set(position=7.0)
    assert document.params.jaw_pose[0] == pytest.approx(0.3, abs=1e-6)


def test_a_still_replaces_and_gets_a_length(head_model):
    document = Document(head_model)
    document.set(tools=document.tools.replace(auto_key=True))
    set_component(document, "Jaw open", "jaw_pose", 0, 0.2).apply(document)
    assert len(document.take) == STILL_LENGTH
    assert document.take.layer.blend == "replace"
    document.set(position=50.0)
    set_component(document, "Jaw open", "jaw_pose", 0, 0.4).apply(document)
    np.testing.assert_allclose(document.take.params(0.0).jaw_pose[0], 0.2, atol=1e-6)
    np.testing.assert_allclose(document.take.params(25.0).jaw_pose[0], 0.3, atol=1e-6)
    np.testing.assert_allclose(document.take.params(99.0).jaw_pose[0], 0.4, atol=1e-6)


def test_identity_has_no_keys_and_changes_over_the_whole_take(document):
    set_component(document, "Shape 1", "shape", 0, 1.5).apply(document)
    assert all(not layer.curves for layer in document.take.layers)
    assert document.take.params(17.0).shape[0] == pytest.approx(1.5)


@pytest.mark.parametrize("weight", [0.5, 1.0])
@pytest.mark.parametrize("blend", ["replace", "add"])
def test_what_is_wanted_is_shown_whatever_the_layer_and_the_offset(document, blend, weight):
    document.set(tools=document.tools.replace(auto_key=False))
    set_component(document, "Turn", "rotation", 0, 0.2).apply(document)
    layers = (Layer("Mine", blend=blend, weight=weight), Layer("Over", blend="add", weight=0.3))
    keyed = layers[1].replace(
        curves={"jaw_pose": Curve.of([0, 20], [[0.1, 0, 0], [0, 0.1, 0]], "linear", True)}
    )
    take = replace(document.take, layers=(layers[0], keyed), active_layer=0)
    document.set(takes=(*document.takes[:-1], take), tools=document.tools.replace(auto_key=True))
    wanted = document.params.replace(
        jaw_pose=(0.35, 0.1, -0.05),
        rotation=(-0.3, 0.5, 0.2),
        eyelids=(0.4, 0.1),
        translation=(0.01, 0.0, 0.02),
    )
    set_params(document, "All", wanted).apply(document)
    for field in ("jaw_pose", "rotation", "eyelids", "translation"):
        np.testing.assert_allclose(getattr(document.params, field), getattr(wanted, field), atol=1e-5)
    assert document.take.active_layer == 0
    assert set(document.take.layers[0].curves) == {
        "jaw_pose",
        "rotation",
        "translation",
        "eyelids/left",
        "eyelids/right",
    }


def test_a_layer_above_that_hides_a_channel_gets_its_keys(document):
    over = Layer("Over", curves={"jaw_pose": Curve.of([0], [[0.1, 0, 0]], turns=True)})
    take = replace(document.take, layers=(Layer("Mine"), over), active_layer=0)
    document.set(takes=(*document.takes[:-1], take))
    set_component(document, "Jaw open", "jaw_pose", 0, 0.33).apply(document)
    assert document.params.jaw_pose[0] == pytest.approx(0.33, abs=1e-6)
    assert [len(layer.curves) for layer in document.take.layers] == [0, 1]
    assert document.take.layers[1].curves["jaw_pose"].frames.tolist() == [0.0, 5.0]
    assert document.take.active_layer == 0


def test_a_muted_layer_is_left_alone_and_a_new_one_made(document):
    take = replace(document.take, layers=(Layer("Keys", muted=True),))
    document.set(takes=(*document.takes[:-1], take))
    set_component(document, "Jaw open", "jaw_pose", 0, 0.33).apply(document)
    assert [layer.name for layer in document.take.layers] == ["Keys", "Keys 2"]
    assert document.params.jaw_pose[0] == pytest.approx(0.33, abs=1e-6)


def test_everything_that_shows_a_face_sets_keys(document):
    seen = [
        set_controls(document, "Two", {"mouthSmileLeft": 0.5, "headNod": 0.2}),
        look_at_point(document, "Look", (0.1, 0.0, 0.5)),
        randomise_face(document, ("mouth",), 0.7, 3),
        posing.show(document, posing.begin(document, Preset("P", ("jaw",), {"jawOpen": 0.6})), 1.0),
        reset_fields(document, "Reset pose", ("jaw_pose", "rotation")),
    ]
    for command in seen:
        assert command.name.startswith("Key ")
        command.apply(document)
        assert document.take.layer is not None
        frames = {frame for curve in document.take.layer.curves.values() for frame in curve.frames.tolist()}
        assert frames == {5.0}, command.name
        command.revert(document)
    smiled = seen[0].new["takes"][-1].layer
    assert "rotation" in smiled.curves
    assert "neck_pose" in smiled.curves
    document.set(tools=document.tools.replace(auto_key=False))
    set_component(document, "Smile", "eyes_pose", 0, 0.1).apply(document)
    document.set(tools=document.tools.replace(auto_key=True))
    mirrored = mirror_face(document, "left")
    assert mirrored.name == "Key Mirror left to right"


def test_a_unit_of_several_components_has_keys_of_its_own():
    second_model = rotated_head()
    document = Document(second_model)
    document.set(tools=document.tools.replace(auto_key=True))
    set_control(document, "mouthSmileLeft", 0.5).apply(document)
    assert set(document.take.layer.curves) == {"control/mouthSmileLeft"}
    document.set(position=40.0)
    set_control(document, "mouthSmileLeft", 0.1).apply(document)
    curve = document.take.layer.curves["control/mouthSmileLeft"]
    assert curve.frames.tolist() == [0.0, 40.0]
    np.testing.assert_allclose(curve.values[:, 0], [0.5, 0.1], atol=2e-3)
    document.set(tools=document.tools.replace(auto_key=False), position=0.0)
    plain = Document(second_model)
    set_control(plain, "mouthSmileLeft", 0.5).apply(plain)
    np.testing.assert_allclose(document.params.expr, plain.params.expr, atol=1e-5)
