"""Painting the skin: complexion, pores, lips, lids, brows and shaved hair."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from .noise import mix, smoothstep, value_noise
from .regions import hairline
from .source import Array

MILLIMETRE = 1e-3
MASK_BLUR = 1.5  # pixels: the masks are coarser than the map
LIP_COVER = 0.70
COMPLEXION = (207.0, 166.0, 143.0)
BLUSHES = (  # x of the left side, y, z, radius in millimetres, strength; mirrored where x is not 0
    (43.0, -6.0, 62.0, 26.0, 0.46), (0.0, -8.0, 92.0, 15.0, 0.48), (15.0, -14.0, 80.0, 9.0, 0.36),
    (0.0, -74.0, 78.0, 16.0, 0.22), (28.0, 62.0, 72.0, 20.0, 0.10),
)  # fmt: skip


def paint_skin(
    points: Array, masks: dict[str, Array], openness: Array, lid_rims: Array, lash_roots: Array, brows: Array
) -> Array:
    """Colours (n, 3), 0..255 sRGB, of the skin at ``points`` (n, 3).

    Args:
        points: positions on the template, metres.
        masks: MakeHuman's painted masks at the points: lips, eyelids, ears, each (n,).
        openness: (n,) share of the sky seen.
        lid_rims: points (r, 3) along all lid rims.
        lash_roots: points (u, 3) along the roots of the upper lashes; may be none.
        brows: (n,) how much of the skin the hairs of the brows cover.
    """
    colour = _complexion(points, masks)
    colour = _pores(colour, points, masks)
    colour = _lips(colour, points, masks["lips"])
    hair = hair_cover(points)
    colour = _lids(colour, points, masks["eyelids"], lid_rims, lash_roots)
    colour = mix(colour, (88.0, 71.0, 62.0), hair)
    colour = mix(colour, (74.0, 54.0, 43.0), 0.88 * brows * (1.0 - hair))
    return _creases(colour, openness)


def _complexion(points: Array, masks: dict[str, Array]) -> Array:
    x, y, z = points.T
    colour = np.tile(COMPLEXION, (len(points), 1))
    mottle = value_noise(points, 0.024, 1) * 0.5 + value_noise(points, 0.009, 2) * 0.5
    colour *= 1.0 + 0.022 * mottle[:, None]
    red = 0.10 * value_noise(points, 0.013, 3) + 0.08 * value_noise(points, 0.004, 4)
    for bx, by, bz, radius, strength in BLUSHES:
        for sign in (1.0, -1.0) if bx else (1.0,):
            centre = np.array([sign * bx, by, bz]) * MILLIMETRE
            distance = np.linalg.norm(points - centre, axis=1) / (radius * MILLIMETRE)
            red += strength * np.exp(-(distance**2)) * (1.0 + 0.25 * value_noise(points, 0.006, 5))
    red += 0.62 * masks["ears"] * (0.6 + 0.4 * smoothstep(0.070, 0.092, np.abs(x)))
    colour *= 1.0 + red[:, None] * np.array([0.015, -0.135, -0.125])
    sallow = smoothstep(0.045, 0.085, y) * smoothstep(0.0, 0.04, z)
    colour *= 1.0 + sallow[:, None] * np.array([0.015, 0.012, -0.02])
    beard = smoothstep(-0.028, -0.050, y) * smoothstep(-0.02, 0.03, z) * smoothstep(-0.125, -0.095, y)
    colour *= 1.0 + beard[:, None] * np.array([-0.025, -0.008, 0.0])
    neck = smoothstep(-0.085, -0.115, y)
    colour *= 1.0 + neck[:, None] * np.array([-0.012, -0.025, -0.028])
    return colour


def _pores(colour: Array, points: Array, masks: dict[str, Array]) -> Array:
    x, y, z = points.T
    fine = 0.6 * value_noise(points, 0.0011, 6) + 0.4 * value_noise(points, 0.0006, 7)
    pits = smoothstep(0.42, 0.85, value_noise(points, 0.0009, 8) * 0.6 + value_noise(points, 0.0013, 9) * 0.6)
    oily = np.exp(-(((np.abs(x) - 0.014) / 0.030) ** 2) - ((y + 0.002) / 0.030) ** 2) * smoothstep(
        0.05, 0.065, z
    )
    oily += 0.6 * np.exp(-((x / 0.035) ** 2) - ((y - 0.07) / 0.02) ** 2) * smoothstep(0.05, 0.07, z)
    calm = 1.0 - np.clip(masks["lips"], 0.0, 1.0)
    shade = 0.024 * fine - (0.022 + 0.055 * oily) * pits
    moles = smoothstep(0.78, 0.92, value_noise(points, 0.0075, 10)) * smoothstep(
        0.2, 0.6, value_noise(points, 0.03, 11)
    )
    colour = colour * (1.0 + (shade * calm)[:, None] * np.array([0.8, 1.0, 1.1]))
    return mix(colour, (150.0, 104.0, 82.0), 0.22 * moles * calm)


def lip_cover(points: Array, mask: Array) -> tuple[Array, Array]:
    """How much (n,) the lips' red covers, up to ``LIP_COVER``, and where (n,) the lips meet."""
    x, y, z = points.T
    # the mask ends short of where the lips meet, where the map is also at its tightest
    meeting = np.exp(-(((y + 0.0448) / 0.0042) ** 4)) * smoothstep(0.027, 0.023, np.abs(x))
    meeting *= smoothstep(0.0, 0.03, z)
    ragged = np.maximum(mask + 0.07 * value_noise(points, 0.0022, 12), meeting)
    return LIP_COVER * smoothstep(0.30, 0.80, ragged), meeting


def _lips(colour: Array, points: Array, mask: Array) -> Array:
    x, y, _ = points.T
    cover, meeting = lip_cover(points, mask)
    creases = 0.6 * value_noise(points, (0.0011, 0.006, 0.006), 13)
    creases += 0.4 * value_noise(points, (0.0006, 0.004, 0.004), 14)
    lip = np.array([180.0, 108.0, 100.0]) * (1.0 + 0.05 * (creases * (1.0 - meeting))[:, None])
    lip *= 1.0 + (0.05 * smoothstep(-0.045, -0.052, y))[:, None]
    blended = colour * (1.0 - cover[:, None]) + lip * cover[:, None]
    corner = np.exp(-(((np.abs(x) - 0.0262) / 0.0026) ** 2) - ((y + 0.0455) / 0.0022) ** 2)
    return blended * (1.0 - corner[:, None] * np.array([0.22, 0.27, 0.26]))


def _lids(colour: Array, points: Array, mask: Array, rims: Array, lash_roots: Array) -> Array:
    """Lids are pinker; the rim is moist and pink, with a dark line where the upper lashes root."""
    colour = colour * (
        1.0 + (0.55 * smoothstep(0.1, 0.8, mask))[:, None] * np.array([-0.045, -0.095, -0.075])
    )
    x, y, _ = points.T
    bag = np.exp(-(((np.abs(x) - 0.031) / 0.015) ** 2) - ((y - 0.017) / 0.0055) ** 2)
    colour = colour * (1.0 + bag[:, None] * np.array([-0.055, -0.075, -0.035]))
    near = np.flatnonzero(cKDTree(rims).query(points, distance_upper_bound=0.012)[0] < 0.012)
    rim = cKDTree(rims).query(points[near])[0]
    lashes = cKDTree(lash_roots).query(points[near])[0] if len(lash_roots) else np.full(len(near), np.inf)
    wet = np.exp(-((rim / 0.0012) ** 2))
    line = np.exp(-((lashes / 0.00085) ** 2))
    corner = np.exp(
        -(((np.abs(points[near, 0]) - 0.0185) / 0.003) ** 2) - ((points[near, 1] - 0.0268) / 0.003) ** 2
    )
    changed = mix(colour[near], (196.0, 128.0, 116.0), 0.45 * wet)
    changed = mix(changed, (198.0, 112.0, 104.0), 0.6 * corner)
    colour = colour.copy()
    colour[near] = mix(changed, (52.0, 36.0, 30.0), 0.80 * line)
    return colour


def hair_cover(points: Array) -> Array:
    """How much (n,) shaved hair darkens the skin: dense stubble that thins out towards the hairline."""
    depth = (
        hairline(points) + 0.0025 * value_noise(points, 0.009, 15) + 0.0022 * value_noise(points, 0.0028, 16)
    )
    dense = smoothstep(-0.0025, 0.0080, depth)
    stubble = 0.60 * value_noise(points, 0.00085, 17) + 0.40 * value_noise(points, 0.0005, 18)
    dots = smoothstep(-0.45, 0.55, stubble + 0.8 * (dense - 0.8) + 0.06 * value_noise(points, 0.006, 19))
    return dense * (0.40 + 0.32 * dots)


def _creases(colour: Array, openness: Array) -> Array:
    """Where little of the sky is seen skin is darker and, lit through, redder."""
    closed = np.clip(1.0 - openness / 0.62, 0.0, 1.0)
    shade = np.stack([1.0 - 0.50 * closed, 1.0 - 0.68 * closed, 1.0 - 0.70 * closed], axis=1)
    return colour * shade


def sample_mask(image: Array, uv: Array) -> Array:
    """Values (n,) of ``image`` at texture coordinates ``uv`` (n, 2), v up; 0 where uv is negative."""
    height, width = image.shape
    place = np.stack([(1.0 - uv[:, 1]) * height - 0.5, uv[:, 0] * width - 0.5])
    values = map_coordinates(gaussian_filter(image, MASK_BLUR), place, order=1, mode="nearest")
    return np.where(uv[:, 0] >= 0.0, values, 0.0)
