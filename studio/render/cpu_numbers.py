"""Numbers composed on the processor, as :mod:`studio.render.number_visual` does on the GPU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.digits import CELL, REACH, digit_field
from studio.render.numbers import (
    HALO,
    HALO_ALPHA,
    HALO_COLOUR,
    NUMBER_COLOUR,
    STROKE,
    numbers_of,
)
from studio.render.shading import smoothstep
from studio.render.shot import Shot

Array = NDArray[np.float32]


def draw_numbers(
    colours: Array,
    shot: Shot,
    view: NDArray[np.float64],
    projection: NDArray[np.float64],
    size: tuple[int, int],
) -> None:
    """Compose the shot's numbers over premultiplied ``colours`` (H, W, 4) of a tile.

    Args:
        colours: written in place.
        shot: whose surface, look and camera tell the numbers.
        view: (4, 4).
        projection: (4, 4) onto the tile.
        size: of the whole picture, in samples.
    """
    numbers = numbers_of(shot.model, shot.surface, shot.look, shot.camera, size, shot.factor)
    rows, columns = colours.shape[:2]
    centers = numbers.points.astype(np.float64) @ view[:3, :3].T + view[:3, 3]
    clip = centers @ projection[:, :3].T + projection[:, 3]
    places = (clip[:, :2] / clip[:, 3:] * (0.5, -0.5) + 0.5) * (columns, rows) + numbers.offsets
    for place, digit in zip(places, numbers.digits, strict=True):
        _digit(colours, place, int(digit), numbers.height, shot.factor)


def _digit(
    colours: Array,
    place: NDArray[np.float64],
    digit: int,
    height: float,
    pixel: int,
) -> None:
    """One digit around ``place``."""
    rows, columns = colours.shape[:2]
    half = height * CELL[0] / 2.0, height * CELL[1] / 2.0
    left, right = max(int(np.ceil(place[0] - half[0] - 0.5)), 0), min(int(place[0] + half[0] + 0.5), columns)
    top, bottom = max(int(np.ceil(place[1] - half[1] - 0.5)), 0), min(int(place[1] + half[1] + 0.5), rows)
    if left >= right or top >= bottom:
        return
    x = (np.arange(left, right) + 0.5 - place[0]) / (2.0 * half[0])
    y = (np.arange(top, bottom) + 0.5 - place[1]) / (2.0 * half[1])
    distance = (1.0 - _sampled((digit + 0.5 + x) / 10.0, y + 0.5)) * REACH
    soft = 0.5 * pixel / height
    halo = HALO_ALPHA * (1.0 - smoothstep(HALO - soft, HALO + soft, distance))
    ink = 1.0 - smoothstep(STROKE - soft, STROKE + soft, distance)
    cover = np.maximum(halo, ink)[..., None]
    tint = np.array(HALO_COLOUR) + (np.array(NUMBER_COLOUR) - HALO_COLOUR) * ink[..., None]
    patch = colours[top:bottom, left:right]
    patch *= (1.0 - cover).astype(np.float32)
    patch[..., :3] += (tint * cover).astype(np.float32)
    patch[..., 3:] += cover.astype(np.float32)


def _sampled(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """The digits' field (len(v), len(u)), 0..1, between its texels linearly, as OpenGL samples a texture."""
    field = digit_field()
    rows, columns = field.shape
    x, y = np.clip(u * columns - 0.5, 0.0, columns - 1.0), np.clip(v * rows - 0.5, 0.0, rows - 1.0)
    left, top = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
    across, down = x - left, (y - top)[:, None]
    upper, lower = (
        field[row][:, left] * (1.0 - across) + field[row][:, left + 1] * across for row in (top, top + 1)
    )
    mixed: NDArray[np.float64] = (upper * (1.0 - down) + lower * down) / 255.0
    return mixed
