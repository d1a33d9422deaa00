"""A head model laid out for fast blending, in NumPy: what both backends upload."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel

EYELIDS = 2
POSE_FEATURES = 36


@dataclass(frozen=True, eq=False)
class Assembly:
    """The arrays of one model, K = S + E + 2 + 36 blend components over V vertices.

    One contiguous row per component, so that blending reads memory in order and any run of
    components is a view.
    """

    shape_count: int  # S
    expression_count: int  # E
    parents: tuple[int, ...]
    template: NDArray[np.float32]  # (3V,)
    basis: NDArray[np.float32]  # (K, 3V): shape, expression, left and right eyelid, pose correctives
    joint_template: NDArray[np.float64]  # (15,) joints of the template
    joint_basis: NDArray[np.float64]  # (S + E + 2, 15) how each component moves the joints; eyelids do not
    regressor: NDArray[np.float64]  # (5, N) joints from the N vertices they depend on
    regressor_vertices: NDArray[np.int64]  # (N,)
    weights: NDArray[np.float32]  # (V, 5)
    landmark_vertices: NDArray[np.int64]  # (79, L, 3) per contour row; L is 68, or 0 without landmarks
    landmark_barycentric: NDArray[np.float32]  # (79, L, 3)

    @property
    def blend_count(self) -> int:
        """S + E + 2: the row where the pose correctives begin."""
        return self.shape_count + self.expression_count + EYELIDS

    def joints_moved_by(self, offset: NDArray[np.float32]) -> NDArray[np.float64]:
        """How vertex offsets (..., V, 3) move the joints (..., 15), metres."""
        moved = self.regressor @ offset[..., self.regressor_vertices, :].astype(np.float64)
        return moved.reshape(*offset.shape[:-2], 15)


def assemble(model: HeadModel) -> Assembly:
    """Lay ``model`` out for blending."""
    rows = 3 * model.vertex_count
    eyelids = np.zeros((model.vertex_count, 3, EYELIDS)) if model.eyelids is None else model.eyelids
    parts = (model.shapedirs, model.expressiondirs, eyelids, model.posedirs)
    basis = np.empty((sum(part.shape[2] for part in parts), rows), dtype=np.float32)
    start = 0
    for part in parts:
        stop = start + part.shape[2]
        basis[start:stop] = part.reshape(rows, -1).T
        start = stop
    used = np.flatnonzero(model.j_regressor.any(axis=0))
    regressor = model.j_regressor[:, used].astype(np.float64)
    joint_template, joint_basis = _regress_joints(model, regressor, used)
    landmark_vertices, landmark_barycentric = _landmark_tables(model)
    return Assembly(
        shape_count=model.shape_count,
        expression_count=model.expression_count,
        parents=tuple(model.parents),
        template=np.ascontiguousarray(model.v_template, dtype=np.float32).reshape(rows),
        basis=basis,
        joint_template=joint_template,
        joint_basis=joint_basis,
        regressor=regressor,
        regressor_vertices=used,
        weights=np.ascontiguousarray(model.lbs_weights, dtype=np.float32),
        landmark_vertices=landmark_vertices,
        landmark_barycentric=landmark_barycentric,
    )


def _regress_joints(
    model: HeadModel, regressor: NDArray[np.float64], used: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Joints of the template (15,) and of every blend component (S + E + 2, 15).

    The regressor is linear, so that J(T + S b) = J T + (J S) b: five points instead of V.
    """
    template = regressor @ model.v_template[used]
    blends = [
        np.tensordot(directions[used].astype(np.float64), regressor, axes=(0, 1))  # (3, N, 5)
        for directions in (model.shapedirs, model.expressiondirs)
    ]
    still = np.zeros((3, EYELIDS, 5))
    basis = np.concatenate([*blends, still], axis=1).transpose(1, 2, 0)
    return template.reshape(15), np.ascontiguousarray(basis).reshape(-1, 15)


def _landmark_tables(model: HeadModel) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Vertex ids and barycentric weights of the 68 landmarks for each contour row."""
    landmarks = model.landmarks
    if landmarks is None:
        return np.zeros((79, 0, 3), dtype=np.int64), np.zeros((79, 0, 3), dtype=np.float32)
    rows = len(landmarks.contour_corners)
    static_corners, static_weights = (
        np.broadcast_to(static, (rows, *static.shape))
        for static in (landmarks.static_corners, landmarks.static_barycentric)
    )
    corners = np.concatenate([landmarks.contour_corners, static_corners], axis=1)
    weights = np.concatenate([landmarks.contour_barycentric, static_weights], axis=1)
    return corners.astype(np.int64), np.ascontiguousarray(weights, dtype=np.float32)
