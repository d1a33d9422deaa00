"""Small curves of costs that fall, on a logarithmic axis, with a legend that shows and hides them.

Imported only when a fit is first seen: pyqtgraph takes its time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.theme import current, keep_fitted, scaled, tabular
from studio.theme.series import series_colour
from studio.widgets.chip_flow import ChipFlow
from studio.widgets.curve_legend import DASHES

_HEIGHT, _AXIS = 132, 44
_LEAST = 1e-12  # what is not above it has no place on the axis
_DRAWN = 100  # milliseconds between two pictures of the curves
_WIDTH = 1.5


class LossPlot(QWidget):
    """Curves called by the titles that come; each point is one iteration."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: list[str] = []
        self._values: dict[str, list[float]] = {}
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._marks: list[pg.InfiniteLine] = []
        self._shown: frozenset[str] | None = None  # None: all
        self._count = 0
        self._plot = pg.PlotWidget(enableMenu=False)
        self._plot.setAccessibleName("Costs of the fit by iteration")
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self._plot.setMouseEnabled(False, False)
        self._plot.hideButtons()
        self._plot.setLogMode(False, True)
        self._legend: ChipFlow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._plot)
        self._drawing = QTimer(self, interval=_DRAWN, singleShot=True)
        self._drawing.timeout.connect(self._draw)
        keep_fitted(self, self._fit_to_text)

    @property
    def titles(self) -> tuple[str, ...]:
        """The curves that there are."""
        return tuple(self._titles)

    @property
    def shown(self) -> tuple[str, ...]:
        """The curves that can be seen."""
        return tuple(t for t in self._titles if self._shown is None or t in self._shown)

    def values(self, title: str) -> tuple[float, ...]:
        """The points of one curve; NaN where an iteration did not have it."""
        return tuple(self._values[title])

    def clear(self) -> None:
        """Begin anew."""
        for item in (*self._lines.values(), *self._marks):
            self._plot.removeItem(item)
        self._titles, self._values, self._lines, self._marks = [], {}, {}, []
        self._shown, self._count = None, 0
        self._make_legend()

    def append(self, costs: Sequence[tuple[str, float]]) -> None:
        """Add one iteration: titles with their costs."""
        for title, _ in costs:
            if title not in self._values:
                self._add(title)
        given = dict(costs)
        for title, values in self._values.items():
            cost = given.get(title, math.nan)
            values.append(cost if cost > _LEAST and math.isfinite(cost) else math.nan)
        self._count += 1
        if not self._drawing.isActive():
            self._drawing.start()

    def mark(self) -> None:
        """Draw a line where the next iteration is: a stage begins. The first one begins at the left."""
        if not self._count:
            return
        line = pg.InfiniteLine(pos=self._count, angle=90)
        self._marks.append(line)
        self._plot.addItem(line, ignoreBounds=True)
        self._pen_marks()

    def _add(self, title: str) -> None:
        line = pg.PlotDataItem(connect="finite")
        self._titles.append(title)
        self._values[title] = [math.nan] * self._count
        self._lines[title] = line
        self._plot.addItem(line)
        self._pen(title)
        self._make_legend()

    def _make_legend(self) -> None:
        if self._legend is not None:
            self._column.removeWidget(self._legend)
            self._legend.deleteLater()
        self._legend = None
        if not self._titles:
            return
        legend = ChipFlow(
            self._titles, "Curves shown", False, ["Show or hide this curve"] * len(self._titles)
        )
        legend.choose([i for i, t in enumerate(self._titles) if self._shown is None or t in self._shown])
        for chip, title in zip(legend.chips, self._titles, strict=True):
            colour = series_colour(self._titles.index(title), current())
            chip.setStyleSheet(f"QPushButton:checked {{ color: {colour}; border-color: {colour}; }}")
        legend.changed.connect(self._choose)
        self._legend = legend
        self._column.addWidget(legend)

    def _choose(self) -> None:
        assert self._legend is not None
        self._shown = frozenset(self._titles[number] for number in self._legend.chosen)
        self._draw()

    def _draw(self) -> None:
        shown = self.shown
        for title, line in self._lines.items():
            line.setVisible(title in shown)
            values = np.array(self._values[title])
            if title in shown and np.isfinite(values).any():
                line.setData(np.arange(len(values)), values)

    def _pen(self, title: str) -> None:
        number = self._titles.index(title)
        dash = DASHES[number // 4 % len(DASHES)]
        pen = QPen(QColor(series_colour(number, current())), _WIDTH, dash)
        pen.setCosmetic(True)
        self._lines[title].setPen(pen)

    def _pen_marks(self) -> None:
        for line in self._marks:
            line.setPen(pg.mkPen(current().line, style=Qt.PenStyle.DashLine))

    def _fit_to_text(self) -> None:
        roles = current()
        self._plot.setFixedHeight(scaled(_HEIGHT))
        self._plot.setBackground(QColor(roles.panel))
        font = tabular(self.font())
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(pg.mkPen(roles.line))
            axis.setTextPen(pg.mkPen(roles.secondary))
            axis.setTickFont(font)
        self._plot.getAxis("left").setWidth(scaled(_AXIS))
        self._plot.getAxis("left").setGrid(60)
        for title in self._titles:
            self._pen(title)
        self._pen_marks()
        self._make_legend()
