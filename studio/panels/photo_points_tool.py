"""Placing the 68 points on the photo by hand: as curves, by pointer and by keys."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from studio.document.document import Document
from studio.document.photo_points import (
    COUNT,
    CURVES,
    Points,
    group_of,
    mirrored,
    moved,
    title_of,
    with_confidence,
    with_hidden,
)
from studio.document.reference_commands import set_points
from studio.panels.panel import Push
from studio.theme import current
from studio.widgets.gesture import next_gesture
from studio.widgets.photo_view import PhotoView

Key = Qt.Key
Modifier = Qt.KeyboardModifier

REACH = 10.0  # pixels of the view around a point
CONFIDENCE_STEP = 0.1
_ARROWS = {
    Key.Key_Left: (-1.0, 0.0),
    Key.Key_Right: (1.0, 0.0),
    Key.Key_Up: (0.0, -1.0),
    Key.Key_Down: (0.0, 1.0),
}
_LARGE = 10.0  # times a step, with Shift
_RADIUS = 3.5


class PointsTool(QObject):
    """Drags points; Shift takes the whole part of the face along.

    Arrow keys nudge by a pixel of the screen, with Shift by ten; Page up and down choose the next point, G
    its whole part, A all; H hides, M mirrors to the other side, R puts back; comma and full stop, or Ctrl and
    the wheel, change the confidence.
    """

    chosen_changed = Signal()
    redraw = Signal()

    keys = frozenset(
        (
            *_ARROWS,
            *(Key.Key_H, Key.Key_G, Key.Key_M, Key.Key_R, Key.Key_A, Key.Key_PageUp, Key.Key_PageDown),
            *(Key.Key_Comma, Key.Key_Period, Key.Key_Less, Key.Key_Greater, Key.Key_Home, Key.Key_End),
        )
    )

    def __init__(self, document: Document, push: Push, begun: Callable[[], Points], parent: QObject) -> None:
        """``begun`` gives the points that a reset goes back to."""
        super().__init__(parent)
        self._document, self._push, self._begun = document, push, begun
        self.chosen: tuple[int, ...] = ()
        self._under: int | None = None
        self._held: tuple[QPointF, Points, int] | None = None  # where, points then, gesture
        self._gesture: int | None = None  # of keys that are held

    @property
    def points(self) -> Points:
        """The document's, where there are as many as there have to be."""
        points = self._document.reference.points
        return points if len(points) == COUNT else ()

    @property
    def told(self) -> str:
        """What is chosen, in words."""
        points = self.points
        chosen = [index for index in self.chosen if index < len(points)]
        if not chosen:
            return "No point chosen"
        point = points[chosen[0]]
        if len(chosen) > 1:
            return f"{len(chosen)} points of the {_part_of(chosen)}"
        hidden = ", hidden" if point.hidden else ""
        sure = f"{100.0 * point.confidence:.0f} % sure"
        return f"Point {chosen[0] + 1}: {title_of(chosen[0])}, {point.x:.1f}, {point.y:.1f}, {sure}{hidden}"

    @property
    def cursor(self) -> Qt.CursorShape:
        """A hand over points."""
        if self._held is not None:
            return Qt.CursorShape.BlankCursor
        return Qt.CursorShape.PointingHandCursor if self._under is not None else Qt.CursorShape.ArrowCursor

    @property
    def magnified(self) -> QPointF | None:
        """The point that is dragged."""
        if self._held is None or not self.chosen or self.chosen[0] >= len(self.points):
            return None
        point = self.points[self.chosen[0]]
        return QPointF(point.x, point.y)

    def choose(self, which: tuple[int, ...]) -> None:
        """Choose the points ``which``, the first of them first."""
        if which != self.chosen:
            self.chosen = which
            self.chosen_changed.emit()
            self.redraw.emit()

    def press(self, place: QPointF, scale: float, keys: Modifier) -> bool:
        """Take hold of a point, with Shift of its part of the face."""
        index = self._at(place, scale)
        if index is None:
            self.choose(())
            return False
        whole = tuple(group_of(index)) if keys & Modifier.ShiftModifier else (index,)
        if index in self.chosen and not keys & Modifier.ShiftModifier:
            whole = self.chosen  # what was chosen together moves together
        self.choose((index, *(other for other in whole if other != index)))
        self._held = place, self.points, next_gesture()
        return True

    def drag(self, place: QPointF) -> None:
        """Move what is held."""
        if self._held is None:
            return
        start, points, gesture = self._held
        by = place - start
        self._set(f"Move {self._what()}", moved(points, self.chosen, (by.x(), by.y())), gesture)

    def release(self) -> None:
        """Let go."""
        self._held = None
        self.redraw.emit()

    def hover(self, place: QPointF | None, scale: float) -> None:
        """Show which point a press would take."""
        under = None if place is None else self._at(place, scale)
        if under != self._under:
            self._under = under
            self.redraw.emit()

    def wheel(self, steps: float, place: QPointF, scale: float, keys: Modifier) -> bool:
        """With Ctrl: how sure the point under the pointer, or what is chosen, is."""
        if not keys & Modifier.ControlModifier:
            return False
        under = self._at(place, scale)
        if under is not None and under not in self.chosen:
            self.choose((under,))
        self.step_confidence(steps)
        return True

    def key(self, event: QKeyEvent, scale: float) -> bool:
        """Nudge, choose and change by keys."""
        if event.modifiers() & (Modifier.ControlModifier | Modifier.AltModifier | Modifier.MetaModifier):
            return False
        key, shift = Key(event.key()), bool(event.modifiers() & Modifier.ShiftModifier)
        if not event.isAutoRepeat():
            self._gesture = next_gesture()
        if key in _ARROWS and self.chosen:
            across, down = _ARROWS[key]
            step = (_LARGE if shift else 1.0) / scale
            points = moved(self.points, self.chosen, (across * step, down * step))
            self._set(f"Nudge {self._what()}", points, self._gesture)
        elif key in (Key.Key_PageDown, Key.Key_PageUp):
            self._step(1 if key == Key.Key_PageDown else -1)
        elif key in (Key.Key_Home, Key.Key_End):
            self.choose((0 if key == Key.Key_Home else len(self.points) - 1,))
        elif key == Key.Key_A:
            self.choose(tuple(range(len(self.points))))
        elif key == Key.Key_G and self.chosen:
            first = self.chosen[0]
            self.choose((first, *(other for other in group_of(first) if other != first)))
        elif key in (Key.Key_Comma, Key.Key_Less, Key.Key_Period, Key.Key_Greater):
            self.step_confidence(-1.0 if key in (Key.Key_Comma, Key.Key_Less) else 1.0, self._gesture)
        elif key in (Key.Key_H, Key.Key_M, Key.Key_R):
            {Key.Key_H: self.hide, Key.Key_M: self.mirror, Key.Key_R: self.reset}[key]()
        else:
            return False
        return True

    def hide(self) -> None:
        """Use the chosen points, or the one under the pointer, no longer; or use them again."""
        which = self.chosen or (() if self._under is None else (self._under,))
        if which:
            hidden = not all(self.points[index].hidden for index in which)
            name = f"{'Hide' if hidden else 'Use'} {self._what(which)}"
            self._set(name, with_hidden(self.points, which, hidden))

    def mirror(self) -> None:
        """Put the other side's points where a mirror has the chosen ones; none chosen: the right side's."""
        if not self.points:
            return
        which = self.chosen or tuple(i for _, part, _ in CURVES for i in part if _is_right(i))
        what = self._what(which) if self.chosen else "the right side"
        self._set(f"Mirror {what}", mirrored(self.points, which))

    def reset(self) -> None:
        """Put the chosen points, or all, back to where they would begin."""
        if not self.points:
            return
        begun = self._begun()
        which = frozenset(self.chosen or range(len(self.points)))
        points = tuple(begun[i] if i in which else point for i, point in enumerate(self.points))
        self._set(f"Reset {self._what() if self.chosen else 'all points'}", points)

    def step_confidence(self, steps: float, gesture: int | None = None) -> None:
        """Make the chosen points surer, or less so."""
        if self.chosen:
            now = self.points[self.chosen[0]].confidence
            self.set_confidence(round(now + CONFIDENCE_STEP * steps, 4), gesture)

    def set_confidence(self, confidence: float, gesture: int | None = None) -> None:
        """How sure the chosen points are, 0..1."""
        if self.chosen:
            points = with_confidence(self.points, self.chosen, confidence)
            self._set(f"Confidence of {self._what()}", points, gesture)

    def _what(self, which: tuple[int, ...] | None = None) -> str:
        chosen = self.chosen if which is None else which
        if len(chosen) == 1:
            return title_of(chosen[0])
        return "all points" if len(chosen) == len(self.points) else f"{len(chosen)} points"

    def _set(self, name: str, points: Points, gesture: int | None = None) -> None:
        if points != self.points:
            self._push(set_points(self._document, name, points, "hand", gesture))

    def _step(self, by: int) -> None:
        if self.points:
            first = self.chosen[0] if self.chosen else (-1 if by > 0 else 0)
            self.choose(((first + by) % len(self.points),))

    def _at(self, place: QPointF, scale: float) -> int | None:
        """The point nearest to ``place``, within reach."""
        best, nearest = None, REACH / scale
        for index, point in enumerate(self.points):
            distance = math.hypot(point.x - place.x(), point.y - place.y())
            if distance < nearest:
                best, nearest = index, distance
        return best

    def paint(self, painter: QPainter, view: PhotoView) -> None:
        """Draw curves and points; the surer, the fuller."""
        points = self.points
        if not points:
            return
        places = [view.to_view(point.x, point.y) for point in points]
        roles = current()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for _, members, closed in CURVES:
            shown = [places[index] for index in members]
            polygon = QPolygonF([*shown, shown[0]] if closed else shown)
            for colour, width in ((_clear(roles.panel, 0.55), 3.0), (_clear(roles.data, 0.9), 1.2)):
                painter.setPen(QPen(colour, width))
                painter.drawPolyline(polygon)
        for index, place in enumerate(places):
            if self._held is not None and index in self.chosen[:1]:
                continue  # what is under it has to be seen
            self._draw(painter, index, place)
        self._name(painter, places)

    def _draw(self, painter: QPainter, index: int, place: QPointF) -> None:
        roles, point = current(), self.points[index]
        chosen = index in self.chosen
        colour = roles.accent if chosen else _side_colour(index)
        radius = _RADIUS + (1.5 if chosen or index == self._under else 0.0)
        painter.setPen(QPen(_clear(roles.panel, 0.9), 3.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, radius, radius)
        painter.setPen(
            QPen(QColor(colour), 1.4, Qt.PenStyle.DotLine if point.hidden else Qt.PenStyle.SolidLine)
        )
        if not point.hidden:
            painter.setBrush(_clear(colour, max(point.confidence, 0.05)))
        painter.drawEllipse(place, radius, radius)

    def _name(self, painter: QPainter, places: list[QPointF]) -> None:
        """What the point under the pointer is called, beside it."""
        if self._under is None or self._held is not None or self._under >= len(places):
            return
        text, place = title_of(self._under), places[self._under]
        box = painter.fontMetrics().boundingRect(text)
        room = box.translated(round(place.x()) + 12, round(place.y()) - 8).adjusted(-5, -2, 5, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_clear(current().panel, 0.9))
        painter.drawRoundedRect(room, 4.0, 4.0)
        painter.setPen(QColor(current().text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _part_of(chosen: list[int]) -> str:
    parts = {name for name, members, _ in CURVES if any(index in members for index in chosen)}
    return parts.pop() if len(parts) == 1 else "face"


def _is_right(index: int) -> bool:
    return title_of(index).startswith("right")


def _side_colour(index: int) -> str:
    roles, name = current(), title_of(index)
    if name.startswith("right"):
        return roles.right_side
    return roles.left_side if name.startswith("left") else roles.text


def _clear(colour: str, opacity: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(opacity)
    return made
