"""Leaving the studio: what is asked before the window closes, and what is waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from studio.window import StudioWindow

_WAIT = 5.0  # seconds given to cancelled jobs


def may_close(window: StudioWindow) -> bool:
    """Whether nothing that the user wants is lost; asks where something may be."""
    busy = window.jobs.busy or window.exports.queue.unfinished
    return window.sessions.may_close() and (not busy or _may_stop_jobs(window))


def _may_stop_jobs(window: StudioWindow) -> bool:
    """Ask whether the running job, and what waits behind it, may be given up."""
    count = window.exports.queue.unfinished
    several = f"{count} exports are not finished. Stop them"
    what = several if count > 1 else "A file is still being written. Stop it"
    answer = QMessageBox.question(window, "Quit", f"{what} and quit? Nothing half-written is left.")
    return answer == QMessageBox.StandardButton.Yes


def finish_jobs(window: StudioWindow) -> None:
    """Let cancelled jobs end: they may be waiting for this thread to draw a tile."""
    deadline = time.monotonic() + _WAIT
    while (window.jobs.busy or window.exports.busy) and time.monotonic() < deadline:
        QGuiApplication.processEvents()
        window.jobs.join(0.02)
    window.exports.fall_silent()


def close_parts(window: StudioWindow, keep: bool) -> None:
    """Stop the player, jobs and threads of ``window``; ``keep`` its autosave for the next start."""
    window.player.pause()
    window.driving.close()
    window.operations.close()
    window.exports.stop()
    window.jobs.cancel()
    finish_jobs(window)
    window.files.close()
    window.sounding.close()
    window.photos.close()
    window.workspace.late.close()
    window.sessions.close(keep=keep)
    window.library.wait()
    window.poses.close()
    window.engine.stop()
    window.canvas.shut_down()
