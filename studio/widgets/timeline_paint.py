"""How the timeline is drawn: ruler, marks and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from studio.sequence.timecode import TimeUnit, write_time
from studio.theme import Roles, current, scaled, tabular
from studio.theme.series import series_colour
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline_curves import curve_picture
from studio.widgets.timeline_lanes import Lane, LaneRows

# Pixels at the usual size of text.
RULER_HEIGHT = 28
MARKER_HEIGHT = 16  # of the strip under the ruler, where there are markers
LANE_HEIGHT = 32  # where there is room
LEAST_LANE_HEIGHT = 18
MARK_HEIGHT = 10
ARROW = 12  # wide, the place of the arrow that opens a row
INDENT = 12
GRIP = 6.0  # half the width of the ends by which chosen keys are scaled
_BLOCK_MARGIN = 5 / LANE_HEIGHT  # of a lane's height
_LABEL_SPACE = {"frames": 72, "seconds": 84, "timecode": 100}  # pixels between labelled frames
_MINOR_SPACE = 9
_MARKER_COLOURS = 6


@dataclass(frozen=True)
class Flag:
    """A marker: a named place in time."""

    frame: int
    name: str
    colour: int = 0


@dataclass(frozen=True)
class Ground:
    """What is drawn below keys and cursor."""

    ruler: TimeRuler
    lanes: Sequence[Lane]
    rows: LaneRows
    played: tuple[int, int]
    size: QSize
    hint: str = ""
    fps: float = 25.0
    unit: TimeUnit = "frames"
    flags: tuple[Flag, ...] = ()
    chosen: frozenset[str] = frozenset()  # ids of lanes


def paint_ground(painter: QPainter, ground: Ground) -> None:
    """Draw everything but keys and cursor; the lanes stay below the ruler."""
    roles, ruler, size = current(), ground.ruler, ground.size
    painter.fillRect(0, 0, size.width(), size.height(), QColor(roles.panel))
    if ruler.count < 2:
        painter.setPen(QColor(roles.secondary))
        painter.drawText(QRectF(0, 0, size.width(), size.height()), Qt.AlignmentFlag.AlignCenter, ground.hint)
        return
    _paint_ruler(painter, ground, roles)
    below = ground.rows.top
    painter.setClipRect(0, below, size.width(), size.height() - below)
    for row in ground.rows.seen(size.height()):
        place = QRectF(0, ground.rows.y(row), size.width(), ground.rows.height)
        _paint_lane(painter, ruler, ground.lanes[row], place, ground.chosen, roles)
    for flag in ground.flags:
        if ruler.left <= (x := ruler.x(flag.frame)) <= ruler.right:
            painter.setPen(QPen(QColor(_flag_colour(flag, roles)), 1.0, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(round(x) + 0.5, below), QPointF(round(x) + 0.5, size.height()))
    _paint_outside(painter, ground, roles)
    painter.setClipping(False)


def ruler_labels(ruler: TimeRuler, fps: float, unit: TimeUnit, size: int) -> list[tuple[QRectF, str]]:
    """The moments told on a ruler ``size`` pixels wide: each centred in its place, and as text."""
    width, height = scaled(_LABEL_SPACE[unit]), scaled(RULER_HEIGHT) - 10
    return [
        (
            QRectF(min(ruler.x(frame) - width / 2, size - width), 2, width, height),
            write_time(frame, fps, unit),
        )
        for frame in ruler.timed_ticks(width, fps, unit)
    ]


def _paint_ruler(painter: QPainter, ground: Ground, roles: Roles) -> None:
    ruler, unit = ground.ruler, ground.unit
    painter.setPen(QPen(QColor(roles.line), 1.0))
    bottom, width = scaled(RULER_HEIGHT), scaled(_LABEL_SPACE[unit])
    minor = ruler.timed_ticks(scaled(_MINOR_SPACE), ground.fps, unit)
    painter.drawLines([QLineF(x, bottom - 4, x, bottom) for x in map(ruler.x, minor)])
    font = painter.font()
    painter.setFont(tabular(font))
    painter.setPen(QPen(QColor(roles.secondary), 1.0))
    for frame in ruler.timed_ticks(width, ground.fps, unit):
        x = ruler.x(frame)
        painter.drawLine(QPointF(x, bottom - 6), QPointF(x, bottom))
    for place, text in ruler_labels(ruler, ground.fps, unit, ground.size.width()):
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    painter.setFont(font)
    _paint_marks(painter, ruler, ground.played, roles)
    for flag, rect in flag_places(ground.flags, ruler, painter.fontMetrics().horizontalAdvance):
        _paint_flag(painter, flag, rect, roles)


def _paint_marks(painter: QPainter, ruler: TimeRuler, played: tuple[int, int], roles: Roles) -> None:
    bottom = float(scaled(RULER_HEIGHT))
    top = bottom - MARK_HEIGHT
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.text))
    for frame, outwards in ((played[0], -1.0), (played[1], 1.0)):
        x = ruler.x(frame)
        if ruler.left - 1.0 <= x <= ruler.right + 1.0:
            corners = [(x, top), (x + outwards * 6, top), (x + outwards * 6, top + 4), (x, bottom)]
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def flag_places(
    flags: Sequence[Flag], ruler: TimeRuler, advance: Callable[[str], float]
) -> list[tuple[Flag, QRectF]]:
    """Where the markers that are seen stand, each as wide as its name up to the next one."""
    top, height = scaled(RULER_HEIGHT) + 1.0, scaled(MARKER_HEIGHT) - 2.0
    seen = [flag for flag in flags if ruler.left <= ruler.x(flag.frame) <= ruler.right]
    places = []
    for flag, after in zip(seen, [*seen[1:], None], strict=False):
        x = ruler.x(flag.frame)
        room = (ruler.x(after.frame) if after is not None else ruler.right + scaled(20)) - x - 2.0
        width = advance(flag.name) + 10.0
        places.append((flag, QRectF(x, top, max(min(width, room), 6.0), height)))
    return places


def _flag_colour(flag: Flag, roles: Roles) -> str:
    return series_colour(flag.colour % _MARKER_COLOURS, roles)


def _paint_flag(painter: QPainter, flag: Flag, rect: QRectF, roles: Roles) -> None:
    colour = QColor(_flag_colour(flag, roles))
    painter.fillRect(QRectF(rect.left(), rect.top(), 2.0, rect.height()), colour)
    colour.setAlphaF(0.22)
    painter.fillRect(rect, colour)
    if rect.width() > 14.0:
        painter.setPen(QColor(roles.text))
        words = rect.adjusted(5.0, 0.0, -2.0, 0.0)
        name = painter.fontMetrics().elidedText(
            flag.name, Qt.TextElideMode.ElideRight, int(words.width()) + 1
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


def label_left(lane: Lane) -> int:
    """Where the title of ``lane`` begins, behind the place of its arrow."""
    return scaled(8) + scaled(ARROW) + lane.depth * scaled(INDENT)


def _paint_lane(
    painter: QPainter, ruler: TimeRuler, lane: Lane, row: QRectF, chosen: frozenset[str], roles: Roles
) -> None:
    if lane.id in chosen:
        painter.fillRect(QRectF(0, row.top() + 1, ruler.left - 8, row.height() - 1), QColor(roles.raised))
    painter.setPen(QPen(QColor(roles.line), 1.0))
    painter.drawLine(QPointF(0, row.top() + 0.5), QPointF(row.width(), row.top() + 0.5))
    _paint_title(painter, ruler, lane, row, lane.id in chosen, roles)
    margin = row.height() * _BLOCK_MARGIN
    block = QRectF(ruler.left, row.top() + margin, ruler.right - ruler.left, row.height() - 2 * margin)
    if lane.curve is not None:
        end = min(ruler.x(len(lane.curve) - 1), ruler.right)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(roles.data_fill))
        if end > ruler.left:
            painter.drawRoundedRect(
                QRectF(block.left(), block.top(), end - block.left(), block.height()), 4.0, 4.0
            )
        scale = painter.deviceTransform().m11()
        picture = curve_picture(lane.curve, ruler, block.height() - 6, roles.data, scale)
        seen = QRectF(0.0, 0.0, (end - block.left()) * scale, picture.height())
        painter.drawImage(
            QRectF(block.left(), block.top() + 3, end - block.left(), block.height() - 6), picture, seen
        )


def _paint_title(
    painter: QPainter, ruler: TimeRuler, lane: Lane, row: QRectF, is_chosen: bool, roles: Roles
) -> None:
    left = label_left(lane)
    if lane.is_open is not None:
        painter.setPen(QPen(QColor(roles.secondary), 1.5))
        x, y = left - scaled(ARROW) + 3.0, row.center().y()
        arm = scaled(30) / 10
        corners = (
            [(x, y - arm / 2), (x + arm, y + arm / 2), (x + 2 * arm, y - arm / 2)]
            if lane.is_open
            else [(x + arm / 2, y - arm), (x + 3 * arm / 2, y), (x + arm / 2, y + arm)]
        )
        painter.drawPolyline(QPolygonF([QPointF(*corner) for corner in corners]))
    colour = roles.accent_text if is_chosen else roles.secondary if lane.is_quiet else roles.text
    painter.setPen(QColor(colour))
    room = QRectF(left, row.top(), ruler.left - 8 - left, row.height())
    title = painter.fontMetrics().elidedText(lane.title, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)


def _paint_outside(painter: QPainter, ground: Ground, roles: Roles) -> None:
    ruler = ground.ruler
    veil = QColor(roles.panel)
    veil.setAlphaF(0.7)
    first, last = (min(max(ruler.x(frame), ruler.left), ruler.right) for frame in ground.played)
    below = ground.rows.top
    for left, right in ((ruler.left, first), (last, ruler.right)):
        if right - left > 0.5:
            area = QRectF(left - 1, below + 1, right - left + 2, ground.size.height() - below)
            painter.fillRect(area, veil)


def paint_grips(
    painter: QPainter, ruler: TimeRuler, ends: tuple[float, float], top: int, roles: Roles
) -> None:
    """Draw the bar over the chosen keys, whose ends scale them."""
    first, last = (ruler.x(frame) for frame in ends)
    colour = QColor(roles.accent)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x in (first - 1.5 * GRIP, last + 0.5 * GRIP):
        painter.drawRoundedRect(QRectF(x, top + 1.0, GRIP, GRIP), 1.5, 1.5)
    colour.setAlphaF(0.5)
    painter.fillRect(QRectF(first - GRIP, top + 3.0, last - first + 2 * GRIP, 2.0), colour)
