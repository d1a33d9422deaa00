"""Faces of one head on another, by the units that both know."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.controls.unit_space import POSE_WIDTH, UnitSpace, values_in

Array = NDArray[np.float64]


def transferred(faces: Array, old: UnitSpace, new: UnitSpace) -> Array:
    """``faces`` (T, N) in the numbers of ``old`` as faces (T, N') in those of ``new``.

    Both spaces have the same units, in the same order. What the units say is said by those of ``new``; of
    what they cannot say the pose of jaw, eyes and eyelids is kept, and the rest of the expression is not.

    Raises:
        ValueError: the units differ.

    """
    if old.names != new.names:
        raise ValueError("Faces can only be carried over between spaces of the same units.")
    count = new.expression_count
    carried = np.zeros((len(faces), count + POSE_WIDTH))
    carried[:, count:] = faces[:, old.expression_count :]
    moved = faces.any(axis=1)
    if not moved.any():
        return carried
    values = np.stack([values_in(old, face) for face in faces[moved]])
    carried[moved] += values @ new.directions.T
    carried[np.ix_(moved, np.arange(count, count + POSE_WIDTH))] -= (
        values @ old.directions[old.expression_count :].T
    )
    return carried
