"""Things before a face of which a fitter is told nothing: a hand, or hair over the brow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting_truth.painting import smooth_noise

Picture = NDArray[np.float64]


def cover_part(
    picture: Picture, landmarks: NDArray[np.float64], eyes: float, rng: np.random.Generator
) -> tuple[Picture, NDArray[np.bool_]]:
    """``picture`` (H, W, 3) with a hand at the chin or cheek, or hair; and where that is (H, W).

    Args:
        picture: sRGB, 0..1.
        landmarks: (68, 2) pixels.
        eyes: pixels between the outer corners of the eyes.
        rng: what is drawn, and where.

    """
    cover = _hand if rng.uniform() < 0.5 else _hair
    colour, alpha = cover(picture.shape[:2], landmarks, eyes, rng)
    return picture + alpha[..., None] * (colour - picture), alpha > 0.5


def _hand(
    shape: tuple[int, ...], landmarks: NDArray[np.float64], eyes: float, rng: np.random.Generator
) -> tuple[Picture, Picture]:
    """Four fingers that come from below one side of the jaw, as round bars of skin."""
    side = rng.choice([3, 13])
    tip = landmarks[side] + 0.25 * (landmarks[33] - landmarks[side]) + rng.normal(0.0, 0.06 * eyes, 2)
    away = landmarks[side] - landmarks[33] + (0.0, 0.7 * eyes)
    away /= np.linalg.norm(away)
    across = np.array([-away[1], away[0]])
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    colour, alpha = np.zeros((*shape, 3)), np.zeros(shape)
    skin = np.array([0.78, 0.60, 0.50]) * rng.uniform(0.55, 1.05)
    radius = 0.11 * eyes
    for finger, length in enumerate((0.0, 0.18, 0.22, 0.08)):
        start = tip + across * (finger - 1.5) * 2.05 * radius - away * length * eyes
        dx, dy = columns - start[0], rows - start[1]
        along = np.clip(dx * away[0] + dy * away[1], 0.0, 2.0 * eyes)
        off = np.hypot(dx - along * away[0], dy - along * away[1]) / radius
        inside = np.clip((1.0 - off) * radius, 0.0, 1.0)
        shade = np.sqrt(np.clip(1.0 - off**2, 0.0, 1.0))[..., None] * 0.65 + 0.35
        colour += (inside * (alpha < 1.0))[..., None] * (skin * shade - colour)
        alpha = np.maximum(alpha, inside)
    return colour, alpha


def _hair(
    shape: tuple[int, ...], landmarks: NDArray[np.float64], eyes: float, rng: np.random.Generator
) -> tuple[Picture, Picture]:
    """A fringe over the brow, longer to one side, with a ragged edge and strands."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    middle, up = landmarks[27], landmarks[27] - landmarks[8]
    up = up / np.linalg.norm(up)
    right = np.array([-up[1], up[0]])
    dx, dy = columns - middle[0], rows - middle[1]
    x, y = (dx * right[0] + dy * right[1]) / eyes, (dx * up[0] + dy * up[1]) / eyes
    strands = smooth_noise(rng, (1, 512), 2.0)[0]
    ragged = strands[np.clip(((x + 2.0) * 128).astype(int), 0, 511)]
    edge = 0.36 + rng.uniform(-0.5, 0.5) * x + 0.06 * ragged + 0.25 * x**2 * rng.uniform(-0.6, 0.3)
    inside = np.clip((y - edge) * eyes, 0.0, 1.0) * (np.abs(x) < 1.1) * (y < 1.9)
    tone = rng.uniform(0.05, 0.5) * np.array([1.0, 0.8, 0.6])
    return tone * (1.0 + 0.25 * ragged[..., None]), inside
