"""The timeline: ruler, lanes, in and out marks, cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from studio.theme import current, keep_fitted, scaled
from studio.widgets import timeline_paint
from studio.widgets.gesture import next_gesture
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline_paint import LANE_HEIGHT, LEAST_LANE_HEIGHT, MARK_HEIGHT, RULER_HEIGHT

LABEL_WIDTH = 128  # at the usual size of text
_RIGHT_MARGIN = 24
_MARK_REACH = 6
_LEAST_LANES = 3  # always in sight

Grip = Literal["cursor", "first", "last"]


@dataclass(frozen=True, eq=False)
class Lane:
    """A named block over all frames with a curve in it."""

    title: str
    curve: NDArray[np.float32]  # (T,) 0..1


class Timeline(QWidget):
    """Frames from left to right. Drag anywhere to scrub, drag the marks to set in and out.

    Lanes shrink to fit, and scroll under the ruler where they would become too thin to read.

    It shows what it is told and asks for changes; frames are fractional only while playing.
    """

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()
    range_changed = Signal(int, int, object)  # first, last, gesture

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 1
        self._position = 0.0
        self._range = (0, 0)
        self._lanes: tuple[Lane, ...] = ()
        self._hint = ""
        self._grip: Grip | None = None
        self._gesture = 0
        self._ground: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.valueChanged.connect(lambda _: self._redraw())
        self._bar.hide()
        keep_fitted(self, self._fit_to_text)

    @property
    def ruler(self) -> TimeRuler:
        """Where frames lie."""
        left = float(scaled(LABEL_WIDTH))
        return TimeRuler(self._count, left, max(float(self.width() - scaled(_RIGHT_MARGIN)), left + 1.0))

    @property
    def _below(self) -> int:
        """Where the lanes begin, under the ruler."""
        return scaled(RULER_HEIGHT)

    def _fit_to_text(self) -> None:
        least = _LEAST_LANES if self._count > 1 else 1
        self.setMinimumHeight(self._below + least * scaled(LEAST_LANE_HEIGHT))
        self._fit_lanes()
        self._redraw()

    @property
    def position(self) -> float:
        """The frame the cursor stands on."""
        return self._position

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the ruler and a few lanes."""
        return QSize(
            900, self._below + scaled(LANE_HEIGHT) * max(len(self._lanes), 3 if self._count > 1 else 1)
        )

    def set_clip(self, count: int, lanes: tuple[Lane, ...], hint: str = "") -> None:
        """Show ``count`` frames with ``lanes``; ``hint`` is told where there is nothing to play."""
        self._count, self._lanes, self._hint = count, lanes, hint
        self._fit_to_text()

    @property
    def lane_height(self) -> int:
        """Pixels of each lane: what there is room for, within what is readable and what is enough."""
        room = (self.height() - self._below) // max(len(self._lanes), 1)
        return min(max(room, scaled(LEAST_LANE_HEIGHT)), scaled(LANE_HEIGHT))

    def _fit_lanes(self) -> None:
        """Offer to scroll by what does not fit."""
        visible, width = self.height() - self._below, self._bar.sizeHint().width()
        hidden = max(self.lane_height * len(self._lanes) - visible, 0)
        self._bar.setRange(0, hidden)
        self._bar.setPageStep(visible)
        self._bar.setSingleStep(self.lane_height // 2)
        self._bar.setGeometry(self.width() - width, self._below, width, visible)
        self._bar.setVisible(hidden > 0)

    def set_range(self, first: int, last: int) -> None:
        """Show the first and the last frame played."""
        if (first, last) != self._range:
            self._range = (first, last)
            self._redraw()

    def set_position(self, position: float) -> None:
        """Move the cursor; only what it covered and covers is drawn anew."""
        if position == self._position:
            return
        before, self._position = self._position, position
        for frame in (before, position):
            x = round(self.ruler.x(frame))
            reach = scaled(timeline_paint.FLAG_WIDTH)
            self.update(x - reach, 0, 2 * reach, self.height())

    def _redraw(self) -> None:
        self._ground = None
        self.update()

    def changeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Draw anew in the colours of another theme."""
        super().changeEvent(event)  # type: ignore[arg-type]
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw anew in the new size."""
        super().resizeEvent(event)
        self._fit_lanes()
        self._ground = None

    def _grip_at(self, x: float, y: float) -> Grip:
        if y <= self._below and self._count > 1:
            first, last = (self.ruler.x(frame) for frame in self._range)
            near_cursor = abs(x - self.ruler.x(self._position)) <= scaled(timeline_paint.FLAG_WIDTH) / 2
            if y >= self._below - MARK_HEIGHT or not near_cursor:
                if first - _MARK_REACH - 2 <= x <= first + 2:
                    return "first"
                if last - 2 <= x <= last + _MARK_REACH + 2:
                    return "last"
        return "cursor"

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a mark, or bring the cursor here."""
        if event.button() != Qt.MouseButton.LeftButton or self._count < 2:
            return
        self._grip = self._grip_at(event.position().x(), event.position().y())
        if self._grip == "cursor":
            self.scrub_started.emit()
            self._scrub_to(event.position().x())
        else:
            self._gesture = next_gesture()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Scrub, or move a mark."""
        x, y = event.position().x(), event.position().y()
        if self._grip is None:
            over_mark = self._grip_at(x, y) != "cursor"
            self.setCursor(Qt.CursorShape.SizeHorCursor if over_mark else Qt.CursorShape.ArrowCursor)
        elif self._grip == "cursor":
            self._scrub_to(x)
        else:
            self._move_mark(round(self.ruler.frame(x)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip is not None:
            if self._grip == "cursor":
                self.scrub_finished.emit()
            self._grip = None

    def _scrub_to(self, x: float) -> None:
        frame = float(round(self.ruler.frame(x)))
        if frame != self._position:
            self.set_position(frame)
            self.scrubbed.emit(frame)

    def _move_mark(self, frame: int) -> None:
        first, last = self._range
        moved = (min(frame, last - 1), last) if self._grip == "first" else (first, max(frame, first + 1))
        if moved != self._range:
            self.set_range(*moved)
            self.range_changed.emit(*moved, self._gesture)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll lanes that do not all fit; elsewhere step by frames when the timeline has the focus."""
        if self._bar.maximum() and event.position().y() > self._below:
            self._bar.wheelEvent(event)
            event.accept()  # or the panel's own would scroll on at the ends
            return
        notches = event.angleDelta().y() // 120
        if not self.hasFocus() or not notches:
            event.ignore()
            return
        self._step(-notches)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right step by a frame, with Shift by ten."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._step(step * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))

    def _step(self, frames: int) -> None:
        frame = float(min(max(round(self._position) + frames, 0), self._count - 1))
        if frame != self._position:
            self.scrub_started.emit()
            self.set_position(frame)
            self.scrubbed.emit(frame)
            self.scrub_finished.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the still part from its picture, and the cursor over it."""
        if self._ground is None:
            self._ground = self._draw_ground()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground)
        if self._count > 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self.ruler.x(self._position)
            timeline_paint.paint_cursor(painter, x, self._position, self.height(), current())

    def _draw_ground(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        painter = QPainter(picture)
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        timeline_paint.paint_ground(
            painter,
            self.ruler,
            self._lanes,
            self._range,
            self.size(),
            self._hint,
            self.lane_height,
            self._bar.value(),
        )
        painter.end()
        return picture
