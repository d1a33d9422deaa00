"""What pyqtgraph is given to draw and move curves over frames: axes, view, and the cursor's grip.

Imported only when curves are first seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from studio.theme import keep_fitted, scaled
from studio.widgets.time_ruler import TimeRuler

_RULER_HEIGHT = 24
_LABEL_SPACE = 72  # pixels between labelled frames
_MINOR_SPACE = 9
_GRIP = 12  # pixels across in which the cursor's line is caught


class FrameAxis(pg.AxisItem):
    """Frames above the curves, at 1, 2, 5, 10, … Pressing and dragging on it scrubs."""

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()

    def __init__(self) -> None:
        super().__init__("top")
        keep_fitted(self, lambda: self.setHeight(scaled(_RULER_HEIGHT)))
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def tickSpacing(  # noqa: N802 - pyqtgraph's name
        self, low: float, high: float, size: float
    ) -> list[tuple[float, float]]:
        """Labelled frames and small ticks between them."""
        ruler = TimeRuler(max(math.ceil(high - low), 1) + 1, 0.0, max(size, 1.0))
        return [(ruler.spacing(scaled(_LABEL_SPACE)), 0), (ruler.spacing(scaled(_MINOR_SPACE)), 0)]

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: Sequence[float], scale: float, spacing: float
    ) -> list[str]:
        """Whole frames of the clip."""
        return [str(round(value)) if value >= 0 else "" for value in values]

    def labels(self, x_of: Callable[[float], float]) -> list[tuple[QRectF, str]]:
        """The places above the ticks and the frames told there; ``x_of`` says where a frame lies."""
        low, high = self.range
        step = round(self.tickSpacing(low, high, self.width())[0][0])
        width, height = scaled(_LABEL_SPACE), scaled(_RULER_HEIGHT) - 6.0
        frames = range(max(math.ceil(low / step), 0) * step, math.floor(high) + 1, step)
        return [(QRectF(x_of(frame) - width / 2, 0.0, width, height), str(frame)) for frame in frames]

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802 - pyqtgraph's name
        """Go to the frame that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.scrub_started.emit()
            self.scrubbed.emit(self._frame(event))
            self.scrub_finished.emit()

    def mouseDragEvent(self, event: Any) -> None:  # noqa: N802 - pyqtgraph's name
        """Scrub."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if event.isStart():
            self.scrub_started.emit()
        self.scrubbed.emit(self._frame(event))
        if event.isFinish():
            self.scrub_finished.emit()

    def _frame(self, event: Any) -> float:
        return float(self.linkedView().mapSceneToView(event.scenePos()).x())


class ValueAxis(pg.AxisItem):
    """Values with their unit."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.suffix = ""
        self.enableAutoSIPrefix(False)
        self.setStyle(maxTickLevel=0)

    def tickStrings(  # noqa: N802 - pyqtgraph's name
        self, values: Sequence[float], scale: float, spacing: float
    ) -> list[str]:
        """As many decimals as tell the ticks apart."""
        decimals = max(0, math.ceil(-math.log10(max(spacing * scale, 1e-6)) - 1e-6))
        rounded = [round(value * scale, decimals) + 0.0 for value in values]
        return [f"{value:.{decimals}f}{self.suffix}".replace("-", "\N{MINUS SIGN}") for value in rounded]


class TimeView(pg.ViewBox):
    """The area of the curves.

    The wheel zooms time, with Ctrl or over the values' axis the values; dragging moves time where
    ``can_pan``, the middle button time and values; a double click shows all.
    """

    fit_asked = Signal()
    values_chosen = Signal()  # values were zoomed or moved by hand

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.can_pan = True

    def _tell_values(self, before: Sequence[float]) -> None:
        if list(self.viewRange()[1]) != list(before):
            self.values_chosen.emit()

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802 - Qt's name
        """Zoom time, or values with Ctrl."""
        if axis is None:
            axis = 1 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 0
        before = self.viewRange()[1]
        super().wheelEvent(event, axis=axis)
        self._tell_values(before)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802 - pyqtgraph's name
        """Move the view: time with the left button, both with the middle one; an axis moves what it tells."""
        before = self.viewRange()[1]
        if axis is not None or event.button() == Qt.MouseButton.MiddleButton:
            super().mouseDragEvent(event, axis=axis)
        elif event.button() == Qt.MouseButton.LeftButton and self.can_pan:
            super().mouseDragEvent(event, axis=0)
        else:
            event.ignore()
        self._tell_values(before)

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802 - pyqtgraph's name
        """Fit on a double click."""
        if event.double() and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.fit_asked.emit()


class CursorGrip(pg.InfiniteLine):
    """Where the time cursor is taken hold of; the plot draws it."""

    drag_started = Signal()

    def __init__(self) -> None:
        super().__init__(angle=90, movable=True)
        self.addMarker("", size=float(_GRIP))  # an empty marker: a thin line that is easy to catch
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setZValue(20)

    def paint(self, painter: QPainter, *_rest: object) -> None:
        """Nothing: see :meth:`CurvePlot.paintEvent`."""

    def mouseDragEvent(self, event: Any) -> None:  # noqa: N802 - pyqtgraph's name
        """Tell when a drag begins."""
        if event.isStart() and event.button() == Qt.MouseButton.LeftButton:
            self.drag_started.emit()
        super().mouseDragEvent(event)
