"""The whole picture: the head, another one beside it behind a line, and ghosts of neighbouring frames."""

from __future__ import annotations

from contextlib import suppress

from vispy import gloo

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.look import Look
from studio.document.occasion import Occasion
from studio.flame.model import HeadModel
from studio.render.camera import Bounds, Window, projection_matrix, view_matrix
from studio.render.caption_visual import CaptionVisual
from studio.render.captions import words_of
from studio.render.extras import NO_EXTRAS, Extras
from studio.render.ghost_visual import GhostVisual
from studio.render.ghosts import ghost_colour, ghost_strength
from studio.render.scene import HeadScene
from studio.storage.errors import StudioError


class PictureScene:
    """Told piece by piece what a picture shows; used as a :class:`studio.render.scene.HeadScene` is.

    The other head has a scene of its own, made when it is first seen, so that it is drawn in every
    way that the first one is.
    """

    def __init__(self) -> None:
        self._first = HeadScene()
        self._second: HeadScene | None = None
        self._ghost: GhostVisual | None = None
        self._model: HeadModel | None = None
        self._caption: CaptionVisual | None = None
        self._look, self._camera, self._occasion = Look(), Camera(), Occasion()
        self._extras = NO_EXTRAS

    @property
    def bounds(self) -> Bounds:
        """The sphere around the head."""
        return self._first.bounds

    @property
    def fault(self) -> StudioError | None:
        """Why the texture in use is not shown."""
        return self._first.fault

    @property
    def is_settled(self) -> bool:
        """Whether shadows are those of what is drawn; else a draw with ``settle`` brings them up to date."""
        second = self._second if self._extras.wiped is not None else None
        return self._first.is_settled and (second is None or second.is_settled)

    def refresh_shadows(self) -> None:
        """Look anew at what hollows and shadows there are: more has been found out about the model."""
        self._first.refresh_shadows()
        if self._second is not None:
            self._second.refresh_shadows()

    def set_model(self, model: HeadModel) -> None:
        """Draw heads of ``model`` from now on; nothing is seen before its first surface.

        Raises:
            StudioError: the model's texture cannot be read; the model is drawn without it.
        """
        if model is not self._model:
            self._model = model
            self.set_extras(NO_EXTRAS)
        self._first.set_model(model)

    def set_surface(self, surface: Surface) -> None:
        """Draw ``surface``, one of the model's."""
        self._first.set_surface(surface)

    def set_look(self, look: Look) -> None:
        """Draw in another way.

        Raises:
            StudioError: the texture cannot be read; the model is drawn without it.
        """
        self._look = look
        self._first.set_look(look)

    def set_camera(self, camera: Camera) -> None:
        """Draw from elsewhere."""
        self._camera = camera
        self._first.set_camera(camera)

    def set_occasion(self, occasion: Occasion) -> None:
        """What a caption says of the head."""
        self._occasion = occasion

    def set_extras(self, extras: Extras) -> None:
        """Draw what belongs to the head beside it."""
        self._extras = extras
        self._first.set_heat(extras.heat, extras.comparison)

    def draw(
        self,
        size: tuple[int, int],
        window: Window | None = None,
        pixel: int = 1,
        transparent: bool = False,
        fine: bool = True,
        settle: bool = True,
        checkered: bool = False,
    ) -> None:
        """Draw into the current framebuffer; see :meth:`studio.render.scene.HeadScene.draw`."""
        part = window or Window(0, 0, *size)
        other, edge = self._extras.wiped, part.width
        if other is not None:
            edge = min(max(self._extras.edge(size[0]) - part.x, 0), part.width)
        try:
            if edge > 0:
                gloo.set_state(scissor_test=edge < part.width)
                gloo.set_scissor(0, 0, edge, part.height)
                self._first.draw(size, window, pixel, transparent, fine, settle, checkered)
                self._draw_ghosts(size, part)
            if other is not None and edge < part.width:
                gloo.set_state(scissor_test=True)
                gloo.set_scissor(edge, 0, part.width - edge, part.height)
                self._prepared(other).draw(size, window, pixel, transparent, fine, settle, checkered)
        finally:
            gloo.set_state(scissor_test=False)
        self._write_caption(size, part, pixel)

    def _prepared(self, other: Surface) -> HeadScene:
        """The scene of the other head; a texture that cannot be read was told for the first one."""
        if self._second is None:
            self._second = HeadScene()
        scene = self._second
        with suppress(StudioError):
            scene.set_look(self._look)
        if self._model is not None:
            with suppress(StudioError):
                scene.set_model(self._model)
        scene.set_surface(other)
        scene.set_camera(self._camera)
        return scene

    def _write_caption(self, size: tuple[int, int], part: Window, pixel: int) -> None:
        name = self._model.name if self._model is not None else ""
        words = words_of(self._look.caption, self._occasion, name, (size[0] // pixel, size[1] // pixel))
        if words is None:
            return
        if self._caption is None:
            self._caption = CaptionVisual()
        self._caption.set_words(words, part, pixel)
        self._caption.draw()

    def _draw_ghosts(self, size: tuple[int, int], part: Window) -> None:
        if not self._extras.ghosts or self._model is None:
            return
        if self._ghost is None:
            self._ghost = GhostVisual()
        visual, onion, view = self._ghost, self._look.onion, view_matrix(self._camera)
        origin = (part.x, size[1] - part.y - part.height)
        visual.set_picture(size[1], origin, not self._camera.orthographic)
        for index, ghost in enumerate(self._extras.ghosts):
            visual.set_surface(self._model, index, ghost.surface)
            visual.set_style(ghost_colour(ghost), ghost_strength(ghost, onion), ghost.offset > 0)
            bounds = Bounds.of(ghost.surface.vertices)
            visual.draw_over(view, projection_matrix(self._camera, size, bounds, part))
