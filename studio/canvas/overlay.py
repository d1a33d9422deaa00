"""The sheet over the head on which gizmo, selection, pins and highlights are drawn."""

from __future__ import annotations

from functools import singledispatchmethod
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.canvas.overlay_shapes import Circle, Disc, Letter, Line, Shape, Tint
from studio.theme import current

FAINT = 0.28  # opacity of what lies on the far side
HALO = 1.5  # pixels on each side of a line, in the colour of the panels, so that it is seen on any skin
HALO_OPACITY = 0.55
VEIL, EDGE = 0.13, 0.75  # opacities of a tint and of its border
LETTER = 12.0  # pixels that a field is wider than its words
CORNER = 9.0  # radius of a field's corners


class Overlay(QWidget):
    """Draws shapes over ``canvas``, with OpenGL below or without; takes nothing from the pointer."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.shapes: tuple[Shape, ...] = ()
        self.hide()

    def show_shapes(self, shapes: tuple[Shape, ...]) -> None:
        """Draw ``shapes``, the first one lowest; none hides the sheet, so that it costs nothing."""
        if not shapes and not self.shapes:
            return
        self.shapes = shapes
        self.setVisible(bool(shapes))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shape in self.shapes:
            self._draw(shape, painter)

    @singledispatchmethod
    def _draw(self, shape: Shape, painter: QPainter) -> None:
        raise TypeError(f"{type(shape).__name__} cannot be drawn.")

    @_draw.register
    def _(self, shape: Line, painter: QPainter) -> None:
        for strong, points in _pieces(shape):
            opacity = 1.0 if strong else FAINT
            polygon = QPolygonF([QPointF(x, y) for x, y in points])
            for pen in _pens(shape.role, shape.width, opacity, shape.dashed):
                painter.setPen(pen)
                painter.drawPolyline(polygon)

    @_draw.register
    def _(self, shape: Disc, painter: QPainter) -> None:
        painter.setPen(QPen(_colour("panel", FAINT if shape.faint else 0.9), 1.5))
        painter.setBrush(_colour(shape.role, FAINT if shape.faint else 1.0))
        painter.drawEllipse(QPointF(*shape.place), shape.radius, shape.radius)

    @_draw.register
    def _(self, shape: Circle, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in _pens(shape.role, shape.width, 1.0, shape.dashed):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(*shape.place), shape.radius, shape.radius)

    @_draw.register
    def _(self, shape: Letter, painter: QPainter) -> None:
        opacity = 0.6 if shape.faint else 1.0
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(shape.text) + LETTER
        height = painter.fontMetrics().height() + 2.0
        width = max(width, height)
        x, y = shape.place
        box = QRectF(x - width / 2.0, y - height / 2.0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour("panel", 0.85 * opacity))
        painter.drawRoundedRect(box, min(height / 2.0, CORNER), min(height / 2.0, CORNER))
        painter.setPen(_colour(shape.role, opacity))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shape.text)

    @_draw.register
    def _(self, shape: Tint, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), _veil(shape.mask, _colour(shape.role, 1.0)))


def _colour(role: str, opacity: float) -> QColor:
    colour = QColor(getattr(current(), role))
    colour.setAlphaF(opacity)
    return colour


def _pens(role: str, width: float, opacity: float, dashed: bool) -> tuple[QPen, QPen]:
    """A halo, then the line itself."""
    pens = (
        QPen(_colour("panel", HALO_OPACITY * opacity), width + 2.0 * HALO),
        QPen(_colour(role, opacity), width),
    )
    for pen in pens:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if not dashed else Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pens[1].setDashPattern([4.0, 3.0])
    return pens


def _pieces(line: Line) -> list[tuple[bool, NDArray[np.float64]]]:
    """Runs of a line that are drawn alike, the faint ones first."""
    if line.strong is None:
        return [(True, line.points)]
    changes = np.flatnonzero(np.diff(line.strong.astype(np.int8))) + 1
    edges = [0, *changes.tolist(), len(line.strong)]
    runs = [(bool(line.strong[first]), line.points[first : last + 1]) for first, last in pairwise(edges)]
    return sorted(runs, key=lambda run: run[0])


def _veil(mask: NDArray[np.bool_], colour: QColor) -> QImage:
    """An image of ``mask`` in ``colour``: a faint inside, and an edge of one pixel."""
    inner = mask.copy()
    inner[1:] &= mask[:-1]
    inner[:-1] &= mask[1:]
    inner[:, 1:] &= mask[:, :-1]
    inner[:, :-1] &= mask[:, 1:]
    alpha = np.where(inner, VEIL, np.where(mask, EDGE, 0.0))
    pixels = np.empty((*mask.shape, 4), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = colour.blue(), colour.green(), colour.red()
    pixels = (pixels * alpha[..., None]).astype(np.uint8)
    pixels[..., 3] = (alpha * 255.0).astype(np.uint8)
    height, width = mask.shape
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
