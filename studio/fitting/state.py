"""What a fit seeks for one photo: head, camera, light and appearance, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from studio.document.harmonics import CONSTANTS, COUNT
from studio.document.photo_camera import PhotoCamera
from studio.flame.params import Params

GREY = 0.35  # linear light of the skin of a head without a texture


def even_light() -> NDArray[np.float64]:
    """Light (9, 3) of which a white surface sends out 1 in every direction."""
    light = np.zeros((COUNT, 3))
    light[0] = 1.0 / CONSTANTS[0]
    return light


@dataclass(frozen=True, eq=False)
class FitState:
    """One head before one camera.

    ``light`` are spherical harmonics in the camera's upright axes, as :mod:`studio.document.harmonics` has
    them: the linear light of a pixel is albedo times their shading. The albedo is the texture model's with
    ``texture`` in sigma, in linear light, plus ``albedo_offset``.
    """

    params: Params  # its translation is 0 for a single photo: ``camera.place`` says where the head stands
    camera: PhotoCamera
    light: NDArray[np.float64] = field(default_factory=even_light)  # (9, 3)
    texture_key: str = ""  # of the texture model; empty: one albedo all over
    texture: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # (N,) coefficients
    albedo_offset: NDArray[np.float32] | None = None  # (R, R, 3) linear light, row 0 at v = 0
    vertex_offset: NDArray[np.float32] | None = None  # (V, 3) metres, of fits to scans

    def replace(self, **changes: object) -> FitState:
        """The same state with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
