"""Eyebrows: single hairs drawn on a plane before the face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .source import Array

PIXELS_PER_MILLIMETRE = 16
LOW, HIGH = np.array([4.0, 36.0]), np.array([54.0, 58.0])  # x, y millimetres of the drawing of one side
MIDDLE = np.array(
    [[9.4, 43.8], [13.5, 45.2], [20.0, 46.7], [28.0, 48.3], [36.0, 48.2], [43.0, 45.6], [49.5, 42.0]]
)
HALF_WIDTH = np.array([3.1, 4.0, 4.1, 3.7, 3.0, 2.0, 0.6])
DIRECTION = np.radians([82.0, 62.0, 40.0, 22.0, -4.0, -24.0, -32.0])  # of the hairs, from the nose outwards
LENGTH = np.array([4.2, 5.2, 6.2, 6.8, 6.4, 5.2, 3.6])
HAIRS = 860


def draw_plain_brow() -> Array:
    """Coverage (rows, columns) in 0..1 of a brow of even strokes."""
    columns, rows = ((HIGH - LOW) * PIXELS_PER_MILLIMETRE).astype(int)
    coverage = np.zeros((rows, columns))
    station = np.linspace(0.0, 1.0, len(MIDDLE))
    for along in np.linspace(0.0, 1.0, 46):
        middle = np.array([np.interp(along, station, MIDDLE[:, k]) for k in range(2)])
        half = np.interp(along, station, HALF_WIDTH)
        _add_hair(coverage, middle - (0.0, half), np.radians(80.0 - 60.0 * along), 0.0, 2.0 * half, 0.8, 0.3)
    return coverage


def draw_brow(seed: int) -> Array:
    """Coverage (rows, columns) in 0..1 of one brow with hairs of its own."""
    random = np.random.default_rng(seed)
    scale = PIXELS_PER_MILLIMETRE
    columns, rows = ((HIGH - LOW) * scale).astype(int)
    coverage = np.zeros((rows, columns))
    station = np.linspace(0.0, 1.0, len(MIDDLE))
    order = random.permutation(HAIRS)
    for hair in order:
        along = np.clip((hair + random.uniform()) / HAIRS, 0.0, 1.0)
        along = along**0.94
        across = float(np.clip(random.normal(-0.08, 0.46), -1.0, 1.0))
        middle = np.array([np.interp(along, station, MIDDLE[:, k]) for k in range(2)])
        half = np.interp(along, station, HALF_WIDTH)
        angle = (
            np.interp(along, station, DIRECTION)
            + random.normal(0.0, 0.20)
            - 0.42 * across * (1.0 - 0.5 * along)
        )
        length = np.interp(along, station, LENGTH) * random.uniform(0.55, 1.1) * (1.0 - 0.25 * abs(across))
        bend = random.normal(-0.28, 0.16)
        root = middle + np.array([0.25, 1.0]) * across * half
        strength = random.uniform(0.42, 0.92) * (0.55 + 0.45 * min(1.0, along / 0.12))
        _add_hair(coverage, root, angle, bend, length, strength, random.uniform(0.11, 0.20))
    return np.clip(coverage, 0.0, 1.0)


def _add_hair(
    coverage: Array, root: Array, angle: float, bend: float, length: float, strength: float, width: float
) -> None:
    """Lay one tapered, bent hair over ``coverage``."""
    share = np.linspace(0.0, 1.0, 9)
    turning = angle + bend * share
    step = length / (len(share) - 1)
    path = root + np.concatenate(
        [[[0.0, 0.0]], np.cumsum(step * np.stack([np.cos(turning), np.sin(turning)], 1)[:-1], 0)]
    )
    pixels = (path - LOW) * PIXELS_PER_MILLIMETRE
    low = np.maximum(np.floor(pixels.min(axis=0)).astype(int) - 4, 0)
    high = np.minimum(np.ceil(pixels.max(axis=0)).astype(int) + 5, coverage.shape[::-1])
    if (high <= low).any():
        return
    width_pixels, height_pixels = int(high[0] - low[0]), int(high[1] - low[1])
    image = Image.new("L", (2 * width_pixels, 2 * height_pixels))
    draw = ImageDraw.Draw(image)
    for k in range(len(path) - 1):
        thickness = width * 2.0 * PIXELS_PER_MILLIMETRE * (1.0 - 0.8 * share[k])
        a, b = ((pixels[k + i] - low) * 2.0 for i in (0, 1))
        draw.line([tuple(a), tuple(b)], fill=255, width=max(1, round(thickness)))
    small = image.resize((width_pixels, height_pixels), Image.Resampling.BOX)
    covered = strength * np.asarray(small, dtype=np.float64) / 255.0
    part = coverage[low[1] : high[1], low[0] : high[0]]
    part[:] = 1.0 - (1.0 - part) * (1.0 - covered)


def brow_coverage(points: Array, plain: bool) -> NDArray[np.float64]:
    """Coverage (n,) by both brows of ``points`` (n, 3) in metres on the front of the face."""
    result = np.zeros(len(points))
    for sign, seed in ((1.0, 31), (-1.0, 47)):
        drawing = draw_plain_brow() if plain else draw_brow(seed)
        place = (points[:, :2] * (sign, 1.0) * 1e3 - LOW) * PIXELS_PER_MILLIMETRE - 0.5
        inside = (place >= 0.0).all(axis=1) & (place < np.array(drawing.shape[::-1]) - 1.001).all(axis=1)
        inside &= points[:, 2] > 0.02
        ids = np.flatnonzero(inside)
        column, row = np.floor(place[ids]).astype(int).T
        s, t = (place[ids] - np.stack([column, row], 1)).T
        result[ids] += (
            drawing[row, column] * (1 - s) * (1 - t) + drawing[row, column + 1] * s * (1 - t)
            + drawing[row + 1, column] * (1 - s) * t + drawing[row + 1, column + 1] * s * t
        )  # fmt: skip
    return result
