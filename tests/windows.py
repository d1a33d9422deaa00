"""The real window, shown with a head in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.model import HeadModel
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

WAIT = 60_000  # milliseconds
LOW = 160  # pixels


@contextmanager
def shown_window(
    application: QApplication,
    qtbot: QtBot,
    model: HeadModel,
    height: int = 900,
    thumbnails: bool = False,
    low: bool = False,
) -> Iterator[StudioWindow]:
    """The window with ``model``, its head computed, and settings of its own that are empty.

    Poses have pictures only with ``thumbnails``: drawing them takes a processor for as long as the window.
    The canvas is ``low`` where nobody looks at it: without a graphics card drawing the head takes longest.
    """
    application.setOrganizationName("FLAME Studio tests")
    application.setApplicationName("FLAME Studio tests")
    apply_theme(application, "dark", 100)
    QSettings().clear()
    window = StudioWindow(Document(model), BackendChoice("torch", "cpu"), Settings())
    if not thumbnails:
        window.head_shown.disconnect(window.poses.thumbnails.start)
    if low:
        window.canvas.setMaximumHeight(LOW)
    window.resize(1280, height)
    window.show()
    qtbot.waitExposed(window)
    window.start()
    qtbot.waitUntil(lambda: window.result is not None, timeout=WAIT)
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)  # only then do keys pressed in it arrive
    yield window
    window.jobs.cancel()
    window.exports.stop()  # a test that answers every question by no would keep a window that still exports
    qtbot.waitUntil(lambda: not (window.jobs.busy or window.exports.busy), timeout=WAIT)
    window.close()
    window.deleteLater()
