"""How the timeline is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from studio.theme import Roles, current, scaled, tabular
from studio.widgets.time_ruler import TimeRuler

# Pixels at the usual size of text.
RULER_HEIGHT = 28
LANE_HEIGHT = 32  # where there is room
LEAST_LANE_HEIGHT = 18
MARK_HEIGHT = 10
FLAG_WIDTH = 34
_FLAG_HEIGHT = 17
_BLOCK_MARGIN = 5 / LANE_HEIGHT  # of a lane's height
_LABEL_SPACE = 72  # pixels between labelled frames
_MINOR_SPACE = 9


class DrawnLane(Protocol):
    """What is drawn of a lane."""

    @property
    def title(self) -> str:
        """Its name."""

    @property
    def curve(self) -> NDArray[np.float32]:
        """A value in 0..1 for each frame."""


def paint_ground(
    painter: QPainter,
    ruler: TimeRuler,
    lanes: Sequence[DrawnLane],
    played: tuple[int, int],
    size: QSize,
    hint: str,
    lane_height: int,
    scrolled: int,
) -> None:
    """Draw everything but the cursor; the lanes, ``scrolled`` up by pixels, stay below the ruler."""
    roles, below = current(), scaled(RULER_HEIGHT)
    painter.fillRect(0, 0, size.width(), size.height(), QColor(roles.panel))
    if ruler.count < 2:
        _paint_hint(painter, size, hint, roles)
        return
    _paint_ruler(painter, ruler, played, roles)
    painter.setClipRect(0, below, size.width(), size.height() - below)
    for index, lane in enumerate(lanes):
        top = below + index * lane_height - scrolled
        _paint_lane(painter, ruler, lane, QRectF(0, top, size.width(), lane_height), roles)
    _paint_outside(painter, ruler, played, size, roles)


def _paint_hint(painter: QPainter, size: QSize, hint: str, roles: Roles) -> None:
    painter.setPen(QColor(roles.secondary))
    painter.drawText(QRectF(0, 0, size.width(), size.height()), Qt.AlignmentFlag.AlignCenter, hint)


def _paint_ruler(painter: QPainter, ruler: TimeRuler, played: tuple[int, int], roles: Roles) -> None:
    painter.setPen(QPen(QColor(roles.line), 1.0))
    bottom, width = scaled(RULER_HEIGHT), scaled(_LABEL_SPACE)
    minor = [QLineF(ruler.x(f), bottom - 4, ruler.x(f), bottom) for f in ruler.ticks(scaled(_MINOR_SPACE))]
    painter.drawLines(minor)
    font = painter.font()
    painter.setFont(tabular(font))
    for frame in ruler.ticks(width):
        x = ruler.x(frame)
        painter.setPen(QPen(QColor(roles.secondary), 1.0))
        painter.drawLine(QPointF(x, bottom - 6), QPointF(x, bottom))
        painter.drawText(
            QRectF(x - width / 2, 2, width, bottom - 10), Qt.AlignmentFlag.AlignCenter, str(frame)
        )
    painter.setFont(font)
    _paint_marks(painter, ruler, played, roles)


def _paint_marks(painter: QPainter, ruler: TimeRuler, played: tuple[int, int], roles: Roles) -> None:
    bottom = float(scaled(RULER_HEIGHT))
    top = bottom - MARK_HEIGHT
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.text))
    for frame, outwards in ((played[0], -1.0), (played[1], 1.0)):
        x = ruler.x(frame)
        corners = [(x, top), (x + outwards * 6, top), (x + outwards * 6, top + 4), (x, bottom)]
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _curve(ruler: TimeRuler, lane: DrawnLane, top: float, height: float) -> QPolygonF:
    """The lane's curve with at most two points a pixel: the highest and the lowest.

    It stays inside the block whatever the values: drawing far outside a widget, or to no number at
    all, costs without end.
    """
    values = np.nan_to_num(np.asarray(lane.curve, dtype=np.float64)).clip(0.0, 1.0)
    pixels = max(int(ruler.right - ruler.left), 1)
    if len(values) > 2 * pixels:
        edges = np.linspace(0, len(values), pixels + 1).astype(int)
        frames = np.repeat(edges[:-1], 2).astype(float)
        drawn = np.empty(2 * pixels)
        drawn[0::2] = np.minimum.reduceat(values, edges[:-1])
        drawn[1::2] = np.maximum.reduceat(values, edges[:-1])
    else:
        frames, drawn = np.arange(len(values), dtype=float), values
    return QPolygonF(
        [QPointF(ruler.x(f), top + (1.0 - v) * height) for f, v in zip(frames, drawn, strict=True)]
    )


def _paint_lane(painter: QPainter, ruler: TimeRuler, lane: DrawnLane, row: QRectF, roles: Roles) -> None:
    painter.setPen(QPen(QColor(roles.line), 1.0))
    painter.drawLine(QPointF(0, row.top() + 0.5), QPointF(row.width(), row.top() + 0.5))
    painter.setPen(QColor(roles.text))
    label = QRectF(12, row.top(), ruler.left - 20, row.height())
    painter.drawText(label, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, lane.title)
    margin = row.height() * _BLOCK_MARGIN
    block = QRectF(ruler.left, row.top() + margin, ruler.right - ruler.left, row.height() - 2 * margin)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.data_fill))
    painter.drawRoundedRect(block, 4.0, 4.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(roles.data), 1.25))
    painter.drawPolyline(_curve(ruler, lane, block.top() + 3, block.height() - 6))


def _paint_outside(
    painter: QPainter, ruler: TimeRuler, played: tuple[int, int], size: QSize, roles: Roles
) -> None:
    veil = QColor(roles.panel)
    veil.setAlphaF(0.7)
    first, last = ruler.x(played[0]), ruler.x(played[1])
    below = scaled(RULER_HEIGHT)
    for left, right in ((ruler.left, first), (last, ruler.right)):
        if right - left > 0.5:
            painter.fillRect(QRectF(left - 1, below + 1, right - left + 2, size.height() - below), veil)


def paint_cursor(painter: QPainter, x: float, position: float, height: int, roles: Roles) -> None:
    """Draw the cursor at ``x``: its line, and its flag with the frame's number."""
    x = round(x) + 0.5
    flag = QRectF(x - scaled(FLAG_WIDTH) / 2, 1, scaled(FLAG_WIDTH), scaled(_FLAG_HEIGHT))
    painter.setPen(QPen(QColor(roles.accent), 1.5))
    painter.drawLine(QPointF(x, flag.bottom() - 2), QPointF(x, height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.accent))
    painter.drawRoundedRect(flag.adjusted(1, 0, -1, 0), 4.0, 4.0)
    font = tabular(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(roles.on_accent))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, str(round(position)))
