"""Changes of the photo, its points, face, mask and showing, as commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from studio.document.commands import Command, change
from studio.document.document import Document
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.photo_points import Points
from studio.document.reference import Reference, Showing

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels of the upright photo


@dataclass(frozen=True)
class FaceSeen:
    """A face on the photo, and the points that are known of it."""

    box: Box
    points: Points = ()
    points_from: str = ""  # what found them


_SHOWING_NAMES: dict[Showing, str] = {
    "off": "Hide the photo",
    "behind": "Photo behind the head",
    "over": "Head over the photo",
    "wipe": "Photo beside the head",
    "difference": "Difference from the photo",
}


def set_reference(document: Document, name: str, gesture: int | None = None, **changes: object) -> Command:
    """Change the photo or how it is shown."""
    return change(document, name, gesture, reference=document.reference.replace(**changes))


def use_photo(
    document: Document, picture: Media, source: Path | None = None, face: FaceSeen | None = None
) -> Command:
    """Take ``picture``, of the file ``source``, as the photo, and fit ``face`` on it.

    What was known of the one before goes; how it is shown stays.
    """
    before = document.reference
    showing = "behind" if before.showing == "off" else before.showing
    kept = Reference(
        picture,
        points=face.points if face else (),
        points_from=face.points_from if face else "",
        box=face.box if face else (),
        recipe=before.recipe,
        recipe_text=before.recipe_text,
        held=before.held,
        showing=showing,
        opacity=before.opacity,
        wipe=before.wipe,
    )
    command = change(document, f"Open photo {picture.name}", reference=kept)
    return replace(command, source=source)


def remove_photo(document: Document) -> Command:
    """Have no photo any more; the recipe stays."""
    before = document.reference
    kept = Reference(recipe=before.recipe, recipe_text=before.recipe_text, held=before.held)
    return change(document, "Remove the photo", reference=kept)


def show_photo(document: Document, showing: Showing) -> Command:
    """Show the photo in another way."""
    return set_reference(document, _SHOWING_NAMES[showing], showing=showing)


def choose_face(document: Document, face: FaceSeen) -> Command:
    """Fit ``face``, with the points that are known of it; a face fitted before is another one."""
    return set_reference(
        document,
        "Choose a face",
        box=face.box,
        points=face.points,
        points_from=face.points_from,
        camera=PhotoCamera(),
    )


def set_points(
    document: Document, name: str, points: Points, points_from: str = "hand", gesture: int | None = None
) -> Command:
    """Put the points elsewhere; ``points_from`` says what put them there."""
    return set_reference(document, name, gesture, points=points, points_from=points_from)


def set_mask(document: Document, name: str, mask: Media) -> Command:
    """Take another mask, or none."""
    return set_reference(document, name, mask=mask)
