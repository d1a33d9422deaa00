"""Where single points of the surface go as the joints turn: skinning of a few points, exact and quick."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import to_matrices
from studio.flame.skeleton import rest_joints

Array = NDArray[np.float64]


class CarriedPoints:
    """Points of the surface of one shape and expression, for any pose.

    FLAME's blend skinning (Li et al. 2017, equations 1 to 5) of N points that lie on faces.
    """

    def __init__(self, model: HeadModel, params: Params, corners: ArrayLike, weights: ArrayLike) -> None:
        """Take the points ``weights`` (N, 3) of the way between the vertices ``corners`` (N, 3)."""
        rows = np.asarray(corners, np.int64).reshape(-1, 3)
        self._parents = model.parents
        self._weights = np.asarray(weights, np.float64).reshape(-1, 3)
        self._rest = _unposed(model, params, rows)  # (N, 3 corners, 3)
        self._posedirs = model.posedirs[rows].astype(np.float64)  # (N, 3 corners, 3, 36)
        self._skin = model.lbs_weights[rows].astype(np.float64)  # (N, 3 corners, 5)
        self.joints = rest_joints(model, params)

    def at(self, params: Params) -> Array:
        """Where the points (N, 3) are in the pose of ``params``, metres."""
        turns = to_matrices(params.pose.reshape(-1, 3))
        features = (turns[1:] - np.eye(3)).reshape(-1)
        shaped = self._rest + self._posedirs @ features
        frames, places = joint_frames(turns, self.joints, self._parents)
        moved = shaped[:, :, None] - self.joints  # (N, 3 corners, 5, 3)
        moved = np.einsum("jab,ncjb->ncja", frames, moved) + places
        corners = np.einsum("ncj,ncja->nca", self._skin, moved)
        return np.einsum("nc,nca->na", self._weights, corners) + params.translation.astype(np.float64)


def joint_frames(turns: Array, joints: Array, parents: tuple[int, ...]) -> tuple[Array, Array]:
    """World rotations (5, 3, 3) and places (5, 3), without the translation, of posed joints.

    Args:
        turns: (5, 3, 3) each joint's own rotation.
        joints: (5, 3) where they are before the pose.
        parents: of each joint; -1 for the root.

    """
    frames, places = np.empty_like(turns), np.empty_like(joints)
    for joint, parent in enumerate(parents):
        if parent < 0:
            frames[joint], places[joint] = turns[joint], joints[joint]
        else:
            frames[joint] = frames[parent] @ turns[joint]
            places[joint] = places[parent] + frames[parent] @ (joints[joint] - joints[parent])
    return frames, places


def world_turns(params: Params, parents: tuple[int, ...]) -> Array:
    """World rotations (5, 3, 3) of the joints of ``params``: each with those of its parents before it."""
    frames, _ = joint_frames(to_matrices(params.pose.reshape(-1, 3)), np.zeros((5, 3)), parents)
    return frames


def _unposed(model: HeadModel, params: Params, rows: NDArray[np.int64]) -> Array:
    """The vertices ``rows`` (..., 3) with shape, expression, eyelids and offsets, without a pose."""
    points = model.v_template[rows].astype(np.float64)
    for basis, values in ((model.shapedirs, params.shape), (model.expressiondirs, params.expr)):
        active = np.flatnonzero(values[: basis.shape[2]])
        if active.size:
            points += basis[rows][..., active] @ values[active].astype(np.float64)
    if model.eyelids is not None and params.eyelids.any():
        points += model.eyelids[rows] @ params.eyelids.astype(np.float64)
    if params.vertex_offset is not None:
        points += params.vertex_offset[rows]
    return np.asarray(points)
