"""The landmark under the pointer, told beside it: number, name and part of the face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from studio.flame.landmark_names import Landmark
from studio.flame.landmark_sets import landmark_positions, shown_set
from studio.render.camera import project
from studio.render.shot import Shot
from studio.render.visibility import seen_landmarks

REACH = 12.0  # logical pixels around a landmark that count as on it
_ASIDE = QPoint(14, 16)  # from the pointer to the chip
_MARGIN = 4  # pixels to the canvas's borders


@dataclass(frozen=True)
class Found:
    """A landmark, and whether it lies behind the head."""

    landmark: Landmark
    hidden: bool

    @property
    def text(self) -> str:
        """What the chip says."""
        mark = self.landmark
        name = mark.name[:1].upper() + mark.name[1:]
        return f"{mark.index}  {name} · {mark.region}" + (" · behind the head" if self.hidden else "")


def landmark_at(shot: Shot, place: tuple[float, float], reach: float) -> Found | None:
    """The landmark that ``shot`` shows nearest to ``place``, within ``reach``, both in its pixels.

    One that is seen goes before one behind the head.
    """
    marks = shown_set(shot.model, shot.look.landmark_set) if shot.look.show_landmarks else None
    if marks is None:
        return None
    surface, camera = shot.surface, shot.camera
    points = landmark_positions(surface.vertices, marks, surface.contour_row)
    places = project(points, camera, shot.size)
    distances = np.hypot(places[:, 0] - place[0], places[:, 1] - place[1])
    near = np.flatnonzero((distances <= reach) & (places[:, 2] > 0.0))
    if not near.size:
        return None
    seen = seen_landmarks(shot.model, surface, marks, camera)[near]
    best = np.lexsort((distances[near], ~seen))[0]
    return Found(marks.landmarks[near[best]], not seen[best])


class LandmarkHover(QObject):
    """Watches the pointer over ``view`` and shows a chip on ``canvas``, over which it lies.

    ``shot`` gives what is on the screen, in logical pixels of the view; None: nothing yet.
    """

    def __init__(self, view: QWidget, canvas: QWidget, shot: Callable[[], Shot | None]) -> None:
        super().__init__(view)
        self._view, self._shot = view, shot
        self._pointer: QPointF | None = None
        self._chip = QLabel(canvas)
        self._chip.setProperty("role", "chip")
        self._chip.setTextFormat(Qt.TextFormat.PlainText)
        self._chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._chip.hide()
        view.setMouseTracking(True)
        view.installEventFilter(self)
        view.destroyed.connect(self._chip.deleteLater)

    @property
    def text(self) -> str:
        """What the chip says; empty while it is hidden."""
        return "" if self._chip.isHidden() else self._chip.text()

    def refresh(self) -> None:
        """What is on the screen has changed below a pointer that may rest."""
        if self._pointer is not None:
            self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the pointer; take nothing from anyone."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not event.buttons():
            self._pointer = event.position()
            self._tell()
        elif kind in (QEvent.Type.Leave, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            self._pointer = None
            self._chip.hide()
        return False

    def _tell(self) -> None:
        shot = self._shot()
        found = None
        if self._pointer is not None and shot is not None and shot.look.show_landmarks:
            found = landmark_at(shot, (self._pointer.x(), self._pointer.y()), REACH)
        if found is None:
            self._chip.hide()
            return
        self._chip.setText(found.text)
        self._chip.adjustSize()
        self._chip.move(self._place())
        self._chip.show()
        self._chip.raise_()

    def _place(self) -> QPoint:
        """Beside the pointer, on its other side where there is no room."""
        assert self._pointer is not None
        canvas = self._chip.parentWidget()
        assert canvas is not None
        pointer = self._view.mapTo(canvas, self._pointer.toPoint())
        place, size = pointer + _ASIDE, self._chip.size()
        if place.x() + size.width() > canvas.width() - _MARGIN:
            place.setX(max(pointer.x() - _ASIDE.x() - size.width(), _MARGIN))
        if place.y() + size.height() > canvas.height() - _MARGIN:
            place.setY(max(pointer.y() - _ASIDE.y() - size.height(), _MARGIN))
        return place
