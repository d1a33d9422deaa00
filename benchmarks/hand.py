"""How the real window follows the hand: a slider dragged, a clip played, both at 1600 x 1000."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Measure, Stopwatch, median_milliseconds
from studio.document.commands import set_component
from studio.document.document import Document
from studio.document.faces import set_control
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
        until(lambda: window.result is not None)
        measures += _drag(window) + _control(window) + _play(window)
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
        until(lambda: window.result is not None and window.result.params == window.document.params)
        window.canvas.view.repaint()
        spent.append(time.perf_counter() - began)
    return [Measure(PART, "a slider's step to its picture", _milliseconds(spent), note=NOTE)]


def _control(window: StudioWindow) -> list[Measure]:
    """The processor's work for one step of an ARKit control in the whole window, its panels at first start.

    Counted are the command with all that hears of it, the forward pass, handing the head to the canvas, and
    drawing but for the two calls that draw triangles: those rasterize, which with presenting is left out.
    """
    from vispy.gloo import gl

    drawn, spent = Stopwatch(), []
    with drawn.on(gl, "glDrawElements"), drawn.on(gl, "glDrawArrays"):
        for step in range(STEPS):
            began = time.perf_counter()
            window.push(set_control(window.document, "mouthSmileLeft", (step + 1) / STEPS, gesture=2))
            pushed = time.perf_counter() - began
            until(lambda: window.result is not None and window.result.params == window.document.params)
            assert window.result is not None
            began = time.perf_counter()
            window.engine.ready.emit(window.result)
            handed = time.perf_counter() - began
            drawn.seconds = 0.0
            window.canvas.view.repaint()
            drawing = window.canvas.drawing_seconds - drawn.seconds
            spent.append((pushed, window.result.seconds, handed, drawing))
    parts = [_milliseconds(list(column)) for column in zip(*spent, strict=True)]
    told = "command {:.1f}, forward {:.1f}, handing over {:.1f}, drawing {:.1f}".format(*parts)
    whole = _milliseconds([sum(step) for step in spent])
    return [Measure(PART, "a control's step, processor's work", whole, 3.0, told)]


def _play(window: StudioWindow) -> list[Measure]:
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    until(lambda: len(window.document.take.clip) > 1)
    results: list[Result] = []
    window.engine.ready.connect(results.append)
    window.player.play()
    began = time.perf_counter()
    until(lambda: time.perf_counter() - began > PLAYED)
    window.player.pause()
    forward = _milliseconds([result.seconds for result in results])
    between = 1000.0 * PLAYED / max(len(results), 1)
    return [
        Measure(PART, "playing, forward pass in the window", forward),
        Measure(PART, "playing, between two pictures", between, note=NOTE),
    ]


def until(done: Callable[[], bool]) -> None:
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
