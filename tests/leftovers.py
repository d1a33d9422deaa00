"""What tests of windows leave behind, and how it goes."""

from __future__ import annotations

import gc

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

MANY = 20_000  # objects that Python looks through again and again


def own_windows() -> list[QWidget]:
    """Windows, and other widgets that belong to no other."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return []
    return [widget for widget in application.topLevelWidgets() if widget.parent() is None]


def forget_the_gone() -> None:
    """Delete what waits for it, and let objects of Qt that were deleted let go of theirs.

    Qt's bindings keep the Python side of a deleted object for ever where a closure of it was connected to a
    signal; with it whole windows would stay, hundreds of megabytes after a few dozens of tests.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for thing in gc.get_objects():
        if issubclass(type(thing), QObject) and not shiboken6.isValid(thing):
            thing.__dict__.clear()
    gc.collect()
    if len(gc.get_objects()) > MANY:
        gc.freeze()  # libraries that were just loaded: they stay, and need not be looked through again
