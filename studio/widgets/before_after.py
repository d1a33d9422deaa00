"""Two curves over time, what was and what is to be, in one small plot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.theme import current, scaled

_HEIGHT, _MARGIN = 112, 8
_WIDTH_BEFORE, _WIDTH_AFTER = 1.2, 1.6
_LINE = 16  # of text


@dataclass(frozen=True, eq=False)
class Comparison:
    """One number over time, before and after."""

    title: str  # "Jaw open, degrees"
    before: NDArray[np.floating]  # (T,)
    after: NDArray[np.floating]  # (T',)
    seconds: tuple[float, float]  # how long each lasts


class BeforeAfter(QWidget):
    """Draws a :class:`Comparison`; what was is dashed, so that colour is not all that tells them apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Comparison | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Before and after")

    @property
    def shown(self) -> Comparison | None:
        """What is drawn."""
        return self._shown

    def show_curves(self, comparison: Comparison | None) -> None:
        """Draw ``comparison``; None: nothing."""
        self._shown = comparison
        self.setAccessibleDescription("" if comparison is None else comparison.title)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as two curves can be read in."""
        return QSize(scaled(240), scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The same height."""
        return QSize(scaled(120), scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw both curves in one scale, and what they are above them."""
        roles, shown = current(), self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(roles.line), 1.0))
        painter.setBrush(QColor(roles.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
        if shown is None:
            return
        margin, line = scaled(_MARGIN), scaled(_LINE)
        painter.setPen(QColor(roles.secondary))
        told = QRectF(margin, margin * 0.5, self.width() - 2 * margin, line)
        painter.drawText(told, Qt.AlignmentFlag.AlignLeft, shown.title)
        painter.drawText(told, Qt.AlignmentFlag.AlignRight, "dashed: before")
        area = QRectF(self.rect()).adjusted(margin, margin + line, -margin, -margin)
        low, high = _reach(shown)
        longest = max(*shown.seconds, 1e-9)
        lines = (
            (shown.before, shown.seconds[0], roles.secondary, _WIDTH_BEFORE, Qt.PenStyle.DashLine),
            (shown.after, shown.seconds[1], roles.data, _WIDTH_AFTER, Qt.PenStyle.SolidLine),
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for values, seconds, colour, width, style in lines:
            painter.setPen(QPen(QColor(colour), width, style))
            painter.drawPolyline(_line(values, seconds / longest, area, low, high))


def _reach(shown: Comparison) -> tuple[float, float]:
    """The lowest and the highest value of both, a little apart where they are one."""
    both = np.concatenate([shown.before, shown.after])
    low, high = float(both.min()), float(both.max())
    return (low, high) if high - low > 1e-6 else (low - 0.5, high + 0.5)


def _line(values: NDArray, share: float, area: QRectF, low: float, high: float) -> QPolygonF:
    """``values`` over ``share`` of the width of ``area``; of many, the ends of each pixel's."""
    columns = max(int(area.width() * share), 2)
    places = np.linspace(0.0, 1.0, len(values)) if len(values) > 1 else np.array([0.0, 1.0])
    rows = values if len(values) > 1 else np.repeat(values, 2)
    if len(rows) > 4 * columns:
        edges = np.linspace(0, len(rows), columns + 1).astype(int)[:-1]
        ends = np.stack([np.minimum.reduceat(rows, edges), np.maximum.reduceat(rows, edges)], axis=1)
        rows, places = ends.reshape(-1), np.repeat(np.linspace(0.0, 1.0, columns), 2)
    x = area.left() + places * share * area.width()
    y = area.bottom() - (rows - low) / (high - low) * area.height()
    return QPolygonF([QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)])
