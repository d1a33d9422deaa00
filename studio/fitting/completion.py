"""Texels that no photo shows: from the other side of the head, and smoothly from their surroundings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.fitting.texels import Texels

_FROM_OTHER_SIDE = 0.8  # how much the other side counts where this one is not seen at all
_LARGEST = 1.5  # log of the factor by which a texel may differ from the texture model
_TRUST = 2e-3  # of the texture model against the smooth continuation: far from all that is seen it holds
_SMOOTH = 4.0  # texels' worth of smoothness along each edge


def completed(texels: Texels, taken: NDArray, shares: NDArray, expected: NDArray) -> NDArray[np.float64]:
    """The albedo (N, 3) of all texels, linear light.

    What is carried over is the factor between what was seen and what the texture model expects, so that
    brows, lips and pores of the model stay where nothing was seen.

    Args:
        texels: of the head.
        taken: (N, 3) albedo as it was seen.
        shares: (N,) 0..1, how well it was seen.
        expected: (N, 3) albedo of the texture model.

    """
    factor = np.log(np.maximum(taken, 1e-4)) - np.log(np.maximum(expected, 1e-4))
    factor = np.clip(factor, -_LARGEST, _LARGEST)
    other, other_shares = _other_side(texels, factor, shares)
    second = (1.0 - shares) * _FROM_OTHER_SIDE * other_shares
    known = shares + second
    mixed = (shares[:, None] * factor + second[:, None] * other) / np.maximum(known, 1e-9)[:, None]
    around = texels.at(_continued(texels, mixed, known))
    return np.asarray(expected * np.exp(known[:, None] * mixed + (1.0 - known)[:, None] * around))


def _other_side(texels: Texels, values: NDArray, shares: NDArray) -> tuple[NDArray, NDArray]:
    """Values (N, 3) and shares (N,) of the same texels of the head's other side."""
    from scipy.ndimage import map_coordinates

    size = texels.size
    ground = np.zeros((size, size, 4))
    image = texels.picture(np.column_stack([values * shares[:, None], shares]), ground)
    channels = [
        map_coordinates(image[..., channel], texels.mirrored, order=1, mode="nearest") for channel in range(4)
    ]
    found = np.clip(channels[3], 0.0, 1.0)
    return np.stack(channels[:3], axis=1) / np.maximum(found, 1e-9)[:, None], found


def _continued(texels: Texels, values: NDArray, shares: NDArray) -> NDArray[np.float64]:
    """``values`` (N, 3) as a smooth function (V, 3) over the whole mesh, 0 far from what is known.

    Solves (W + s L + t) x = W v on the graph of the mesh's edges, so that no seam of the texture shows.
    """
    from scipy.sparse import coo_matrix, diags
    from scipy.sparse.linalg import splu

    faces, count = texels.model.faces, texels.model.vertex_count
    means, counted = texels.to_vertices(values, shares)
    tails, heads = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    ones = np.ones(len(tails))
    edges = coo_matrix((ones, (tails, heads)), (count, count)).tocsr()
    edges = (edges + edges.T) * 0.5
    laplacian = diags(np.asarray(edges.sum(axis=1)).ravel()) - edges
    system = (diags(counted + _TRUST) + _SMOOTH * laplacian).tocsc()
    return np.asarray(splu(system).solve(means * counted[:, None]))
