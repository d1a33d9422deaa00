"""The time at the cursor, the length and the rate, painted: it changes with every frame played."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from studio.sequence.timecode import TimeUnit, read_time, write_time
from studio.theme import current, keep_fitted, scaled, tabular

_GAP = 6.0
_EDITOR = 110  # pixels at the usual size of text
_EDIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
_TIP = (
    "Click to go to a time: 36f, 1.2s, 0:01.20 or 00:00:01:06, and +10f from here; "
    "right-click for seconds, frames or timecode"
)


class TimeReadout(QWidget):
    """Like 00:01.20 / 00:04.00   30 fps; a new time costs no new layout.

    Where it is clicked, a time is typed; ``asked`` tells its frame.
    """

    asked = Signal(int)
    unit_asked = Signal(str)  # seconds, frames or timecode

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame, self._fps = 0.0, 25.0
        self._unit: TimeUnit = "seconds"
        self._time = write_time(0.0, self._fps, self._unit)
        self._rest = ""
        self._editor: _TimeEditor | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName("Time")
        self.setToolTip(_TIP)
        keep_fitted(self, self.updateGeometry)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self._time} {self._rest}"

    def set_time(self, frame: float, last: float, fps: float, unit: TimeUnit, rate: float = 1.0) -> None:
        """Show ``frame`` of 0 to ``last``, at ``fps`` frames a second played ``rate`` times as fast."""
        self._frame, self._fps, self._unit = frame, fps, unit
        fast = "" if rate == 1.0 else f"   {rate:+g}\N{MULTIPLICATION SIGN}".replace("-", "\N{MINUS SIGN}")
        time = write_time(frame, fps, unit)
        rest = f"/ {write_time(last, fps, unit)}   {round(fps, 3):g} fps{fast}"
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

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the time at the cursor."""
        return QSize(round(self._time_width()), scaled(24))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let a time be typed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Offer to tell time in something else."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for unit in get_args(TimeUnit):
            action = menu.addAction(unit.capitalize())
            action.setCheckable(True)
            action.setChecked(unit == self._unit)
            action.triggered.connect(lambda _checked=False, unit=unit: self.unit_asked.emit(unit))
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Return and F2 let a time be typed."""
        if event.key() in _EDIT_KEYS:
            self.edit()
        else:
            super().keyPressEvent(event)

    def edit(self) -> None:
        """Put a field in the place of the time, with all of it chosen."""
        if self._editor is None and self.isEnabled():
            editor = _TimeEditor(self._time, self)
            editor.setGeometry(0, 0, max(scaled(_EDITOR), round(self._time_width()) + 12), self.height())
            editor.ended.connect(self._finish)
            self._editor = editor
            editor.show()
            editor.setFocus()

    def _finish(self, typed: str) -> None:
        editor, self._editor = self._editor, None
        if editor is None:
            return
        if editor.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.hide()
        editor.deleteLater()
        frame = None if typed == self._time else read_time(typed, self._frame, self._fps, self._unit)
        if frame is not None:
            self.asked.emit(frame)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the time in bold and the rest quietly."""
        roles = current()
        painter = QPainter(self)
        area = QRectF(self.rect())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._bold())
        painter.setPen(QColor(roles.accent_text if self.hasFocus() else roles.text))
        painter.drawText(area, flags, self._time)
        painter.setFont(tabular(self.font()))
        painter.setPen(QColor(roles.secondary))
        room = area.adjusted(self._time_width(), 0.0, 0.0, 0.0)
        rest = painter.fontMetrics().elidedText(self._rest, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, flags, rest)


class _TimeEditor(QLineEdit):
    """Tells what was typed when it is left, nothing when it is left by Escape."""

    ended = Signal(str)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "number")
        self.setAccessibleName("Go to time")
        self.setToolTip(_TIP)
        self.selectAll()
        self.editingFinished.connect(lambda: self.ended.emit(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape leaves the time as it is."""
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit("")
        else:
            super().keyPressEvent(event)
