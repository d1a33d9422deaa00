"""The ten digits as distance fields, so that they are sharp at any size on the GPU and on the processor."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDTH = 0.56  # of a digit's strokes, in digit heights, which are the unit of all that follows
MARGIN = 0.22  # around a digit in its cell
CELL = (WIDTH + 2.0 * MARGIN, 1.0 + 2.0 * MARGIN)  # width and height
REACH = 0.25  # the distance from the middle of a stroke at which the field ends
_STEPS = (48, 72)  # texels along a cell's width and height


def _arc(centre: tuple[float, float], radii: tuple[float, float], start: float, stop: float) -> Array:
    """Points of an ellipse from ``start`` to ``stop`` degrees, counter-clockwise from the right."""
    angles = np.radians(np.linspace(start, stop, 24))
    return np.stack([centre[0] + radii[0] * np.cos(angles), centre[1] + radii[1] * np.sin(angles)], axis=1)


def _path(*points: tuple[float, float]) -> Array:
    return np.array(points)


def _strokes() -> tuple[list[Array], ...]:
    """The lines of each digit, in a box of ``WIDTH`` by 1, y up."""
    bowl = _arc((0.28, 0.31), (0.28, 0.31), 0.0, 360.0)
    stem = _arc((0.56, 0.31), (0.56, 0.69), 180.0, 102.0)
    six = [bowl, stem]
    return (
        [_arc((0.28, 0.5), (0.28, 0.5), 0.0, 360.0)],
        [_path((0.08, 0.8), (0.32, 1.0), (0.32, 0.0))],
        [
            np.concatenate(
                [_arc((0.28, 0.72), (0.27, 0.28), 165.0, -35.0), _path((0.02, 0.0), (0.56, 0.0))], axis=0
            )
        ],
        [
            _arc((0.26, 0.76), (0.25, 0.24), 150.0, -90.0),
            _arc((0.26, 0.26), (0.29, 0.26), 90.0, -150.0),
        ],
        [_path((0.42, 0.0), (0.42, 1.0), (0.0, 0.3), (0.56, 0.3))],
        [
            np.concatenate(
                [_path((0.5, 1.0), (0.09, 1.0)), _arc((0.26, 0.32), (0.29, 0.31), 125.0, -150.0)], axis=0
            )
        ],
        six,
        [_path((0.0, 1.0), (0.56, 1.0), (0.18, 0.0))],
        [
            _arc((0.28, 0.76), (0.24, 0.24), 0.0, 360.0),
            _arc((0.28, 0.26), (0.28, 0.26), 0.0, 360.0),
        ],
        [(WIDTH, 1.0) - stroke for stroke in six],
    )


@cache
def digit_field() -> NDArray[np.uint8]:
    """The cells of 0 to 9 side by side (72, 480), row 0 at the top.

    A texel is the distance d from the middle of the nearest stroke: 255 on it, 0 at ``REACH``.
    """
    wide, high = _STEPS
    x = (np.arange(wide) + 0.5) / wide * CELL[0] - MARGIN
    y = CELL[1] - MARGIN - (np.arange(high) + 0.5) / high * CELL[1]
    texels = np.stack(np.meshgrid(x, y), axis=-1)
    cells = [np.min([_distance(texels, line) for line in lines], axis=0) for lines in _strokes()]
    field = np.rint(np.clip(1.0 - np.concatenate(cells, axis=1) / REACH, 0.0, 1.0) * 255.0).astype(np.uint8)
    field.setflags(write=False)
    return field


def _distance(texels: Array, line: Array) -> Array:
    """From ``texels`` (H, W, 2) to the nearest point of a polyline (N, 2)."""
    start, along = line[:-1], np.diff(line, axis=0)
    offset = texels[:, :, None] - start
    share = np.clip((offset * along).sum(axis=-1) / (along**2).sum(axis=-1), 0.0, 1.0)
    nearest: Array = np.linalg.norm(offset - share[..., None] * along, axis=-1).min(axis=-1)
    return nearest
