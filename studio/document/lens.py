"""The lens of the camera as steps to undo; where the camera stands is none, and stays where it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.document.camera import Camera
from studio.document.commands import Command
from studio.document.document import Document


@dataclass(frozen=True)
class LensCommand(Command):
    """Sets field of view and projection alone: turns of the camera in between are not taken back."""

    def apply(self, document: Document) -> None:
        """Do it, or do it again."""
        document.set(camera=_through_lens_of(document.camera, self.new["camera"]))

    def revert(self, document: Document) -> None:
        """Take it back."""
        document.set(camera=_through_lens_of(document.camera, self.old["camera"]))


def set_field_of_view(document: Document, radians: float, gesture: int | None = None) -> Command:
    """Another field of view; the head keeps its size in the picture."""
    return _set_lens(document, "Field of view", with_field_of_view(document.camera, radians), gesture)


def set_orthographic(document: Document, orthographic: bool) -> Command:
    """Parallel projection, or perspective."""
    name = "Orthographic" if orthographic else "Perspective"
    return _set_lens(document, name, document.camera.replace(orthographic=orthographic))


def with_field_of_view(camera: Camera, radians: float) -> Camera:
    """``camera`` with another field of view, moved so that the target keeps its size in the picture."""
    height = camera.distance * math.tan(camera.field_of_view / 2.0)
    return camera.replace(field_of_view=radians, distance=height / math.tan(radians / 2.0))


def _set_lens(document: Document, name: str, camera: Camera, gesture: int | None = None) -> Command:
    return LensCommand(name, document.read(("camera",)), {"camera": camera}, gesture)


def _through_lens_of(camera: Camera, other: Camera) -> Camera:
    if camera.field_of_view != other.field_of_view:
        camera = with_field_of_view(camera, other.field_of_view)
    return camera.replace(orthographic=other.orthographic)
