"""What the covered pixels of a photo would show, as differentiable functions of the head before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.document.harmonics import CONSTANTS
from studio.fitting.gradient.arrays import Arrays
from studio.fitting.gradient.covered import Covered

TINY = 1e-20


@dataclass(frozen=True, eq=False)
class Uploaded:
    """A :class:`Covered` in the array library."""

    corners: Any  # (3 f,) all first corners, then all second, then all third
    faces: int
    origins: Any  # (2, f)
    face: Any  # (N,)
    centres: Any  # (2, N)
    uv: Any  # (6, N)
    light: Any  # (3, N)
    weight: Any  # (N,)
    pixels: int  # N


def upload(arrays: Arrays, covered: Covered) -> Uploaded:
    """``covered`` in ``arrays``."""
    return Uploaded(
        arrays.upload(covered.corners.reshape(-1)),
        covered.corners.shape[1],
        arrays.upload(covered.origins),
        arrays.upload(covered.face),
        arrays.upload(covered.centres),
        arrays.upload(covered.uv),
        arrays.upload(covered.light),
        arrays.upload(covered.weight),
        len(covered.face),
    )


def vertex_normals(arrays: Arrays, vertices: Any, around: Any, count: int) -> Any:
    """Unit normals (3, n), each the mean of those of its faces, weighted by their areas.

    Args:
        arrays: the array library.
        vertices: (3, n) metres.
        around: (3 g,) the corners of the faces, all first, then all second, then all third.
        count: n.

    """
    xp = arrays.xp
    corners = arrays.take(vertices, around).reshape(3, 3, -1)
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    cross = xp.stack(
        [
            first[1] * second[2] - first[2] * second[1],
            first[2] * second[0] - first[0] * second[2],
            first[0] * second[1] - first[1] * second[0],
        ]
    )
    summed = arrays.add_up(xp.concatenate([cross, cross, cross], 1), around, count)
    return summed / xp.sqrt((summed * summed).sum(0) + TINY)


def harmonics(xp: Any, normals: Any) -> Any:
    """The nine polynomials (9, n) of unit ``normals`` (3, n), each times its constant."""
    x, y, z = normals[0], normals[1], normals[2]
    rows = [xp.ones_like(x), x, y, z, x * y, x * z, y * z, x * x - y * y, 3.0 * z * z - 1.0]
    return xp.stack([constant * row for constant, row in zip(CONSTANTS, rows, strict=True)])


def shares(arrays: Arrays, points: Any, covered: Uploaded) -> Any:
    """Perspective-correct barycentric weights (3, N) of each pixel's centre on its face.

    A weight is in proportion to the determinant of the pixel and the two other corners, in homogeneous
    coordinates; they are taken from a point near each face, where they lose no digits.

    Args:
        arrays: the array library.
        points: (3, n) homogeneous: pixels from the principal point, to the right and up, times depth; depth.
        covered: which pixels, and their faces.

    """
    xp = arrays.xp
    corners = arrays.take(points, covered.corners).reshape(3, 3, covered.faces)
    depth = corners[2]
    x = corners[0] - covered.origins[0:1] * depth
    y = corners[1] - covered.origins[1:2] * depth
    edges = []
    for corner in range(3):
        a, b = (corner + 1) % 3, (corner + 2) % 3
        edges += [
            y[a] * depth[b] - depth[a] * y[b],
            depth[a] * x[b] - x[a] * depth[b],
            x[a] * y[b] - y[a] * x[b],
        ]
    edge = arrays.take(xp.stack(edges), covered.face).reshape(3, 3, covered.pixels)
    from_origin = covered.centres - arrays.take(covered.origins, covered.face)
    areas = edge[:, 0] * from_origin[0] + edge[:, 1] * from_origin[1] + edge[:, 2]
    return areas / areas.sum(0)


def across(arrays: Arrays, values: Any, weights: Any, covered: Uploaded) -> Any:
    """Values (C, N) of the pixels, from those of the vertices (C, n) by ``weights`` (3, N)."""
    count = values.shape[0]
    corners = arrays.take(values, covered.corners).reshape(count, 3, covered.faces)
    at = arrays.take(corners.reshape(3 * count, -1), covered.face).reshape(count, 3, covered.pixels)
    return at[:, 0] * weights[0] + at[:, 1] * weights[1] + at[:, 2] * weights[2]


def sample(arrays: Arrays, texels: Any, number: Any, side: int, weights: Any, covered: Uploaded) -> Any:
    """The texture's values (C, N) at the pixels, between its four nearest texels.

    Args:
        arrays: the array library.
        texels: (C, M).
        number: (R * R,) which of the M each texel of the map is.
        side: R.
        weights: (3, N) barycentric.
        covered: the pixels.

    """
    xp = arrays.xp
    uv = covered.uv
    column = (uv[:3] * weights).sum(0) * side - 0.5
    row = (uv[3:] * weights).sum(0) * side - 0.5
    column, row = xp.clip(column, 0.0, side - 1.001), xp.clip(row, 0.0, side - 1.001)
    left, low = xp.floor(arrays.hold(column)), xp.floor(arrays.hold(row))
    right, up = column - left, row - low
    first = arrays.library.to_index(low * side + left)
    taps = arrays.take(texels, number[xp.concatenate([first, first + 1, first + side, first + side + 1])])
    taps = taps.reshape(texels.shape[0], 4, covered.pixels)
    below = taps[:, 0] + right * (taps[:, 1] - taps[:, 0])
    above = taps[:, 2] + right * (taps[:, 3] - taps[:, 2])
    return below + up * (above - below)
