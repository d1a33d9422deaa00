"""What the timeline shows, and how it is drawn from pictures of its still parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.sequence.key_selection import Curves, KeySelection
from studio.sequence.timecode import TimeUnit, write_time
from studio.theme import current, keep_fitted, painting, scaled
from studio.widgets import time_cursor, timeline_paint
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline_bars import TimelineBars
from studio.widgets.timeline_hands import Box, Hand
from studio.widgets.timeline_keys import KeyColumns, KeyStamps, paint_row
from studio.widgets.timeline_lanes import Lane, LaneRows
from studio.widgets.timeline_paint import (
    LANE_HEIGHT,
    LEAST_LANE_HEIGHT,
    MARKER_HEIGHT,
    RULER_HEIGHT,
    Flag,
    Ground,
)

LABEL_WIDTH, WIDE_LABELS = 132, 192  # at the usual size of text; with rows below others
_RIGHT_MARGIN = 24
_LEAST_LANES = 3  # always in sight


class TimelineCanvas(QWidget):
    """Frames from left to right: it shows what it is told, and the box that a hand draws.

    Rows shrink to fit, and scroll under the ruler where they would become too thin to read.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 1
        self._view: tuple[float, float | None] = (0.0, None)
        self._was_whole = True  # all of time was seen when a hand took hold
        self._position = 0.0
        self._range = (0, 0)
        self._lanes: tuple[Lane, ...] = ()
        self._hint = ""
        self._fps = 25.0
        self._unit: TimeUnit = "frames"
        self._keys: Curves = {}
        self._dimmed: Sequence[Curves] = ()
        self._chosen = KeySelection()
        self._chosen_lanes: frozenset[str] = frozenset()
        self._flags: tuple[Flag, ...] = ()
        self._hand: Hand | None = None
        self._labels: list[time_cursor.Label] = []  # of the ruler as it was drawn last
        self._ground: QPixmap | None = None
        self._keyed: QPixmap | None = None
        self._columns, self._stamps = KeyColumns(), KeyStamps()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")
        self._bars = TimelineBars(self, self._redraw, self.show_part)
        keep_fitted(self, self._fit_to_text)

    @property
    def ruler(self) -> TimeRuler:
        """Where frames lie."""
        left = float(scaled(WIDE_LABELS if any(lane.depth for lane in self._lanes) else LABEL_WIDTH))
        right = max(float(self.width() - scaled(_RIGHT_MARGIN)), left + 1.0)
        return TimeRuler(self._count, left, right, *self._view)

    @property
    def rows(self) -> LaneRows:
        """Where the lanes lie."""
        return LaneRows(len(self._lanes), self._below, self.lane_height, self._bars.scrolled)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The rows, from the top."""
        return self._lanes

    @property
    def keys(self) -> Curves:
        """The keys that can be edited."""
        return self._keys

    @property
    def dimmed(self) -> Sequence[Curves]:
        """The keys that stand back."""
        return self._dimmed

    @property
    def chosen(self) -> KeySelection:
        """The keys that are chosen."""
        return self._chosen

    @property
    def chosen_lanes(self) -> frozenset[str]:
        """The ids of the lanes that are chosen."""
        return self._chosen_lanes

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The markers."""
        return self._flags

    @property
    def position(self) -> float:
        """The frame the cursor stands on."""
        return self._position

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last frame played."""
        return self._range

    @property
    def _below(self) -> int:
        """Where the lanes begin, under the ruler and the markers."""
        return scaled(RULER_HEIGHT) + (scaled(MARKER_HEIGHT) if self._flags else 0)

    def _fit_to_text(self) -> None:
        least = _LEAST_LANES if self._count > 1 else 1
        self.setMinimumHeight(scaled(RULER_HEIGHT) + least * scaled(LEAST_LANE_HEIGHT))
        self._fit_bars()
        self._redraw()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the ruler and a few lanes."""
        return QSize(
            900, self._below + scaled(LANE_HEIGHT) * max(len(self._lanes), 3 if self._count > 1 else 1)
        )

    def set_clip(self, count: int, lanes: tuple[Lane, ...], hint: str = "") -> None:
        """Show ``count`` frames with ``lanes``; ``hint`` is told where there is nothing to play.

        While a hand holds something, frames stay where they are.
        """
        if count != self._count:
            ruler = self.ruler
            if self._hand is not None:
                self._view = (ruler.begin, ruler.stop)
            elif not ruler.shows_all:
                part = TimeRuler(count, ruler.left, ruler.right).shown(ruler.begin, ruler.stop)
                self._view = (part.begin, part.end)
        self._count, self._lanes, self._hint = count, lanes, hint
        self._fit_to_text()

    def set_time(self, fps: float, unit: TimeUnit) -> None:
        """Tell moments in ``unit``, at ``fps`` frames a second."""
        if (fps, unit) != (self._fps, self._unit):
            self._fps, self._unit = fps, unit
            self._redraw()

    def set_keys(self, keys: Curves, dimmed: Sequence[Curves] = ()) -> None:
        """Show ``keys`` that can be edited, and others that stand back."""
        self._keys, self._dimmed = keys, dimmed
        self._redraw_keys()

    def set_chosen(self, chosen: KeySelection) -> None:
        """Show which keys are chosen."""
        if chosen is not self._chosen:
            self._chosen = chosen
            self._redraw_keys()
            self.tell_state()

    def tell_state(self) -> None:
        """Let those who do not see it know where the cursor is, and how many keys are chosen."""
        count = len(self._chosen)
        told = f"Frame {round(self._position)} of {max(self._count - 1, 0)}"
        keys = f", {count} {'key' if count == 1 else 'keys'} chosen" if count else ""
        self.setAccessibleDescription(told + keys)

    def set_chosen_lanes(self, chosen: frozenset[str]) -> None:
        """Show which lanes are chosen, by their ids."""
        if chosen != self._chosen_lanes:
            self._chosen_lanes = chosen
            self._redraw()

    def set_flags(self, flags: tuple[Flag, ...]) -> None:
        """Show markers, in the order of their frames."""
        if flags != self._flags:
            self._flags = flags
            self._fit_to_text()

    @property
    def lane_height(self) -> int:
        """Pixels of each lane: what there is room for, within what is readable and what is enough."""
        room = (self.height() - self._below) // max(len(self._lanes), 1)
        return min(max(room, scaled(LEAST_LANE_HEIGHT)), scaled(LANE_HEIGHT))

    def _fit_bars(self) -> None:
        self._bars.fit(self._below, self.lane_height, len(self._lanes), self.ruler)

    def set_range(self, first: int, last: int) -> None:
        """Show the first and the last frame played."""
        if (first, last) != self._range:
            self._range = (first, last)
            self._redraw()

    def set_position(self, position: float) -> None:
        """Move the cursor, and what is seen with it; only what it covered and covers is drawn anew."""
        if position == self._position:
            return
        before, self._position = self._position, position
        ruler = self.ruler
        if not ruler.shows_all and not ruler.begin <= position <= ruler.stop and self._hand is None:
            span = ruler.stop - ruler.begin
            self.show_part(ruler.shown(position, position + span))
            return
        for frame in (before, position):
            flag, covered = self._flag(frame)
            for place in time_cursor.strip(ruler.x(frame), flag, covered, self.height()):
                self.update(place)

    @property
    def flag(self) -> QRectF:
        """Where the flag of the cursor stands."""
        return self._flag(self._position)[0]

    def _flag(self, frame: float) -> tuple[QRectF, list[QRectF]]:
        """Where the cursor's flag stands on ``frame``, and the labels that make room for it."""
        text = write_time(frame, self._fps, self._unit)
        flag = time_cursor.flag_place(self.ruler.x(frame), text, self.font(), self.width())
        return flag, time_cursor.covered_labels(flag, self._labels, self.font())

    def show_all(self) -> None:
        """Show all of time."""
        self.show_part(TimeRuler(self._count, 0.0, 1.0))

    def show_part(self, ruler: TimeRuler) -> None:
        """Show the part of time that ``ruler`` shows."""
        view = (ruler.begin, None if ruler.shows_all else ruler.stop)
        if view != self._view:
            self._view = view
            self._fit_bars()
            self._redraw()

    def _redraw(self) -> None:
        self._ground = None
        self._redraw_keys()

    def _redraw_keys(self) -> None:
        self._keyed = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw anew in the colours of another theme."""
        super().changeEvent(event)
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw anew in the new size."""
        super().resizeEvent(event)
        self._fit_bars()
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the still parts from their picture, and over it cursor and box."""
        if self._keyed is None:
            self._keyed = self._draw_keys()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._keyed)
        if self._count < 2:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ruler = self.ruler
        x = ruler.x(self._position)
        if ruler.left - 1.0 <= x <= ruler.right + 1.0:
            text = write_time(self._position, self._fps, self._unit)
            flag, covered = self._flag(self._position)
            time_cursor.paint_cursor(painter, x, text, flag, self.height(), current(), covered)
        corners = self._hand.corners if isinstance(self._hand, Box) else None
        if corners is not None:
            colour = QColor(current().accent)
            painter.setPen(QPen(colour, 1.0))
            colour.setAlphaF(0.12)
            painter.setBrush(colour)
            painter.drawRect(QRectF(*corners).normalized())

    def grips(self) -> tuple[float, float] | None:
        """The frames of the ends of what is chosen, by which it is scaled; None where it has one frame."""
        span = self._chosen.span
        return span if span is not None and span[1] - span[0] > 1e-6 else None

    def _draw_ground(self) -> QPixmap:
        picture = self._blank()
        ground = Ground(
            self.ruler,
            self._lanes,
            self.rows,
            self._range,
            self.size(),
            self._hint,
            self._fps,
            self._unit,
            self._flags,
            self._chosen_lanes,
        )
        self._labels = timeline_paint.ruler_labels(self.ruler, self._fps, self._unit, self.width())
        with painting(picture) as painter:
            painter.setFont(self.font())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            timeline_paint.paint_ground(painter, ground)
        return picture

    def _blank(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        return picture

    def _draw_keys(self) -> QPixmap:
        if self._ground is None:
            self._ground = self._draw_ground()
        if self._count < 2 or not (self._keys or self._dimmed):
            return self._ground
        picture = self._ground.copy()
        with painting(picture) as painter:
            self._paint_keys(painter)
        return picture

    def _paint_keys(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRectF(0, self._below, self.width(), self.height() - self._below))
        ruler, rows, roles = self.ruler, self.rows, current()
        for row in rows.seen(self.height()):
            channels = self._lanes[row].channels
            middle = rows.y(row) + rows.height / 2
            for curves in self._dimmed:
                columns = self._columns.of(curves, channels, ruler)
                if columns is not None:
                    paint_row(painter, columns, None, ruler, middle, roles, self._stamps, dim=True)
            columns = self._columns.of(self._keys, channels, ruler)
            if columns is not None:
                chosen = self._columns.chosen(self._chosen, channels, ruler)
                paint_row(painter, columns, chosen, ruler, middle, roles, self._stamps)
        if (ends := self.grips()) is not None:
            timeline_paint.paint_grips(painter, ruler, ends, self._below, roles)
