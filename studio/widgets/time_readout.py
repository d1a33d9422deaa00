"""The time at the cursor, the length and the rate, painted: it changes with every frame played."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.theme import current, keep_fitted, scaled, tabular
from studio.widgets.time_ruler import clock

_GAP = 6.0


class TimeReadout(QWidget):
    """Like 00:01.20 / 00:04.00   30 fps; a new time costs no new layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time = clock(0.0)
        self._rest = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Time")
        keep_fitted(self, self.updateGeometry)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self._time} {self._rest}"

    def set_time(self, seconds: float, total: float, fps: float) -> None:
        """Show ``seconds`` of ``total``, at ``fps`` frames a second."""
        time, rest = clock(seconds), f"/ {clock(total)}   {fps:g} fps"
        if len(time) != len(self._time) or rest != self._rest:
            self.updateGeometry()
        if (time, rest) != (self._time, self._rest):
            self._time, self._rest = time, rest
            self.update()

    def _bold(self) -> QFont:
        font = tabular(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _time_width(self) -> float:
        return QFontMetricsF(self._bold()).horizontalAdvance(self._time) + _GAP

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the whole line."""
        rest = QFontMetricsF(tabular(self.font())).horizontalAdvance(self._rest)
        return QSize(round(self._time_width() + rest) + 2, scaled(24))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the time in bold and the rest quietly."""
        roles = current()
        painter = QPainter(self)
        area = QRectF(self.rect())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._bold())
        painter.setPen(QColor(roles.text))
        painter.drawText(area, flags, self._time)
        painter.setFont(tabular(self.font()))
        painter.setPen(QColor(roles.secondary))
        room = area.adjusted(self._time_width(), 0.0, 0.0, 0.0)
        rest = painter.fontMetrics().elidedText(self._rest, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, rest)
