"""What is under the resting pointer, told beside it: a landmark, or the region and the nearest vertex."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from studio.canvas.chip import Chip
from studio.canvas.landmark_hover import REACH, landmark_at
from studio.render.picking import Pick, is_ready, pick
from studio.render.shot import Shot

PAUSE = 30  # milliseconds between two looks at the surface


def surface_text(found: Pick) -> str:
    """What the chip says of a point of the surface: "Upper lip · vertex 3412"."""
    return f"{found.title} · vertex {found.vertex}"


class Hover(QObject):
    """Watches the pointer over ``view`` and shows a chip on ``canvas``, over which it lies.

    ``shot`` gives what is on the screen, in logical pixels of the view; None: nothing yet. A surface
    that changes under the pointer is looked at again only for its landmarks; the vertex is told when the
    pointer moves.
    """

    def __init__(self, view: QWidget, canvas: QWidget, shot: Callable[[], Shot | None]) -> None:
        super().__init__(view)
        self._view, self._canvas, self._shot = view, canvas, shot
        self._telling, self._hushed = True, False
        self._pointer: QPointF | None = None
        self._landmark = False
        self._chip = Chip(canvas)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._tell_surface)
        view.setMouseTracking(True)
        view.installEventFilter(self)
        view.destroyed.connect(self._chip.deleteLater)

    @property
    def text(self) -> str:
        """What the chip says; empty while it is hidden."""
        return self._chip.told

    @property
    def landmark_text(self) -> str:
        """What the chip says of a landmark; empty where it tells none."""
        return self.text if self._landmark else ""

    def set_telling(self, telling: bool) -> None:
        """Tell what is under the pointer, or be quiet."""
        self._telling = telling
        if not telling:
            self._forget()

    def hush(self, hushed: bool) -> None:
        """Be quiet while something else is told beside the pointer."""
        self._hushed = hushed
        if hushed:
            self._landmark = False
            self._pause.stop()
            self._chip.hide()

    def refresh(self) -> None:
        """What is on the screen has changed below a pointer that may rest."""
        if self._pointer is not None:
            self._tell(moved=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the pointer; take nothing from anyone."""
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not event.buttons():
            self._pointer = event.position()
            self._tell(moved=True)
        elif kind in (QEvent.Type.Leave, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            self._forget()
        return False

    def _forget(self) -> None:
        self._pointer = None
        self._landmark = False
        self._pause.stop()
        self._chip.hide()

    def _tell(self, moved: bool) -> None:
        shot = self._shot()
        if self._pointer is None or not self._telling or self._hushed or shot is None:
            self._chip.hide()
            return
        found = None
        if shot.look.show_landmarks:
            found = landmark_at(shot, (self._pointer.x(), self._pointer.y()), REACH)
        if found is not None:
            self._pause.stop()
            self._landmark = True
            self._show(found.text)
            return
        if self._landmark or not moved:
            self._landmark = False
            self._chip.hide()
        if moved and not self._pause.isActive():
            self._pause.start()

    def _tell_surface(self) -> None:
        shot = self._shot()
        if self._pointer is None or shot is None or not is_ready():
            return
        place = self._pointer.x(), self._pointer.y()
        found = pick(shot.model, shot.surface.vertices, shot.camera, shot.size, place)
        if found is None:
            self._show("")
            return
        distance = shot.extras.told_at(found.vertex)
        self._show(f"{surface_text(found)} · {distance}" if distance else surface_text(found))

    def _show(self, text: str) -> None:
        assert self._pointer is not None
        self._chip.tell(text, self._view.mapTo(self._canvas, self._pointer.toPoint()))
