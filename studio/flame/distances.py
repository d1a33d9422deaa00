"""How far two heads of one mesh are from each other, and the rigid motion that lays one onto the other."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel

Points = NDArray[np.floating]
Ids = NDArray[np.intp]

MILLIMETRES = 1000.0
SKULL_REGIONS = ("scalp", "forehead")
_STIFF = 0.5  # share of the head's vertices, those that the expressions move least, taken as the skull
_ON_NECK = 0.5  # weight of the neck's joint from which a vertex belongs to the head
_NECK = 1


@dataclass(frozen=True)
class Summary:
    """What distances come to, in millimetres and without their sign."""

    largest: float
    mean: float
    rms: float  # root of the mean square
    most: float  # 95 % of the vertices are nearer than this

    @classmethod
    def of(cls, distances: NDArray[np.floating]) -> Summary:
        """Of the distances (V,), every vertex counting once."""
        sizes = np.abs(distances.astype(np.float64))
        return cls(
            largest=float(sizes.max(initial=0.0)),
            mean=float(sizes.mean()) if sizes.size else 0.0,
            rms=float(np.sqrt((sizes**2).mean())) if sizes.size else 0.0,
            most=float(np.percentile(sizes, 95.0)) if sizes.size else 0.0,
        )


def vertex_distances(first: Points, second: Points) -> NDArray[np.float32]:
    """Millimetres (V,) from each vertex (V, 3) of ``first`` to the same vertex of ``second``, in metres."""
    moved = second.astype(np.float64) - first
    return (np.sqrt(np.einsum("vi,vi->v", moved, moved)) * MILLIMETRES).astype(np.float32)


def normal_distances(first: Points, normals: Points, second: Points) -> NDArray[np.float32]:
    """Millimetres (V,) along unit ``normals`` (V, 3) of ``first``, above 0 where ``second`` is outside."""
    moved = second.astype(np.float64) - first
    return (np.einsum("vi,vi->v", moved, normals.astype(np.float64)) * MILLIMETRES).astype(np.float32)


def rigid_motion(
    target: Points, moving: Points, vertices: Ids
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rotation (3, 3) and shift (3,) that lay ``vertices`` of ``moving`` best onto those of ``target``.

    A point p goes to p @ rotation + shift: the least-squares rigid motion by singular values (Kabsch, "A
    solution for the best rotation to relate two sets of vectors", 1976; without reflections: Umeyama, 1991).
    """
    goal, start = target[vertices].astype(np.float64), moving[vertices].astype(np.float64)
    goal_middle, start_middle = goal.mean(axis=0), start.mean(axis=0)
    u, _, v = np.linalg.svd((start - start_middle).T @ (goal - goal_middle))
    handed = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))])
    rotation = u @ handed @ v
    return rotation, goal_middle - start_middle @ rotation


_skulls: WeakKeyDictionary[HeadModel, Ids] = WeakKeyDictionary()


def skull_vertices(model: HeadModel) -> Ids:
    """The vertices that no expression moves much: scalp and forehead, or the stiffest half of the head."""
    if model not in _skulls:
        _skulls[model] = _named_skull(model)
    return _skulls[model]


def _named_skull(model: HeadModel) -> Ids:
    named = [model.regions[name] for name in SKULL_REGIONS if len(model.regions.get(name, ()))]
    if named:
        return np.unique(np.concatenate(named)).astype(np.intp)
    on_head = np.flatnonzero(model.lbs_weights[:, _NECK] >= _ON_NECK)
    head = on_head if len(on_head) >= 3 else np.arange(model.vertex_count)
    reach = np.sqrt((model.expressiondirs[head].astype(np.float64) ** 2).sum(axis=(1, 2)))
    stiffest = np.argsort(reach, kind="stable")[: max(int(_STIFF * len(head)), 3)]
    return np.sort(head[stiffest]).astype(np.intp)
