"""Films from the window: a queue beside work that goes on, camera keys, and closing while it runs."""

from __future__ import annotations

import subprocess
import time
import wave
from dataclasses import replace

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.export.options import FilmOptions, PictureOptions, TurntableOptions
from studio.sequence.examples import example_clips
from tests.windows import WAIT, shown_window

SMALL = {"size": (160, 120), "samples": 1}
LONG = TurntableOptions(seconds=60.0, fps=30.0, size=(640, 480), samples=1)


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800, low=True) as shown:
        yield shown


@pytest.fixture
def saving(monkeypatch, tmp_path):
    """Lets the file dialog answer with one name after another."""
    names = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / names.pop(0)), ""))
    return names


def open_example(window, qtbot, last=5):
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take) > 30, timeout=WAIT)
    window.document.set(playback=window.document.playback.replace(first=0, last=last))


def states(window):
    return [entry.state for entry in window.exports.queue.entries]


def test_several_films_are_made_while_the_head_is_changed(qtbot, window, saving, tmp_path):
    open_example(window, qtbot)
    saving += ["a.mp4", "b.webm", "c.png"]
    window.exports.film(FilmOptions(**SMALL))
    window.exports.film(FilmOptions(**SMALL, format="webm", transparent=True))
    before = window.document.take.offset.jaw_pose[0]
    window.exports.picture(PictureOptions(size=(120, 90)))
    window.document.set(camera=window.document.camera.replace(azimuth=2.0))
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    assert states(window) == ["done"] * 3
    for name in ("a.mp4", "b.webm"):
        assert imageio_ffmpeg.count_frames_and_secs(str(tmp_path / name))[0] == 6
    assert window.document.take.offset.jaw_pose[0] == before


def test_a_queued_film_is_of_the_time_when_it_was_asked_for(qtbot, window, saving, tmp_path):
    open_example(window, qtbot, last=1)
    saving += ["long.mp4", "front", "side"]
    window.exports.turntable(LONG)
    window.exports.film(FilmOptions(**SMALL, format="frames"))
    window.document.set(camera=window.document.camera.replace(azimuth=1.5))
    window.exports.film(FilmOptions(**SMALL, format="frames"))
    window.exports.queue.cancel(window.exports.queue.entries[0].number)
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    assert states(window) == ["cancelled", "done", "done"]
    front, side = (np.asarray(Image.open(tmp_path / name / "00000.png"), int) for name in ("front", "side"))
    assert np.abs(front - side).mean() > 5.0
    assert not (tmp_path / "long.mp4").exists()


def test_cancelling_takes_less_than_a_second_and_leaves_no_process(qtbot, window, saving, tmp_path):
    saving += ["long.webm"]
    window.exports.turntable(TurntableOptions(60.0, 30.0, (1280, 720), 4, False, "webm"))
    qtbot.waitUntil(lambda: window.exports.queue.entries[0].done >= 3, timeout=4 * WAIT)
    started = time.monotonic()
    window.exports.queue.cancel(1)
    qtbot.waitUntil(lambda: states(window) == ["cancelled"], timeout=WAIT)
    assert time.monotonic() - started < 1.5
    assert list(tmp_path.iterdir()) == []
    running = subprocess.run(["ps", "-ef"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in running


def test_what_a_format_cannot_hold_is_told(qtbot, window, saving, tmp_path):
    open_example(window, qtbot, last=2)
    with wave.open(str(tmp_path / "voice.wav"), "wb") as voice:
        voice.setnchannels(1)
        voice.setsampwidth(2)
        voice.setframerate(8000)
        voice.writeframes(bytes(16000))
    window.document.set(sound=SoundTrack(Media(str(tmp_path / "voice.wav"))))
    saving += ["silent.gif", "heard.mp4"]
    window.exports.film(FilmOptions(**SMALL, format="gif"))
    assert "silent.gif is silent: GIF carries no sound" in window.notices.text
    window.exports.film(FilmOptions(size=(161, 121), samples=1))
    assert "heard.mp4 will be 162x122, not 161x121" in window.notices.text
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    told = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-i", str(tmp_path / "heard.mp4")],
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    assert "Audio: aac" in told
    assert "162x122" in told


def test_closing_asks_for_all_that_wait(qtbot, window, saving, monkeypatch, tmp_path):
    saving += ["a.mp4", "b.mp4"]
    window.exports.turntable(LONG)
    window.exports.turntable(LONG)
    asked = []
    answers = iter((QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes))
    monkeypatch.setattr(QMessageBox, "question", lambda *args: asked.append(args[2]) or next(answers))
    window.close()
    assert window.isVisible()
    assert window.exports.queue.unfinished == 2
    window.close()
    assert asked[0].startswith("2 exports are not finished.")
    assert not window.jobs.busy
    assert list(tmp_path.iterdir()) == []


def test_camera_keys_by_keyboard_move_the_camera_and_its_film(qtbot, window, saving, tmp_path):
    open_example(window, qtbot, last=10)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    window.show_view("front")
    QTest.keyClick(window, Qt.Key.Key_C, modifiers)
    window.player.go_to(10.0)
    window.show_view("profile")
    profile = window.document.camera
    QTest.keyClick(window, Qt.Key.Key_C, modifiers)
    assert window.actions_by_id["undo"].text() == "Undo Key camera"
    window.player.go_to(0.0)
    assert window.document.camera.azimuth == pytest.approx(0.0)
    window.player.go_to(5.0)
    assert window.document.camera.azimuth == pytest.approx(profile.azimuth / 2.0, rel=0.01)
    saving += ["moving"]
    window.exports.film(FilmOptions(**SMALL, format="frames"))
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    pictures = [np.asarray(Image.open(path), int) for path in sorted((tmp_path / "moving").iterdir())]
    assert len(pictures) == 11
    assert np.abs(pictures[0] - pictures[10]).mean() > 5.0
    assert np.abs(pictures[4] - pictures[5]).mean() < 0.5 * np.abs(pictures[0] - pictures[10]).mean()


def test_the_head_turns_while_it_plays(qtbot, window, saving, tmp_path):
    open_example(window, qtbot, last=30)
    saving += ["still", "playing"]
    turn = {"seconds": 0.5, "fps": 8.0, **SMALL, "format": "frames"}
    window.exports.turntable(TurntableOptions(**turn))
    window.exports.turntable(TurntableOptions(**turn, playing=True))
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    still, playing = (
        [np.asarray(Image.open(path), int) for path in sorted((tmp_path / name).iterdir())]
        for name in ("still", "playing")
    )
    assert len(still) == len(playing) == 4
    assert np.abs(still[0] - playing[0]).mean() < 1.0  # both begin as the take does
    assert np.abs(still[3] - playing[3]).max() > 20


def test_the_status_line_follows_one_export_after_another(qtbot, window, saving):
    saving += ["first.mp4", "second.mp4"]
    window.exports.turntable(replace(LONG, seconds=0.2, size=(64, 64)))
    window.exports.turntable(LONG)
    queue, bar = window.exports.queue, window.status.job_bar
    states = ["done", "running"]
    qtbot.waitUntil(lambda: [entry.state for entry in queue.entries] == states, timeout=WAIT)
    qtbot.waitUntil(lambda: "Drawing frames" in bar.text, timeout=WAIT)
    assert bar.isVisible()
    bar.cancel_asked.emit()
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=WAIT)
    assert [entry.state for entry in queue.entries] == ["done", "cancelled"]
