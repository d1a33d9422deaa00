"""Choosing the face on the photo: among those that were found, or by a box drawn by hand."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen

from studio.document.document import Document
from studio.document.reference_commands import Box, FaceSeen, choose_face, set_reference
from studio.panels.panel import Push
from studio.theme import current
from studio.widgets.gesture import next_gesture
from studio.widgets.photo_view import PhotoView

Key = Qt.Key
Modifier = Qt.KeyboardModifier

_DIGITS = tuple(Key(Key.Key_1.value + number) for number in range(9))
_ARROWS = {
    Key.Key_Left: (-1.0, 0.0),
    Key.Key_Right: (1.0, 0.0),
    Key.Key_Up: (0.0, -1.0),
    Key.Key_Down: (0.0, 1.0),
}
_LEAST = 6.0  # pixels of the view: a shorter drag is a click
_STEP = 4.0  # pixels of the view by a key
_GROWTH = 1.05
_NEW = 0.5  # of the photo's shorter side, for a box by keys
_ROOM = 30.0  # pixels of the view within which a number is written inside its box


class FacesTool(QObject):
    """Click a box to choose its face, drag to draw another; 1 to 9 and Page up and down choose by keys.

    N makes a box in the middle, arrow keys move the chosen box, with Shift up and down they make it larger or
    smaller.
    """

    redraw = Signal()

    keys = frozenset((*_DIGITS, *_ARROWS, Key.Key_N, Key.Key_PageUp, Key.Key_PageDown))
    magnified: QPointF | None = None

    def __init__(self, document: Document, push: Push, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._push = document, push
        self.faces: tuple[FaceSeen, ...] = ()
        self.size = (1, 1)  # of the photo
        self._under: int | None = None
        self._start: QPointF | None = None
        self._end = QPointF()
        self._scale = 1.0
        self._gesture: int | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """A hand over boxes, a cross beside them."""
        over = self._under is not None and self._drawn() is None
        return Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.CrossCursor

    @property
    def told(self) -> str:
        """How many there are, and which is chosen."""
        chosen = self.chosen
        if not self.faces:
            return "A box drawn by hand" if self._document.reference.box else "No face; drag a box around one"
        count = "One face" if len(self.faces) == 1 else f"{len(self.faces)} faces"
        if chosen is None:
            by_hand = ", a box by hand is chosen" if self._document.reference.box else "; click one"
            return f"{count}{by_hand}"
        return f"{count}, number {chosen + 1} chosen"

    @property
    def chosen(self) -> int | None:
        """Which of the faces is the document's."""
        box = self._document.reference.box
        return next((index for index, face in enumerate(self.faces) if face.box == box), None)

    def press(self, place: QPointF, scale: float, keys: Modifier) -> bool:
        """Begin a click or a box."""
        self._start = self._end = place
        self._scale = scale
        self._under = self._at(place)
        return True

    def drag(self, place: QPointF) -> None:
        """Draw the box up to here."""
        self._end = place
        self.redraw.emit()

    def release(self) -> None:
        """Choose what was clicked, or what was drawn."""
        drawn, under = self._drawn(), self._under
        self._start = None
        if drawn is not None:
            self._choose(FaceSeen(drawn))
        elif under is not None:
            self._choose(self.faces[under])
        self.redraw.emit()

    def hover(self, place: QPointF | None, scale: float) -> None:
        """Show which face a click would choose."""
        under = None if place is None else self._at(place)
        if under != self._under:
            self._under = under
            self.redraw.emit()

    def wheel(self, steps: float, place: QPointF, scale: float, keys: Modifier) -> bool:
        """The wheel zooms."""
        return False

    def key(self, event: QKeyEvent, scale: float) -> bool:
        """Choose, move and size by keys."""
        if event.modifiers() & (Modifier.ControlModifier | Modifier.AltModifier | Modifier.MetaModifier):
            return False
        key, shift = Key(event.key()), bool(event.modifiers() & Modifier.ShiftModifier)
        if not event.isAutoRepeat():
            self._gesture = next_gesture()
        box = self._document.reference.box
        if key in _DIGITS and _DIGITS.index(key) < len(self.faces):
            self._choose(self.faces[_DIGITS.index(key)])
        elif key in (Key.Key_PageDown, Key.Key_PageUp) and self.faces:
            self._step(1 if key == Key.Key_PageDown else -1)
        elif key == Key.Key_N:
            self.draw_in_the_middle()
        elif key in _ARROWS and len(box) == 4:
            across, down = _ARROWS[key]
            area = QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3]))
            if shift and down:
                area = _grown(area, _GROWTH if down < 0.0 else 1.0 / _GROWTH)
            else:
                area.translate(across * _STEP / scale, down * _STEP / scale)
            moved = set_reference(self._document, "Move the box", self._gesture, box=self._bounded(area))
            self._push(moved)
        else:
            return False
        return True

    def draw_in_the_middle(self) -> None:
        """Choose a box in the middle of the photo, to be moved from there."""
        width, height = self.size
        side = _NEW * min(width, height)
        area = QRectF((width - side) / 2.0, (height - side) / 2.0, side, side)
        self._choose(FaceSeen(self._bounded(area)))

    def _step(self, by: int) -> None:
        chosen = self.chosen
        start = chosen if chosen is not None else (-1 if by > 0 else 0)
        self._choose(self.faces[(start + by) % len(self.faces)])

    def _choose(self, face: FaceSeen) -> None:
        if face.box != self._document.reference.box:
            self._push(choose_face(self._document, face))

    def _drawn(self) -> Box | None:
        """The box that is drawn now; None for none, or what would be a click."""
        if self._start is None:
            return None
        area = QRectF(self._start, self._end).normalized()
        if min(area.width(), area.height()) * self._scale < _LEAST:
            return None
        box = self._bounded(area)
        return box if box[2] - box[0] > 1.0 and box[3] - box[1] > 1.0 else None

    def _bounded(self, area: QRectF) -> Box:
        width, height = self.size
        return (
            max(area.left(), 0.0),
            max(area.top(), 0.0),
            min(area.right(), float(width)),
            min(area.bottom(), float(height)),
        )

    def _at(self, place: QPointF) -> int | None:
        """The smallest face around ``place``."""
        inside = [
            ((box[2] - box[0]) * (box[3] - box[1]), index)
            for index, box in enumerate(face.box for face in self.faces)
            if box[0] <= place.x() <= box[2] and box[1] <= place.y() <= box[3]
        ]
        return min(inside)[1] if inside else None

    def paint(self, painter: QPainter, view: PhotoView) -> None:
        """Draw the boxes with their numbers, the chosen one stronger."""
        roles, box = current(), self._document.reference.box
        for index, face in enumerate(self.faces):
            if face.box != box:
                self._frame(painter, view, face.box, roles.data, str(index + 1), index == self._under)
        if len(box) == 4:
            number = self.chosen
            own: Box = (box[0], box[1], box[2], box[3])
            name = "Face" if number is None else str(number + 1)
            self._frame(painter, view, own, roles.accent, name, True)
        drawn = self._drawn()
        if drawn is not None:
            self._frame(painter, view, drawn, roles.accent, "", False)

    def _frame(
        self, painter: QPainter, view: PhotoView, box: Box, colour: str, text: str, strong: bool
    ) -> None:
        area = QRectF(view.to_view(box[0], box[1]), view.to_view(box[2], box[3]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(current().panel), 4.0), QPen(QColor(colour), 2.0 if strong else 1.4)):
            painter.setPen(pen)
            painter.drawRect(area)
        if not text:
            return
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        room = QRectF(0.0, 0.0, metrics.horizontalAdvance(text) + 10.0, metrics.height() + 2.0)
        room.moveTopLeft(area.topLeft())
        if area.width() < _ROOM:  # on a small face the number stands above it
            room.moveBottom(area.top())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRect(room)
        painter.setPen(QColor(current().on_accent))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


def _grown(area: QRectF, factor: float) -> QRectF:
    grown = QRectF(0.0, 0.0, area.width() * factor, area.height() * factor)
    grown.moveCenter(area.center())
    return grown
