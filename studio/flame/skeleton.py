"""Where the joints of a model are: linear in shape and expression."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.params import Params

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The joints of the unposed head; eyelids do not move them."""

    template: Array  # (5, 3)
    by_shape: Array  # (5, 3, S)
    by_expression: Array  # (5, 3, E)


_skeletons: WeakKeyDictionary[HeadModel, Skeleton] = WeakKeyDictionary()


def skeleton(model: HeadModel) -> Skeleton:
    """The joints of ``model``, kept."""
    if model not in _skeletons:
        used = np.flatnonzero(model.j_regressor.any(axis=0))
        regressor = model.j_regressor[:, used].astype(np.float64)
        parts = (model.v_template, model.shapedirs, model.expressiondirs)
        _skeletons[model] = Skeleton(
            *(np.tensordot(regressor, part[used].astype(np.float64), 1) for part in parts)
        )
    return _skeletons[model]


def rest_joints(model: HeadModel, params: Params) -> Array:
    """The joints (5, 3) of ``params`` before any of them turns, metres.

    Components that the model does not have count as none.
    """
    found = skeleton(model)
    joints = found.template.copy()
    for basis, values in ((found.by_shape, params.shape), (found.by_expression, params.expr)):
        known = min(len(values), basis.shape[2])
        joints += basis[:, :, :known] @ values[:known].astype(np.float64)
    if params.vertex_offset is not None:
        joints += model.j_regressor.astype(np.float64) @ params.vertex_offset
    return joints
