"""The parts of a head that a hand can take hold of, by what carries their skin."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.model import HeadModel

Part = Literal["head", "neck", "jaw", "left_eye", "right_eye"]
PARTS: tuple[Part, ...] = get_args(Part)
PART_TITLES: dict[Part, str] = {
    "head": "Head",
    "neck": "Neck",
    "jaw": "Jaw",
    "left_eye": "Left eye",
    "right_eye": "Right eye",
}

SHARE = 0.35  # of the weight from which the root (below the neck) or the jaw has it in hand
EYE_SHARE = 0.5  # eyeballs are rigid


def part_indices(weights: NDArray) -> NDArray[np.int8]:
    """The parts (N,) of skin with joint ``weights`` (N, 5), by their places in ``PARTS``."""
    parts = np.zeros(len(weights), np.int8)
    parts[weights[:, 0] >= SHARE] = PARTS.index("neck")
    parts[weights[:, 2] >= SHARE] = PARTS.index("jaw")
    parts[weights[:, 3] >= EYE_SHARE] = PARTS.index("left_eye")
    parts[weights[:, 4] >= EYE_SHARE] = PARTS.index("right_eye")
    return parts


def part_of_point(model: HeadModel, face: int, weights: ArrayLike) -> Part:
    """The part that a point of ``face`` with the corner ``weights`` (3,) belongs to."""
    skin = np.asarray(weights) @ model.lbs_weights[model.faces[face]]
    return PARTS[int(part_indices(skin[None])[0])]
