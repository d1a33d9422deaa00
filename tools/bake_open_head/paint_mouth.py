"""Painting what is behind the lips: teeth, gums, tongue, walls."""

from __future__ import annotations

import numpy as np

from .noise import mix, smoothstep, value_noise
from .source import Array
from .teeth import Arch, ridge_layout


def paint_arch(points: Array, uv: Array, arch: Arch) -> Array:
    """Colours (n, 3) of teeth and gums at ``points`` (n, 3) with chart coordinates ``uv`` (n, 2)."""
    row_v, gap_u = ridge_layout(arch)
    row = np.interp(1.0 - uv[:, 1], row_v, np.arange(len(row_v)))
    from_gap = np.abs(uv[:, 0][:, None] - gap_u[None]).min(axis=1)
    half = 0.5 * np.diff(gap_u).mean()
    middle = np.clip(from_gap / half, 0.0, 1.0)
    back = np.abs(2.0 * uv[:, 0] - 1.0)
    teeth = _enamel(points, row, middle, back)
    gums = _gums(points, row, middle, back)
    margin = 0.16 * value_noise(points, 0.0012, 40)
    gum = np.maximum(smoothstep(2.75, 2.35, row + margin), smoothstep(8.35, 8.75, row + margin))
    return teeth * (1.0 - gum[:, None]) + gums * gum[:, None]


def _enamel(points: Array, row: Array, middle: Array, back: Array) -> Array:
    colour = np.tile((233.0, 223.0, 202.0), (len(row), 1))
    colour = mix(colour, (216.0, 194.0, 158.0), 0.55 * smoothstep(4.4, 2.7, row))
    colour = mix(
        colour, (212.0, 212.0, 208.0), 0.45 * smoothstep(4.9, 5.9, row) * smoothstep(0.55, 0.2, back)
    )
    colour = colour * (1.0 + 0.018 * value_noise(points, (0.0012, 0.006, 0.0012), 41)[:, None])
    gap = smoothstep(0.24, 0.02, middle)
    colour = mix(colour, (128.0, 96.0, 74.0), 0.72 * gap * smoothstep(6.6, 5.6, row))
    colour = mix(colour, (160.0, 126.0, 96.0), 0.45 * gap * smoothstep(5.6, 6.6, row))
    neck = np.exp(-(((row - 2.9) / 0.30) ** 2))
    colour = mix(colour, (176.0, 128.0, 108.0), 0.5 * neck)
    colour = colour * (1.0 - 0.22 * smoothstep(6.2, 8.2, row))[:, None]
    return colour * (1.0 - 0.62 * smoothstep(0.20, 0.72, back)[:, None] * np.array([0.90, 1.0, 1.05]))


def _gums(points: Array, row: Array, middle: Array, back: Array) -> Array:
    colour = np.tile((192.0, 112.0, 106.0), (len(row), 1))
    colour = mix(colour, (206.0, 134.0, 126.0), 0.6 * np.exp(-(((row - 2.1) / 0.35) ** 2)))
    colour = mix(
        colour, (158.0, 72.0, 70.0), 0.6 * smoothstep(1.2, 0.3, row) + 0.4 * smoothstep(9.0, 10.0, row)
    )
    colour = mix(colour, (172.0, 88.0, 84.0), 0.4 * smoothstep(0.4, 0.0, middle))
    colour = (
        colour
        * (1.0 + 0.04 * value_noise(points, 0.0010, 42) + 0.04 * value_noise(points, 0.004, 43))[:, None]
    )
    return colour * (1.0 - 0.66 * smoothstep(0.20, 0.70, back))[:, None]


def paint_tongue(points: Array, normals: Array) -> Array:
    """Colours (n, 3) of the tongue: papillae and a groove on top, darker below and towards the throat."""
    x, _, z = points.T
    colour = np.tile((184.0, 102.0, 98.0), (len(points), 1))
    papillae = 0.6 * value_noise(points, 0.0011, 44) + 0.4 * value_noise(points, 0.0006, 45)
    colour = colour * (1.0 + 0.08 * papillae + 0.04 * value_noise(points, 0.006, 46))[:, None]
    colour = mix(colour, (202.0, 140.0, 132.0), 0.35 * smoothstep(0.0, 0.6, value_noise(points, 0.009, 47)))
    colour = mix(colour, (140.0, 66.0, 66.0), 0.30 * np.exp(-((x / 0.0026) ** 2)))
    colour = mix(colour, (140.0, 64.0, 72.0), 0.6 * smoothstep(0.1, -0.4, normals[:, 1]))
    return colour * (1.0 - 0.62 * smoothstep(0.044, 0.010, z))[:, None]


def paint_cavity(points: Array, lip_rim: Array) -> Array:
    """Colours (n, 3) of the mouth's walls, dark behind; ``lip_rim`` (n,) is the distance from the lips."""
    colour = np.tile((92.0, 33.0, 31.0), (len(points), 1))
    colour = mix(colour, (30.0, 10.0, 10.0), smoothstep(0.052, 0.020, points[:, 2]))
    colour = colour * (1.0 + 0.06 * value_noise(points, 0.003, 48))[:, None]
    return mix(colour, (166.0, 97.0, 89.0), smoothstep(0.011, 0.001, lip_rim))
