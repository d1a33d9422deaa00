"""What no texture model knows: moles, freckles, blotches, stubble and scars on a head's albedo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 1024  # pixels of a painted albedo

Picture = NDArray[np.float64]


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], grain: float) -> Picture:
    """Noise (H, W) of mean 0 and deviation 1 without anything finer than ``grain`` pixels."""
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(rng.standard_normal(shape), grain, mode="wrap")
    return np.asarray((noise - noise.mean()) / noise.std())


def painted(albedo: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """``albedo`` (H, W, 3) sRGB, row 0 at v = 0, at 1,024 pixels a side and with details of its own."""
    from PIL import Image

    texels = np.asarray(Image.fromarray(albedo).resize((SIDE, SIDE), Image.Resampling.BICUBIC)) / 255.0
    strength = rng.uniform(0.4, 1.0)
    blotches = smooth_noise(rng, (SIDE, SIDE), 18.0)[..., None] * np.array([0.012, 0.025, 0.022])
    pores = smooth_noise(rng, (SIDE, SIDE), 1.0)[..., None] * 0.018
    texels = texels * (1.0 + strength * (blotches + pores))
    texels *= 1.0 - _spots(rng, int(rng.integers(60, 400)), (1.0, 3.5), 0.4)[..., None] * np.array(
        [0.35, 0.55, 0.7]
    )
    texels *= 1.0 - _spots(rng, int(rng.integers(3, 14)), (4.0, 9.0), 0.8)[..., None] * np.array(
        [0.6, 0.75, 0.8]
    )
    return np.rint(np.clip(texels, 0.0, 1.0) * 255.0).astype(np.uint8)


def _spots(rng: np.random.Generator, count: int, radii: tuple[float, float], most: float) -> Picture:
    """Soft round spots (SIDE, SIDE) of 0..1 anywhere on the map."""
    spots = np.zeros((SIDE, SIDE))
    for row, column, radius, depth in zip(
        rng.uniform(0, SIDE, count),
        rng.uniform(0, SIDE, count),
        rng.uniform(*radii, count),
        rng.uniform(0.2, most, count),
        strict=True,
    ):
        reach = int(3 * radius) + 1
        top, left = max(int(row) - reach, 0), max(int(column) - reach, 0)
        part = spots[top : int(row) + reach, left : int(column) + reach]
        rows, columns = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
        distance = (rows - row) ** 2 + (columns - column) ** 2
        np.maximum(part, depth * np.exp(-distance / radius**2), out=part)
    return spots
