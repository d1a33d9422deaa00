"""What a user did, and could do, on the clipboard as Python and as command lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from studio.scripting.calls import Call

if TYPE_CHECKING:
    from studio.window import StudioWindow

_SHOWN = 60  # characters of what was copied that are told


class Copies:
    """Puts steps and actions of ``window`` on the clipboard as Python, and exports as command lines."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window

    def steps(self, places: Sequence[int]) -> None:
        """The steps of the history at ``places``, in their order."""
        from studio.scripting.recall import Past

        history = self._window.history
        done = history.steps[: history.stack.index()]
        past = Past(Past.of(self._window.document, done).first, tuple(history.steps))
        self._put("\n".join(past.calls(places)) + "\n")

    def script(self) -> None:
        """Everything, as a script that makes it from a new document."""
        from studio.scripting.recall import script_of

        history = self._window.history
        self._put(script_of(self._window.document, history.steps[: history.stack.index()]))

    def action(self, name: str) -> None:
        """The action called ``name`` in the table of all actions."""
        self._put(Call("run", (name,)).code() + "\n")

    def command(self, kind: str) -> None:
        """The command that saves what the Export panel would, one of ``shell_titles.COMMANDS``."""
        path = self._window.sessions.file_of_now("The command reads everything from the session's file.")
        if path is not None:
            self._put(self._command(kind, path) + "\n")

    def _command(self, kind: str, path: Path) -> str:
        from studio.export.options import SheetOptions
        from studio.scripting import shell

        chosen, window = self._window.workspace.late.export, self._window
        match kind:
            case "picture":
                return shell.picture_line(path, chosen.picture_options)
            case "turntable":
                return shell.turntable_line(path, chosen.turntable_options)
            case "film":
                return shell.film_line(path, chosen.film_options)
            case "sheet":
                count = window.exports.sheet_count("texture")
                return shell.sheet_line(path, "texture", count, SheetOptions())
            case "animation":
                return shell.animation_line(path, chosen.animation_options)
            case "mesh":
                return shell.mesh_line(path, chosen.mesh_format)
            case _:
                return shell.parameters_line(path, round(window.document.position))

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        lines = text.strip().split("\n")
        first = lines[0] if len(lines[0]) <= _SHOWN else lines[0][: _SHOWN - 1] + "…"
        told = first if len(lines) == 1 else f"{len(lines)} lines"
        self._window.statusBar().showMessage(f"Copied {told}", 4000)
