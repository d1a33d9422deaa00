"""How much of the light from all around reaches each vertex of a head, looked up from many sides.

It is found once for a model: on the neutral head and with the mouth open, and of the two the lighter
value holds, because what only one of them covers is hidden itself there (the lips' insides). It is kept
in the user's cache folder, under the digest of the mesh.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.flame.rotations import to_matrices
from studio.render.light_map import GOLDEN, LightMap
from studio.render.materials import materials_of
from studio.render.topology import Neighbourhoods, find_edges
from studio.storage.arrays import read_npy
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

Array = NDArray[np.float32]

DIRECTIONS, SIDE = 96, 192  # lights around the head, and texels of each one's map
OFF, TOLERANCE = 0.0012, 0.0015  # metres
JAW, OPEN = 2, 0.30  # joint; radians
LEFT_EYE, RIGHT_EYE = 3, 4  # joints
LID_REACH, LID_LEAST = 0.026, 0.6  # metres from an eye's middle within which no less light is told: lids move
VERSION = 1  # of the numbers; another one does not take older files

_baked: WeakKeyDictionary[HeadModel, Array] = WeakKeyDictionary()


def baked(model: HeadModel) -> Array | None:
    """What :func:`bake` gave for ``model``, if it did."""
    return _baked.get(model)


def bake(model: HeadModel, folder: Path | None = None) -> Array:
    """The share (V,) of the light from all around that reaches each vertex; half a second at most.

    Eyes and the inside of the mouth, which move out of what covers them, are 1.

    Args:
        model: whose neutral head is looked at.
        folder: where it is kept from one start to the next; None: the platform's cache folder.
    """
    known = _baked.get(model)
    if known is not None:
        return known
    path = (folder or cache_folder()) / f"ambient-{_digest(model)}.npy"
    seen = _read(path, model.vertex_count)
    if seen is None:
        seen = _look_around(model)
        _keep(path, seen)
    _baked[model] = seen
    return seen


def occluders(model: HeadModel) -> NDArray[np.int32]:
    """The faces (F, 3) that throw shadows: all but those of lashes, which are too fine for a map."""
    fine = np.zeros(model.vertex_count, dtype=bool)
    for name, vertices in model.regions.items():
        if "lash" in name.lower():
            fine[vertices] = True
    return np.ascontiguousarray(model.faces[~fine[model.faces].any(axis=1)])


def cache_folder() -> Path:
    """Where what takes a moment to compute is kept; anything in it may be deleted."""
    from platformdirs import user_cache_path

    return user_cache_path("flame-studio")


def sphere(count: int) -> Array:
    """Unit directions (N, 3) spread evenly over the sphere."""
    index = np.arange(count) + 0.5
    up = 1.0 - 2.0 * index / count
    around = index * GOLDEN
    level = np.sqrt(1.0 - up * up)
    return np.stack([level * np.cos(around), up, level * np.sin(around)], axis=1).astype(np.float32)


def _look_around(model: HeadModel) -> Array:
    head, faces = rest(model), occluders(model)
    seen = np.maximum(
        open_share(head.vertices, head.normals, faces),
        open_share(*_opened(model, head.vertices, head.normals, head.joints), faces),
    )
    seen = Neighbourhoods.of(find_edges(model.faces, model.vertex_count), model.vertex_count).smoothed(seen)
    for joint in (LEFT_EYE, RIGHT_EYE):
        near = np.linalg.norm(head.vertices - head.joints[joint], axis=1) < LID_REACH
        seen[near] = np.maximum(seen[near], LID_LEAST)
    seen[materials_of(model).traits[:, 1:].any(axis=1)] = 1.0
    return seen


def open_share(vertices: Array, normals: Array, faces: NDArray[np.int32], count: int = DIRECTIONS) -> Array:
    """The share (V,) of the light from all around, weighted by its cosine, that nothing stands before."""
    total, weight = np.zeros(len(vertices), np.float32), np.zeros(len(vertices), np.float32)
    for direction in sphere(count):
        cosine = np.maximum(normals @ direction, 0.0)
        light_map = LightMap.of(vertices, faces, direction, SIDE)
        total += cosine * light_map.share_seen(vertices + OFF * normals, TOLERANCE)
        weight += cosine
    return np.asarray(total / np.maximum(weight, 1e-6), dtype=np.float32)


def _opened(model: HeadModel, vertices: Array, normals: Array, joints: Array) -> tuple[Array, Array]:
    """The head with its mouth open, by the skinning of the jaw alone."""
    turn = to_matrices((OPEN, 0.0, 0.0)).astype(np.float32) - np.eye(3, dtype=np.float32)
    weights = np.asarray(model.lbs_weights)[:, JAW : JAW + 1].astype(np.float32)
    moved = normals + weights * (normals @ turn.T)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    opened = vertices + weights * ((vertices - joints[JAW]) @ turn.T)
    return opened.astype(np.float32), (moved / np.maximum(length, 1e-9)).astype(np.float32)


def _digest(model: HeadModel) -> str:
    parts = (model.v_template, model.faces, model.lbs_weights)
    digest = hashlib.sha256(f"{VERSION} {DIRECTIONS} {SIDE} {sorted(model.regions)}".encode())
    for part in parts:
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:32]


def _read(path: Path, count: int) -> Array | None:
    """What an earlier start kept, if it is what it should be."""
    try:
        seen = read_npy(path)
    except (StudioError, OSError):
        return None
    usable = isinstance(seen, np.ndarray) and seen.shape == (count,) and seen.dtype == np.float32
    return seen if usable and bool(((seen >= 0.0) & (seen <= 1.0)).all()) else None


def _keep(path: Path, seen: Array) -> None:
    """Keep ``seen`` for the next start; where nothing can be written it is computed anew then."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda stream: np.save(stream, seen))
    except (StudioError, OSError):
        return
