"""How a take plays in the real window: its pace, the processor's work for a frame, and how it keeps time."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from benchmarks.hand import until
from benchmarks.measure import Measure, Stopwatch
from studio.document.commands import open_clip
from studio.document.document import Document
from studio.document.media import Media
from studio.document.sound_commands import use_sound
from studio.document.take import Take
from studio.engine import BackendChoice
from studio.flame.open_head import load_open_head
from studio.sequence.curves import Curve
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.layers import Layer
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

PART = "Playback"
CANVAS = (640, 480)
FPS = 30.0
PLAYED = 6.0  # seconds
AT_MOST = 3.0  # milliseconds of the processor's work for a frame, rasterizing and presenting left out


def measure() -> list[Measure]:
    """One example clip at 30 frames a second under a layer of keys, with sound, on a canvas of 640 x 480."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        apply_theme(application, "dark")
        window = StudioWindow(Document(load_open_head()), BackendChoice("torch", "cpu"), Settings())
        window.show()
        _fit_canvas(window)
        window.start()
        until(lambda: window.result is not None)
        _open_take(window, Path(folder, "tone.wav"))
        measures = _play(window)
        window.history.stack.setClean()
        window.close()
        window.deleteLater()
        QApplication.processEvents()
        application.shutdown()
    return measures


def _fit_canvas(window: StudioWindow) -> None:
    """Make the window just so large that its canvas is :data:`CANVAS`."""
    for name, dock in window.workspace.docks.items():
        dock.setVisible(name == "Timeline")
    for _ in range(5):
        QApplication.processEvents()
        view = window.canvas.view
        window.resize(window.width() + CANVAS[0] - view.width(), window.height() + CANVAS[1] - view.height())
    assert (window.canvas.view.width(), window.canvas.view.height()) == CANVAS


def _open_take(window: StudioWindow, sound: Path) -> None:
    model = window.document.model
    path = example_path("speak")
    assert path is not None
    clip, _ = read_clip(path, model)
    window.push(open_clip(window.document, "Speak", clip))
    window.document.set(takes=(*window.document.takes[:-1], _keyed(window.document.take)))
    _write_tone(sound, len(clip) / FPS)
    window.push(use_sound(window.document, Media(str(sound))))


def _keyed(take: Take) -> Take:
    """``take`` under a layer that moves a smile, both eyelids, and turns head and jaw."""
    frames = np.arange(0.0, len(take), 12.0)
    wave = np.sin(frames / 9.0)
    turn = np.stack([0.1 * wave, 0.2 * wave, 0.0 * wave], axis=1)
    curves = {f"expr/{place}": Curve.of(frames, 0.2 + 0.2 * wave) for place in range(8)}
    curves |= {name: Curve.of(frames, turn, turns=True) for name in ("rotation", "neck_pose", "jaw_pose")}
    return replace(take, layers=(Layer(curves=curves, blend="add"),))


def _write_tone(path: Path, seconds: float) -> None:
    import soundfile

    rate = 44_100
    soundfile.write(path, 0.2 * np.sin(2.0 * np.pi * 220.0 * np.arange(round(seconds * rate)) / rate), rate)


def _play(window: StudioWindow) -> list[Measure]:
    """Pace and work of :data:`PLAYED` seconds.

    Of the work these are counted: moving the cursor with the frame's parameters and all panels that hear of
    it, the forward pass, and drawing but for the two calls that draw triangles.
    """
    from vispy.gloo import gl

    document, canvas = window.document, window.canvas
    work: dict[str, list[float]] = {"cursor": [], "forward": [], "drawing": []}
    shown: list[float] = []
    drawn, set_fields = Stopwatch(), document.set

    def timed_set(**values: object) -> None:
        began = time.perf_counter()
        set_fields(**values)
        work["cursor"].append(time.perf_counter() - began)

    def after_drawing() -> None:
        shown.append(time.perf_counter())
        work["drawing"].append(canvas.drawing_seconds - drawn.seconds)
        drawn.seconds = 0.0

    window.engine.ready.connect(lambda result: work["forward"].append(result.seconds))
    document.set = timed_set  # type: ignore[method-assign]
    canvas.view.frameSwapped.connect(after_drawing)  # type: ignore[attr-defined]
    with drawn.on(gl, "glDrawElements"), drawn.on(gl, "glDrawArrays"):
        window.player.play()
        for entries in work.values():
            entries.clear()
        shown.clear()
        began = time.perf_counter()
        until(lambda: time.perf_counter() - began > PLAYED)
        window.player.pause()
    return _told(work, shown)


def _told(work: dict[str, list[float]], shown: list[float]) -> list[Measure]:
    pace = 1000.0 * statistics.mean(np.diff(shown))
    parts = {name: 1000.0 * statistics.median(entries) for name, entries in work.items()}
    told = ", ".join(f"{name} {spent:.1f}" for name, spent in parts.items())
    return [
        Measure(PART, "between two pictures, 640 x 480", pace, 1000.0 / FPS, f"{len(shown)} pictures"),
        Measure(PART, "the processor's work for a frame", sum(parts.values()), AT_MOST, told),
    ]
