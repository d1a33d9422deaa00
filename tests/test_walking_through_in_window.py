"""The walk-through by the hands of a user: mended, smiling, with a sound, taken out and read back."""

from __future__ import annotations

import imageio_ffmpeg
import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from studio.export.options import FilmOptions
from studio.sequence.examples import example_clips
from studio.widgets.slider_row import SliderRow
from tests.backends.reference import forward
from tests.export.gltf.reader import Player
from tests.panels.hands import LEFT, press, row, type_number
from tests.test_clip_operations import opened
from tests.test_walk_through import heard, jitter
from tests.windows import WAIT, shown_window

RATE = 48_000


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=1000) as shown:
        shown.activateWindow()
        qtbot.waitUntil(shown.isActiveWindow, timeout=WAIT)
        yield shown


@pytest.fixture
def saved(monkeypatch, tmp_path):
    """Lets the file dialog answer with one name after another."""
    names = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / names.pop(0)), ""))
    return names


def open_example(window, qtbot, title):
    chosen = next(entry for entry in example_clips() if entry[0] == title)
    window.files.open_example(*chosen)
    qtbot.waitUntil(lambda: len(window.document.take) > 1, timeout=WAIT)


def apply(window, qtbot, operation):
    press(opened(qtbot, window, operation), "Apply")
    qtbot.waitUntil(lambda: window.document.preview.owner is None, timeout=WAIT)


def smile_sliders(window, qtbot):
    """The sliders of the smile, found as a user finds them: by typing into the panel's search."""
    face = window.workspace.docks["Face"]
    face.raise_()
    search = next(w for w in face.findChildren(QLineEdit) if "Search" in w.placeholderText())
    QTest.mouseClick(search, LEFT)
    QTest.keyClicks(search, "mouth smile")
    qtbot.waitUntil(lambda: len(labels(face)) == 2, timeout=WAIT)
    return [row(face, label) for label in labels(face)]


def labels(face):
    shown = [slider.scale.label for slider in face.findChildren(SliderRow) if slider.isVisible()]
    return sorted(label for label in shown if "mile" in label)


def key(slider):
    QTest.mouseClick(slider, LEFT, pos=slider.geometry_of_parts.key.center().toPoint())


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def test_from_a_jittery_track_to_a_film_and_a_glb(qtbot, window, saved, head_model, tmp_path):
    document = window.document
    open_example(window, qtbot, "Tracked, with jitter")
    raw = document.take.clip
    apply(window, qtbot, "despike")
    apply(window, qtbot, "smooth")
    assert jitter(document.take.clip) < 0.35 * jitter(raw)
    smooth = document.take.clip

    sliders = smile_sliders(window, qtbot)
    for frame in (30, 90):
        document.set(position=float(frame))
        for slider in sliders:
            key(slider)
    document.set(position=60.0)
    before = document.params
    window.actions_by_id["auto_key"].trigger()
    for slider in sliders:
        type_number(slider, "0.9")
    take = document.take
    places = [head_model.expression_names.index(f"mouthSmile{side}") for side in ("Left", "Right")]
    assert take.clip is smooth
    assert {tuple(take.layer.curves[f"expr/{place}"].frames) for place in places} == {(30.0, 60.0, 90.0)}
    baked = take.baked()
    np.testing.assert_allclose(baked.expr[60, places], 0.9, atol=2e-3)
    np.testing.assert_allclose(baked.expr[[0, 30, 90, 125]], smooth.expr[[0, 30, 90, 125]], atol=1e-5)
    assert (before.expr[places] < 0.9).all()

    voice = tmp_path / "voice.wav"
    times = np.arange(6 * RATE) / RATE
    soundfile.write(voice, 0.3 * np.sin(2 * np.pi * (200 + 60 * times) * times), RATE)
    drop(window, voice)
    qtbot.waitUntil(lambda: document.sound.media.path == str(voice), timeout=WAIT)

    saved += ["smiling.glb", "smiling.mp4"]
    window.actions_by_id["animation"].trigger()
    window.exports.film(FilmOptions(size=(480, 270), samples=1))
    qtbot.waitUntil(lambda: len(window.exports.queue.entries) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: window.exports.queue.unfinished == 0, timeout=4 * WAIT)
    assert [entry.state for entry in window.exports.queue.entries] == ["done", "done"]

    player = Player.open(tmp_path / "smiling.glb")
    for frame in range(0, len(take), 5):
        wanted = forward(head_model, baked.frame(frame)).vertices
        shown = player.vertices(frame / baked.fps)
        assert np.linalg.norm(shown - wanted[player.rows], axis=1).max() < 1e-5, frame
    film = tmp_path / "smiling.mp4"
    assert imageio_ffmpeg.count_frames_and_secs(str(film))[0] == len(take)
    sound = heard(film)
    assert len(sound) / RATE == pytest.approx(len(take) / baked.fps, abs=1 / baked.fps)

    steps = window.history.stack.count()
    window.history.stack.setIndex(0)
    assert len(document.takes) == 1
    window.history.stack.setIndex(steps)
    np.testing.assert_array_equal(document.take.baked().expr, baked.expr)
    window.history.stack.setClean()
