"""Gauss-Newton from a head to points in space: landmarks, vertices in correspondence, or a raw scan.

Points of a scan pull the surface along its normals (Chen and Medioni 1992), with robust weights (Geman and
McClure 1987) and Gaussian priors on shape, expression and joints. All of it happens in the head's metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from studio.document.locks import Locks
from studio.fitting.arrow import Block, Shared, bounded_step
from studio.fitting.head_part import HeadPart, PosedPart
from studio.fitting.priors import prior_weights
from studio.fitting.recipe import Recipe, Stage, Term, Variable
from studio.fitting.scans.samples import Samples
from studio.fitting.scans.target import Marks3D, Target
from studio.fitting.unknowns import Layout, head_bounds, head_vector, layout_of, params_of, pose_of
from studio.flame.model import HeadModel
from studio.flame.params import Params, full_pose

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

WEIGHTS: Mapping[Term, float] = {"shape": 1.0, "expression": 9.0, "jaw": 100.0, "joints": 50.0}
NOISE = 0.001  # metres, by which points of a scan are expected to miss
EVIDENCE = 4000.0  # points that tell of their own; more of them tell the same again
_DAMPING = 1e-8
_NOTHING = Shared(np.zeros((0, 0)), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Gate:
    """Which points of a scan count in one iteration, and how."""

    reach: float  # metres, beyond which they do not count at all
    robust: float  # metres, beyond which they count little
    facing: float = 0.5  # least cosine between the normals


@dataclass(frozen=True, eq=False)
class Pull:
    """What n points ask of the surface."""

    faces: NDArray[np.int32]  # (n, 3) corners of the triangles they are nearest to
    weights: Array  # (n, 3) of the corners
    normals: Array  # (n, 3) of the surface
    missed: Array  # (n,) metres along the normals, above 0 where the point is outside
    counts: Array  # (n,) robust weights, 0 for those that do not count


class ScanSolver:
    """One head on its way to points in space."""

    def __init__(self, model: HeadModel, params: Params, locks: Locks, moves: tuple[Variable, ...]) -> None:
        """Begin at ``params``, whose translation moves too."""
        self._model, self._params = model, params
        layout = layout_of(model, Recipe("", "", ()), Stage("", moves, 0), locks)
        self._layout = Layout(layout.blends, layout.turned, np.zeros(0, np.intp), False)
        self._pose = full_pose(params).astype(np.float64)
        self._part = HeadPart(model, params, None, self._layout.blends, self._layout.turned, np.float32)
        self._values = head_vector(self._layout, params)
        self._shift = params.translation.astype(np.float64)
        self._bounds = head_bounds(model, self._layout)
        priors = prior_weights(model, self._layout, WEIGHTS)
        self._prior = sum(priors.values(), np.zeros(self._layout.count))
        self._posed = self._at(self._values)

    @property
    def vertices(self) -> Array:
        """The head as it is (V, 3)."""
        return self._posed.vertices.astype(np.float64) + self._shift

    @property
    def params(self) -> Params:
        """The head as it is."""
        return params_of(self._layout, self._values, self._params).replace(translation=self._shift)

    def step(self, pull: Pull | None, marks: Marks3D | None, wanted: Array, mark_noise: float) -> float:
        """Go one step towards points and landmarks; how far the vertices moved on average, metres.

        Args:
            pull: what the points of a scan ask for.
            marks: landmarks of the head.
            wanted: (K, 3) where they are to be.
            mark_noise: metres, by which these are expected to miss.

        """
        count = self._layout.count
        slopes = self._part.derivatives(self._posed)  # (V, 3, P)
        matrix, down = np.zeros((count + 3, count + 3)), np.zeros(count + 3)
        if pull is not None:
            _add(matrix, down, *_rows_of_points(slopes, pull))
        if marks is not None:
            _add(matrix, down, *_rows_of_marks(slopes, marks, wanted - marks.on(self.vertices), mark_noise))
        matrix[np.diag_indices(count)] += self._prior
        down[:count] -= self._prior * self._values
        low = np.concatenate([self._bounds.low - self._values, np.full(3, -np.inf)])
        high = np.concatenate([self._bounds.high - self._values, np.full(3, np.inf)])
        block = Block(matrix, np.zeros((count + 3, 0)), down, low, high)
        (step,), _ = bounded_step([block], _NOTHING, _DAMPING)
        before = self.vertices
        self._values = np.clip(self._values + step[:count], self._bounds.low, self._bounds.high)
        self._shift = self._shift + step[count:]
        self._posed = self._at(self._values)
        return float(np.linalg.norm(self.vertices - before, axis=1).mean())

    def _at(self, values: Array) -> PosedPart:
        pose = pose_of(self._layout, values, self._pose)
        return self._part.posed(values[: self._layout.blends.count], pose)


def pull_of(target: Target, vertices: Array, normals: Array, samples: Samples, gate: Gate) -> Pull:
    """What ``samples`` ask of the surface with ``vertices`` and unit ``normals`` (V, 3)."""
    nearest = target.surface.nearest(vertices, samples.points)
    corners = target.surface.faces[nearest.faces]
    smooth = np.einsum("nc,ncx->nx", nearest.weights, normals[corners])
    smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-12)
    places = np.einsum("nc,ncx->nx", nearest.weights, vertices[corners])
    missed = ((samples.points - places) * smooth).sum(axis=1)
    facing = (samples.normals * smooth).sum(axis=1)
    if not samples.sided:
        facing = np.abs(facing)
    trust = target.trust[corners].min(axis=1)
    counts = trust * (gate.robust**2 / (gate.robust**2 + nearest.distances**2)) ** 2
    counts[(nearest.distances > gate.reach) | (facing < gate.facing)] = 0.0
    return Pull(corners, nearest.weights, smooth, missed, counts)


def pull_to(vertices: Array, wanted: Array, robust: float) -> Pull:
    """What points in vertex correspondence ask for: each axis of each vertex on its own."""
    count = len(vertices)
    missed = wanted - vertices
    squares = (missed**2).sum(axis=1)
    counts = (robust**2 / (robust**2 + squares)) ** 2
    own = np.repeat(np.arange(count, dtype=np.int32)[:, None], 3, axis=1)
    alone = np.tile(np.array([1.0, 0.0, 0.0]), (3 * count, 1))
    axes = np.tile(np.eye(3), (count, 1))
    return Pull(np.repeat(own, 3, axis=0), alone, axes, missed.reshape(-1), np.repeat(counts, 3))


def _rows_of_points(slopes: Floats, pull: Pull) -> tuple[Floats, Array, Array]:
    """Rows (n, P + 3), what they miss (n,), and what their squares cost (n,)."""
    used = np.flatnonzero(pull.counts > 0.0)
    vertices, _, count = slopes.shape
    columns = (3 * pull.faces[used][:, :, None] + np.arange(3)).reshape(len(used), 9)
    entries = (pull.weights[used][:, :, None] * pull.normals[used][:, None, :]).reshape(len(used), 9)
    starts = np.arange(0, 9 * len(used) + 1, 9)
    operator = csr_matrix(
        (entries.astype(np.float32).ravel(), columns.ravel(), starts), shape=(len(used), 3 * vertices)
    )
    rows = np.empty((len(used), count + 3), np.float32)
    rows[:, :count] = operator @ slopes.reshape(3 * vertices, count)
    rows[:, count:] = pull.normals[used]
    counts = pull.counts[used]
    share = EVIDENCE / max(float(counts.sum()), 1.0) / NOISE**2
    return rows, pull.missed[used], counts * share


def _rows_of_marks(
    slopes: Floats, marks: Marks3D, missed: Array, noise: float
) -> tuple[Floats, Array, Array]:
    moved = np.einsum("kc,kcip->kip", marks.barycentric, slopes[marks.corners])
    rows = np.concatenate([moved, np.broadcast_to(np.eye(3), (len(moved), 3, 3))], axis=2)
    flat = rows.reshape(3 * len(moved), -1).astype(np.float32)
    return flat, missed.reshape(-1), np.repeat(marks.trust, 3) / noise**2


def _add(matrix: Array, down: Array, rows: Floats, missed: Array, costs: Array) -> None:
    weighted = rows * costs[:, None].astype(np.float32)
    matrix += weighted.T @ rows
    down += weighted.T.astype(np.float64) @ missed
