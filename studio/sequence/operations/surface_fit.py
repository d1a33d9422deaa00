"""A head fitted to vertices in correspondence: Gauss-Newton over blends, joints and place of one frame.

The surface is that of SMPL (Loper et al. 2015, eq. 2-10), its derivatives are exact. Most of a step's cost
is the products of the blends with one another; they hardly change from frame to frame, and are kept until
steps no longer shrink as they should (a chord method: Kelley 1995, "Iterative methods", ch. 5.4.1), while
what is left to explain and its slope are always exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.joint_chain import JOINTS, JointChain, joint_chain
from studio.flame.model import HeadModel
from studio.flame.skeleton import skeleton

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

PLACES = {"root": (0, 3), "neck": (3, 6), "jaw": (6, 9), "eyes": (9, 15)}
MOST_STEPS = 60
DONE = 1e-7  # metres of mean motion that a step still makes
_SLOW = 0.2  # of the last step, beyond which the products are computed again
_LITTLE = 1e-6  # of what is left to explain, which a step still gains
_DAMPING = 1e-9


@dataclass(frozen=True, eq=False)
class Pose:
    """What is fitted, as numbers: B blends, the 15 of the pose, and the place."""

    blends: Array  # (B,)
    pose: Array  # (15,) radians
    translation: Array  # (3,) metres


class SurfaceFit:
    """Fits heads of one model and one rest shape, frame after frame; each begins at the one before."""

    def __init__(
        self,
        model: HeadModel,
        rest: Array,
        basis: NDArray,
        joints_by: Array,
        joints: tuple[str, ...],
        places: bool,
        weight: Array,
    ) -> None:
        """Lay the model out.

        Args:
            model: the head model.
            rest: (V, 3) the unposed head without blends, metres.
            basis: (V, 3, B) how each blend moves it.
            joints_by: (5, 3, B) how each blend moves the joints.
            joints: which turn: of root, neck, jaw and eyes.
            places: whether the translation is fitted.
            weight: (B,) what the square of each blend costs, in square metres a vertex.
        """
        count = basis.shape[2]
        self._model, self._rest, self._weight = model, rest.astype(np.float32), weight
        self._basis = np.ascontiguousarray(basis.reshape(-1, count).T, dtype=np.float32)  # (B, 3V)
        self._joints = model.j_regressor.astype(np.float64) @ rest
        self._joints_by = joints_by.reshape(3 * JOINTS, count)
        self._turned = np.concatenate([np.arange(*PLACES[name]) for name in joints] or [np.zeros(0, int)])
        self._turned = np.sort(self._turned).astype(np.intp)
        self._places = places
        self._posed = np.ascontiguousarray(model.posedirs.reshape(-1, 36), dtype=np.float32)
        self._skin = np.ascontiguousarray(model.lbs_weights, dtype=np.float32)
        self._carry = np.ascontiguousarray(self._skin.T)  # (5, V)
        self._products: Array | None = None

    def neutral(self) -> Pose:
        """Where the first frame begins."""
        return Pose(np.zeros(len(self._basis)), np.zeros(15), np.zeros(3))

    def solve(self, wanted: Array, start: Pose) -> tuple[Pose, Floats]:
        """The head nearest to ``wanted`` (V, 3), begun at ``start``, and what it misses (V, 3), metres."""
        found, last = start, np.inf
        state = self._at(found)
        missing = self._missing(wanted, state)
        cost = self._cost(missing, found)
        for _ in range(MOST_STEPS):
            if self._products is None:
                self._products = self._blend_products(state)
                last = np.inf
            step = self._step(state, missing, found)
            trial = self._moved(found, step)
            trial_state = self._at(trial)
            trial_missing = self._missing(wanted, trial_state)
            trial_cost = self._cost(trial_missing, trial)
            if trial_cost > cost:
                if last == np.inf:  # exact products, and no way down: this is as near as it gets
                    break
                self._products = None
                continue
            motion = float(np.sqrt(np.mean((trial_state.vertices - state.vertices) ** 2)))
            gain = cost - trial_cost
            found, state, missing, cost = trial, trial_state, trial_missing, trial_cost
            if motion < DONE or gain < _LITTLE * cost:
                break
            if motion > _SLOW * last:
                self._products = None
            last = motion
        return found, missing

    def surface(self, pose: Pose) -> Floats:
        """The vertices (V, 3) of ``pose``."""
        return self._at(pose).vertices

    def _at(self, found: Pose) -> _State:
        joints = self._joints + (self._joints_by @ found.blends).reshape(JOINTS, 3)
        chain = joint_chain(joints, found.pose, self._turned, self._model.parents)
        unposed = self._rest + (found.blends.astype(np.float32) @ self._basis).reshape(-1, 3)
        unposed += (self._posed @ chain.features.astype(np.float32)).reshape(-1, 3)
        turns = (self._skin @ chain.turns.reshape(JOINTS, 9).astype(np.float32)).reshape(-1, 3, 3)
        shifts = chain.shifts @ joints.reshape(-1)  # (5, 3)
        vertices = np.einsum("vij,vj->vi", turns, unposed) + self._skin @ shifts.astype(np.float32)
        vertices += found.translation.astype(np.float32)
        return _State(chain, unposed, turns, vertices)

    def _missing(self, wanted: Array, state: _State) -> Floats:
        return (wanted - state.vertices).astype(np.float32)

    def _cost(self, missing: Floats, found: Pose) -> float:
        squares = float(np.vdot(missing, missing))
        return squares + len(missing) * float(self._weight @ found.blends**2)

    def _moved(self, found: Pose, step: Array) -> Pose:
        blends, turned, place = np.split(step, [len(self._basis), len(self._basis) + len(self._turned)])
        pose = found.pose.copy()
        pose[self._turned] += turned
        return Pose(
            found.blends + blends, pose, found.translation + place if len(place) else found.translation
        )

    def _step(self, state: _State, missing: Floats, found: Pose) -> Array:
        """The Gauss-Newton step (B + N [+ 3],)."""
        by_pose = self._by_pose(state)  # (V, 3, N [+ 3])
        turned_back = np.einsum("vji,vj->vi", state.turns, missing)
        slope_of_blends = self._basis @ turned_back.reshape(-1) + self._through_joints(state, missing)
        slope_of_blends = slope_of_blends - len(missing) * self._weight * found.blends
        flat = (
            by_pose.reshape(3 * len(by_pose), -1) if by_pose.size else np.zeros((missing.size, 0), np.float32)
        )
        slope_of_pose = missing.reshape(-1) @ flat
        back = np.matmul(state.turns.transpose(0, 2, 1), by_pose).reshape(flat.shape)
        mixed = self._basis @ back
        mixed = mixed + self._joints_by.T @ self._carried(state, by_pose)
        assert self._products is not None
        matrix = np.block([[self._products, mixed], [mixed.T, flat.T @ flat]]).astype(np.float64)
        damping = _DAMPING * np.diag(matrix) + 1e-18
        matrix[np.diag_indices_from(matrix)] += damping
        slope = np.concatenate([slope_of_blends, slope_of_pose]).astype(np.float64)
        return np.asarray(np.linalg.solve(matrix, slope), dtype=np.float64)

    def _by_pose(self, state: _State) -> Floats:
        """How each component that turns, and the place, move the vertices (V, 3, N [+ 3])."""
        chain, count, vertices = state.chain, len(self._turned), len(state.vertices)
        turning = chain.turns_by.transpose(0, 2, 1, 3).reshape(JOINTS, -1).astype(np.float32)  # 5, 3 N 3
        blended = (self._skin @ turning).reshape(vertices, 3 * count, 3)
        by_turn = np.einsum("vkj,vj->vk", blended, state.unposed).reshape(vertices, 3, count)
        shifted = self._skin @ chain.shifts_by.transpose(0, 2, 1).reshape(JOINTS, -1).astype(np.float32)
        by_turn += shifted.reshape(vertices, 3, count)
        corrected = (self._posed @ chain.features_by.T.astype(np.float32)).reshape(vertices, 3, count)
        by_turn += np.matmul(state.turns, corrected)
        if not self._places:
            return by_turn
        moved = np.broadcast_to(np.eye(3, dtype=np.float32), (len(by_turn), 3, 3))
        return np.concatenate([by_turn, moved], axis=2)

    def _through_joints(self, state: _State, missing: Floats) -> Array:
        """What of the slope of the blends (B,) comes by the joints that they move."""
        return self._joints_by.T @ self._carried(state, missing[:, :, None])[:, 0]

    def _carried(self, state: _State, moved: Floats) -> Array:
        """Motion of vertices (V, 3, n) as motion of the joints at rest that carry them (15, n)."""
        summed = (self._carry @ moved.reshape(len(moved), -1)).reshape(JOINTS, 3, -1).astype(np.float64)
        return np.einsum("jik,jin->kn", state.chain.shifts, summed)

    def _blend_products(self, state: _State) -> Array:
        """The products (B, B) of the blends with one another, as posed, and what their squares cost."""
        count = len(self._basis)
        posed = np.matmul(state.turns, self._basis.T.reshape(-1, 3, count))
        by_joints = state.chain.shifts @ self._joints_by  # (5, 3, B)
        posed += (self._skin @ by_joints.reshape(JOINTS, -1).astype(np.float32)).reshape(posed.shape)
        flat = posed.reshape(-1, count)
        products = (flat.T @ flat).astype(np.float64)
        products[np.diag_indices(count)] += len(posed) * self._weight
        return products


@dataclass(frozen=True, eq=False)
class _State:
    """A posed head and what its derivatives need."""

    chain: JointChain
    unposed: Floats  # (V, 3) with its blends and pose correctives
    turns: Floats  # (V, 3, 3) the rotation that each vertex is carried by
    vertices: Floats  # (V, 3)


def expression_fit(
    model: HeadModel, rest: Array, joints: tuple[str, ...], places: bool, smoothness: float, eyelids: bool
) -> SurfaceFit:
    """A fit of expression, and eyelids where they are wanted, of a head ``rest`` (V, 3) without either.

    ``smoothness`` is what a coefficient at the end of its range costs, in metres of every vertex.
    """
    basis: NDArray = model.expressiondirs
    by = skeleton(model).by_expression
    ranges = np.abs(model.expression_ranges).max(axis=1)
    if eyelids and model.eyelids is not None:
        basis = np.concatenate([basis, model.eyelids], axis=2)
        by = np.concatenate([by, np.zeros((JOINTS, 3, 2))], axis=2)
        ranges = np.concatenate([ranges, np.ones(2)])
    weight = (smoothness / np.maximum(ranges.astype(np.float64), 1e-3)) ** 2
    return SurfaceFit(model, rest, basis, by, joints, places, weight)


def identity_fit(model: HeadModel, joints: tuple[str, ...], smoothness: float) -> SurfaceFit:
    """A fit of the shape, and of ``joints`` and place, of a head without expression."""
    ranges = np.abs(model.shape_ranges).max(axis=1).astype(np.float64)
    weight = (smoothness / np.maximum(ranges, 1e-3)) ** 2
    rest = model.v_template.astype(np.float64)
    return SurfaceFit(model, rest, model.shapedirs, skeleton(model).by_shape, joints, True, weight)
