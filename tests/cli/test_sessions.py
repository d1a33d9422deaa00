"""Sessions where commands take clips: their take, frame, look and camera, and flags that change them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.document import Document, Playback
from studio.document.look import Look, Onion
from studio.document.take import Take
from studio.sequence.files import read_clip
from studio.session.state import State
from studio.session.writing import write_session
from tests.cli.shell import Grey, answer, run
from tests.controls.second_heads import rotated_head
from tests.scripting.test_recall import walk


@pytest.fixture
def grey(monkeypatch):
    grey = Grey()
    for module in ("verbs", "films"):
        monkeypatch.setattr(f"studio.cli.{module}.open_renderer", lambda: grey)
    return grey


@pytest.fixture
def session(head_model, tmp_path):
    """A walk of 5 frames, the second take, at its fourth frame, from the side and in clay."""
    document = Document(head_model)
    take = Take.of("Walk", walk(head_model))
    wanted = take.params(3.0).replace(jaw_pose=(0.3, 0.0, 0.0))
    state = replace(
        State.of(document),
        takes=(*document.takes, take.edited(3.0, wanted)),
        active=1,
        position=3.0,
        look=Look(mode="shaded", show_joints=True),
        camera=Camera((0.0, 0.02, 0.0), 0.9, 0.6, 0.1, 0.3),
        playback=Playback(first=1, last=3),
    )
    write_session(tmp_path / "walk.flame", state)
    return tmp_path / "walk.flame", state


def test_a_picture_is_what_the_session_shows(grey, session, tmp_path, capsys):
    path, state = session
    assert run("render", path, "-o", tmp_path / "a.png", "--size", "64x48", "--device", "cpu", "--json") == 0
    assert answer(capsys)["notices"] == []
    (shot,) = grey.shots
    assert (shot.look, shot.camera, shot.size) == (state.look, state.camera, (64, 48))
    assert (shot.occasion.take, shot.occasion.frame) == ("Walk", 3)
    from studio.backends import create_backend

    surface = create_backend("torch", state.model, "cpu").forward(state.takes[1].params(3.0))
    np.testing.assert_allclose(shot.surface.vertices, surface.vertices, atol=1e-7)


def test_flags_change_what_they_say_alone(grey, session, tmp_path):
    path, state = session
    words = ("--mode", "textured", "--azimuth", "0", "--frame", "1", "--device", "cpu")
    assert run("render", path, "-o", tmp_path / "a.png", *words) == 0
    (shot,) = grey.shots
    assert shot.look == state.look.replace(mode="textured")
    assert shot.camera == state.camera.replace(azimuth=0.0)
    assert shot.occasion.frame == 1


def test_turntable_film_mesh_and_parameters(grey, session, tmp_path, head_model):
    path, state = session
    assert run("turntable", path, "-o", tmp_path / "turn", "--seconds", "0.1", "--fps", "20") == 0
    assert [shot.camera.distance for shot in grey.shots] == [0.9, 0.9]
    grey.shots.clear()
    assert run("export", path, "-o", tmp_path / "film", "--size", "32x32") == 0
    assert [shot.occasion.frame for shot in grey.shots] == [1, 2, 3]
    assert all(shot.camera == state.camera for shot in grey.shots)
    assert run("export", path, "-o", tmp_path / "head.obj") == 0
    assert run("export", path, "-o", tmp_path / "walk.npz") == 0
    clip, _ = read_clip(tmp_path / "walk.npz", head_model)
    assert len(clip) == 5
    np.testing.assert_allclose(clip.jaw_pose[3], (0.3, 0.0, 0.0), atol=1e-6)


def test_the_session_is_not_written_over(session, capsys):
    path, _ = session
    before = path.read_bytes()
    assert run("render", path, "-o", path) == 1
    assert run("export", path, "-o", path.with_suffix(".flame")) == 1
    assert path.read_bytes() == before


def test_poses_and_parts_come_on_top(grey, session, tmp_path):
    path, _ = session
    words = ("--control", "mouthSmileLeft=1", "--without", "neck", "--device", "cpu")
    assert run("render", path, "-o", tmp_path / "a.png", *words) == 0
    assert "neck" in grey.shots[0].model.variant.without
    assert run("export", path, "-o", tmp_path / "a.npz", "--control", "mouthSmileLeft=1") == 0
    model = grey.shots[0].model
    clip, _ = read_clip(tmp_path / "a.npz", model)
    assert clip.expr[0, model.expression_names.index("mouthSmileLeft")] == pytest.approx(1.0)


def test_a_damaged_session_is_one_sentence(tmp_path, capsys, session):
    path, _ = session
    path.write_bytes(path.read_bytes()[:-50])
    assert run("render", path, "-o", tmp_path / "a.png") == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "walk.flame" in told


def test_a_film_has_the_other_head_and_the_ghosts_of_each_frame(grey, session, tmp_path):
    path, state = session
    look = state.look.replace(onion=Onion(shown=True, before=1, after=1, step=1))
    compared = replace(state, look=look, comparison=Comparison("distance", take=0))
    write_session(path, compared)
    assert run("export", path, "-o", tmp_path / "film", "--size", "32x32", "--device", "cpu") == 0
    for shot in grey.shots:
        expected = 1000.0 * np.linalg.norm(shot.surface.vertices - state.model.v_template, axis=1)
        np.testing.assert_allclose(shot.extras.heat, expected, atol=1e-2)
        assert [ghost.offset for ghost in shot.extras.ghosts] == [-1, 1]
    middle, last = grey.shots[1], grey.shots[2]
    np.testing.assert_allclose(middle.extras.ghosts[1].surface.vertices, last.surface.vertices, atol=1e-6)


def test_another_model_gets_the_face_by_its_controls(grey, session, tmp_path, capsys, monkeypatch):
    path, _ = session
    second = rotated_head(digest="77" * 32)
    monkeypatch.setattr("studio.cli.opened_session.load_model", lambda _path: second)
    words = ("--model", tmp_path / "second.npz", "--device", "cpu", "--json")
    assert run("render", path, "-o", tmp_path / "a.png", *words) == 0
    assert "carried over to second by its controls" in " ".join(answer(capsys)["notices"])
    (shot,) = grey.shots
    assert shot.model is second
