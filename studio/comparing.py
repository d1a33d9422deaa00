"""The window's part in comparing and measuring: between document, engine, canvas and panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from studio.document.comparing import (
    compare,
    compare_with,
    delete_take,
    duplicate_take,
    keep_take,
    set_comparison,
    swap_takes,
    toggle_onion,
    with_other_take,
)
from studio.document.comparison import Kind
from studio.document.moment import shown_kind, why_no_other
from studio.engine import Beside
from studio.flame.measures import measures_as_csv
from studio.flame.params import Params
from studio.render.extras import Extras
from studio.widgets.gesture import next_gesture

if TYPE_CHECKING:
    from studio.panels.compare_panel import ComparePanel
    from studio.window import StudioWindow

_HEADS = "Heads (*.flame *.flamepose *.npz *.json *.obj *.ply);;All files (*)"

_NOT_IN_WIPE = "Measurements are drawn on one head, so not beside a wipe; the Compare panel tells them."


class Comparing(QObject):
    """What the actions of comparing do, and what follows from changes of the comparison."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._panel: ComparePanel | None = None
        self._told = ""  # why nothing is compared, as it was told last
        self._gesture: int | None = None
        window.engine.extras_ready.connect(self._show)
        window.document.changed.connect(self._on_changed)
        window.canvas.wipe_grasped.connect(self._begin)
        window.canvas.wipe_asked.connect(self._move_wipe)

    def connect_panel(self, panel: ComparePanel) -> None:
        """Show measurements in ``panel`` while it is seen, and do what its buttons ask for."""
        self._panel = panel
        panel.seen.connect(self._window.engine.measure)
        panel.copy_asked.connect(self.copy_measurements)
        panel.keep_asked.connect(self.keep)
        self._tell_panel(self.extras)

    @property
    def extras(self) -> Extras:
        """What is drawn beside the head."""
        return self._window.canvas.extras

    def toggle(self, kind: Kind) -> None:
        """Compare in the way ``kind``, or no longer."""
        document = self._window.document
        if shown_kind(document) == kind:
            self._window.push(compare(document, "off"))
            return
        reason = why_no_other(with_other_take(document), document.takes, document.active)
        if reason:
            self._window.workspace.show_checks()  # the menu has ticked it already
            self._window.notify(reason)
            return
        self._window.push(compare(document, kind))

    def toggle_dimensions(self) -> None:
        """Draw measurements on the head, or not."""
        document = self._window.document
        shown = not document.comparison.dimensions
        if shown and shown_kind(document) == "wipe":
            self._window.notify(_NOT_IN_WIPE)
        self._window.push(set_comparison(document, "Measurements", dimensions=shown))

    def toggle_onion(self) -> None:
        """Show neighbouring frames as ghosts, or not."""
        document = self._window.document
        if not document.look.onion.shown and len(document.take) < 2:
            self._window.notify("Ghosts are seen in takes of more than one frame.")
        self._window.push(toggle_onion(document))

    def swap(self) -> None:
        """Show B and compare it with A."""
        document = self._window.document
        reason = why_no_other(document.comparison, document.takes, document.active)
        if reason or document.comparison.subject != "take":
            self._window.notify(reason or "Only takes change places; choose a take to compare with.")
            return
        self._window.push(swap_takes(document))

    def keep(self) -> None:
        """Keep the head shown as a take to compare with."""
        self._window.push(keep_take(self._window.document))
        kept = self._window.document.takes[-1].name
        self._window.notify(f"This head is kept as {kept}.")

    def ask_file(self) -> None:
        """Let the user choose a file with a head to compare with."""
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Compare with", str(settings.folder), _HEADS)
        if name:
            path = Path(name)
            settings.folder = path.parent
            self.compare_with_file(path)

    def compare_with_file(self, path: Path) -> None:
        """Compare the head with the one in the session, clip, pose or mesh at ``path``."""

        def use(params: Params) -> None:
            self._window.push(compare_with(self._window.document, path.stem, params))

        self._window.files.open_face(path, use, meshes=True)

    def duplicate(self) -> None:
        """Go on with a copy of the take."""
        self._window.push(duplicate_take(self._window.document))

    def delete(self) -> None:
        """Drop the take that is shown."""
        document = self._window.document
        if len(document.takes) < 2:
            self._window.notify("This is the only take; open another one before it is deleted.")
            return
        self._window.push(delete_take(document, document.active))

    def copy_measurements(self) -> None:
        """Put the measurements on the clipboard, as CSV."""
        extras = self.extras
        if extras.measured is None:
            self._window.notify("Nothing is measured yet; open the Compare panel first.")
            return
        columns = {extras.names[0]: extras.measured, "Neutral": extras.neutral}
        if extras.beside is not None:
            columns[f"B: {extras.names[1]}"] = extras.beside
        QGuiApplication.clipboard().setText(measures_as_csv(columns))
        self._window.notify("The measurements are on the clipboard.")

    def _show(self, beside: Beside) -> None:
        window = self._window
        if window.closed or not beside.model is window.document.model is window.canvas.model:
            return
        extras = beside.extras.replace(comparison=window.document.comparison)
        window.canvas.set_extras(extras)
        self._tell_panel(extras)

    def _tell_panel(self, extras: Extras) -> None:
        if self._panel is not None:
            self._panel.show_measured(extras.measured, extras.neutral, extras.beside)
            self._panel.show_summary(extras.summary if extras.other is not None else None)

    def _on_changed(self, names: frozenset[str]) -> None:
        document, canvas = self._window.document, self._window.canvas
        if "comparison" in names:  # a line that is dragged waits for no head
            canvas.set_extras(canvas.extras.replace(comparison=document.comparison))
        if not names & {"comparison", "takes", "active"}:
            return
        comparing = document.comparison.kind != "off"
        reason = why_no_other(document.comparison, document.takes, document.active) if comparing else ""
        if reason and reason != self._told:
            self._window.notify(f"Nothing is compared. {reason}")
        if reason != self._told:
            self._told = reason
            self._window.workspace.show_checks()

    def _begin(self) -> None:
        self._gesture = next_gesture()

    def _move_wipe(self, share: float) -> None:
        self._window.push(set_comparison(self._window.document, "Wipe", self._gesture, wipe=share))
