"""The studio as Python: what it does, that it undoes by name, and what it says to what cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from studio.controls.preset_file import write_preset
from studio.controls.presets import Preset
from studio.document.document import FIELDS
from studio.document.look import Backdrop, Texture
from studio.document.media import Media
from studio.flame.params import Params
from studio.scripting import Studio
from studio.storage.errors import StudioError
from tests.export.gltf.reader import Player
from tests.sound.sounds import content, sine, write


@pytest.fixture
def studio(head_model):
    return Studio(head_model, backend="torch", device="cpu")


@pytest.fixture
def tiny(tiny_model):
    return Studio(tiny_model, backend="torch", device="cpu")


def test_components_by_name_and_place(studio, tiny):
    studio.set_component("expr", "mouthSmileLeft", 0.5)
    assert studio.params.expr[studio.model.expression_names.index("mouthSmileLeft")] == 0.5
    studio.set_component("jaw_pose", 0, 0.2)
    assert studio.params.jaw_pose[0] == pytest.approx(0.2)
    assert studio.steps == ["Mouth smile left", "Jaw pose 1"]
    tiny.set_component("shape", [0, 2], 1.5)
    assert tiny.params.shape.tolist() == [1.5, 0.0, 1.5, 0.0, 0.0, 0.0]


def test_a_named_control_moves_the_face(studio):
    studio.set_control("mouthSmileLeft", 0.5)
    assert studio.controls["mouthSmileLeft"] == pytest.approx(0.5, abs=1e-3)
    studio.set_controls("Wink", eyeBlinkLeft=1.0, mouthSmileLeft=0.25)
    assert studio.controls["eyeBlinkLeft"] == pytest.approx(1.0, abs=1e-3)
    assert studio.steps[-1] == "Wink"


def test_poses_of_the_library_and_of_files(studio, tmp_path):
    studio.pose("half smile", 0.5)
    assert studio.controls["mouthSmileLeft"] == pytest.approx(0.4, abs=1e-3)
    studio.pose("Surprise", parts=["brows"])
    assert studio.controls["browInnerUp"] == pytest.approx(0.75, abs=1e-3)
    assert studio.controls["jawOpen"] == pytest.approx(0.0, abs=1e-3)
    write_preset(tmp_path / "a.flamepose", Preset("Open", ("jaw",), {"jawOpen": 0.5}))
    studio.open(tmp_path / "a.flamepose")
    assert studio.controls["jawOpen"] == pytest.approx(0.5, abs=1e-3)
    assert studio.steps == ["Half smile 50 %", "Surprise", "Open"]
    with pytest.raises(StudioError, match="did you mean Surprise"):
        studio.pose("Suprise")
    with pytest.raises(StudioError):
        studio.pose("Smile", parts=["hair"])


def test_every_change_undoes_and_redoes(studio):
    start = studio.document.read(FIELDS)
    studio.set_params("Nod", rotation=(0.1, 0.0, 0.0), expr={"jawForward": 0.3})
    studio.look(mode="shaded", light={"strength": 2.0})
    studio.lock("expr", "jawForward")
    studio.playback(speed=0.5)
    studio.comparison(kind="distance")
    studio.reset("all")
    assert studio.steps == ["Nod", "Look", "Lock Jaw forward", "Speed", "Kind", "Reset everything"]
    end = studio.document.read(FIELDS)
    studio.undo(100)
    assert studio.document.read(FIELDS) == start
    studio.redo(100)
    assert studio.document.read(FIELDS) == end
    assert studio.document.look.light.strength == 2.0
    assert studio.document.look.light.azimuth == start["look"].light.azimuth


def test_frames_that_leave_nothing_to_play_are_refused(studio):
    sentence = r"Frames 90 to 5 cannot be played; the last must not be before the first\."
    with pytest.raises(StudioError, match=sentence):
        studio.playback(first=90, last=5)
    with pytest.raises(StudioError, match=sentence):
        studio.set("Play", playback={"first": 90, "last": 5})
    assert studio.steps == []
    studio.playback(first=90)
    with pytest.raises(StudioError, match=sentence):
        studio.playback(last=5)
    studio.playback(last=90)
    assert (studio.document.playback.first, studio.document.playback.last) == (90, 90)


def test_what_changes_nothing_is_no_step(studio):
    studio.look(mode="textured")
    studio.set_component("expr", "jawForward", 0.0)
    assert studio.steps == []


def test_the_camera_is_no_step(studio):
    studio.camera(azimuth=0.5)
    studio.view(azimuth=90.0)
    assert studio.document.camera.azimuth == pytest.approx(math.pi / 2)
    assert studio.steps == []


def test_files_open_and_save(studio, tmp_path, head_model):
    studio.set_component("expr", "cheekPuff", 1.0)
    studio.export(tmp_path / "puff.npz")
    path = studio.save(tmp_path / "puff.flame")
    other = Studio(head_model)
    other.open(path)
    assert other.params == studio.params
    assert other.document.camera == studio.document.camera
    assert other.steps == []
    other.reset()
    other.open(tmp_path / "puff.npz")
    assert other.steps[-1] == "Open puff"
    assert other.params == studio.params
    other.use_take("Pose")
    assert other.document.active == 0


def test_surface_picture_and_mesh(tiny, tmp_path):
    tiny.set_params(jaw_pose=(0.2, 0.0, 0.0))
    assert tiny.surface().vertices.shape == (62, 3)
    assert tiny.render(tmp_path / "head.png", size=(64, 48), samples=1).stat().st_size > 0
    assert tiny.export(tmp_path / "head.obj").read_text().count("\nv ") == 62


def test_a_mesh_has_the_skin_that_is_shown_beside_it(head_model, tmp_path):
    studio = Studio(head_model)
    studio.set("Shading", look={"mode": "textured"})
    assert "mtllib" in studio.export(tmp_path / "skin.obj").read_text()
    assert {file.name for file in tmp_path.iterdir()} == {"skin.obj", "skin.mtl", "skin_texture.png"}


def test_a_moving_mesh_of_the_frames_played(tiny, tmp_path):
    path = tiny.export(tmp_path / "head.glb", correctives="none", identity="targets", identity_count=2)
    player = Player.open(path)
    assert player.names == ["Identity 1", "Identity 2"]
    tiny.set_params(jaw_pose=(0.2, 0.0, 0.0))
    tiny.export(tmp_path / "open.glb", correctives="none")
    assert "Pose correctives are left out." in tiny.notices
    with pytest.raises(StudioError, match="targets is one of moving, components, units, not bones"):
        tiny.export(tmp_path / "head.glb", targets="bones")


WRONG = {
    "field": (lambda s: s.set_component("exp", 0, 1.0), "no parameter called 'exp'; did you mean 'expr'"),
    "component": (lambda s: s.set_component("expr", "mouthSmile", 1.0), "did you mean 'mouthSmile"),
    "place": (lambda s: s.set_component("jaw_pose", 3, 1.0), "components 0 to 2, not 3"),
    "number": (lambda s: s.set_component("expr", 0, math.nan), "not a finite number"),
    "text": (lambda s: s.set_component("expr", 0, "much"), "'much' is not a finite number"),
    "width": (lambda s: s.set_params(jaw_pose=(0.1, 0.2)), "jaw_pose takes 3 numbers, not 2"),
    "infinite": (lambda s: s.set_params(jaw_pose=(math.inf, 0, 0)), "finite"),
    "size": (lambda s: s.set_params("x", Params.zeros(3, 3)), "another size"),
    "group": (lambda s: s.reset("face"), "no group called 'face'"),
    "setting": (lambda s: s.look(mod="shaded"), "did you mean 'mode'"),
    "value": (lambda s: s.look(mode="clay"), "look.mode cannot be 'clay'"),
    "view": (lambda s: s.view("front"), "'front' is not a finite number"),
    "whole": (lambda s: s.set("Look", look=3), "look takes its settings by name, as {'mode': …}"),
    "inner": (lambda s: s.look(light={"strength": -1}), "look.light.strength cannot be -1"),
    "take": (lambda s: s.use_take(3), "takes 0 to 0, not 3"),
    "control": (lambda s: s.set_control("mouthSmile", 1.0), "did you mean 'mouthSmile"),
    "document": (lambda s: s.set("x", cameras={}), "did you mean 'camera'"),
    "action": (lambda s: s.run("view.front"), "'view.front' needs the studio's window"),
    "model": (lambda s: s.use_model("missing.pkl"), "missing.pkl does not exist"),
    "words": (lambda s: s.set_params(jaw_pose=("wide", 0, 0)), "jaw_pose takes a sequence of numbers"),
    "word": (lambda s: s.set_params(expr={"jawOpen": "wide"}), "'wide' is not a finite number"),
    "locks": (lambda s: s.set("x", locks=[1]), "locks takes pairs"),
    "pins": (lambda s: s.set("x", pins=[{"vertices": []}]), "pins cannot be used on"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(studio, kind):
    act, told = WRONG[kind]
    before = studio.document.read(FIELDS)
    with pytest.raises(StudioError) as caught:
        act(studio)
    assert told in str(caught.value)
    assert studio.document.read(FIELDS) == before
    assert studio.steps == []


def test_params_whole(tiny):
    params = Params.random(tiny.model, seed=3)
    tiny.set_params("Someone", params)
    np.testing.assert_array_equal(tiny.params.shape, params.shape)


def test_a_damaged_sound_is_told_when_it_is_opened(tmp_path, tiny):
    wave = sine(1.0)
    (tmp_path / "cut.wav").write_bytes(content(wave)[:8000])
    tiny.open(tmp_path / "cut.wav")
    assert tiny.notices[-1].startswith("cut.wav is cut short: 0.5 s")
    wave[10] = np.nan
    tiny.open(write(tmp_path / "nan.wav", wave, encoding="FLOAT"))
    assert tiny.notices[-1] == "nan.wav has 1 sample that is no number: silence is played there."
    told = len(tiny.notices)
    tiny.open(write(tmp_path / "whole.wav", sine(1.0)))
    assert len(tiny.notices) == told


def test_a_damaged_sound_of_a_session_is_told_when_a_film_is_made_of_it(tmp_path, tiny, monkeypatch):
    from studio.document.media import Media
    from studio.document.sound_commands import use_sound

    (tmp_path / "cut.wav").write_bytes(content(sine(1.0))[:8000])
    tiny.push(use_sound(tiny.document, Media(str(tmp_path / "cut.wav")), tmp_path / "cut.wav", 0.5))
    tiny.notices.clear()
    monkeypatch.setattr("studio.scripting.files.run", lambda job: job.path)
    tiny.export(tmp_path / "film.mp4")
    assert [told.partition(":")[0] for told in tiny.notices] == ["cut.wav is cut short"]
    tiny.notices.clear()
    tiny.export(tmp_path / "film.gif")
    assert tiny.notices == []


def test_a_whole_setting_with_a_picture_in_it_is_taken(studio):
    texture = Texture("picture", (), Media("/pictures/skin.png"))
    studio.look(texture=texture, backdrop=Backdrop("gradient"))
    assert studio.document.look.texture == texture
    assert studio.document.look.backdrop.kind == "gradient"
