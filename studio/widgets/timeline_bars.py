"""The scroll bars of the timeline: rows that do not fit, and the part of time that is seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from studio.widgets.time_ruler import TimeRuler

_STEPS = 100  # of the bar of time in a frame


class TimelineBars:
    """Two bars at the edges of ``widget``, each seen where there is something to scroll."""

    def __init__(
        self, widget: QWidget, on_rows: Callable[[], None], on_time: Callable[[TimeRuler], None]
    ) -> None:
        self._widget, self._on_time = widget, on_time
        self._ruler: TimeRuler | None = None
        self._rows = QScrollBar(Qt.Orientation.Vertical, widget)
        self._time = QScrollBar(Qt.Orientation.Horizontal, widget)
        self._rows.valueChanged.connect(lambda _: on_rows())
        self._time.valueChanged.connect(self._show_part)
        self._time.setAccessibleName("Part of time")
        for bar in (self._rows, self._time):
            bar.hide()

    @property
    def scrolled(self) -> int:
        """Pixels by which rows are scrolled up."""
        return self._rows.value()

    @property
    def can_scroll(self) -> bool:
        """Whether not all rows fit."""
        return self._rows.maximum() > 0

    def scroll(self, event: QWheelEvent) -> None:
        """Scroll rows by the wheel."""
        self._rows.wheelEvent(event)

    def fit(self, below: int, lane_height: int, lanes: int, ruler: TimeRuler) -> None:
        """Offer to scroll by what does not fit under ``below``."""
        self._ruler = ruler
        widget, width = self._widget, self._rows.sizeHint().width()
        zoomed = not ruler.shows_all
        visible = widget.height() - below - (width if zoomed else 0)
        hidden = max(lane_height * lanes - visible, 0)
        self._rows.setRange(0, hidden)
        self._rows.setPageStep(visible)
        self._rows.setSingleStep(lane_height // 2)
        self._rows.setGeometry(widget.width() - width, below, width, visible)
        self._rows.setVisible(hidden > 0)
        left = round(ruler.left)
        self._time.setGeometry(left, widget.height() - width, round(ruler.right) - left, width)
        self._time.setVisible(zoomed)
        if zoomed:
            with QSignalBlocker(self._time):
                span = ruler.stop - ruler.begin
                self._time.setRange(0, round((ruler.last - span) * _STEPS))
                self._time.setPageStep(round(span * _STEPS))
                self._time.setSingleStep(max(round(0.05 * span * _STEPS), 1))
                self._time.setValue(round(ruler.begin * _STEPS))

    def _show_part(self, value: int) -> None:
        ruler = self._ruler
        if ruler is not None:
            begin = value / _STEPS
            self._on_time(ruler.shown(begin, begin + ruler.stop - ruler.begin))
