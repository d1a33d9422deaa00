"""Where handles are on a head, and how they move with its parameters: exactly, and with few numbers.

A handle is a weighted mean of vertices, and a posed vertex is linear in the unposed one. So the vertices of
a handle can be summed up once, for each joint with its skinning weights: a soft region of a thousand
vertices then costs what a point costs. The formulas are those of SMPL (Loper et al. 2015, eq. 2-10) and
their derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.controls.handles import Handle
from studio.flame.joint_chain import JOINTS, joint_chain
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.skeleton import rest_joints, skeleton

Array = NDArray[np.float64]

LIDS = 2


class HandleMotion:
    """K handles on the head of ``params``, as some of its blends and of its pose components change."""

    def __init__(
        self,
        model: HeadModel,
        params: Params,
        handles: Sequence[Handle],
        blends: NDArray[np.intp],
        turns: NDArray[np.intp],
    ) -> None:
        """Sum up the handles.

        Args:
            model: the head model.
            params: the head from which changes are counted, in the sizes of ``model``.
            handles: K of them.
            blends: (B,) which of shape, expression and eyelids, in this order, change.
            turns: (N,) which of the 15 components of the pose change.
        """
        self._parents = model.parents
        self._pose = params.pose.astype(np.float64)
        self._turned = turns
        self._translation = params.translation.astype(np.float64)
        now = np.concatenate([params.shape, params.expr, params.eyelids]).astype(np.float64)
        found = skeleton(model)
        parts = (found.by_shape, found.by_expression, np.zeros((JOINTS, 3, LIDS)))
        self._joints = rest_joints(model, params).reshape(15)
        self._joints_by = np.concatenate(parts, axis=2)[:, :, blends].reshape(15, -1)
        self._carried = np.zeros((len(handles), JOINTS))
        self._arms = np.zeros((len(handles), 15))
        self._arms_by = np.zeros((len(handles), 15, len(blends)))
        self._corrected = np.zeros((len(handles), 15, 36))
        for place, handle in enumerate(handles):
            ids = np.array(handle.vertices)
            shares = (model.lbs_weights[ids].astype(np.float64) * np.array(handle.weights)[:, None]).T
            by_all = _summed(shares, _directions(model, ids))
            rest = model.v_template[ids].astype(np.float64)
            if params.vertex_offset is not None:
                rest = rest + params.vertex_offset[ids]
            self._carried[place] = shares.sum(axis=1)
            self._arms[place] = (shares @ rest).reshape(15) + by_all @ now
            self._arms_by[place] = by_all[:, blends]
            self._corrected[place] = _summed(shares, model.posedirs[ids])

    def at(self, change: Array) -> tuple[Array, Array]:
        """The handles (K, 3), metres, and their Jacobian (K, 3, B + N), after ``change`` (B + N,)."""
        blended, turned = np.split(change, [self._arms_by.shape[2]])
        pose = self._pose.copy()
        pose[self._turned] += turned
        joints = self._joints + self._joints_by @ blended
        chain = joint_chain(joints.reshape(JOINTS, 3), pose, self._turned, self._parents)
        arms = self._arms + self._arms_by @ blended + self._corrected @ chain.features
        carry = np.ascontiguousarray(chain.turns.transpose(1, 0, 2)).reshape(3, 15)
        shifts = np.tensordot(self._carried, chain.shifts, 1)  # (K, 3, 15)
        places = arms @ carry.T + shifts @ joints + self._translation
        by_blend = np.matmul(carry, self._arms_by) + shifts @ self._joints_by
        turning = chain.turns_by.transpose(1, 2, 0, 3).reshape(-1, 15)  # (3 N, 15)
        by_turn = (arms @ turning.T).reshape(len(arms), -1, 3)
        by_turn += (self._corrected @ chain.features_by.T).transpose(0, 2, 1) @ carry.T
        by_turn += np.tensordot(self._carried, chain.shifts_by, 1)
        return places, np.concatenate([by_blend, by_turn.transpose(0, 2, 1)], axis=2)


def _directions(model: HeadModel, ids: NDArray) -> NDArray[np.float32]:
    """How each blend moves the vertices ``ids`` (n, 3, S + E + 2)."""
    lids = np.zeros((len(ids), 3, LIDS), np.float32) if model.eyelids is None else model.eyelids[ids]
    return np.concatenate([model.shapedirs[ids], model.expressiondirs[ids], lids], axis=2)


def _summed(shares: Array, directions: NDArray[np.float32]) -> Array:
    """``directions`` (n, 3, C) of a handle's vertices, summed for each joint (15, C)."""
    flat = directions.reshape(len(directions), -1).astype(np.float64)
    return np.asarray(shares @ flat).reshape(15, -1)
