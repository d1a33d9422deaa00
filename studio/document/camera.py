"""Where the picture is taken from, as an immutable value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

ELEVATION_LIMIT = math.radians(89.0)  # beyond it the head would turn over
CLOSEST, FARTHEST = 0.02, 50.0  # metres between eye and target
FIELDS_OF_VIEW = (math.radians(1.0), math.radians(160.0))  # the narrowest and the widest


@dataclass(frozen=True)
class Camera:
    """An orbiting camera.

    It looks at ``target`` from ``distance`` metres away, turned by ``azimuth`` about +Y (0 in front
    of the face on +Z, positive towards the subject's left, +X) and raised by ``elevation``
    (positive from above). ``field_of_view`` is vertical. With ``orthographic`` the picture is
    as high as the perspective one would be at the target.
    """

    target: tuple[float, float, float] = (0.0, 0.0, 0.0)  # metres
    distance: float = 1.0  # metres
    azimuth: float = 0.0  # radians
    elevation: float = 0.0  # radians
    field_of_view: float = 0.35  # radians
    orthographic: bool = False

    def replace(self, **changes: object) -> Camera:
        """The same camera with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
