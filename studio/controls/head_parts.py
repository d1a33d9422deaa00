"""The parts of a head that a hand can take hold of, by what carries their skin."""

from __future__ import annotations

from typing import Literal, get_args
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

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

SHARE = 0.35  # of a vertex's weight from which the root (below the neck) or the jaw has it in hand
EYE_SHARE = 0.5  # eyeballs are rigid

_known: WeakKeyDictionary[HeadModel, NDArray[np.int8]] = WeakKeyDictionary()


def parts_of(model: HeadModel) -> NDArray[np.int8]:
    """The part (V,) that each vertex belongs to: its place in ``PARTS``."""
    if model not in _known:
        weights = model.lbs_weights
        parts = np.zeros(model.vertex_count, np.int8)
        parts[weights[:, 0] >= SHARE] = PARTS.index("neck")
        parts[weights[:, 2] >= SHARE] = PARTS.index("jaw")
        parts[weights[:, 3] >= EYE_SHARE] = PARTS.index("left_eye")
        parts[weights[:, 4] >= EYE_SHARE] = PARTS.index("right_eye")
        parts.setflags(write=False)
        _known[model] = parts
    return _known[model]


def face_parts(model: HeadModel) -> NDArray[np.int8]:
    """The part (F,) that each face belongs to: that of two of its corners, else of the first."""
    first, second, third = parts_of(model)[model.faces].T
    return np.where(second == third, second, first)
