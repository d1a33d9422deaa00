"""How the real window follows the hand: a slider dragged, a clip played, both at 1600 x 1000."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Measure, median_milliseconds
from studio.document.commands import set_component
from studio.document.document import Document
from studio.engine import BackendChoice, Result
from studio.flame.open_head import load_open_head
from studio.sequence.examples import example_clips
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

PART = "Hand"
NOTE = "rasterizing included"
STEPS = 120
PLAYED = 4.0  # seconds
PATIENCE = 60.0  # seconds until the backend is given up


def measure() -> list[Measure]:
    """Medians over one drag of 120 steps, and the pace of one example clip."""
    loading = median_milliseconds(lambda _: load_open_head(), repeats=9, warm_up=2)
    measures = [Measure(PART, "open head from its file", loading)]
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        apply_theme(application, "dark")
        window = StudioWindow(Document(load_open_head()), BackendChoice("torch", "cpu"), Settings())
        window.show()
        window.start()
        _until(lambda: window.result is not None)
        measures += _drag(window) + _play(window)
        window.history.stack.setClean()  # nobody is there to answer what to do with the changes
        window.close()
        window.deleteLater()
        QApplication.processEvents()
        application.shutdown()
    return measures


def _drag(window: StudioWindow) -> list[Measure]:
    """From a step of the hand to its picture on the screen, one step after the other."""
    spent = []
    for step in range(STEPS):
        angle = 0.002 * (step + 1)
        began = time.perf_counter()
        window.push(set_component(window.document, "Jaw open", "jaw_pose", 0, angle, gesture=1))
        _until(lambda: window.result is not None and window.result.params == window.document.params)
        window.canvas.view.repaint()
        spent.append(time.perf_counter() - began)
    return [Measure(PART, "a slider's step to its picture", _milliseconds(spent), note=NOTE)]


def _play(window: StudioWindow) -> list[Measure]:
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    _until(lambda: len(window.document.take.clip) > 1)
    results: list[Result] = []
    window.engine.ready.connect(results.append)
    window.player.play()
    began = time.perf_counter()
    _until(lambda: time.perf_counter() - began > PLAYED)
    window.player.pause()
    forward = _milliseconds([result.seconds for result in results])
    between = 1000.0 * PLAYED / max(len(results), 1)
    return [
        Measure(PART, "playing, forward pass in the window", forward),
        Measure(PART, "playing, between two pictures", between, note=NOTE),
    ]


def _until(done: Callable[[], bool]) -> None:
    """Run the window until ``done``.

    Raises:
        RuntimeError: it is not within a minute.
    """
    deadline = time.perf_counter() + PATIENCE
    while not done():
        QApplication.processEvents()
        if time.perf_counter() > deadline:
            raise RuntimeError("The window did not come to where the benchmark waits for it.")


def _milliseconds(seconds: list[float]) -> float:
    return 1000.0 * statistics.median(seconds)
