"""What a light far away sees of a mesh: a depth map along its direction, by the CPU rasterizer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.render.rasterizer import find_visible

Array = NDArray[np.float32]

MARGIN = 4  # texels around the mesh
GOLDEN = math.pi * (3.0 - math.sqrt(5.0))  # radians, the golden angle: it spreads points evenly


@dataclass(frozen=True, eq=False)
class LightMap:
    """Depths, metres along ``axes[2]``, of what is nearest to the light; minus infinity where nothing is."""

    axes: Array  # (3, 3) unit rows: to the right and up on the map, and towards the light
    corner: Array  # (2,) metres along the first two axes at the map's left bottom
    texel: float  # metres
    depths: Array  # (S, S), row 0 at the top

    @classmethod
    def of(cls, vertices: Array, faces: NDArray[np.int32], direction: Array, side: int) -> LightMap:
        """The map of ``side`` texels of ``faces`` (F, 3) over ``vertices`` (V, 3); ``direction`` is unit."""
        axes = _axes(direction)
        placed = vertices.astype(np.float32) @ axes.T
        low, high = placed.min(axis=0), placed.max(axis=0)
        texel = max(float((high - low)[:2].max()), 1e-6) / (side - 2 * MARGIN)
        corner = (low + high)[:2] / 2.0 - texel * side / 2.0
        middle, half = float(low[2] + high[2]) / 2.0, max(float(high[2] - low[2]), 1e-6)
        clip = np.ones((len(placed), 4))
        clip[:, :2] = (placed[:, :2] - corner) * (2.0 / (texel * side)) - 1.0
        clip[:, 2] = (middle - placed[:, 2]) / half
        seen = find_visible(clip, faces, side, side, threads=1)
        depths = np.float32(middle) - np.float32(half) * seen.depths
        return cls(axes, corner.astype(np.float32), texel, depths)

    def share_seen(self, points: Array, tolerance: float, radius: float = 0.0, taps: int = 1) -> Array:
        """Which share (N,) of ``taps`` places around each of ``points`` (N, 3) the light sees.

        Args:
            points: metres.
            tolerance: metres that a surface may stand before a point.
            radius: metres of the disc of places, which makes the border of a shadow soft.
            taps: how many places.
        """
        from studio.render.light_map_kernel import count_seen  # loads numba

        places = points @ self.axes.T
        places[:, 0] = (places[:, 0] - self.corner[0]) / self.texel
        places[:, 1] = len(self.depths) - (places[:, 1] - self.corner[1]) / self.texel
        turn, reach = np.arange(taps) * GOLDEN, radius / self.texel * np.sqrt((np.arange(taps) + 0.5) / taps)
        offsets = np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1).astype(np.float32)
        shares = np.empty(len(points), dtype=np.float32)
        count_seen(self.depths, np.ascontiguousarray(places), offsets, np.float32(tolerance), shares)
        return shares


def _axes(direction: Array) -> Array:
    towards = np.asarray(direction, dtype=np.float64)
    towards = towards / np.linalg.norm(towards)
    helper = np.array([0.0, 1.0, 0.0] if abs(towards[1]) < 0.9 else [1.0, 0.0, 0.0])
    right = np.cross(helper, towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards]).astype(np.float32)
