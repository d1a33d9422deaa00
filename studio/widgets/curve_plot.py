"""Curves over frames, drawn by pyqtgraph; imported only when curves are first seen.

Angles are read on the left axis, units of expression on the right one; both share their zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QRegion

from studio.theme import current, keep_fitted, painting, scaled, tabular
from studio.widgets import time_cursor
from studio.widgets.curve_axes import CursorGrip, FrameAxis, TimeView, ValueAxis

pg.setConfigOptions(antialias=True, useOpenGL=False)

_AXIS_WIDTH = 48
_LABELLED_AXIS_WIDTH = 64
_MARGIN = 6
_END_MARGIN = 0.01  # of the clip's length that can be seen before and after it
_HEADROOM = 0.06  # of the height above and below the curves
_FEWEST_FRAMES = 4.0  # that fill the view when zoomed in
_WIDTH_POINTED = 3.0
_VEIL = 0.7
_DENSE = 2.5  # frames a pixel beyond which smooth, dashed lines take too long and look no better


@dataclass(frozen=True, eq=False)
class Curve:
    """A line over all frames, in the coordinates of the left axis."""

    values: NDArray[np.float32]  # (T,)
    colour: str
    dash: Qt.PenStyle
    frames: NDArray[np.float64] | None = None  # (T,) where the values are; None: at the whole frames from 0
    width: float = 1.5  # pixels

    @property
    def look(self) -> tuple[str, Qt.PenStyle, float]:
        """What its pen is made of."""
        return self.colour, self.dash, self.width


@dataclass(frozen=True)
class Scales:
    """What the two axes tell: their ends on the left, and how much of the left is one unit on the right."""

    low: float
    high: float
    unit: float  # of the left axis for one on the right
    left_suffix: str
    right_suffix: str
    right_label: str


class CurvePlot(pg.PlotWidget):
    """Curves with a ruler, a time cursor to scrub with, and the frames played between two veils.

    It shows what it is told and asks for changes. Frames are fractional only while playing.
    """

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()

    def __init__(self) -> None:
        self._view = TimeView()
        self._ruler = FrameAxis()
        self._left, self._right = ValueAxis("left"), ValueAxis("right")
        axes = {"top": self._ruler, "left": self._left, "right": self._right}
        super().__init__(viewBox=self._view, axisItems=axes, enableMenu=False)
        self._count = 1
        self._position = 0.0
        self._curves: tuple[Curve, ...] = ()
        self._pointed = -1
        self._dense = False
        self._scale = self.devicePixelRatioF()  # of the screen: cosmetic pens count its pixels
        self._still: QPixmap | None = None
        self._uncovered = QRegion()
        self.setAccessibleName("Curves")
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setMinimumHeight(60)
        self._lay_out()
        self._connect()
        keep_fitted(self, self._fit_to_text)

    def _fit_to_text(self) -> None:
        self._left.setWidth(scaled(_AXIS_WIDTH))
        self._right.setWidth(scaled(_LABELLED_AXIS_WIDTH))
        self.paint_theme()

    def _lay_out(self) -> None:
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.hideAxis("bottom")
        plot.layout.setContentsMargins(0, 0, _MARGIN, _MARGIN)
        plot.showAxis("top")
        plot.showAxis("right")
        plot.setClipToView(True)
        plot.setDownsampling(auto=True, mode="peak")
        self._zero = pg.InfiniteLine(pos=0.0, angle=0)
        self._veils = [pg.LinearRegionItem(movable=False) for _ in range(2)]
        self._lines: list[pg.PlotDataItem] = []
        self._cursor = CursorGrip()
        self.addItem(self._zero, ignoreBounds=True)
        for veil in self._veils:
            veil.setZValue(10)
            self.addItem(veil, ignoreBounds=True)
        self.addItem(self._cursor, ignoreBounds=True)

    def _connect(self) -> None:
        self._view.fit_asked.connect(self.fit)
        self._view.sigXRangeChanged.connect(lambda *_: self._follow_density())
        self._view.sigResized.connect(lambda *_: self._follow_density())
        self._cursor.drag_started.connect(self.scrub_started)
        self._cursor.sigDragged.connect(lambda line: self._scrub_to(line.value()))
        self._cursor.sigPositionChangeFinished.connect(lambda _line: self.scrub_finished.emit())
        self._ruler.scrub_started.connect(self.scrub_started)
        self._ruler.scrubbed.connect(self._scrub_to)
        self._ruler.scrub_finished.connect(self.scrub_finished)

    @property
    def position(self) -> float:
        """The frame the cursor stands on."""
        return self._position

    @property
    def frames_seen(self) -> tuple[float, float]:
        """The first and the last frame in view, fractional."""
        first, last = self._view.viewRange()[0]
        return float(first), float(last)

    @property
    def shown(self) -> list[bool]:
        """Which curves can be seen."""
        return [line.isVisible() for line in self._lines]

    @property
    def colours(self) -> list[str]:
        """The colour each curve is drawn in, ``#rrggbb``."""
        return [line.opts["pen"].color().name() for line in self._lines]

    def x_of(self, frame: float) -> float:
        """Where ``frame`` lies, in pixels of this widget."""
        return float(self.mapFromScene(self._view.mapViewToScene(pg.Point(frame, 0.0))).x())

    def set_length(self, count: int) -> None:
        """Show ``count`` frames, all of them in view."""
        self._count = count
        last = max(count - 1, 1)
        margin = _END_MARGIN * last
        self._view.setLimits(
            xMin=-margin, xMax=last + margin, minXRange=min(_FEWEST_FRAMES, float(last)), maxXRange=None
        )
        self._cursor.setBounds((0.0, float(last)))
        self.fit()

    def fit(self) -> None:
        """Bring all frames into view."""
        last = max(self._count - 1, 1)
        self._view.setXRange(-_END_MARGIN * last, (1.0 + _END_MARGIN) * last, padding=0.0)

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Draw ``curves``; as many as before keep their place, others replace them."""
        self._pointed = min(self._pointed, len(curves) - 1)
        while len(self._lines) > len(curves):
            self.removeItem(self._lines.pop())
        while len(self._lines) < len(curves):
            line = pg.PlotDataItem(autoDownsampleFactor=1.0)
            self._lines.append(line)
            self.addItem(line)
        before, self._curves = self._curves, tuple(curves)
        for index, (line, curve) in enumerate(zip(self._lines, curves, strict=True)):
            known = before[index] if index < len(before) else None
            if known is None or not _same_line(known, curve):
                if curve.frames is None:
                    line.setData(curve.values)
                else:
                    line.setData(curve.frames, curve.values)
            if known is None or known.look != curve.look:
                self._pen(index)

    def set_shown(self, shown: Sequence[bool]) -> None:
        """Show some of the curves and hide the others."""
        for line, on in zip(self._lines, shown, strict=True):
            line.setVisible(on)

    def set_scales(self, scales: Scales) -> None:
        """Set the height of the view and what its axes tell."""
        room = _HEADROOM * (scales.high - scales.low)
        self._view.setYRange(scales.low - room, scales.high + room, padding=0.0)
        self.name_axes(scales)

    def name_axes(self, scales: Scales) -> None:
        """Set what the axes tell, and leave the view as it is."""
        self._left.suffix, self._right.suffix = scales.left_suffix, scales.right_suffix
        self._right.setScale(1.0 / scales.unit)
        self._right.setLabel(scales.right_label)
        self._left.setStyle(showValues=bool(scales.left_suffix))
        self._right.setStyle(showValues=bool(scales.right_label))

    def point_at(self, index: int) -> None:
        """Draw curve ``index`` thick, over the others; -1: none."""
        before, self._pointed = self._pointed, index
        for curve in (before, index):
            if 0 <= curve < len(self._lines):
                self._pen(curve)

    def set_range(self, first: int, last: int) -> None:
        """Show the first and the last frame played."""
        far = 2.0 * self._count
        self._veils[0].setRegion((-far, first))
        self._veils[1].setRegion((last, last + far))
        self._veils[0].setVisible(first > 0)
        self._veils[1].setVisible(last < self._count - 1)

    def set_position(self, position: float) -> None:
        """Move the cursor; only what it covered and covers is drawn anew."""
        before, self._position = self._position, position
        self._cursor.setValue(position)
        for frame in (before, position):
            self._uncovered += self._strip(frame)
        self.viewport().update(self._uncovered)

    def _strip(self, frame: float) -> QRegion:
        """What the cursor covers on ``frame``."""
        flag, covered = self._flag(frame)
        region = QRegion()
        for place in time_cursor.strip(self.x_of(frame), flag, covered, self.height()):
            region += place
        return region

    def _flag(self, frame: float) -> tuple[QRectF, list[QRectF]]:
        """Where the cursor's flag stands on ``frame``, and the labels that make room for it."""
        flag = time_cursor.flag_place(self.x_of(frame), str(round(frame)), self.font(), self.width())
        return flag, time_cursor.covered_labels(flag, self._ruler.labels(self.x_of), self.font())

    def _scrub_to(self, frame: float) -> None:
        whole = float(min(max(round(frame), 0), self._count - 1))
        moved = whole != self._position
        self.set_position(whole)
        if moved:
            self.scrubbed.emit(whole)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the cursor over the picture of everything else.

        Drawing all curves again under a cursor that moves with every frame would cost milliseconds,
        so their picture is kept as long as nothing but the cursor asks to be drawn.
        """
        cursor = self._uncovered.united(self._strip(self._position))
        if self._still is None or not event.region().subtracted(cursor).isEmpty():
            self._still = self._draw_still()
        self._uncovered = QRegion()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._still)
        first, last = self.frames_seen
        if first <= self._position <= last:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font())
            x = self.x_of(self._position)
            text, (flag, covered) = str(round(self._position)), self._flag(self._position)
            time_cursor.paint_cursor(painter, x, text, flag, self.height(), current(), covered)

    def _draw_still(self) -> QPixmap:
        scale = self.devicePixelRatioF()
        if scale != self._scale:
            self._scale = scale
            for index in range(len(self._lines)):
                self._pen(index)
        picture = QPixmap(self.viewport().size() * scale)
        picture.setDevicePixelRatio(scale)
        with painting(picture) as painter:
            self.render(painter, QRectF(self.viewport().rect()), self.viewport().rect())
        return picture

    def _follow_density(self) -> None:
        first, last = self.frames_seen
        dense = last - first > _DENSE * max(self._view.width(), 1.0)
        if dense != self._dense:
            self._dense = dense
            for index in range(len(self._lines)):
                self._pen(index)

    def _pen(self, index: int) -> None:
        curve, pointed = self._curves[index], index == self._pointed
        width = (_WIDTH_POINTED if pointed else curve.width) * self._scale
        pen = QPen(QColor(curve.colour), width, curve.dash)
        if self._dense and not pointed:
            pen = QPen(QColor(curve.colour), 1.0)
        pen.setCosmetic(True)
        self._lines[index].opts["antialias"] = not self._dense
        self._lines[index].setPen(pen)
        self._lines[index].setZValue(5 if pointed else 1)

    def paint_theme(self) -> None:
        """Take on the colours and the font in use."""
        roles = current()
        self.setBackground(QColor(roles.panel))
        font = tabular(self.font())
        for axis in (self._ruler, self._left, self._right):
            axis.setPen(pg.mkPen(roles.line))
            axis.setTextPen(pg.mkPen(roles.secondary))
            axis.setTickPen(pg.mkPen(roles.line))
            axis.setTickFont(font)
        self._left.setGrid(120)
        self._zero.setPen(pg.mkPen(roles.disabled))
        shade = QColor(roles.panel)
        shade.setAlphaF(_VEIL)
        for veil in self._veils:
            veil.setBrush(shade)
            for edge in veil.lines:
                edge.setPen(pg.mkPen(roles.secondary, style=Qt.PenStyle.DashLine))


def _same_line(one: Curve, other: Curve) -> bool:
    """Whether both curves go through the same points."""
    if (one.frames is None) is not (other.frames is None):
        return False
    if one.frames is not None and other.frames is not None and not np.array_equal(one.frames, other.frames):
        return False
    return np.array_equal(one.values, other.values)
