"""How much of the sky each vertex sees: used to deepen creases, nostrils and the mouth in the albedo."""

from __future__ import annotations

import numpy as np

from .source import Array, Indices

DIRECTIONS = 320
CELLS = 240
BIAS = 0.0025  # metres a surface may lie behind the depth map and still count as seen
SAMPLES = 7


def openness(positions: Array, normals: Array, occluders: Indices) -> Array:
    """Cosine-weighted share (V,) of directions in which no face of ``occluders`` (f, 3) is in the way."""
    steps = [(i, j) for i in range(SAMPLES) for j in range(SAMPLES - i)]
    weights = np.array([(i, j, SAMPLES - 1 - i - j) for i, j in steps]) / (SAMPLES - 1.0)
    surface = np.einsum("sk,fkd->fsd", weights, positions[occluders]).reshape(-1, 3)
    low, size = positions.min(axis=0) - 0.02, np.ptp(positions, axis=0).max() * 1.8
    centre = low + 0.5 * (np.ptp(positions, axis=0) + 0.04)
    seen, total = np.zeros(len(positions)), np.zeros(len(positions))
    for direction in _sphere(DIRECTIONS):
        side = np.cross(direction, (0.0, 1.0, 0.0) if abs(direction[1]) < 0.9 else (1.0, 0.0, 0.0))
        side /= np.linalg.norm(side)
        frame = np.stack([side, np.cross(direction, side), direction], axis=1)
        cosine = np.clip(normals @ direction, 0.0, None)
        facing = np.flatnonzero(cosine > 0.0)
        spread, own = (surface - centre) @ frame, (positions[facing] - centre) @ frame
        cell = ((spread[:, :2] / size + 0.5) * CELLS).astype(np.int64)
        nearest = np.full(CELLS * CELLS, -np.inf)
        np.maximum.at(nearest, cell[:, 0] * CELLS + cell[:, 1], spread[:, 2])
        mine = ((own[:, :2] / size + 0.5) * CELLS).astype(np.int64)
        visible = own[:, 2] >= nearest[mine[:, 0] * CELLS + mine[:, 1]] - BIAS
        seen[facing] += cosine[facing] * visible
        total += cosine
    return seen / np.maximum(total, 1e-9)


def _sphere(count: int) -> Array:
    """Evenly spread unit vectors (Fibonacci lattice)."""
    index = np.arange(count) + 0.5
    height = 1.0 - 2.0 * index / count
    angle = np.pi * (1.0 + np.sqrt(5.0)) * index
    radius = np.sqrt(1.0 - height * height)
    return np.stack([radius * np.cos(angle), height, radius * np.sin(angle)], axis=1)
