"""How ghosts of neighbouring frames look: tints, rims and dashes, the same on GPU and processor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Onion
from studio.render.extras import Ghost
from studio.render.shading import smoothstep

Array = NDArray[np.float32]

PAST_COLOUR, FUTURE_COLOUR = (1.0, 0.60, 0.28), (0.36, 0.70, 1.0)  # sRGB
FILL = 0.05  # of the strength, where a ghost is seen from the front
RIM_START, RIM_END = 0.50, 0.95  # of 1 - n·v between which the rim comes in
DASH = 0.014  # length of a dash and its gap, of the picture's height
GAP = 0.30  # strength in the gaps of a dashed ghost
FADE = 0.72  # strength of each further ghost beside the one before


def ghost_strength(ghost: Ghost, onion: Onion) -> float:
    """How strongly ``ghost`` is drawn, 0..1; the farther in time, the fainter."""
    steps = max(abs(ghost.offset) // max(onion.step, 1), 1)
    return min(max(onion.strength, 0.0), 1.0) * FADE ** (steps - 1)


def ghost_colour(ghost: Ghost) -> tuple[float, float, float]:
    """Warm before the time cursor, cool after it."""
    return PAST_COLOUR if ghost.offset < 0 else FUTURE_COLOUR


def ghost_cover(facing: Array, places: NDArray[np.float64], height: int, dashed: bool) -> NDArray:
    """Opacity (N,), 0..1, of the samples of a ghost at full strength.

    Args:
        facing: (N,) |n·v|, 1 where the surface faces the eye.
        places: (N,) x + y of the samples from the picture's lower left corner.
        height: of the picture, in samples.
        dashed: whether the rim has gaps.
    """
    cover = FILL + (1.0 - FILL) * smoothstep(RIM_START, RIM_END, 1.0 - facing)
    if dashed:
        wave = np.abs(2.0 * np.mod(places / (DASH * height), 1.0) - 1.0)
        cover = cover * (GAP + (1.0 - GAP) * smoothstep(0.4, 0.6, wave))
    return np.asarray(cover)
