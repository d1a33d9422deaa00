"""Waits that leave the processors to the work that is waited for."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest


def wait_at_rest() -> None:
    """Let ``QTest.qWait`` handle events as they come, and sleep between them.

    Qt's own keeps Python's threads from running meanwhile, and vispy's, which takes its place as vispy is
    loaded, asks for events over and over.
    """
    import vispy.app.backends._pyside6  # noqa: F401 - so that it does not come later

    QTest.qWait = staticmethod(_wait)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
