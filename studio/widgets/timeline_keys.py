"""Keys of the timeline's rows, drawn by pixel columns: what they cost depends on pixels, not on keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from studio.sequence.curves import BEZIER, EASED, LINEAR, SMOOTH, STEPPED, Curve
from studio.sequence.key_selection import Curves, KeySelection
from studio.theme import Roles, painting, scaled
from studio.widgets.time_ruler import TimeRuler

_HALF = 4.5  # pixels from the middle of a key to its corners
_DENSE = 5.0  # pixels; keys that are nearer than this are drawn as one bar
_MANY = 4  # keys a column from which they are looked for column by column

Flags = NDArray[np.bool_]
Frames = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Columns:
    """Which of the pixel columns from the ruler's left to its right have a key, and of which shape."""

    filled: Flags  # (P,)
    shape: NDArray[np.uint8]  # (P,) of the last key in the column, a place in INTERPOLATIONS

    def joined(self, other: Columns) -> Columns:
        """The keys of both."""
        shape = np.where(other.filled, other.shape, self.shape)
        return Columns(self.filled | other.filled, shape)


def _count(ruler: TimeRuler) -> int:
    return max(int(ruler.right - ruler.left) + 1, 1)


def columns_with(frames: Frames, ruler: TimeRuler) -> tuple[Flags, NDArray[np.intp], NDArray[np.intp]]:
    """Which columns have one of the ascending ``frames``: flags (P,), places, and the last frame in each."""
    count, scale = _count(ruler), max(ruler.scale, 1e-12)
    filled = np.zeros(count, bool)
    low, high = np.searchsorted(frames, [ruler.begin - 0.5 / scale, ruler.stop + 0.5 / scale])
    if high - low > _MANY * count:
        edges = ruler.begin + (np.arange(count + 1) - 0.5) / scale
        stops = np.searchsorted(frames, edges)
        filled = np.diff(stops) > 0
        places = np.flatnonzero(filled)
        return filled, places, stops[1:][places] - 1
    columns = np.rint((frames[low:high] - ruler.begin) * scale).astype(np.intp)
    inside = (columns >= 0) & (columns < count)
    filled[columns[inside]] = True
    return filled, columns[inside], np.arange(low, high)[inside]


def columns_of(curve: Curve, ruler: TimeRuler) -> Columns:
    """The keys of ``curve`` by pixel columns."""
    filled, places, keys = columns_with(curve.frames, ruler)
    shape = np.zeros(len(filled), np.uint8)
    shape[places] = curve.interpolation[keys]
    return Columns(filled, shape)


class KeyColumns:
    """Columns of many curves for one ruler; those of curves that stay are computed once."""

    def __init__(self) -> None:
        self._ruler: TimeRuler | None = None
        self._known: dict[int, tuple[Curve, Columns]] = {}
        self._chosen: dict[str, tuple[Frames, Flags]] = {}

    def of(self, curves: Curves, channels: Iterable[str], ruler: TimeRuler) -> Columns | None:
        """The keys of ``channels`` together; None where there is none."""
        self._use(ruler)
        found: Columns | None = None
        for channel in channels:
            curve = curves.get(channel)
            if curve is not None:
                own = self._columns(curve, ruler)
                found = own if found is None else found.joined(own)
        return found

    def chosen(self, chosen: KeySelection, channels: Iterable[str], ruler: TimeRuler) -> Flags | None:
        """The columns of the chosen keys of ``channels``; None where none is."""
        self._use(ruler)
        found: Flags | None = None
        for channel in channels:
            frames = chosen.frames.get(channel)
            if frames is not None:
                own = self._flags(channel, frames, ruler)
                found = own if found is None else found | own
        return found

    def _use(self, ruler: TimeRuler) -> None:
        if ruler != self._ruler:
            self._ruler = ruler
            self._known.clear()
            self._chosen.clear()

    def _columns(self, curve: Curve, ruler: TimeRuler) -> Columns:
        known = self._known.get(id(curve))
        if known is None or known[0] is not curve:
            if len(self._known) > 4096:
                self._known.clear()
            known = self._known[id(curve)] = curve, columns_of(curve, ruler)
        return known[1]

    def _flags(self, channel: str, frames: Frames, ruler: TimeRuler) -> Flags:
        known = self._chosen.get(channel)
        if known is None or known[0] is not frames:
            known = self._chosen[channel] = frames, columns_with(frames, ruler)[0]
        return known[1]


class KeyStamps:
    """Pictures of single keys, by shape and colour, for one theme, size of text and screen."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str, str, float, int], QPixmap] = {}

    def stamp(self, shape: int, fill: str, edge: str, scale: float) -> QPixmap:
        """The picture of a key; its middle is the middle of the picture."""
        key = shape, fill, edge, scale, scaled(100)
        if key not in self._made:
            self._made[key] = _drawn(shape, fill, edge, scale)
        return self._made[key]


def _drawn(shape: int, fill: str, edge: str, scale: float) -> QPixmap:
    half = scaled(10) / 10 * _HALF
    size = int(2 * half) + 4
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    with painting(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(size / 2, size / 2)
        painter.setBrush(QColor(fill))
        painter.setPen(QPen(QColor(edge), 1.0))
        painter.drawPath(key_outline(shape, half))
    return picture


def key_outline(shape: int, half: float) -> QPainterPath:
    """The outline around the origin that tells how it goes on from a key.

    A square: stepped; a diamond: linear; a disc: smooth; a drop with its point ahead: eased; a diamond with
    its corners drawn out sideways: with handles.
    """
    path = QPainterPath()
    if shape == STEPPED:
        path.addRect(QRectF(-0.8 * half, -0.8 * half, 1.6 * half, 1.6 * half))
    elif shape == SMOOTH:
        path.addEllipse(QPointF(0.0, 0.0), 0.9 * half, 0.9 * half)
    else:
        corners = {
            LINEAR: ((-half, 0.0), (0.0, -half), (half, 0.0), (0.0, half)),
            EASED: (
                (-0.7 * half, -0.8 * half),
                (0.2 * half, -0.8 * half),
                (half, 0.0),
                (0.2 * half, 0.8 * half),
                (-0.7 * half, 0.8 * half),
            ),
            BEZIER: (
                (-1.2 * half, 0.0),
                (-0.3 * half, -0.45 * half),
                (0.0, -half),
                (0.3 * half, -0.45 * half),
                (1.2 * half, 0.0),
                (0.3 * half, 0.45 * half),
                (0.0, half),
                (-0.3 * half, 0.45 * half),
            ),
        }[shape]
        path.moveTo(*corners[0])
        for corner in corners[1:]:
            path.lineTo(*corner)
        path.closeSubpath()
    return path


def paint_row(
    painter: QPainter,
    columns: Columns,
    chosen: Flags | None,
    ruler: TimeRuler,
    middle: float,
    roles: Roles,
    stamps: KeyStamps,
    dim: bool = False,
) -> None:
    """Draw the keys of a row around the height ``middle``: one by one, or as bars where they are dense."""
    places = np.flatnonzero(columns.filled)
    if not len(places):
        return
    scale = painter.deviceTransform().m11()
    plain, edge = (roles.groove, roles.secondary) if dim else (roles.handle, roles.panel)
    reach = scaled(10) / 10 * _DENSE
    breaks = np.flatnonzero(np.diff(places) >= reach)
    starts, stops = np.append(0, breaks + 1), np.append(breaks, len(places) - 1)
    half = scaled(10) / 10 * _HALF
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        first, last = int(places[start]), int(places[stop])
        is_chosen = chosen is not None and bool(chosen[first : last + 1].any())
        if first == last:
            stamp = stamps.stamp(int(columns.shape[first]), roles.accent if is_chosen else plain, edge, scale)
            size = stamp.width() / scale / 2
            painter.drawPixmap(QPointF(ruler.left + first - size, middle - size), stamp)
            continue
        bar = QRectF(
            ruler.left + first - half + 1, middle - 0.6 * half, last - first + 2 * half - 2, 1.2 * half
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(plain))
        painter.drawRoundedRect(bar, 0.6 * half, 0.6 * half)
        if is_chosen and chosen is not None:
            _paint_chosen(painter, chosen[first : last + 1], ruler.left + first, bar, roles.accent)


def _paint_chosen(painter: QPainter, chosen: Flags, left: float, bar: QRectF, colour: str) -> None:
    """The chosen parts of a bar whose first column is at ``left``, two pixels wider to both sides."""
    wide = np.zeros(len(chosen) + 4, bool)
    for shift in range(5):
        wide[shift : shift + len(chosen)] |= chosen
    pixels = np.where(wide, np.uint32(QColor(colour).rgba()), np.uint32(0)).astype(np.uint32)
    strip = QImage(pixels.data, len(pixels), 1, 4 * len(pixels), QImage.Format.Format_ARGB32)
    whole = QRectF(left - 2.5, bar.top(), len(pixels), bar.height())
    painter.drawImage(whole, strip, QRectF(strip.rect()))
