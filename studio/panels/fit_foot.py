"""The foot of the Fit panel: how the fit goes, and the buttons that lead it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.fitting.told import FitTold
from studio.panels.bars import footer, icon_button, side_by_side
from studio.theme import icon

_BAR = 4  # pixels


class FitFoot(QWidget):
    """Two rows of buttons, of which one is seen: those that begin a fit, or those that lead it."""

    asked = Signal(str)  # id of an action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = QLabel(wordWrap=True)
        self._told.setProperty("role", "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(_BAR)
        self._bar.setAccessibleName("Progress of the fit")
        self._fit = self._button("Fit", "play", "fit.start", "Fit the head to the photo by the recipe")
        self._continue = self._button(
            "Continue",
            "step-forward",
            "fit.continue",
            "Go on from this head with the stage of the weights above",
        )
        self._pause = self._button("Pause", "pause", "fit.pause", "Wait, or go on")
        self._step = self._button("Step", "step-forward", "fit.step", "Do one iteration and wait")
        self._finish = self._button("Finish here", "check", "fit.finish", "End now: this head is the result")
        self._cancel = self._button("Cancel", "cancel", "fit.cancel", "Stop, and leave everything as it was")
        self._idle = side_by_side(self._fit, self._continue)
        self._leading = side_by_side(self._pause, self._step)
        self._ending = side_by_side(self._finish, self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(footer(self._told, self._bar, self._idle, self._leading, self._ending))
        self.show_told(FitTold(), False, False)

    def _button(self, text: str, icon_name: str, action: str, tip: str) -> QPushButton:
        return icon_button(text, icon_name, lambda: self.asked.emit(action), tip)

    def show_told(self, told: FitTold, has_photo: bool, can_continue: bool) -> None:
        """Show how the fit goes; ``has_photo`` and ``can_continue`` say what can be begun."""
        running = told.running
        self._told.setText(told.text)
        self._told.setVisible(running)
        self._bar.setVisible(running)
        self._bar.setRange(0, told.of)
        self._bar.setValue(told.number)
        self._idle.setVisible(not running)
        self._leading.setVisible(running)
        self._ending.setVisible(running)
        self._fit.setEnabled(has_photo)
        self._continue.setEnabled(has_photo and can_continue)
        paused = told.phase == "paused"
        for button in (self._pause, self._step, self._finish, self._cancel):
            button.setEnabled(told.phase != "stopping")
        text = "Go on" if paused else "Pause"
        if self._pause.text() != text:
            self._pause.setText(text)
            self._pause.setIcon(icon("play" if paused else "pause"))
