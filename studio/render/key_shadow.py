"""The key light's shadow on the head: for each vertex, how much of the light gets there in this pose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.light_map import LightMap
from studio.render.topology import Neighbourhoods

Array = NDArray[np.float32]

SIDE = 288  # texels: a millimetre and a half on a head
HARD, SOFT = 0.0012, 0.0045  # metres of the border of a hard and a soft lamp's shadow
TAPS = 20  # places looked at
OFF = 0.0015  # metres off the surface, or it would shade itself
TOLERANCE = 0.004  # metres
TURNED, FACING = 0.0, 0.30  # cosines to the light between which the surface begins to take shadows


def key_light_seen(
    vertices: Array,
    normals: Array,
    faces: NDArray[np.int32],
    direction: Array,
    neighbourhoods: Neighbourhoods,
    softness: float = 1.0,
) -> Array:
    """The share (V,) of the key light that reaches each vertex.

    What turns away from the light is not shaded here: there the light fades out by itself.

    Args:
        vertices: (V, 3) metres.
        normals: (V, 3) unit.
        faces: (F, 3) that may stand in the light's way.
        direction: (3,) unit, towards the light.
        neighbourhoods: of the vertices, over which the border of the shadow is smoothed.
        softness: of the light, 0..1.
    """
    light_map = LightMap.of(vertices, faces, direction, SIDE)
    seen = light_map.share_seen(vertices + OFF * normals, TOLERANCE, HARD + (SOFT - HARD) * softness, TAPS)
    seen = neighbourhoods.smoothed(seen)
    t = np.clip((normals @ direction - TURNED) / (FACING - TURNED), 0.0, 1.0)
    return np.asarray(1.0 - (1.0 - seen) * (t * t * (3.0 - 2.0 * t)), dtype=np.float32)
