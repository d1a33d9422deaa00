"""Steps as Python: what is copied does the same when it is run, to the last bit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from studio.controls.handles import pin, surface_handle
from studio.controls.mapping_file import read_mapping
from studio.document import commands, faces
from studio.document.document import FIELDS, UNASKED, Document
from studio.document.media import Media
from studio.document.sound_commands import set_sound, use_sound
from studio.document.take import Take
from studio.flame.model import Variant
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.scripting import Studio
from studio.scripting.recall import Past, code_of, script_of
from studio.sequence.clip import Clip
from tests.session.test_session_files import full_state
from tests.sound.sounds import sine, write


class Desk:
    """A document and the commands that were done to it."""

    def __init__(self, model):
        self.document, self.steps = Document(model), []

    def push(self, command):
        assert not command.changes_nothing
        command.apply(self.document)
        self.steps.append(command)

    def code(self):
        return Past.of(self.document, self.steps).calls(range(len(self.steps)))


def assert_same(first, second):
    for name in set(FIELDS) - {"model"}:
        assert getattr(first, name) == getattr(second, name), name
    assert first.model.original.digest == second.model.original.digest
    assert first.model.variant == second.model.variant


def run(script):
    names = {}
    exec(compile(script, "script", "exec"), names)
    return names["studio"]


@pytest.fixture
def desk():
    return Desk(load_open_head())


def walk(model, frames=5):
    random = np.random.default_rng(3)

    def values(width):
        return random.normal(0.0, 0.1, (frames, width)).astype(np.float32)

    return Clip(
        shape=values(model.shape_count)[0],
        expr=values(model.expression_count),
        rotation=values(3),
        neck_pose=values(3),
        jaw_pose=values(3),
        eyes_pose=values(6),
        translation=values(3),
    )


def test_what_a_hand_does_is_a_short_call(desk):
    document = desk.document
    smile = document.model.expression_names.index("mouthSmileLeft")
    desk.push(commands.set_component(document, "Mouth smile left", "expr", smile, 0.1))
    desk.push(commands.set_component(document, "Jaw open", "jaw_pose", 0, 0.2))
    desk.push(faces.set_control(document, "browInnerUp", 0.5))
    look = document.look.replace(mode="shaded", background=(0.1, 0.2, 0.3))
    desk.push(commands.set_look(document, "Shading", look))
    desk.push(commands.set_locks(document, "Jaw open", frozenset({("jaw_pose", 0)}), True))
    desk.push(commands.set_locks(document, "Jaw open", frozenset({("jaw_pose", 0)}), False))
    desk.push(commands.reset_fields(document, "Reset expression", ["expr"]))
    assert desk.code() == [
        "studio.set_component('expr', 'mouthSmileLeft', 0.1)",
        "studio.set_component('jaw_pose', 0, 0.2)",
        "studio.set_component('expr', 'browInnerUp', 0.5)",
        "studio.look(mode='shaded', background=[0.1, 0.2, 0.3])",
        "studio.lock('jaw_pose', 0)",
        "studio.unlock('jaw_pose', 0)",
        "studio.reset('expression')",
    ]
    assert_same(run(script_of(document, desk.steps)).document, document)


def test_many_values_at_once(desk):
    params = Params.random(desk.document.model, seed=4)
    desk.push(commands.set_params(desk.document, "Randomise", params))
    (line,) = desk.code()
    assert line.startswith("studio.set_params(\n    'Randomise',")
    assert_same(run(script_of(desk.document, desk.steps)).document, desk.document)


def test_a_clip_from_a_file_is_opened_and_one_without_is_told(desk, tmp_path):
    document = desk.document
    studio = Studio("open_head")
    studio.push(commands.open_clip(studio.document, "Walk", walk(document.model)))
    studio.export(tmp_path / "walk.npz")
    from studio.sequence.files import read_clip

    clip, _ = read_clip(tmp_path / "walk.npz", document.model)
    desk.push(commands.open_clip(document, "walk", clip, tmp_path / "walk.npz"))
    desk.push(commands.open_clip(document, "Run", walk(document.model)))
    document.set(position=2.0)
    desk.push(commands.set_component(document, "Jaw open", "jaw_pose", 0, 0.3))
    desk.push(commands.use_take(document, 1))
    code = desk.code()
    assert code[0] == f"studio.open({str(tmp_path / 'walk.npz')!r})"
    assert code[1].startswith("studio.set(\n    'Open Run',")
    assert code[3] == "studio.use_take(1)"
    script = script_of(document, desk.steps)
    assert_same(run(script).document, document)
    (tmp_path / "walk.npz").unlink()
    assert_same(run(script_of(document, desk.steps)).document, document)


def test_a_sound_from_a_file_is_opened_with_the_length_it_gives_a_still(desk, tmp_path):
    path = write(tmp_path / "voice.wav", sine(1.0))
    document = desk.document
    desk.push(use_sound(document, Media(str(path)), path, 1.0))
    desk.push(set_sound(document, "Sound offset", offset=0.5))
    assert desk.code() == [f"studio.open({str(path)!r})", "studio.sound(offset=0.5)"]
    assert len(document.take) == document.take.fps
    assert_same(run(script_of(document, desk.steps)).document, document)


def test_a_mapping_from_a_file_is_opened(desk, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("cheekPuff,0,0,0.5\n")
    desk.push(faces.use_mapping(desk.document, read_mapping(path), path.name, path))
    desk.push(faces.set_control(desk.document, "cheekPuff", 0.5))
    assert desk.code()[0] == f"studio.open({str(path)!r})"
    script = script_of(desk.document, desk.steps)
    assert_same(run(script).document, desk.document)
    path.unlink()
    assert_same(run(script_of(desk.document, desk.steps)).document, desk.document)


def test_the_state_before_the_first_step_is_told_too(desk):
    state = full_state(desk.document.model)
    state.put_into(desk.document)
    desk.push(commands.set_component(desk.document, "Jaw open", "jaw_pose", 0, 0.2))
    desk.push(commands.use_variant(desk.document, "Hide neck", Variant(without=frozenset({"neck"}))))
    made = run(script_of(desk.document, desk.steps))
    assert_same(made.document, replace(full_state(made.model), **_values(desk.document)))
    assert made.steps[1:] == ["Jaw open", "Mesh"]


def _values(document):
    return {name: getattr(document, name) for name in FIELDS}


@pytest.mark.parametrize("field", sorted(set(FIELDS) - UNASKED - {"model"}))
def test_a_change_of_any_field_has_a_form(desk, field):
    value = getattr(full_state(desk.document.model), field)
    if field == "pins":
        value = (pin(surface_handle(desk.document.model, 100, (0.2, 0.3, 0.5)), (0.1, 0.2, 0.3)),)
    if field == "active":
        takes = (*desk.document.takes, Take.of("Other", walk(desk.document.model)))
        desk.push(commands.change(desk.document, "Take", takes=takes))
    elif field == "takes":
        assert len(value) > 1
    desk.push(commands.change(desk.document, "Anything", **{field: value}))
    assert_same(run(script_of(desk.document, desk.steps)).document, desk.document)


def test_a_change_of_any_setting_has_a_form(desk):
    state = full_state(desk.document.model)
    for name in ("look", "playback", "comparison", "sound"):
        value = getattr(desk.document, name)
        for entry in fields(value):
            wanted = getattr(getattr(state, name), entry.name)
            if wanted == getattr(value, entry.name) or not is_dataclass(value):
                continue
            changed = getattr(desk.document, name).replace(**{entry.name: wanted})
            if not (command := commands.change(desk.document, entry.name, **{name: changed})).changes_nothing:
                desk.push(command)
    assert all(
        line.startswith(("studio.look(", "studio.playback(", "studio.comparison(", "studio.sound("))
        for line in desk.code()
    )
    assert_same(run(script_of(desk.document, desk.steps)).document, desk.document)


def test_a_model_that_came_from_no_file_is_said_so(tiny_model):
    document = Document(load_open_head())
    command = commands.change(document, "Use tiny", model=tiny_model)
    assert code_of(command, document.read(FIELDS)) == (
        "# Use tiny: tiny came from no file, so that no script can name it."
    )


def test_no_name_gets_code_into_a_script(tiny_model):
    evil = replace(tiny_model, name="tiny\nraise SystemExit")
    document = Document(load_open_head())
    command = commands.change(document, "Smile\rraise SystemExit", model=evil)
    told = code_of(command, document.read(FIELDS)) + "\n" + script_of(Document(evil), [])
    assert "raise SystemExit" not in [line.strip() for line in told.splitlines()]
    assert "tiny raise SystemExit" in told
