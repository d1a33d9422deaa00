"""Opening files in the window: for what they are, in their order, and with one sentence where it fails."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QObject

import studio.opening as opening
from studio.controls.handles import surface_handle
from studio.document import environment_file
from studio.document.document import Document
from studio.document.pins import add_pin
from studio.flame.texture_files import source_of
from studio.opening import FileOpener
from studio.sequence.clip import Clip
from studio.sequence.files import read_recording, write_clip
from studio.settings import Settings
from studio.undo import History
from tests.flame.texture_cases import flame_texture
from tests.sequence import layouts
from tests.sequence.layouts import LAYOUTS

WAIT = 20_000


class Desk(QObject):
    """What the opener needs of a window."""

    def __init__(self, document):
        super().__init__()
        self.document = document
        self.settings = Settings()
        self.told = []
        self.history = History(document)
        self.push = self.history.push
        self.notify = self.warn = self.told.append
        self.offered = {}
        self.notices = SimpleNamespace(show_info=self.offer, show_warning=self.offer)

    def offer(self, text, offer):
        title, act = offer
        self.offered[title] = (text, act)


@pytest.fixture
def desk(qapp, tiny_model):
    qapp.setOrganizationName("FLAME Studio tests")
    qapp.setApplicationName("FLAME Studio tests")
    return Desk(Document(tiny_model))


@pytest.fixture
def files(desk):
    made = FileOpener(desk)
    yield made
    made.close()


def write(path, model, frames):
    widths = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.zeros((frames, width)) for name, width in widths.items()}
    clip = Clip(shape=np.zeros(6), expr=np.zeros((frames, 4)), **channels)
    write_clip(path, clip, model)
    return path


def test_files_open_in_the_order_they_were_named(qtbot, desk, files, tiny_model, tmp_path):
    paths = [write(tmp_path / f"{frames}.npz", tiny_model, frames) for frames in (40, 2, 9)]
    files.open([paths[0], tmp_path / "gone.npz", *paths[1:]])
    qtbot.waitUntil(lambda: len(desk.document.takes) == 4, timeout=WAIT)
    assert [take.name for take in desk.document.takes[1:]] == ["40", "2", "9"]
    assert [text for text in desk.told if "gone.npz" in text]


def test_the_window_goes_on_while_a_file_is_read(qtbot, desk, files, tiny_model, tmp_path, monkeypatch):
    hold, read = threading.Event(), read_recording

    def slow(path, fill):
        hold.wait(10.0)
        return read(path, fill)

    monkeypatch.setattr("studio.sequence.files.read_recording", slow)
    files.open([write(tmp_path / "long.npz", tiny_model, 5)])
    assert len(desk.document.takes) == 1
    hold.set()
    qtbot.waitUntil(lambda: len(desk.document.takes) == 2, timeout=WAIT)


def test_an_unexpected_failure_is_told_and_the_next_file_opens(
    qtbot, desk, files, tiny_model, tmp_path, monkeypatch
):
    path, read = write(tmp_path / "good.npz", tiny_model, 5), read_recording

    def failing(path, fill):
        monkeypatch.setattr("studio.sequence.files.read_recording", read)
        raise MemoryError

    monkeypatch.setattr("studio.sequence.files.read_recording", failing)
    files.open([path, path])
    qtbot.waitUntil(lambda: len(desk.document.takes) == 2, timeout=WAIT)
    assert desk.told[0] == "good.npz could not be read (MemoryError); try another file."


def test_a_model_read_twice_is_the_same_model(qtbot, desk, files, tiny_model):
    other = replace(tiny_model, name="other", digest="11" * 32)
    files.use_model(other)
    files.use_model(replace(tiny_model))
    assert desk.document.model is tiny_model
    assert files.models == [tiny_model, other]
    files.use_model(replace(tiny_model))
    assert "already in use" in desk.told[-1]


def test_pins_that_another_mesh_cannot_have_are_told_and_come_back(desk, files, tiny_model):
    desk.push(add_pin(desk.document, surface_handle(tiny_model, 3, (1, 1, 1)), (0.0, 0.1, 0.0)))
    pins = desk.document.pins
    files.use_model(replace(tiny_model, digest="33" * 32, faces=tiny_model.faces[:, [1, 2, 0]].copy()))
    assert desk.document.pins == ()
    assert desk.told == ["Pins were set on the mesh of tiny and were taken out. Undo brings them back."]
    desk.history.stack.undo()
    assert desk.document.pins == pins


def test_what_lies_beside_a_model_and_does_not_fit_is_told(desk, files, tiny_model):
    files.use_model(replace(tiny_model, digest="22" * 32, notices=("marks.pkl is for another model.",)))
    assert desk.told[-1] == "marks.pkl is for another model."


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_of_a_clip_becomes_a_take(qtbot, desk, files, tmp_path, layout):
    folder = tmp_path / "walk"
    folder.mkdir()
    path = layouts.write(layout, folder, layouts.columns(12))
    files.open([path])
    qtbot.waitUntil(lambda: len(desk.document.takes) == 2, timeout=WAIT)
    assert len(desk.document.takes[1].clip) == 12
    assert desk.document.takes[1].name == ("walk" if layout == "numbered" else path.stem)


def test_json_that_is_no_clip_and_one_that_is_damaged_are_told(qtbot, desk, files, tmp_path):
    (tmp_path / "camera.json").write_text('{"R": [1], "translation": [0, 0, 1]}')
    (tmp_path / "cut.json").write_text('{"frames": [{"expression": [1, 2')
    files.open([tmp_path / "camera.json", tmp_path / "cut.json"])
    qtbot.waitUntil(lambda: len(desk.told) == 2, timeout=WAIT)
    assert desk.told[0].startswith("camera.json is a JSON file, which the studio does not open")
    assert desk.told[1].startswith("cut.json is not whole JSON: line 1")


def test_a_damaged_file_of_the_studio_is_told_as_one(qtbot, desk, files, tmp_path):
    (tmp_path / "smile.flamepose").write_text('{"version": 1, "format": "flame')
    (tmp_path / "work.flame").write_text("PK")
    files.open([tmp_path / "smile.flamepose", tmp_path / "work.flame"])
    qtbot.waitUntil(lambda: len(desk.told) == 2, timeout=WAIT)
    assert desk.told == [
        "smile.flamepose is cut short or is not a pose of the studio; get the file again.",
        "work.flame is cut short or is not a session of the studio; get the file again.",
    ]


def test_nothing_is_opened_once_the_window_is_closed(qtbot, desk, files, tiny_model, tmp_path):
    files.open([write(tmp_path / "late.npz", tiny_model, 5)])
    files.close()
    qtbot.wait(50)
    assert len(desk.document.takes) == 1


def test_a_texture_is_not_opened_but_told_where_to_put(qtbot, desk, files, tmp_path):
    path = tmp_path / "FLAME_texture.npz"
    np.savez(path, **flame_texture(np.random.default_rng(0)))
    files.open([path])
    qtbot.waitUntil(lambda: bool(desk.told), timeout=WAIT)
    assert "FLAME_texture.npz is not a head but belongs to one (texture model)" in desk.told[0]


def test_a_head_opened_again_has_what_was_put_beside_it_meanwhile(desk, files, tiny_model, tmp_path):
    np.savez(tmp_path / "texture.npz", **flame_texture(np.random.default_rng(0)))
    again = replace(tiny_model, textures=(source_of(tmp_path / "texture.npz"),))
    files.use_model(again)
    assert desk.document.model is again
    assert files.models == [again]
    files.use_model(replace(again))
    assert desk.document.model is again
    assert desk.told == ["tiny is already in use."]


def test_light_is_read_while_the_window_goes_on_and_undoes(qtbot, desk, files, tmp_path, monkeypatch):
    path, hold = tmp_path / "room.json", threading.Event()
    path.write_text("[3, 0, 0, 1, 0, 0, 0, 0, 0]")
    read = environment_file.read_environment
    monkeypatch.setattr(
        "studio.document.environment_file.read_environment", lambda path: hold.wait(10.0) and read(path)
    )
    monkeypatch.setattr(opening.QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    before = desk.document.look
    files.ask_environment()
    assert desk.document.look is before
    hold.set()
    qtbot.waitUntil(lambda: desk.document.look != before, timeout=WAIT)
    assert desk.document.look.environment.coefficients[:3] == (3.0, 3.0, 3.0)
    desk.history.stack.undo()
    assert desk.document.look == before
    path.write_text("[1, 2]")
    files.ask_environment()
    qtbot.waitUntil(lambda: len(desk.told) == 1, timeout=WAIT)
    assert "room.json" in desk.told[0]
    assert desk.document.look == before


def test_a_report_is_offered_of_files_from_elsewhere(qtbot, desk, files, tmp_path):
    np.savez(tmp_path / "codes.npz", exp=np.zeros((1, 4)), pose=np.zeros((1, 6)), tex=np.zeros(5))
    files.open([tmp_path / "codes.npz"])
    qtbot.waitUntil(lambda: "Report…" in desk.offered, timeout=WAIT)
    assert desk.offered["Report…"][0] == (
        "codes.npz: codes of DECA or EMOCA, 1 frame, with head rotation, jaw, expression; "
        "one entry is left out."
    )


def test_of_the_studios_own_clips_there_is_no_report(qtbot, desk, files, tiny_model, tmp_path):
    files.open([write(tmp_path / "own.npz", tiny_model, 3)])
    qtbot.waitUntil(lambda: len(desk.document.takes) == 2, timeout=WAIT)
    assert not desk.offered


def test_gaps_are_filled_when_the_user_says_so(qtbot, desk, files, tmp_path):
    jaw = np.zeros((5, 3))
    jaw[:, 0] = 0.1 * np.arange(5)
    jaw[2] = np.nan
    np.savez(tmp_path / "gaps.npz", jaw_pose=jaw, expr=np.zeros((5, 4)), fps=25)
    files.open([tmp_path / "gaps.npz"])
    qtbot.waitUntil(lambda: "Fill gaps" in desk.offered, timeout=WAIT)
    text, fill = desk.offered["Fill gaps"]
    assert "jaw_pose in gaps.npz is not a finite number in frame 2" in text
    assert len(desk.document.takes) == 1
    fill()
    qtbot.waitUntil(lambda: len(desk.document.takes) == 2, timeout=WAIT)
    np.testing.assert_allclose(desk.document.take.clip.jaw_pose[:, 0], 0.1 * np.arange(5), atol=1e-6)
    assert any("has gaps in 1 frames" in text for text in desk.told)
