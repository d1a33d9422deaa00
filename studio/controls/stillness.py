"""What a change of the parameters moves, patch by patch of the surface: the measure of a face that stays.

The squared displacement of a patch is a quadratic form of the parameters (a Gram matrix of the basis). Kept
for each patch of a model, they can be added up with weights for any place of the surface at the cost of a
sum, so that what is far from a handle can be held more firmly than what is near.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.controls.donor import jaw_displacement
from studio.flame.areas import areas
from studio.flame.model import HeadModel

Array = NDArray[np.float64]

PATCHES = 24
JAW_PROBE = 0.02  # radians at which the jaw's effect is measured
JAW_WIDTH, LIDS = 3, 2


@dataclass(frozen=True, eq=False)
class Stillness:
    """The Gram matrices of a model's patches, over shape, expression, eyelids and jaw: N = S + E + 5."""

    centres: Array  # (PATCHES, 3) of the neutral head, metres
    grams: NDArray[np.float32]  # (PATCHES, N, N) square metres; those of all patches are of the whole head

    def measure(self, weights: Array, chosen: NDArray[np.intp]) -> Array:
        """The mean squared displacement (n, n) of the parameters ``chosen``, with weights (PATCHES,)."""
        count = self.grams.shape[1]
        summed = weights.astype(np.float32) @ self.grams.reshape(len(weights), -1)
        return summed.reshape(count, count)[np.ix_(chosen, chosen)].astype(np.float64)


_found: WeakKeyDictionary[HeadModel, Stillness] = WeakKeyDictionary()


def stillness(model: HeadModel) -> Stillness:
    """The measure of ``model``: worked out within a second, once, and kept."""
    if model not in _found:
        _found[model] = _measured(model)
    return _found[model]


def _measured(model: HeadModel) -> Stillness:
    area = areas(model.v_template, model.faces)
    share = np.sqrt(area / max(area.sum(), 1e-300)).astype(np.float32)
    centres, patch = _patches(model.v_template.astype(np.float64))
    count = model.shape_count + model.expression_count + LIDS + JAW_WIDTH
    grams = np.zeros((len(centres), count, count), np.float32)
    for place in range(len(centres)):
        inside = np.flatnonzero((patch == place) & (area > 0.0))
        columns = _columns(model, inside) * share[inside, None, None]
        rows = columns.reshape(-1, count)
        grams[place] = rows.T @ rows
    grams.setflags(write=False)
    return Stillness(centres, grams)


def _columns(model: HeadModel, ids: NDArray[np.intp]) -> NDArray[np.float32]:
    """How each parameter moves the vertices ``ids`` (n, 3, N)."""
    lids = np.zeros((len(ids), 3, LIDS), np.float32) if model.eyelids is None else model.eyelids[ids]
    jaw = _jaw(model)[ids]
    return np.concatenate([model.shapedirs[ids], model.expressiondirs[ids], lids, jaw], axis=2)


_jaws: WeakKeyDictionary[HeadModel, NDArray[np.float32]] = WeakKeyDictionary()


def _jaw(model: HeadModel) -> NDArray[np.float32]:
    """How a radian of the jaw about each axis begins to move the neutral vertices (V, 3, 3)."""
    if model not in _jaws:
        probes = np.diag((JAW_PROBE,) * JAW_WIDTH)
        moved = [(jaw_displacement(model, turn) / JAW_PROBE).astype(np.float32) for turn in probes]
        _jaws[model] = np.stack(moved, axis=2)
    return _jaws[model]


def _patches(vertices: Array) -> tuple[Array, NDArray[np.intp]]:
    """Centres of patches of about one size, by farthest points, and the patch (V,) of each vertex."""
    first = int(np.argmax(vertices[:, 2]))
    chosen, nearest = [first], np.linalg.norm(vertices - vertices[first], axis=1)
    patch = np.zeros(len(vertices), np.intp)
    while len(chosen) < min(PATCHES, len(vertices)):
        chosen.append(int(np.argmax(nearest)))
        away = np.linalg.norm(vertices - vertices[chosen[-1]], axis=1)
        patch[away < nearest] = len(chosen) - 1
        nearest = np.minimum(nearest, away)
    middles = [vertices[patch == place].mean(axis=0) for place in range(len(chosen))]
    return np.array(middles), patch
