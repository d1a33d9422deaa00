"""The photo that a head is fitted to, and what is known of it, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera

Showing = Literal["off", "behind", "over", "wipe", "difference"]
SHOWINGS: tuple[Showing, ...] = get_args(Showing)


@dataclass(frozen=True)
class PhotoPoint:
    """One landmark on a photo: where it is, how sure that is, and whether it is seen at all."""

    x: float  # pixels of the upright photo, from the top left corner
    y: float
    confidence: float = 1.0  # 0..1
    hidden: bool = False  # it is not used

    def replace(self, **changes: object) -> PhotoPoint:
        """The same point with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Reference:
    """A photo or film with its landmarks, mask and camera, and how it is shown with the head.

    Everything is in pixels of the photo as it is seen upright, after its EXIF orientation.
    """

    picture: Media = field(default_factory=Media)  # photo or film
    points: tuple[PhotoPoint, ...] = ()  # 68 in iBUG's order, or none
    points_from: str = ""  # where they came from: a file's name, a detector's, "hand"
    box: tuple[float, ...] = ()  # left, top, right, bottom of the chosen face, or nothing
    mask: Media = field(default_factory=Media)  # grey picture of the photo's size: white where skin is seen
    lens: float = 0.0  # mm of its focal length as for 35 mm film; 0: what the file tells, else estimated
    camera: PhotoCamera = field(default_factory=PhotoCamera)  # the fitted one
    recipe: str = (
        ""  # name of a shipped recipe, or of the user's own whose text follows; empty: the usual one
    )
    recipe_text: str = ""  # a recipe of the user's own, as its file has it
    held: str = ""  # variables of the recipe that do not move, divided by commas
    showing: Showing = "behind"
    opacity: float = 0.5  # of the head over the photo
    wipe: float = 0.5  # where photo and head meet, as a share of the width

    def __bool__(self) -> bool:
        """Whether there is a photo."""
        return bool(self.picture)

    def replace(self, **changes: object) -> Reference:
        """The same reference with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
