"""A picture of an iris, for the eyes of heads without a texture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.colours import to_srgb
from studio.render.shading import mix, smoothstep

REACH = 0.56  # radii of the eyeball from the pupil to the picture's border
PUPIL, IRIS, LIMBUS = 0.15, 0.39, 0.455  # radii of the eyeball
PUPIL_COLOUR = (0.012, 0.010, 0.010)  # linear
IRIS_COLOUR = (0.105, 0.165, 0.215)
LIMBUS_COLOUR = (0.035, 0.050, 0.065)


def iris_image(side: int = 256) -> NDArray[np.uint8]:
    """Pupil and iris (side, side, 3) sRGB, on white."""
    steps = (np.arange(side) + 0.5) / side * 2.0 - 1.0
    r = np.hypot(steps[:, None], steps[None, :])[..., None] * REACH
    iris = np.array(IRIS_COLOUR) * (0.6 + 1.2 * r)
    colours = mix(np.array(PUPIL_COLOUR), iris, smoothstep(PUPIL - 0.02, PUPIL + 0.02, r))
    colours = mix(colours, np.array(LIMBUS_COLOUR), smoothstep(IRIS - 0.06, IRIS + 0.02, r))
    colours = mix(colours, np.ones(3), smoothstep(IRIS + 0.01, LIMBUS + 0.02, r))
    return np.rint(to_srgb(colours) * 255.0).astype(np.uint8)
