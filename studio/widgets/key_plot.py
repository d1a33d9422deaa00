"""The plot of curves with keys to take hold of; imported only when curves are first seen.

Where curves have keys, dragging over the plot chooses keys in a box, and the middle button moves the view.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QTransform

from studio.theme import scaled
from studio.widgets.curve_hand import CurveHand
from studio.widgets.curve_keys import REACH, KeyedCurve, KeyMarks
from studio.widgets.curve_plot import CurvePlot, Scales

_CURSOR_REACH = 5.0  # pixels around the time cursor in which it is taken hold of
_LEAST_SPAN = 1e-6


class KeyPlot(CurvePlot):
    """Curves whose keys can be chosen, moved and set. ``hand`` tells what the mouse asks for."""

    menu_asked = Signal(QPoint)  # where on the screen

    def __init__(self) -> None:
        super().__init__()
        self._marks = KeyMarks()
        self.addItem(self._marks, ignoreBounds=True)
        self.hand = CurveHand(self, self._marks, self)
        self._names: tuple[str, ...] = ()
        self._holds_values = False  # whether the user chose which values are in view
        self._scales: Scales | None = None
        self.hand.drag_finished.connect(self._on_drag_finished)
        self._view.values_chosen.connect(self._on_values_chosen)
        self.viewport().setMouseTracking(True)

    @property
    def keyed(self) -> tuple[KeyedCurve, ...]:
        """The keys that are drawn."""
        return self._marks.curves

    def set_keyed(self, curves: Sequence[KeyedCurve]) -> None:
        """Draw the keys of ``curves``, which can then be taken hold of."""
        self._marks.set_curves(curves)
        self._view.can_pan = not curves

    def set_names(self, names: Sequence[str]) -> None:
        """Tell which of the curves, by their place, can get keys under a name; empty where one cannot."""
        self._names = tuple(names)

    def set_scales(self, scales: Scales) -> None:
        """Tell the axes' units; the view follows the values unless the user chose it, or drags a key."""
        before, self._scales = self._scales, scales
        same_unit = before is not None and before.unit == scales.unit
        if (self._holds_values or self.hand.busy) and same_unit:
            self.name_axes(scales)
        else:
            self._holds_values = False
            super().set_scales(scales)

    def fit(self) -> None:
        """Bring all frames and values into view."""
        self._holds_values = False
        super().fit()
        if self._scales is not None:
            super().set_scales(self._scales)

    def fit_to(self, first: float, last: float, low: float, high: float) -> None:
        """Bring these frames and values into view, with some room around them."""
        room = max(0.1 * (last - first), 2.0)
        self._view.setXRange(first - room, last + room, padding=0.0)
        span = max(0.15 * (high - low), _LEAST_SPAN)
        self._holds_values = True
        self._view.setYRange(low - span, high + span, padding=0.0)

    def pixels(self) -> QTransform:
        """From frames and values to pixels of the viewport."""
        self._view.childTransform()  # brings the transform up to date
        return self._view.childGroup.sceneTransform() * self.viewportTransform()

    def value_step(self) -> float:
        """The distance of the labelled values."""
        low, high = self._view.viewRange()[1]
        ticks = self._left.tickSpacing(low, high, self._view.height())
        return float(ticks[0][0])

    def curve_at(self, place: QPointF) -> str | None:
        """The name of the curve within reach of ``place``, of those that can have keys."""
        at = self.pixels().inverted()[0].map(place)
        frame = min(max(at.x(), 0.0), self._count - 1.0)
        best, found = float(scaled(REACH)), None
        for name, curve, shown in zip(self._names, self._curves, self.shown, strict=False):
            if not name or not shown:
                continue
            value = float(np.interp(frame, np.arange(len(curve.values)), curve.values))
            apart = abs(self.pixels().map(QPointF(frame, value)).y() - place.y())
            if apart < best:
                best, found = apart, name
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Give presses on keys to the hand, and those beside them too, but for the time cursor's."""
        if self._is_for_hand(event.position()) and self.hand.press(event):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with what the hand holds; show where there is something to take hold of."""
        if self.hand.move(event):
            event.accept()
            return
        over = self._is_inside(event.position()) and self.hand.is_over(event.position())
        if over:
            self.viewport().setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self.viewport().unsetCursor()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if self.hand.release(event):
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for a key on the curve under the mouse; elsewhere everything comes into view."""
        inside = self._is_inside(event.position())
        if inside and self.hand.double_click(event, self.curve_at):
            event.accept()
        elif inside and self._marks.curves and event.button() == Qt.MouseButton.LeftButton:
            self.fit()
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape lets go and leaves everything as it was."""
        if event.key() == Qt.Key.Key_Escape and self.hand.cancel():
            event.accept()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the menu of the keys, where there are any."""
        if self._marks.curves:
            self.menu_asked.emit(event.globalPos())
            event.accept()
        else:
            super().contextMenuEvent(event)

    def _is_inside(self, place: QPointF) -> bool:
        return bool(self._view.sceneBoundingRect().contains(self.mapToScene(place.toPoint())))

    def _is_for_hand(self, place: QPointF) -> bool:
        if not self._is_inside(place):
            return False
        near_cursor = abs(self.pixels().map(QPointF(self.position, 0.0)).x() - place.x()) < _CURSOR_REACH
        return not near_cursor or self.hand.is_over(place)

    def _on_drag_finished(self) -> None:
        if self._scales is not None:
            self.set_scales(self._scales)

    def _on_values_chosen(self) -> None:
        self._holds_values = True
