"""The camera of a photo, in plain numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from studio.document.camera import Camera

Projection = Literal["perspective", "orthographic"]
PROJECTIONS: tuple[Projection, ...] = get_args(Projection)
FILM_DIAGONAL = math.hypot(36.0, 24.0)  # mm, for which focal lengths "as for 35 mm film" are told


@dataclass(frozen=True)
class PhotoCamera:
    """Where the head stands before the camera of a photo, and how it falls onto the photo.

    The camera is upright and looks along -Z of the head's own axes (+X to the right of the photo, +Y up), so
    that a turned head is turned by its root. A point X of the head (metres) is at P = X + ``place`` and falls
    on, in pixels from the top left corner of the top left pixel, whose centre is at (0.5, 0.5),

    - "perspective": ``(cx + focal * P.x / d, cy - focal * P.y / d)`` with the depth d = -P.z, metres;
    - "orthographic": ``(cx + scale * P.x, cy - scale * P.y)``, the published codes' scaled orthography.
    """

    width: int = 0  # pixels of the photo; 0: there is no camera
    height: int = 0
    projection: Projection = "perspective"
    focal: float = 0.0  # pixels; of the perspective
    scale: float = 0.0  # pixels a metre; of the orthography
    cx: float = 0.0  # pixels
    cy: float = 0.0
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)  # metres

    def __bool__(self) -> bool:
        """Whether there is a camera."""
        return self.width > 0 and self.height > 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    def replace(self, **changes: object) -> PhotoCamera:
        """The same camera with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def cropped(self, left: float, top: float, factor: float, width: int, height: int) -> PhotoCamera:
        """The camera of a part of the photo from (``left``, ``top``), taken ``factor`` times as large.

        Args:
            left: pixels of the photo; may be outside of it.
            top: likewise.
            factor: pixels of the part for one of the photo.
            width: of the part, in its own pixels.
            height: likewise.

        """
        return self.replace(
            width=width,
            height=height,
            focal=self.focal * factor,
            scale=self.scale * factor,
            cx=(self.cx - left) * factor,
            cy=(self.cy - top) * factor,
        )

    def orbit(self, aspect: float, target_depth: float | None = None) -> Camera:
        """The studio's own camera that shows the head as the photo does, where that is fitted into a picture.

        Exact where the photo's middle is the camera's principal point.

        Args:
            aspect: width over height of the picture into which the whole photo is fitted.
            target_depth: how far before the camera its target is, metres; None: at the head.

        """
        across = max(1.0, self.width / (self.height * aspect))  # a wide photo leaves room above and below
        x, y, z = (-part for part in self.place)
        if self.projection == "orthographic":
            distance, field = 1.0, 2.0 * math.atan(0.5 * self.height * across / self.scale)
            return Camera((x, y, 0.0), distance, 0.0, 0.0, field, orthographic=True)
        distance = z if target_depth is None else target_depth
        field = 2.0 * math.atan(0.5 * self.height * across / self.focal)
        return Camera((x, y, z - distance), distance, 0.0, 0.0, field)


def likely_focal(width: int, height: int) -> float:
    """The focal length (pixels) of a photo of which nothing is known: a lens of 50 mm on full frame."""
    return 50.0 / 36.0 * max(width, height)


def focal_of_lens(lens: float, width: int, height: int) -> float:
    """The focal length (pixels) of a photo taken with ``lens`` (mm, as for 35 mm film)."""
    return lens / FILM_DIAGONAL * math.hypot(width, height)


def lens_of_focal(focal: float, width: int, height: int) -> float:
    """The lens (mm, as for 35 mm film) that gives a photo the focal length ``focal`` (pixels)."""
    return focal * FILM_DIAGONAL / math.hypot(width, height)
