"""The head on the screen: a widget that draws what it is told and tells what the pointer wants."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.backends.base import Surface
from studio.canvas.annotation_view import AnnotationView
from studio.canvas.aside_renderer import AsideRenderer
from studio.canvas.chip import Chip
from studio.canvas.gestures import CanvasGestures
from studio.canvas.gl_view import GLView
from studio.canvas.hand import Hand
from studio.canvas.hover import Hover
from studio.canvas.opengl_probe import why_no_opengl
from studio.canvas.overlay import Overlay
from studio.canvas.overlay_shapes import Shape
from studio.canvas.window_renderer import WindowRenderer
from studio.canvas.wipe_handle import WipeHandle
from studio.document.camera import Camera
from studio.document.look import Backdrop, Look
from studio.document.media import Media
from studio.document.occasion import Occasion
from studio.flame.model import HeadModel
from studio.render.annotations import Mark, annotations_of
from studio.render.display_mesh import load_kernels
from studio.render.extras import NO_EXTRAS, Extras
from studio.render.media_pictures import media_fault
from studio.render.shot import Renderer, Shot
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.canvas.picture_view import PictureView

NO_OPENGL = (
    "OpenGL 2.1 could not be had ({reason}), so the processor draws the head, more slowly; "
    "a graphics driver with OpenGL brings back the fast canvas."
)


class HeadCanvas(QWidget):
    """Draws one head with OpenGL, or with the processor where there is none.

    It keeps no state of the document: cameras that the pointer proposes are emitted, and drawn only
    when they come back through :meth:`set_camera`; everything else that the pointer does is told to the
    hand. What the overlay shows lies over the head on the screen alone, never in a picture.
    """

    camera_changed = Signal(object)  # Camera the pointer asks for
    view_changed = Signal()  # where things are on the screen: surface, camera, look or size
    first_drawn = Signal()  # the first head is on the screen
    wipe_grasped = Signal()  # the line between two heads is taken hold of
    wipe_asked = Signal(float)  # where it is to be, as a share of the width from the left
    problem = Signal(str)  # one sentence for the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: HeadModel | None = None
        self._surface: Surface | None = None
        self._look, self._camera = Look(), Camera()
        self._backing: Backdrop | None = None
        self._extras = NO_EXTRAS
        self._occasion = Occasion()
        self._loader = threading.Thread(target=load_kernels, name="kernels")
        self._shut = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._hand: Hand | None = None
        self._overlay = Overlay(self)
        self._readout = Chip(self)
        self._annotations = AnnotationView(self)
        self._wipe = WipeHandle(self)
        self._wipe.grasped.connect(self.wipe_grasped)
        self._wipe.asked.connect(self.wipe_asked)
        self._view: GLView | PictureView
        self._hover: Hover
        self._renderer: Renderer
        missing = why_no_opengl()
        if missing is None:
            self._use(GLView(self))
        else:
            self._use_processor(missing)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return max(self.width(), 1) / max(self.height(), 1)

    @property
    def drawing_seconds(self) -> float:
        """What the processor needed for the last frame, without rasterizing on a GPU and presenting."""
        return self._view.drawing_seconds

    @property
    def physical_size(self) -> tuple[int, int]:
        """Width and height in the screen's own pixels."""
        return self._view.physical_size

    @property
    def view(self) -> QWidget:
        """The widget that is drawn into and takes the pointer."""
        return self._view.widget

    @property
    def lowest_cover(self) -> QWidget:
        """The lowest of the widgets that lie over the view."""
        return self._overlay

    @property
    def told(self) -> str:
        """What the chip beside the pointer says; empty while it is hidden."""
        return self._readout.told or self._hover.text

    @property
    def landmark_told(self) -> str:
        """What the chip beside the pointer says of the landmark there; empty where there is none."""
        return self._hover.landmark_text

    @property
    def overlay(self) -> tuple[Shape, ...]:
        """What is drawn over the head."""
        return self._overlay.shapes

    @property
    def extras(self) -> Extras:
        """What is drawn beside the head."""
        return self._extras

    @property
    def annotations(self) -> tuple[Mark, ...]:
        """Lines, words and scales over the head."""
        return self._annotations.marks

    @property
    def renderer(self) -> Renderer:
        """Draws shots for jobs, from any thread, while the canvas lives."""
        return self._renderer

    @property
    def uses_opengl(self) -> bool:
        """Whether the head is drawn by OpenGL."""
        return isinstance(self._view, GLView)

    def set_model(self, model: HeadModel) -> None:
        """Draw heads of ``model`` from now on; nothing is seen before its first surface."""
        self.model, self._surface, self._extras = model, None, NO_EXTRAS
        self._annotate()
        self._changed()
        try:
            self._view.set_model(model)
        except StudioError as error:
            self.problem.emit(str(error))

    def set_surface(self, surface: Surface) -> None:
        """Draw ``surface``, one of the model's."""
        self._surface = surface
        self._view.set_surface(surface)
        self._changed()

    def set_occasion(self, occasion: Occasion) -> None:
        """What a caption says of the head."""
        self._occasion = occasion
        self._view.set_occasion(occasion)

    def set_extras(self, extras: Extras) -> None:
        """Draw what belongs to the head beside it; heads in it are of the model."""
        drawn = extras.is_drawn or self._extras.is_drawn
        self._extras = extras
        if drawn:  # else every frame would be drawn twice
            self._view.set_extras(extras)
        self._annotate()
        self._hover.refresh()

    def set_look(self, look: Look) -> None:
        """Draw in another way; a picture that cannot be shown is told once."""
        before, self._look = self._look, look
        for now, then in zip(_pictures(look), _pictures(before), strict=True):
            fault = media_fault(now) if now != then else ""
            if fault:
                self.problem.emit(fault)
        self._view.set_look(self._shown_look())
        self._changed()

    def set_backing(self, backing: Backdrop | None) -> None:
        """Draw ``backing`` behind the head on the screen alone, or the look's own backdrop again."""
        if backing == self._backing:
            return
        self._backing = backing
        self._view.set_look(self._shown_look())

    def _shown_look(self) -> Look:
        return self._look if self._backing is None else self._look.replace(backdrop=self._backing)

    def set_camera(self, camera: Camera) -> None:
        """Draw from elsewhere."""
        self._camera = camera
        self._view.set_camera(camera)
        self._annotate()
        self._changed()

    def set_playing(self, playing: bool) -> None:
        """Draw for speed while time runs, and finely when it rests."""
        if isinstance(self._view, GLView):
            self._view.set_playing(playing)

    def set_hand(self, hand: Hand) -> None:
        """Tell ``hand`` what the pointer does."""
        self._hand = hand

    def set_telling(self, telling: bool) -> None:
        """Tell beside the pointer what is under it, or be quiet."""
        self._hover.set_telling(telling)

    def set_overlay(self, shapes: tuple[Shape, ...]) -> None:
        """Draw ``shapes`` over the head, in logical pixels of the view."""
        self._overlay.show_shapes(shapes)

    def set_cursor(self, shape: Qt.CursorShape) -> None:
        """Show the pointer over the head as ``shape``."""
        self._view.widget.setCursor(shape)

    def set_readout(self, text: str, place: tuple[float, float] = (0.0, 0.0)) -> None:
        """Tell ``text`` beside ``place``, in logical pixels of the view; an empty text hides it."""
        self._hover.hush(bool(text))
        pointer = QPoint(round(place[0]), round(place[1]))
        self._readout.tell(text, self._view.widget.mapTo(self, pointer))

    def shot(
        self, size: tuple[int, int] | None = None, samples: int = 4, transparent: bool = False
    ) -> Shot | None:
        """What is on the screen as a shot, at its own size or another; None before the first surface."""
        if self.model is None or self._surface is None:
            return None
        wanted = size or self.physical_size
        return Shot(
            self.model,
            self._surface,
            self._look,
            self._camera,
            wanted,
            samples,
            transparent,
            self._extras,
            self._occasion,
        )

    def _annotate(self) -> None:
        """Show lines, words and scales where they are now; a unit is a logical pixel here."""
        size = (max(self.width(), 1), max(self.height(), 1))
        self._annotations.show_marks(annotations_of(self._extras, self._camera, size, 1.0))
        wiped = self._extras.wiped is not None
        if wiped:
            self._wipe.place(self._extras.comparison.wipe)
        self._wipe.setVisible(wiped)

    def logical_shot(self) -> Shot | None:
        """What is on the screen, in the pixels that the pointer's places are told in."""
        return self.shot((max(self.view.width(), 1), max(self.view.height(), 1)))

    def read(self) -> NDArray[np.uint8]:
        """What is on the screen, (H, W, 4) uint8 in the screen's own pixels."""
        return self._view.read()

    def shut_down(self) -> None:
        """Stop threads and let go of OpenGL; call it once, before the widget is deleted."""
        if self._shut:
            return
        self._shut = True
        if self._loader.ident is not None:
            self._loader.join()
        if isinstance(self._renderer, AsideRenderer):
            self._renderer.close()
        self._view.close()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep what lies over the head in its place."""
        super().resizeEvent(event)
        self._annotations.setGeometry(self.rect())
        self._overlay.setGeometry(self.rect())
        self._annotate()
        self.view_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """See, once shown, whether OpenGL came up."""
        super().showEvent(event)
        QTimer.singleShot(0, self._check)

    def _changed(self) -> None:
        self._hover.refresh()
        self.view_changed.emit()

    def _check(self) -> None:
        if isinstance(self._view, GLView) and self.isVisible() and not self._view.is_valid():
            self._fall_back("the widget got no context")

    def _use(self, view: GLView | PictureView) -> None:
        self._view = view
        if isinstance(view, GLView):
            self._renderer = AsideRenderer(WindowRenderer(view.canvas, self), lambda: view.is_software, self)
            view.failed.connect(self._fall_back)
            view.problem.connect(self.problem)
        else:
            from studio.render.cpu_renderer import CPURenderer

            self._renderer = CPURenderer()
            view.failed.connect(self.problem)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(view.widget)
        view.widget.lower()  # what lies over the canvas stays there
        view.first_drawn.connect(self._drawn)
        gestures = CanvasGestures(view.widget, lambda: self._camera, lambda: self._hand)
        gestures.proposed.connect(self.camera_changed)
        self._hover = Hover(view.widget, self, self.logical_shot)

    def _drawn(self) -> None:
        """Compile off the start path: the first picture did without."""
        if self._loader.ident is None and not self._shut:
            self.first_drawn.emit()
            self._loader.start()

    def _fall_back(self, reason: str) -> None:
        """Give up an OpenGL view that was promised a context and does not draw."""
        failed = self._view
        assert isinstance(failed, GLView)
        if isinstance(self._renderer, AsideRenderer):
            self._renderer.close()
        self._use_processor(reason)
        QTimer.singleShot(0, lambda: self._remove(failed))

    def _remove(self, failed: GLView) -> None:
        failed.close()
        failed.widget.setParent(None)
        failed.widget.deleteLater()
        window = self.window()
        if not self._shut and window.isVisible():
            _renew(window)

    def _use_processor(self, reason: str) -> None:
        from studio.canvas.picture_view import PictureView

        self._use(PictureView(self))
        self._tell_everything()
        text = NO_OPENGL.format(reason=reason)
        QTimer.singleShot(0, lambda: self.problem.emit(text))

    def _tell_everything(self) -> None:
        self._view.set_look(self._shown_look())
        self._view.set_camera(self._camera)
        self._view.set_occasion(self._occasion)
        surface, extras = self._surface, self._extras
        if self.model is not None:
            self.set_model(self.model)
        if surface is not None:
            self.set_surface(surface)
            self.set_extras(extras)


def _pictures(look: Look) -> tuple[Media, Media]:
    """The files of pictures that are seen; others are empty."""
    backdrop, finish = look.backdrop, look.finish
    matcap = look.mode == "matcap" and finish.matcap == "picture"
    return (
        backdrop.picture if backdrop.kind == "picture" else Media(),
        finish.matcap_picture if matcap else Media(),
    )


def _renew(window: QWidget) -> None:
    """Give ``window`` another native one: the old one goes on being put on the screen by OpenGL."""
    state = window.windowState()
    window.destroy()
    window.create()
    window.setWindowState(state)
    window.windowHandle().setVisible(True)
    window.update()
