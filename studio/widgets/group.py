"""A collapsible group: a heading with small text buttons, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.theme import current, draw, fix_height, icon, scaled, size_icons
from studio.widgets.lock_button import LockButton

_HEIGHT = 24
_CHEVRON = 12
_ICON = 14
_LEAST_HEADING = 60


class _Heading(QAbstractButton):
    """Chevron and title; pressed, it folds or unfolds the group."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        fix_height(self, _HEIGHT)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a short word; the rest is left out where the buttons need it."""
        return QSize(scaled(_LEAST_HEADING), self.sizeHint().height())

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for chevron and title."""
        text = QFontMetrics(self._bold()).horizontalAdvance(self.text())
        return QSize(scaled(_CHEVRON) + 6 + text + 6, scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw chevron and title, and a ring while it has the focus."""
        roles = current()
        painter = QPainter(self)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        chevron = scaled(_CHEVRON)
        draw(painter, name, QPoint(0, (self.height() - chevron) // 2), chevron, roles.text)
        painter.setFont(self._bold())
        painter.setPen(QColor(roles.text))
        area = self.rect().adjusted(chevron + 6, 0, 0, 0)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(roles.accent), 1.0))
            ring = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5)
            painter.drawRoundedRect(ring, 4.0, 4.0)


def text_button(text: str, run: Callable[[], object], tip: str = "") -> QPushButton:
    """A button that is only a word, for the right end of a heading."""
    button = QPushButton(text)
    button.setProperty("role", "text")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    if tip:
        button.setToolTip(tip)
        button.setAccessibleName(tip)
    button.clicked.connect(lambda: run())
    return button


class Group(QWidget):
    """A heading over a column of widgets that can be folded away."""

    toggled = Signal(bool)  # unfolded

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = _Heading(title, self)
        self._heading.toggled.connect(self._on_toggled)
        self._lock: LockButton | None = None
        self._header = QHBoxLayout()
        self._header.setSpacing(8)
        self._header.addWidget(self._heading)
        self._header.addStretch(1)
        self._body = QWidget(self)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._header)
        layout.addWidget(self._body)

    @property
    def title(self) -> str:
        """What the heading says."""
        return self._heading.text()

    @property
    def unfolded(self) -> bool:
        """Whether the widgets can be seen."""
        return self._heading.isChecked()

    def set_unfolded(self, unfolded: bool) -> None:
        """Fold or unfold."""
        self._heading.setChecked(unfolded)

    def add(self, widget: QWidget) -> None:
        """Put ``widget`` below the others."""
        self._column.addWidget(widget)

    def add_action(
        self, text: str, run: Callable[[], object], tip: str = "", icon_name: str = ""
    ) -> QPushButton:
        """Put a text button, or an icon, at the right end of the heading; ``tip`` says the whole of it."""
        button = text_button("" if icon_name else text, run, tip)
        if icon_name:
            button.setIcon(icon(icon_name, "secondary"))
            size_icons(button, _ICON)
        self._header.addWidget(button)
        return button

    def add_lock(self, what: str) -> LockButton:
        """Put a padlock for ``what`` behind the title, seen under the mouse and while something is locked."""
        self._lock = LockButton(what)
        self._header.insertWidget(1, self._lock)
        return self._lock

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show the open padlock."""
        super().enterEvent(event)
        if self._lock is not None:
            self._lock.set_revealed(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the open padlock."""
        super().leaveEvent(event)
        if self._lock is not None:
            self._lock.set_revealed(False)

    def _on_toggled(self, unfolded: bool) -> None:
        self._body.setVisible(unfolded)
        self.toggled.emit(unfolded)
