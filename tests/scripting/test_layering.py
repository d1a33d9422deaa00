"""Layers and keys from scripts, and steps of them told as short calls."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document import layer_commands
from studio.document.commands import open_clip, set_component
from studio.scripting import Studio
from studio.scripting.recall import Past
from studio.sequence.reducing import farthest
from studio.storage.errors import StudioError
from tests.document.test_auto_key import walk


@pytest.fixture
def studio(head_model):
    made = Studio(head_model)
    made.push(open_clip(made.document, "Walk", walk(head_model)))
    return made


def test_keys_are_set_at_frames(studio):
    studio.key(0, expr={"mouthSmileLeft": 0.0})
    studio.key(10, expr={"mouthSmileLeft": 0.8})
    assert studio.steps[-1] == "Key expr"
    studio.go_to(10)
    assert studio.controls["mouthSmileLeft"] == pytest.approx(0.8, abs=1e-3)
    studio.go_to(0)
    assert studio.controls["mouthSmileLeft"] == pytest.approx(0.0, abs=1e-3)
    assert repr(studio.layers) == "<layers: *Keys>"


@pytest.mark.parametrize("frame", [1e9, -5, -0.6, "last + 0.6"])
def test_keys_stand_on_frames_of_the_take_alone(studio, frame):
    before, last = studio.document.take, len(studio.document.take) - 1
    place = last + 0.6 if isinstance(frame, str) else frame
    with pytest.raises(StudioError, match=rf"frames 0 to {last}, not at {round(place)}\.$"):
        studio.key(place, jaw_pose=(0.3, 0, 0))
    assert studio.document.take is before
    studio.key(last + 0.4, jaw_pose=(0.3, 0, 0))
    assert studio.document.take.layer.curves["jaw_pose"].frames.tolist() == [last]


def test_a_still_counts_as_getting_its_frames(head_model):
    studio = Studio(head_model)
    with pytest.raises(StudioError, match="frames 0 to 99, not at 100"):
        studio.key(100, jaw_pose=(0.3, 0, 0))
    assert len(studio.document.take) == 1
    studio.key(0, jaw_pose=(0.0, 0, 0))
    studio.undo()
    studio.key(99, jaw_pose=(0.3, 0, 0))
    assert len(studio.document.take) == 100
    assert studio.document.take.layer.curves["jaw_pose"].frames.tolist() == [99.0]


def test_layers_are_changed_by_name_or_place(studio):
    studio.key(5, jaw_pose=(0.3, 0, 0))
    studio.layers.change("Keys", weight=0.5, name="Jaw")
    studio.layers.duplicate("Jaw")
    studio.layers.change(1, muted=True, blend="replace")
    studio.layers.move(1, 0)
    studio.layers.use("Jaw")
    assert repr(studio.layers) == "<layers: Jaw 2, *Jaw>"
    studio.layers.delete(0)
    before = studio.document.take.baked()
    studio.layers.bake(0)
    assert studio.document.take.layers == ()
    assert studio.document.take.clip == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"weight": 2.0}, "0 to 1"),
        ({"blend": "mix"}, "blend"),
        ({"colour": 1}, "setting"),
        ({"muted": "yes"}, "muted"),
        ({"name": 3}, "name"),
        ({"weight": float("nan")}, "finite|number"),
    ],
)
def test_what_a_layer_cannot_be_is_told(studio, changes, told):
    studio.key(5, jaw_pose=(0.3, 0, 0))
    before = studio.document.take
    with pytest.raises(StudioError, match=told):
        studio.layers.change("Keys", **changes)
    with pytest.raises(StudioError, match="layer"):
        studio.layers.use(4)
    assert studio.document.take is before


def test_a_clip_is_reduced_and_its_numbers_are_true(studio):
    before = studio.document.take.baked()
    found = studio.layers.reduce(0.5)
    after = studio.document.take.baked()
    errors = farthest(studio.backend, before, after, lambda: None)
    assert found["millimetres"] == pytest.approx(1000.0 * errors.max(), abs=1e-3)
    assert found["millimetres"] <= 0.5
    assert found["keys"] == sum(len(curve) for curve in studio.document.take.layers[0].curves.values())


def test_reduced_keys_come_back_from_a_session(studio, tmp_path):
    studio.layers.reduce(1.0, groups=["jaw", "face"])
    studio.layers.add()
    studio.layers.change("Keys", weight=0.25, muted=True)
    path = studio.save(tmp_path / "keys.flame")
    again = Studio("open_head")
    again.open(path)
    found, kept = again.document.take, studio.document.take
    assert found.layers == kept.layers
    assert (len(found), found.active_layer) == (len(kept), kept.active_layer)
    assert found.baked() == kept.baked()


def test_steps_come_back_as_short_calls_that_do_the_same(studio):
    document = studio.document
    done = []

    def push(command):
        command.apply(document)
        done.append(command)

    document.set(tools=document.tools.replace(auto_key=True), position=5.0)
    push(set_component(document, "Jaw open", "jaw_pose", 0, 0.3))
    document.set(tools=document.tools.replace(auto_key=False))
    push(layer_commands.add_layer(document))
    push(layer_commands.rename_layer(document, 1, "Over"))
    push(layer_commands.change_layer(document, "Weight of Over", 1, weight=0.25))
    push(layer_commands.move_layer(document, 1, 0))
    push(layer_commands.use_layer(document, 1))
    push(layer_commands.bake_layers(document, 1))
    calls = Past.of(document, done).calls(range(len(done)))
    assert calls == [
        "studio.key(5, jaw_pose=[0.3, 0.0, 0.0])",
        "studio.layers.add()",
        "studio.layers.change(1, name='Over')",
        "studio.layers.change(1, weight=0.25)",
        "studio.layers.move(0, 1)",
        "studio.layers.use(1)",
        "studio.layers.bake(1)",
    ]
    again = Studio(document.model)
    again.push(open_clip(again.document, "Walk", walk(document.model)))
    for call in calls:
        eval(call, {"studio": again})
    assert again.document.take.clip == document.take.clip
    assert np.array_equal(again.document.take.offset.shape, document.take.offset.shape)
