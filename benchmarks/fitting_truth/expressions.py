"""Random faces of the open head's units."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel

NEVER = ("tongueOut", "mouthClose", "jawForward", "jawLeft", "jawRight")


def draw_units(model: HeadModel, rng: np.random.Generator) -> NDArray[np.float64]:
    """Coefficients (E,) of two to five units or pairs of units, 0.15 to 0.9, both sides nearly alike."""
    names = [name for name in model.expression_names if name not in NEVER]
    stems = sorted({name.removesuffix("Left").removesuffix("Right") for name in names})
    values = np.zeros(model.expression_count)
    for stem in rng.choice(stems, rng.integers(2, 6), replace=False):
        strength = rng.uniform(0.15, 0.9)
        for index, name in enumerate(model.expression_names):
            if name in (stem, f"{stem}Left", f"{stem}Right"):
                values[index] = np.clip(strength * rng.normal(1.0, 0.15), 0.0, 1.0)
    return values
