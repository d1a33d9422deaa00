"""The open head as the one that gives its face units to other models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.controls.arkit import JAW_OPEN, JAW_OPEN_ANGLE
from studio.flame.model import HeadModel, IndexArray
from studio.flame.neutral import Rest, rest
from studio.flame.open_head import load_open_head
from studio.flame.rotations import to_matrices

Array = NDArray[np.float64]

JAW = 2  # joint


@dataclass(frozen=True, eq=False)
class Donor:
    """The neutral open head of V vertices, and how each of its U units moves it."""

    rest: Rest
    faces: IndexArray  # (F, 3)
    regions: Mapping[str, IndexArray]
    names: tuple[str, ...]  # U
    moved: NDArray[np.float32]  # (V, 3, U) metres, at a unit of 1


@cache
def donor() -> Donor:
    """The open head's expression units and its open jaw; gaze is a pose of the eyes on every model.

    Raises:
        StudioError: the open head cannot be read.

    """
    head = load_open_head()
    opened = jaw_displacement(head, (JAW_OPEN_ANGLE, 0.0, 0.0)).astype(np.float32)
    moved = np.concatenate([head.expressiondirs, opened[:, :, None]], axis=2)
    return Donor(rest(head), head.faces, head.regions, (*head.expression_names, JAW_OPEN), moved)


def jaw_displacement(model: HeadModel, jaw_pose: ArrayLike) -> Array:
    """How ``jaw_pose`` (3,) radians moves the neutral vertices (V, 3), in metres.

    The forward pass of a head in which nothing else is posed: pose correctives, then skinning about the
    jaw's joint.
    """
    turn = to_matrices(jaw_pose) - np.eye(3)
    start = 9 * (JAW - 1)
    corrected = model.posedirs[:, :, start : start + 9].astype(np.float64) @ turn.reshape(9)
    pivot = model.j_regressor[JAW].astype(np.float64) @ model.v_template
    arms = model.v_template + corrected - pivot
    return np.asarray(corrected + model.lbs_weights[:, JAW, None] * (arms @ turn.T))
