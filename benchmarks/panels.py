"""What opening each panel for the first time costs: building, showing and painting it."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDockWidget

from benchmarks.measure import Measure
from benchmarks.sized_model import flame_sized_model
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

PART = "Panels"
AT_MOST = 100.0  # milliseconds
RUNS = 3
PATIENCE = 60.0  # seconds until the backend is given up


def measure() -> list[Measure]:
    """Medians over windows whose panels were never seen, on both models; and of the palette."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        apply_theme(application, "dark", 100)
        measures = []
        for name, load in (("open head", load_open_head), ("FLAME-sized", flame_sized_model)):
            runs = [_one_window(load()) for _ in range(RUNS)]
            measures += [
                Measure(PART, title, statistics.median(run[title] for run in runs), AT_MOST, name)
                for title in runs[0]
            ]
        application.shutdown()
    return measures


def _one_window(model: HeadModel) -> dict[str, float]:
    """Milliseconds of the first opening of each panel, by its title."""
    QSettings().clear()
    window = StudioWindow(Document(model), BackendChoice("torch", "cpu"), Settings())
    docks = window.workspace.docks
    for dock in docks.values():
        dock.hide()
    window.show()
    window.start()
    _until(lambda: window.result is not None)
    window.canvas.view.setUpdatesEnabled(False)  # a head drawn meanwhile is measured elsewhere
    spent = {title: _opening(dock) for title, dock in docks.items()}
    began = time.perf_counter()
    window.show_palette()
    QApplication.processEvents()
    spent["Find a command"] = 1000.0 * (time.perf_counter() - began)
    window.history.stack.setClean()  # nobody is there to answer what to do with the changes
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return spent


def _opening(dock: QDockWidget) -> float:
    QApplication.processEvents()
    began = time.perf_counter()
    dock.show()
    dock.raise_()
    QApplication.processEvents()
    dock.repaint()
    return 1000.0 * (time.perf_counter() - began)


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
