"""The group of the Fit panel that tells what came of a fit, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from studio.fitting.told import measures_told
from studio.panels.bars import side_by_side, word_button
from studio.panels.look_section import note, say
from studio.widgets.group import Group

if TYPE_CHECKING:
    from studio.fitting.fit_measures import FitMeasures

_EXPORTS = (  # action, text, tip
    ("mesh", "Save mesh…", "Save the head with its texture, as OBJ, PLY or GLB"),
    ("animation", "Save GLB…", "Save the head as a GLB or USD file"),
    ("screenshot", "Save picture…", "Save what the canvas shows"),
)


class ResultGroup(Group):
    """Made and seen once there is a result; ``asked`` names an action."""

    asked = Signal(str)
    before_held = Signal(bool)  # the state before the fit is to be seen, or no longer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Result", parent)
        self._filled = False
        self.hide()

    def _fill(self) -> None:
        self._filled = True
        self._told, self._warning = note(), note()
        self._warning.setProperty("role", "warning")
        self._before = QPushButton("Hold to see before")
        self._before.setToolTip("While it is held, the head is seen as it was before the fit")
        self._before.pressed.connect(lambda: self.before_held.emit(True))
        self._before.released.connect(lambda: self.before_held.emit(False))
        keep = word_button(
            "Keep texture",
            lambda: self.asked.emit("fit.keep_texture"),
            "Take the photo off the head and keep it as its skin, completed where it shows nothing",
        )
        exports = (self._export(*row) for row in _EXPORTS)
        for widget in (
            self._warning,
            self._told,
            side_by_side(self._before, keep),
            side_by_side(*exports),
        ):
            self.add(widget)

    def _export(self, action: str, text: str, tip: str) -> QPushButton:
        return word_button(text, lambda: self.asked.emit(action), tip)

    def show_result(self, measures: FitMeasures | None, warning: str = "") -> None:
        """Tell ``measures``, and a ``warning``; None: there is no result."""
        self.setVisible(measures is not None)
        if measures is None:
            return
        if not self._filled:
            self._fill()
        say(self._warning, warning)
        say(self._told, measures_told(measures))
