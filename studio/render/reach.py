"""How much light gets to each row of a display mesh: hollows and the key light's shadow together."""

from __future__ import annotations

import sys
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.look import Look
from studio.flame.model import HeadModel
from studio.render.ambient_occlusion import baked, occluders
from studio.render.camera import rotation
from studio.render.display_mesh import SHADOW_KERNELS, DisplayMesh
from studio.render.key_shadow import key_light_seen
from studio.render.lighting import direction_of
from studio.render.topology import Neighbourhoods, find_edges

Array = NDArray[np.float32]

_tables: WeakKeyDictionary[HeadModel, tuple[NDArray[np.int32], Neighbourhoods]] = WeakKeyDictionary()


def kernels_loaded() -> bool:
    """Whether shadows can be found at once, without compiling anything first."""
    return all(getattr(sys.modules.get(name), "READY", False) for name in SHADOW_KERNELS)


def reach_of(model: HeadModel, mesh: DisplayMesh, surface: Surface, look: Look, camera: Camera) -> Array:
    """The shares (M, 2) of the light from all around and of the key light that get to the rows of ``mesh``.

    Hollows count once :func:`studio.render.ambient_occlusion.bake` has found them for ``model``.
    """
    reach = np.ones((model.vertex_count, 2), dtype=np.float32)
    shadows, hollows = look.shadows, baked(model)
    if look.is_lit:
        if hollows is not None and shadows.ambient > 0.0:
            reach[:, 0] = 1.0 - min(shadows.ambient, 1.0) * (1.0 - hollows)
        if shadows.key > 0.0 and look.light.strength > 0.0:
            reach[:, 1] = 1.0 - min(shadows.key, 1.0) * (1.0 - _key_seen(model, surface, look, camera))
    return mesh.spread(reach)


def _key_seen(model: HeadModel, surface: Surface, look: Look, camera: Camera) -> Array:
    if model not in _tables:
        edges = find_edges(np.ascontiguousarray(model.faces), model.vertex_count)
        _tables[model] = occluders(model), Neighbourhoods.of(edges, model.vertex_count)
    faces, neighbourhoods = _tables[model]
    direction = direction_of(look.light)
    if not look.light.in_world:
        direction = rotation(camera).T @ direction
    return key_light_seen(
        surface.vertices,
        surface.normals,
        faces,
        direction.astype(np.float32),
        neighbourhoods,
        look.light.softness,
    )
