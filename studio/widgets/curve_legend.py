"""A legend whose entries show and hide curves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QVBoxLayout, QWidget

from studio.theme import current, fix_height, keep_fitted, scaled
from studio.widgets.plain_tip import plain_tip

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_ROW_HEIGHT = 22
_SWATCH_LEFT = 12
_SWATCH_WIDTH = 22
_TEXT_LEFT = 42
_WIDTH = 184
_TIP = "Click to hide or show, Ctrl+click to show it alone"


class LegendEntry(QAbstractButton):
    """A swatch in the curve's colour and dash, and its name; checked while the curve is shown."""

    alone_asked = Signal()
    pointed = Signal(bool)  # the mouse came, or left

    def __init__(self, title: str, colour: str, dash: Qt.PenStyle) -> None:
        super().__init__()
        self.colour = colour
        self._dash = dash
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(plain_tip(f"{title}\n{_TIP}"))
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        fix_height(self, _ROW_HEIGHT)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the legend."""
        return QSize(scaled(_WIDTH), scaled(_ROW_HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """With Ctrl show this curve alone, else toggle it."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.alone_asked.emit()
        else:
            super().mousePressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the curve is pointed at."""
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that it is no longer."""
        super().leaveEvent(event)
        self.pointed.emit(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw swatch and name, both faded while the curve is hidden."""
        roles = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), QColor(roles.hover))
        shown = self.isChecked()
        pen = QPen(QColor(self.colour if shown else roles.disabled), 2.0, self._dash)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QLineF(_SWATCH_LEFT, middle, _SWATCH_LEFT + _SWATCH_WIDTH, middle))
        painter.setPen(QColor(roles.text if shown else roles.disabled))
        font = painter.font()
        font.setStrikeOut(not shown)
        painter.setFont(font)
        box = QRectF(_TEXT_LEFT, 0, self.width() - _TEXT_LEFT - 4, self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class CurveLegend(QScrollArea):
    """A column of entries, one for each curve."""

    shown_changed = Signal()
    pointed = Signal(int)  # number of the curve under the mouse, -1: none

    def __init__(self) -> None:
        super().__init__()
        keep_fitted(self, lambda: self.setFixedWidth(scaled(_WIDTH)))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Curves shown")
        self.entries: list[LegendEntry] = []

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Show ``entries`` in place of those before."""
        self.entries = list(entries)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(0)
        for index, entry in enumerate(self.entries):
            entry.toggled.connect(lambda _on: self.shown_changed.emit())
            entry.alone_asked.connect(lambda i=index: self._show_alone(i))
            entry.pointed.connect(lambda on, i=index: self.pointed.emit(i if on else -1))
            layout.addWidget(entry)
        layout.addStretch(1)
        self.setWidget(column)

    @property
    def shown(self) -> list[bool]:
        """Which curves are shown."""
        return [entry.isChecked() for entry in self.entries]

    def set_shown(self, shown: Sequence[bool]) -> None:
        """Show some of the curves, and tell it once."""
        for entry, on in zip(self.entries, shown, strict=True):
            entry.blockSignals(True)
            entry.setChecked(on)
            entry.blockSignals(False)
            entry.update()
        self.shown_changed.emit()

    def _show_alone(self, index: int) -> None:
        alone = [number == index for number in range(len(self.entries))]
        self.set_shown([True] * len(alone) if self.shown == alone else alone)
