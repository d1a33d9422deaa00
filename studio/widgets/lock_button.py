"""A padlock that locks or unlocks several values together."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.theme import current, draw, keep_fitted, scaled

State = Literal["none", "some", "all"]

_ICONS: dict[State, str] = {"none": "lock-open", "some": "lock-some", "all": "lock"}
_SIDE = 14
_WIDTH, _HEIGHT = 20, 24


class LockButton(QAbstractButton):
    """Closed where all values are locked, closed and empty where some are; open where none is.

    A ``quiet`` one shows the open padlock only while :meth:`set_revealed` says so or it has the focus.
    """

    def __init__(self, what: str, quiet: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self._revealed = not quiet
        self._quiet = quiet
        self._state: State | None = None
        keep_fitted(self, lambda: self.setFixedSize(self.sizeHint()))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_state("none")

    @property
    def state(self) -> State:
        """How many of the values are locked."""
        assert self._state is not None
        return self._state

    def set_state(self, state: State) -> None:
        """Show how many of the values are locked."""
        if state == self._state:
            return
        self._state = state
        verb = "Unlock" if state == "all" else "Lock"
        told = {"none": "", "some": "; some are locked", "all": "; Randomise and Reset leave it alone"}
        self.setAccessibleName(f"{verb} {self._what}")
        self.setAccessibleDescription({"none": "unlocked", "some": "partly locked", "all": "locked"}[state])
        self.setToolTip(f"{verb} {self._what}{told[state]}")
        self.update()

    def set_revealed(self, revealed: bool) -> None:
        """Show the open padlock too, or not."""
        self._revealed = revealed or not self._quiet
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The padlock with a little room around it."""
        return QSize(scaled(_WIDTH), scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the padlock, and a ring while it has the focus."""
        roles = current()
        painter = QPainter(self)
        side = scaled(_SIDE)
        corner = QPoint((self.width() - side) // 2, (self.height() - side) // 2)
        if self._state != "none" or self._revealed or self.hasFocus():
            draw(painter, _ICONS[self.state], corner, side, self._ink())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(roles.accent), 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5), 4.0, 4.0)

    def _ink(self) -> str:
        roles = current()
        if not self.isEnabled():
            return roles.disabled
        return roles.text if self._state != "none" or self.underMouse() else roles.secondary
