"""Keys over drawn curves: what is known of them, which one lies under the mouse, and how they look.

Imported only when curves are first seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from studio.theme import current, scaled

Array = NDArray[np.float64]
Side = Literal["before", "after"]

_HALF = 5.0  # of a key's diamond, pixels at the usual size of text
_KNOB = 3.5  # radius of a handle's end
_DENSE = 0.75  # keys a pixel of width beyond which they are dots
_MOST_HANDLES = 2000  # of one curve that are drawn
REACH = 8.0  # pixels around a key or a handle's end in which it is caught


@dataclass(frozen=True, eq=False)
class KeyedCurve:
    """The keys of one curve, in frames and in the coordinates of the left axis."""

    name: str
    frames: Array  # (K,) ascending
    values: Array  # (K,)
    chosen: NDArray[np.bool_]  # (K,)
    before: Array  # (K, 2) where the handle into the key ends; not a number where none is to be seen
    after: Array  # (K, 2) where the handle out of it ends
    colour: str

    def handles(self, side: Side) -> Array:
        """The ends (K, 2) of the handles on one side."""
        return self.before if side == "before" else self.after


@dataclass(frozen=True)
class Hit:
    """A key, or the end of one of its handles."""

    curve: int
    key: int
    side: Side | None = None


def points(transform: QTransform, x: Array, y: Array) -> Array:
    """Where (N,) and (N,) lie after ``transform``, which only scales and moves: pixels (N, 2)."""
    return np.stack([transform.m11() * x + transform.dx(), transform.m22() * y + transform.dy()], axis=1)


def hit(curves: Sequence[KeyedCurve], transform: QTransform, place: QPointF) -> Hit | None:
    """The handle, else the key, nearest to ``place`` in pixels within reach; None: there is none."""
    at = np.array([place.x(), place.y()])
    best, found = float(scaled(REACH)), None
    for side in ("before", "after"):
        for index, curve in enumerate(curves):
            ends = curve.handles(side)
            key, apart = _nearest(points(transform, ends[:, 0], ends[:, 1]), at)
            if apart < best:
                best, found = apart, Hit(index, key, side)
    if found is not None:
        return found
    for index, curve in enumerate(curves):
        key, apart = _nearest(points(transform, curve.frames, curve.values), at)
        if apart < best:
            best, found = apart, Hit(index, key)
    return found


def within(curve: KeyedCurve, left: float, right: float, low: float, high: float) -> NDArray[np.bool_]:
    """Which keys (K,) of ``curve`` lie in a box of frames and values."""
    inside = (curve.frames >= left) & (curve.frames <= right)
    return inside & (curve.values >= low) & (curve.values <= high)


def _nearest(places: Array, at: Array) -> tuple[int, float]:
    """The number of the nearest of ``places`` (N, 2), and how far it is."""
    if not len(places):
        return -1, np.inf
    apart = np.hypot(*(places - at).T)
    apart[~np.isfinite(apart)] = np.inf
    nearest = int(apart.argmin())
    return nearest, float(apart[nearest])


class KeyMarks(pg.GraphicsObject):
    """Draws keys as diamonds and the handles of those that are chosen, always as large."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: tuple[KeyedCurve, ...] = ()
        self._box: QRectF | None = None
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(15)

    @property
    def curves(self) -> tuple[KeyedCurve, ...]:
        """What is drawn."""
        return self._curves

    def set_curves(self, curves: Sequence[KeyedCurve]) -> None:
        """Draw the keys of ``curves``."""
        self._curves = tuple(curves)
        self.update()

    def set_box(self, box: QRectF | None) -> None:
        """Draw a box, in frames and values, in which keys are being chosen; None: no more."""
        self._box = box
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All that can be seen."""
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """Cover the new view."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, *_rest: object) -> None:
        """Draw everything that lies in view."""
        seen, transform = self.boundingRect(), painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in self._curves:
            _paint_handles(painter, curve, transform)
        for curve in self._curves:
            _paint_keys(painter, curve, transform, seen)
        if self._box is not None:
            _paint_box(painter, transform.mapRect(self._box))
        painter.restore()


def _paint_keys(painter: QPainter, curve: KeyedCurve, transform: QTransform, seen: QRectF) -> None:
    """The diamonds of ``curve``, chosen ones over the others; dots where they would cover one another."""
    first, last = np.searchsorted(curve.frames, (seen.left() - 1.0, seen.right() + 1.0))
    part = slice(max(int(first) - 1, 0), int(last) + 1)
    where = points(transform, curve.frames[part], curve.values[part])
    area = transform.mapRect(seen)
    roles = current()
    half = _HALF * scaled(100) / 100.0
    for chosen in (False, True):
        pixels = where[curve.chosen[part] == chosen]
        colour = QColor(roles.accent if chosen else curve.colour)
        if len(pixels) > _DENSE * area.width():
            _paint_dots(painter, pixels, area, colour)
            continue
        painter.setBrush(colour)
        painter.setPen(QPen(QColor(roles.text if chosen else roles.panel), 1.25))
        for x, y in pixels:
            painter.drawPolygon(_diamond(float(x), float(y), half))


def _paint_dots(painter: QPainter, pixels: Array, area: QRectF, colour: QColor) -> None:
    """A dot at each of ``pixels`` (N, 2), all in one picture: they may be a million."""
    width, height = int(area.width()) + 2, int(area.height()) + 2
    columns = (pixels[:, 0] - area.left()).astype(np.intp)
    rows = (pixels[:, 1] - area.top()).astype(np.intp)
    inside = (columns >= 0) & (columns < width - 1) & (rows >= 0) & (rows < height - 1)
    columns, rows = columns[inside], rows[inside]
    picture = np.zeros((height, width), np.uint32)
    for right, down in ((0, 0), (0, 1), (1, 0), (1, 1)):
        picture[rows + down, columns + right] = colour.rgba()
    image = QImage(picture.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32)
    painter.drawImage(area.topLeft(), image)


def _diamond(x: float, y: float, half: float) -> QPolygonF:
    corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return QPolygonF([QPointF(*corner) for corner in corners])


def _paint_handles(painter: QPainter, curve: KeyedCurve, transform: QTransform) -> None:
    roles = current()
    knob = _KNOB * scaled(100) / 100.0
    painter.setPen(QPen(QColor(roles.secondary), 1.0))
    painter.setBrush(QColor(roles.panel))
    for side in ("before", "after"):
        handles = curve.handles(side)
        there = np.isfinite(handles[:, 0])
        starts = points(transform, curve.frames[there], curve.values[there])
        ends = points(transform, *handles[there].T)
        for first, last in zip(starts[:_MOST_HANDLES], ends[:_MOST_HANDLES], strict=True):
            start, end = QPointF(*first.tolist()), QPointF(*last.tolist())
            painter.drawLine(QLineF(start, end))
            painter.drawEllipse(end, knob, knob)


def _paint_box(painter: QPainter, box: QRectF) -> None:
    colour = QColor(current().accent)
    painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
    colour.setAlphaF(0.12)
    painter.setBrush(colour)
    painter.drawRect(box)
