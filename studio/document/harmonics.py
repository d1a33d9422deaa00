"""Light from all around as spherical harmonics of order 0 to 2, in the convention of DECA.

The light that a white, matt surface with unit normal n sends out is the sum over k of

    c_k l_k Y_k(n),   Y = 1, x, y, z, xy, xz, yz, x² - y², 3z² - 1

with the constants c below, which hold the clamped cosine of Lambert's law for the orders 1 and 2
(Ramamoorthi and Hanrahan, "An efficient representation for irradiance environment maps", SIGGRAPH
2001; DECA's ``add_SHlight``). A surface of any albedo sends that times its albedo. Axes are the
head's: +X to its left, +Y up, +Z out of the face.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

COUNT = 9
CONSTANTS = (
    math.sqrt(1.0 / (4.0 * math.pi)),
    *[(2.0 * math.pi / 3.0) * math.sqrt(3.0 / (4.0 * math.pi))] * 3,
    *[(math.pi / 4.0) * 3.0 * math.sqrt(5.0 / (12.0 * math.pi))] * 3,
    (math.pi / 4.0) * 1.5 * math.sqrt(5.0 / (12.0 * math.pi)),
    (math.pi / 4.0) * 0.5 * math.sqrt(5.0 / (4.0 * math.pi)),
)
_COSINE = (math.pi, *[2.0 * math.pi / 3.0] * 3, *[math.pi / 4.0] * 5)  # the clamped cosine's own harmonics


def polynomials(directions: ArrayLike) -> Array:
    """The nine Y (N, 9) of unit ``directions`` (N, 3)."""
    x, y, z = np.asarray(directions, dtype=np.float64).T
    return np.stack([np.ones_like(x), x, y, z, x * y, x * z, y * z, x * x - y * y, 3.0 * z * z - 1.0], axis=1)


def shading(coefficients: ArrayLike, normals: ArrayLike) -> Array:
    """What a white surface with unit ``normals`` (N, 3) sends out (N, 3), for ``coefficients`` (9, 3)."""
    return polynomials(normals) @ (np.array(CONSTANTS)[:, None] * np.asarray(coefficients, np.float64))


def quadratic_forms(coefficients: ArrayLike) -> Array:
    """Symmetric matrices (3, 4, 4): with q = (x, y, z, 1), q·M q is :func:`shading` of each colour."""
    a = (np.array(CONSTANTS)[:, None] * np.asarray(coefficients, np.float64)).T  # (3, 9)
    forms = np.zeros((3, 4, 4))
    forms[:, 3, 3] = a[:, 0] - a[:, 8]
    for axis in range(3):
        forms[:, axis, 3] = forms[:, 3, axis] = a[:, 1 + axis] / 2.0
    for (row, column), k in (((0, 1), 4), ((0, 2), 5), ((1, 2), 6)):
        forms[:, row, column] = forms[:, column, row] = a[:, k] / 2.0
    forms[:, 0, 0] = a[:, 7]
    forms[:, 1, 1] = -a[:, 7]
    forms[:, 2, 2] = 3.0 * a[:, 8]
    return forms


def turned(forms: Array, rotation: Array) -> Array:
    """``forms`` for normals that ``rotation`` (3, 3) takes into their own axes."""
    lifted = np.eye(4)
    lifted[:3, :3] = rotation
    return np.asarray(lifted.T @ forms @ lifted)


def about_vertical(angle: float) -> Array:
    """The rotation (3, 3) by ``angle`` radians about +Y, from +Z towards +X."""
    sin, cos = math.sin(angle), math.cos(angle)
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])


def directions_of(height: int, width: int) -> tuple[Array, Array]:
    """Unit directions (H, W, 3) and solid angles (H, 1) of a latitude-longitude panorama's pixels.

    Its middle is what the face looks at, +Z; its left part lies at the head's left, +X; its top is +Y.
    """
    edges = np.sin(math.pi * (0.5 - np.arange(height + 1) / height))
    up = math.pi * (0.5 - (np.arange(height) + 0.5) / height)
    around = 2.0 * math.pi * (0.5 - (np.arange(width) + 0.5) / width)
    level = np.cos(up)[:, None]
    directions = np.stack(
        [
            level * np.sin(around),
            np.broadcast_to(np.sin(up)[:, None], (height, width)),
            level * np.cos(around),
        ],
        axis=-1,
    )
    return directions, ((edges[:-1] - edges[1:]) * (2.0 * math.pi / width))[:, None]


def project(panorama: NDArray[np.floating]) -> Array:
    """The coefficients (9, 3) of a latitude-longitude panorama (H, W, 3) of linear light."""
    height, width = panorama.shape[:2]
    directions, angles = directions_of(height, width)
    total = np.zeros((COUNT, 3))
    for row in range(height):
        total += (polynomials(directions[row]) * angles[row]).T @ panorama[row].astype(np.float64)
    # CONSTANTS hold the cosine's harmonics for orders 1 and 2 only, and a matt surface sends out 1/pi
    normals = np.array(CONSTANTS) / np.array(_COSINE)
    normals[0] = CONSTANTS[0]
    scales = np.where(np.arange(COUNT) == 0, 1.0, 1.0 / math.pi)
    return total * (normals * scales)[:, None]
