"""Look and camera of the canvas: the document's, or those of what stands in for its head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.document.camera import Camera
from studio.document.look import Look

if TYPE_CHECKING:
    from studio.window import StudioWindow


class Seeing:
    """Tells the canvas of ``window`` how to draw and from where, each time that something else is to be seen.

    A hand that moves the camera moves the document's, also from where a preview had put it.
    """

    def __init__(self, window: StudioWindow) -> None:
        self._document, self._canvas = window.document, window.canvas
        self._look: Look | None = None
        self._camera: Camera | None = None
        self._document.changed.connect(self._on_changed)
        self._document.preview.changed.connect(self._show)
        self._show()

    def _on_changed(self, names: frozenset[str]) -> None:
        if names & {"look", "camera", "model"}:
            self._show()

    def _show(self) -> None:
        document = self._document
        model, preview = document.model, document.preview
        camera = preview.camera(model) or document.camera
        if camera is not self._camera:
            self._camera = camera
            self._canvas.set_camera(camera)
        look = preview.look(model) or document.look
        if look is not self._look:
            self._look = look
            self._canvas.set_look(look)
