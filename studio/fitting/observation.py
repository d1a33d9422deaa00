"""What is known of one photo before a head is fitted to it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmark_sets import SetName

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels of the photo


@dataclass(frozen=True, eq=False)
class Landmarks2D:
    """Landmarks on a photo, in the order of one of the head's sets.

    Points that are not known have a confidence of 0; their places are NaN or anything.
    """

    points: NDArray[np.float64]  # (L, 2) x, y in pixels from the top left corner of the upright photo
    confidence: NDArray[np.float64]  # (L,) 0..1
    set_name: SetName = "68"

    def __post_init__(self) -> None:
        """Copy the arrays in, read-only.

        Raises:
            ValueError: their shapes do not fit together, or a point that counts is not finite.

        """
        points, confidence = np.array(self.points, np.float64), np.array(self.confidence, np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or confidence.shape != (len(points),):
            raise ValueError(
                f"Points are (L, 2) and confidences (L,), not {points.shape}, {confidence.shape}."
            )
        if not np.isfinite(points[confidence > 0.0]).all():
            raise ValueError("A landmark with confidence is not finite.")
        for name, array in (("points", points), ("confidence", confidence)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def known(self) -> NDArray[np.bool_]:
        """(L,) which points count."""
        return self.confidence > 0.0


@dataclass(frozen=True, eq=False)
class Observation:
    """One upright photo and what is known of it; all places in its pixels."""

    name: str
    pixels: NDArray  # (H, W, 3) sRGB, uint8, or float32 0..1
    landmarks: Landmarks2D | None = None
    mask: NDArray[np.float32] | None = None  # (H, W) 0..1: how sure it is that skin is seen
    box: Box | None = None  # around the face
    focal: float | None = None  # pixels, where it is known

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: the photo is not (H, W, 3), or the mask is of another size.

        """
        if self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise ValueError(f"A photo is (H, W, 3), not {self.pixels.shape}.")
        if self.mask is not None and self.mask.shape != self.pixels.shape[:2]:
            raise ValueError(f"The mask is {self.mask.shape} on a photo of {self.pixels.shape[:2]}.")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def replace(self, **changes: object) -> Observation:
        """The same observation with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
