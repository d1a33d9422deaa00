"""A smooth offset of every vertex towards a scan, for what a model's components do not know.

The least squares of points along normals and of the offset's Laplacian (Sorkine et al. 2004), sparse.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, identity, kron
from scipy.sparse.linalg import cg

from studio.fitting.scans.scan_solver import Pull

Array = NDArray[np.float64]

SMOOTH = 5.0  # what bending costs beside the points around a vertex
SMALL = 0.02  # what an offset itself costs
_STEPS = 300


def smooth_offset(faces: NDArray[np.int32], vertex_count: int, pull: Pull) -> Array:
    """How far each vertex moves (V, 3), metres, towards the points of ``pull``.

    Vertices that no point pulls go along with those around them, and stay where there are none.
    """
    used = np.flatnonzero(pull.counts > 0.0)
    columns = (3 * pull.faces[used][:, :, None] + np.arange(3)).reshape(len(used), 9)
    entries = (pull.weights[used][:, :, None] * pull.normals[used][:, None, :]).reshape(len(used), 9)
    starts = np.arange(0, 9 * len(used) + 1, 9)
    rows = csr_matrix((entries.ravel(), columns.ravel(), starts), shape=(len(used), 3 * vertex_count))
    each = len(used) / max(len(np.unique(pull.faces[used])), 1)  # points for one vertex
    costs = pull.counts[used] / max(each, 1e-9)
    bending = _laplacian(faces, vertex_count)
    stiff = kron(SMOOTH * (bending.T @ bending) + SMALL * identity(vertex_count), identity(3))
    matrix = (rows.T @ diags(costs) @ rows + stiff).tocsr()
    right = rows.T @ (costs * pull.missed[used])
    scale = diags(1.0 / matrix.diagonal())
    found, _ = cg(matrix, right, rtol=1e-6, maxiter=_STEPS, M=scale)
    return np.asarray(found.reshape(vertex_count, 3))


def _laplacian(faces: NDArray[np.int32], vertex_count: int) -> csr_matrix:
    """Each vertex less the mean of its neighbours (V, V)."""
    tails, heads = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    ones = np.ones(2 * len(tails))
    ends = (np.concatenate([tails, heads]), np.concatenate([heads, tails]))
    joined = (csr_matrix((ones, ends), shape=(vertex_count, vertex_count)) > 0).astype(np.float64)
    degrees = np.maximum(np.asarray(joined.sum(axis=1)).ravel(), 1.0)
    return (identity(vertex_count) - diags(1.0 / degrees) @ joined).tocsr()
