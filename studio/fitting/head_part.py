"""Some vertices of a head, posed, with exact derivatives by what moves them.

The surface is that of SMPL (Loper et al. 2015, eq. 2-10): blends move the vertices and the joints at rest,
the joints turn, and carry the vertices along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from studio.flame.joint_chain import JOINTS, JointChain, joint_chain
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.skeleton import rest_joints, skeleton

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Blends:
    """Which components move, as their numbers in the model."""

    shape: Indices
    expression: Indices
    eyelids: Indices

    @property
    def count(self) -> int:
        """B, of all three together, in this order."""
        return len(self.shape) + len(self.expression) + len(self.eyelids)


@dataclass(frozen=True, eq=False)
class PosedPart:
    """A part as posed, and what its derivatives need."""

    chain: JointChain
    unposed: NDArray  # (n, 3) with its blends and pose correctives
    turns: NDArray  # (n, 3, 3) the rotation that each vertex is carried by
    vertices: NDArray  # (n, 3) metres, without translation


class HeadPart:
    """n vertices of a head of which some components move and the others stay."""

    def __init__(
        self,
        model: HeadModel,
        params: Params,
        vertices: Indices | None,
        blends: Blends,
        turned: Indices,
        dtype: DTypeLike = np.float64,
    ) -> None:
        """Gather what the vertices need.

        Args:
            model: the head model.
            params: what does not move is as it is here.
            vertices: (n,) their numbers; None: all.
            blends: which blends move.
            turned: which of the 15 components of the pose the derivatives are by.
            dtype: of vertices and derivatives; the joints are always in float64.

        """
        chosen = slice(None) if vertices is None else vertices
        held = _without(params, blends)
        self._parents, self._turned = model.parents, turned
        self._rest = _rest(model, held, chosen).astype(dtype)
        self._basis = _basis(model, blends, chosen).astype(dtype)
        self._posedirs = np.ascontiguousarray(model.posedirs[chosen].reshape(-1, 36), dtype)
        self._skin = np.ascontiguousarray(model.lbs_weights[chosen], dtype)
        self._joints, self._joints_by = rest_joints(model, held), _joints_by(model, blends)
        self._dtype = np.dtype(dtype)

    @property
    def count(self) -> int:
        """Unknowns: B blends, then the N components that turn."""
        return self._basis.shape[2] + len(self._turned)

    def posed(self, blends: Array, pose: Array) -> PosedPart:
        """The part with ``blends`` (B,) and the whole ``pose`` (15,), radians."""
        joints = self._joints + (self._joints_by @ blends).reshape(JOINTS, 3)
        chain = joint_chain(joints, pose, self._turned, self._parents)
        unposed = self._rest + self._basis @ blends.astype(self._dtype)
        unposed = unposed + (self._posedirs @ chain.features.astype(self._dtype)).reshape(-1, 3)
        turns = (self._skin @ chain.turns.reshape(JOINTS, 9).astype(self._dtype)).reshape(-1, 3, 3)
        shifts = (chain.shifts @ joints.reshape(-1)).astype(self._dtype)
        vertices = np.matmul(turns, unposed[..., None])[..., 0] + self._skin @ shifts
        return PosedPart(chain, unposed, turns, vertices)

    def derivatives(self, posed: PosedPart) -> NDArray:
        """How each unknown moves the vertices (n, 3, B + N)."""
        found = np.empty((len(posed.vertices), 3, self.count), self._dtype)
        blends = self._basis.shape[2]
        np.matmul(posed.turns, self._basis, out=found[..., :blends])
        by_joints = (posed.chain.shifts @ self._joints_by).reshape(JOINTS, 3 * blends).astype(self._dtype)
        found[..., :blends] += (self._skin @ by_joints).reshape(len(found), 3, blends)
        found[..., blends:] = self._by_pose(posed)
        return found

    def _by_pose(self, posed: PosedPart) -> NDArray:
        chain, count, vertices = posed.chain, len(self._turned), len(posed.vertices)
        turning = chain.turns_by.transpose(0, 2, 1, 3).reshape(JOINTS, 9 * count).astype(self._dtype)
        blended = (self._skin @ turning).reshape(vertices, 3 * count, 3)
        by_turn = np.matmul(blended, posed.unposed[..., None]).reshape(vertices, 3, count)
        shifted = chain.shifts_by.transpose(0, 2, 1).reshape(JOINTS, 3 * count).astype(self._dtype)
        by_turn += (self._skin @ shifted).reshape(vertices, 3, count)
        corrected = self._posedirs @ chain.features_by.T.astype(self._dtype)
        by_turn += np.matmul(posed.turns, corrected.reshape(vertices, 3, count))
        return by_turn


def _without(params: Params, blends: Blends) -> Params:
    """``params`` with what moves at 0."""
    fields = {"shape": blends.shape, "expr": blends.expression, "eyelids": blends.eyelids}
    held = {}
    for name, moving in fields.items():
        values = getattr(params, name).copy()
        values[moving] = 0.0
        held[name] = values
    return params.replace(**held)


def _rest(model: HeadModel, held: Params, chosen: slice | Indices) -> Array:
    rest = model.v_template[chosen].astype(np.float64)
    parts = ((model.shapedirs, held.shape), (model.expressiondirs, held.expr), (model.eyelids, held.eyelids))
    for basis, values in parts:
        used = np.flatnonzero(values)
        if basis is not None and len(used):
            rest += basis[chosen][..., used] @ values[used].astype(np.float64)
    if held.vertex_offset is not None:
        rest += held.vertex_offset[chosen]
    return rest


def _basis(model: HeadModel, blends: Blends, chosen: slice | Indices) -> NDArray:
    parts = [model.shapedirs[chosen][..., blends.shape], model.expressiondirs[chosen][..., blends.expression]]
    if model.eyelids is not None:
        parts.append(model.eyelids[chosen][..., blends.eyelids])
    return np.concatenate(parts, axis=2)


def _joints_by(model: HeadModel, blends: Blends) -> Array:
    """How the blends move the joints (15, B); eyelids do not."""
    found = skeleton(model)
    parts = [found.by_shape[..., blends.shape], found.by_expression[..., blends.expression]]
    parts.append(np.zeros((JOINTS, 3, len(blends.eyelids))))
    return np.concatenate(parts, axis=2).reshape(3 * JOINTS, blends.count)
