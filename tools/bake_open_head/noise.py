"""Smooth random values in space, the same for the same seed."""

from __future__ import annotations

import numpy as np

from .source import Array

PERIOD = 64


def value_noise(points: Array, spacing: float | tuple[float, ...], seed: int) -> Array:
    """Noise (n,) in -1..1 at ``points`` (n, 3): a random lattice of ``spacing``, smoothly interpolated."""
    lattice = np.random.default_rng(seed).uniform(-1.0, 1.0, (PERIOD,) * 3).astype(np.float32)
    scaled = points / np.asarray(spacing)
    cell = np.floor(scaled)
    share = (scaled - cell).astype(np.float32)
    share = share * share * (3.0 - 2.0 * share)
    low = cell.astype(np.int64) % PERIOD
    high = (low + 1) % PERIOD
    total = np.zeros(len(points), dtype=np.float32)
    for corner in range(8):
        index = [(high if corner >> axis & 1 else low)[:, axis] for axis in range(3)]
        weight = np.ones(len(points), dtype=np.float32)
        for axis in range(3):
            weight *= share[:, axis] if corner >> axis & 1 else 1.0 - share[:, axis]
        total += weight * lattice[index[0], index[1], index[2]]
    return total.astype(np.float64)


def smoothstep(low: float, high: float, values: Array) -> Array:
    """0 below ``low``, 1 above ``high``, smooth in between; the other way round where low > high."""
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def mix(first: Array, second: Array | tuple[float, ...], amount: Array) -> Array:
    """Colours (n, 3) between ``first`` and ``second`` by ``amount`` (n,)."""
    return first + (np.asarray(second) - first) * amount[:, None]
