"""The chips over the canvas: shading at the left, overlays and framing at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from studio.document.look import MODES, Look
from studio.flame.landmark_sets import shown_set
from studio.flame.model import HeadModel
from studio.keymap import shown_keys
from studio.panels.words import MODE_TITLES
from studio.theme import keep_fitted
from studio.widgets.segmented import Segmented

if TYPE_CHECKING:
    from studio.window import StudioWindow

_MARGIN = 12  # pixels to the canvas's borders
_GAP = 6
_RIGHT = (  # action, text
    ("live", "Live"),  # seen only while it is on
    ("landmarks", "68"),
    ("joints", "Joints"),
    ("onion", "Onion"),
    ("frame", "Frame"),
)


class CanvasChips(QObject):
    """Keeps the chips in the canvas's upper corners.

    Where there is no room for all, the shadings are one chip with a menu, and then the right ones go.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._canvas = window.canvas
        self._modes = Segmented([MODE_TITLES[mode] for mode in MODES], parent=self._canvas)
        self._modes.chosen.connect(lambda index: window.set_mode(MODES[index]))
        self._mode = _menu_chip("Shading", [window.actions_by_id[f"mode.{mode}"] for mode in MODES], window)
        self._mode.setParent(self._canvas)
        self._right = QWidget(self._canvas)
        layout = QHBoxLayout(self._right)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        right = {name: _chip(window.actions_by_id[name], text) for name, text in _RIGHT}
        for chip in right.values():
            layout.addWidget(chip)
        self._landmarks = right["landmarks"]
        self._live = right["live"]
        self._live.hide()
        window.actions_by_id["live"].toggled.connect(self._show_live)
        self._frame, self._keymap = right["frame"], window.keymap
        self._keymap.changed.connect(self._on_keys)
        self._on_keys("frame")
        self._canvas.installEventFilter(self)
        keep_fitted(self, self._fit)

    def _fit(self) -> None:
        """Give the chips the size of their text."""
        for group in (self._modes, self._right):
            for chip in group.findChildren(QPushButton):
                chip.ensurePolished()
            group.adjustSize()
        self._mode.ensurePolished()
        self._place()

    def _show_live(self, running: bool) -> None:
        """Say on the canvas that the head follows a performer; a click ends it."""
        self._live.setVisible(running)
        self._right.adjustSize()
        self._place()

    def _on_keys(self, name: str) -> None:
        """Write the key that frames the head on its chip."""
        if name == "frame":
            self._frame.setText(f"Frame  {shown_keys(self._keymap.keys(name)[:1])}".rstrip())
            self._right.adjustSize()
            self._place()

    def show_look(self, look: Look, model: HeadModel) -> None:
        """Mark the shading in use, and say how many landmarks there are to show."""
        self._modes.set_current(MODES.index(look.mode))
        self._mode.setText(MODE_TITLES[look.mode])
        marks = shown_set(model, look.landmark_set)
        self._landmarks.setEnabled(marks is not None)
        if marks is not None:
            self._landmarks.setText(str(len(marks.landmarks)))
            self._right.adjustSize()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the canvas's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self._mode.adjustSize()
        for chips in (self._modes, self._mode):
            chips.move(_MARGIN, _MARGIN)
        left = self._canvas.width() - _MARGIN - self._right.width()
        self._right.move(left, _MARGIN)
        whole = left > self._modes.geometry().right() + _GAP
        self._modes.setVisible(whole)
        self._mode.setVisible(not whole)
        self._right.setVisible(whole or left > self._mode.geometry().right() + _GAP)


def _menu_chip(title: str, actions: Sequence[QAction], parent: QWidget) -> QPushButton:
    """A chip that opens a menu of ``actions``."""
    chip = QPushButton()
    chip.setProperty("role", "menu")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setAccessibleName(title)
    chip.setToolTip(title)
    menu = QMenu(parent)
    menu.addActions(actions)
    chip.setMenu(menu)
    return chip


def _chip(action: QAction, text: str) -> QPushButton:
    """A chip that triggers ``action`` and shows whether it is on."""
    chip = QPushButton(text)
    chip.setProperty("role", "chip")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setAccessibleName(action.text())
    action.changed.connect(lambda: chip.setToolTip(action.toolTip()))
    chip.setToolTip(action.toolTip())
    chip.setCheckable(action.isCheckable())
    chip.clicked.connect(lambda _checked=False: action.trigger())
    if action.isCheckable():
        action.toggled.connect(chip.setChecked)
    return chip
