"""Where the parts of a slider row lie and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from studio.theme import Roles, current, draw, scaled, tabular, text_size
from studio.widgets.slider_scale import SliderScale

Part = Literal["label", "groove", "number"]
Padlock = Literal["", "lock", "lock-open"]  # the icon's name, empty where none is drawn
KeyState = Literal["none", "keyed", "here"]  # of a value: no keys, keys at other times, a key at this one

LOCK_TIPS = {
    True: "Locked: Randomise and Reset leave it alone. Click or press K to unlock.",
    False: "Click or press K to lock: Randomise and Reset will leave it alone.",
}
KEY_TIPS: Mapping[KeyState, str] = {
    "none": "Click or press Shift+K to set a key at the time cursor.",
    "keyed": "Has keys, none of them here. Click or press Shift+K to set one.",
    "here": "Has a key here. Click or press Shift+K to delete it.",
}
KEY_WORDS: Mapping[KeyState, str] = {"none": "", "keyed": "has keys", "here": "has a key here"}
HANDLE_RADIUS = 6.5
_GROOVE_HEIGHT = 4.0
_NUMBER_WIDTH = 60.0
_GAP = 8.0
_LOCK = 14  # the padlock's side
_KEY_WIDTH = 12.0  # room for a key's diamond
_KEY_HALF = 4.0  # of the diamond
_LABEL_SHARE, _LABEL_LEAST, _LABEL_MOST = 0.36, 84.0, 170.0
_BARS, _BARS_WIDTH = (3.0, 6.0, 9.0), 9.5  # heights of the bars that stand for quality
_GOOD = (0.6, 0.85)  # quality from which there are two and three bars


@dataclass(frozen=True)
class Parts:
    """Rectangles of a row. The handle's centre runs over the whole width of ``groove``."""

    label: QRectF
    groove: QRectF
    number: QRectF
    key: QRectF  # empty where the row has no room for one

    @property
    def lock(self) -> QRectF:
        """Where the padlock lies: at the end of the label."""
        side = scaled(_LOCK)
        top = (self.label.height() - side) // 2
        return QRectF(round(self.label.right()) - side, top, side, side)

    def on_lock(self, x: float) -> bool:
        """Whether ``x`` is on the padlock, with a little room around it."""
        return self.lock.left() - 2 <= x <= self.lock.right() + 2

    def on_key(self, x: float) -> bool:
        """Whether ``x`` is on the key's diamond."""
        return self.key.left() <= x < self.key.right()

    def at(self, x: float) -> Part:
        """Which part lies at ``x``."""
        if x >= self.number.left() - _GAP / 2:
            return "number"
        return "groove" if x >= self.groove.left() - HANDLE_RADIUS - 2 else "label"

    def handle_x(self, fraction: float) -> float:
        """The handle's centre at ``fraction`` of the slider."""
        return self.groove.left() + fraction * self.groove.width()

    def fraction(self, x: float) -> float:
        """The fraction of the slider at ``x``, beyond 0..1 outside the groove."""
        return (x - self.groove.left()) / self.groove.width()


def parts(width: int, height: int, keyable: bool = False) -> Parts:
    """The parts of a row of this size, in keeping with the size of text; ``keyable`` with room for a key."""
    return _parts(width, height, text_size() / 100.0, keyable)


@lru_cache(maxsize=8)
def _parts(width: int, height: int, scale: float, keyable: bool) -> Parts:
    label_width = min(max(_LABEL_SHARE * width, scale * _LABEL_LEAST), scale * _LABEL_MOST)
    number_width = scale * _NUMBER_WIDTH
    number = QRectF(width - number_width, 0.0, number_width, height)
    left = label_width + HANDLE_RADIUS
    key_width = scale * _KEY_WIDTH if keyable else 0.0
    key = QRectF(number.left() - _GAP / 2 - key_width, 0.0, key_width, height)
    right = number.left() - _GAP - key_width - HANDLE_RADIUS
    groove = QRectF(left, (height - _GROOVE_HEIGHT) / 2, max(right - left, 20.0), _GROOVE_HEIGHT)
    return Parts(QRectF(0.0, 0.0, label_width - _GAP / 2, height), groove, number, key)


@lru_cache(maxsize=8)
def _number_font(font: QFont) -> QFont:
    return tabular(font)


def paint(
    painter: QPainter,
    where: Parts,
    scale: SliderScale,
    value: float,
    text: str,
    *,
    enabled: bool,
    focused: bool,
    held: bool,
    padlock: Padlock = "",
    key: KeyState | None = None,
) -> None:
    """Draw a row that shows ``value`` as ``text``; no ``key`` draws no diamond."""
    roles = current()
    sides = {"left": roles.left_side, "right": roles.right_side} if enabled else {}
    taken = 0.0 if scale.quality is None else _BARS_WIDTH + 8.0
    room = where.label.adjusted(0.0, 0.0, -(scaled(_LOCK) + 4.0) if padlock else 0.0, 0.0)
    room.setRight(room.right() - taken)
    if scale.quality is not None:
        inks = (roles.secondary if enabled else roles.disabled, roles.groove)
        _paint_quality(painter, QPointF(room.right() + 4.0, room.center().y() + 4.5), scale.quality, inks)
    _paint_label(painter, room, scale.title, roles.text if enabled else roles.disabled, sides)
    if padlock:
        ink = roles.text if padlock == "lock" else roles.secondary
        draw(
            painter,
            padlock,
            where.lock.topLeft().toPoint(),
            scaled(_LOCK),
            ink if enabled else roles.disabled,
        )
    _paint_groove(painter, where, scale, value, roles, enabled)
    _paint_handle(painter, where, scale.fraction(value), roles, enabled, focused or held)
    ink = roles.warning if scale.is_unusual(value) else roles.text
    _paint_number(painter, where, scale, value, text, roles, ink if enabled else roles.disabled, focused)
    if key is not None and not where.key.isEmpty():
        _paint_key(painter, where.key.center(), key, roles)


def _paint_key(painter: QPainter, centre: QPointF, key: KeyState, roles: Roles) -> None:
    """A diamond, filled where there is a key now."""
    half = text_size() / 100.0 * _KEY_HALF
    painter.setPen(QPen(QColor(roles.secondary if key == "none" else roles.accent_text), 1.25))
    painter.setBrush(QColor(roles.accent) if key == "here" else Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()
    corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _paint_label(painter: QPainter, room: QRectF, label: str, colour: str, sides: Mapping[str, str]) -> None:
    """The label, with the side of the face at its end in the tint of that side."""
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room.width())
    painter.setPen(QColor(colour))
    rest, _, side = shown.rpartition(" ")
    if side not in sides or not rest[-1:].isalnum():
        painter.drawText(room, flags, shown)
        return
    painter.drawText(room, flags, rest)
    painter.setPen(QColor(sides[side]))
    painter.drawText(room.adjusted(metrics.horizontalAdvance(f"{rest} "), 0, 0, 0), flags, side)


def quality_bars(quality: float) -> int:
    """How many of three bars stand for ``quality`` 0..1."""
    return 1 + sum(quality >= least for least in _GOOD)


def _paint_quality(painter: QPainter, foot: QPointF, quality: float, inks: tuple[str, str]) -> None:
    """Bars that rise from ``foot``: the first ones in the first of ``inks``, what is missing in the other."""
    painter.setPen(Qt.PenStyle.NoPen)
    filled = quality_bars(quality)
    for place, height in enumerate(_BARS):
        painter.setBrush(QColor(inks[place >= filled]))
        painter.drawRect(QRectF(foot.x() + 3.5 * place, foot.y() - height, 2.5, height))


def _fill(painter: QPainter, groove: QRectF, left: float, right: float, colour: QColor) -> None:
    painter.setBrush(colour)
    bar = QRectF(left, groove.top(), right - left, groove.height())
    painter.drawRoundedRect(bar, groove.height() / 2, groove.height() / 2)


def _paint_groove(
    painter: QPainter, where: Parts, scale: SliderScale, value: float, roles: Roles, enabled: bool
) -> None:
    groove = where.groove
    painter.setPen(Qt.PenStyle.NoPen)
    _paint_range(painter, where, scale, QColor(roles.groove), QColor(roles.secondary))
    neutral = where.handle_x(scale.fraction(scale.neutral))
    handle = where.handle_x(scale.fraction(value))
    if scale.low < scale.neutral < scale.high:
        painter.setBrush(QColor(roles.secondary))
        painter.drawRect(QRectF(neutral - 0.5, groove.center().y() - 5.0, 1.0, 10.0))
    fill = QColor(roles.accent if enabled else roles.disabled)
    if abs(handle - neutral) > 0.5:
        painter.setPen(Qt.PenStyle.NoPen)
        _fill(painter, groove, min(neutral, handle), max(neutral, handle), fill)


def _paint_range(painter: QPainter, where: Parts, scale: SliderScale, colour: QColor, tick: QColor) -> None:
    """The groove, thin where it goes beyond the anatomical range, with a tick at each of its ends."""
    groove = where.groove
    if scale.usual is None:
        _fill(painter, groove, groove.left(), groove.right(), colour)
        return
    thin = groove.adjusted(0.0, 1.25, 0.0, -1.25)
    _fill(painter, thin, thin.left(), thin.right(), colour)
    low, high = (where.handle_x(scale.fraction(end)) for end in scale.usual)
    painter.drawRect(QRectF(low, groove.top(), high - low, groove.height()))
    painter.setBrush(tick)
    for end, x in zip(scale.usual, (low, high), strict=True):
        if scale.low < end < scale.high:
            painter.drawRect(QRectF(x - 0.5, groove.center().y() - 4.0, 1.0, 8.0))


def _paint_handle(
    painter: QPainter, where: Parts, fraction: float, roles: Roles, enabled: bool, ringed: bool
) -> None:
    centre = QPointF(where.handle_x(fraction), where.groove.center().y())
    if ringed:
        painter.setPen(QPen(QColor(roles.accent), 1.5))
        painter.setBrush(QColor(roles.panel))
        painter.drawEllipse(centre, HANDLE_RADIUS + 1.75, HANDLE_RADIUS + 1.75)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.handle if enabled else roles.disabled))
    painter.drawEllipse(centre, HANDLE_RADIUS, HANDLE_RADIUS)


def number_that_fits(scale: SliderScale, value: float, text: str, font: QFont, room: float) -> str:
    """``text``, or ``value`` with fewer digits after the point: never cut at its front, where its sign is."""
    width = QFontMetricsF(font).horizontalAdvance
    shorter = (scale.text(value, decimals) for decimals in range(scale.decimals - 1, -1, -1))
    return text if width(text) <= room else next((shown for shown in shorter if width(shown) <= room), text)


def number_room(number: QRectF) -> QRectF:
    """Where the text stands in the box ``number``."""
    return number.adjusted(2.0, 0.0, -8.0, 0.0)


def _paint_number(
    painter: QPainter,
    where: Parts,
    scale: SliderScale,
    value: float,
    text: str,
    roles: Roles,
    ink: str,
    focused: bool,
) -> None:
    painter.setPen(QPen(QColor(roles.accent if focused else roles.line), 1.0))
    painter.setBrush(QColor(roles.raised))
    painter.drawRoundedRect(where.number.adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
    painter.setPen(QColor(ink))
    font = painter.font()
    painter.setFont(_number_font(font))
    room = number_room(where.number)
    shown = number_that_fits(scale, value, text, painter.font(), room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shown)
    painter.setFont(font)
