"""Matcaps: pictures of a lit ball that tell what a surface looks like by the direction it faces."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.document.look import MATCAPS, Finish, Matcap
from studio.document.media import Media
from studio.render.colours import to_srgb
from studio.render.media_pictures import media_picture, media_stamp
from studio.render.shading import BALL
from studio.storage.errors import StudioError

Pixels = NDArray[np.uint8]
Array = NDArray[np.float64]

SIDE = 384
INSPECTION = frozenset(("check", "zebra"))  # for looking at the surface; nothing else may shade them
STRIPES, SQUARES = 14.0, 7.0  # per half turn of the reflection


def matcap_ball(finish: Finish) -> Pixels:
    """The picture (S, S, 3) sRGB, row 0 at the bottom, of the matcap in use.

    A picture that is missing or broken gives the first of the studio's own; who lets the user choose
    says so (:func:`studio.render.media_pictures.media_fault`).
    """
    if finish.matcap == "picture":
        try:
            return _squared(finish.matcap_picture, media_stamp(finish.matcap_picture))
        except StudioError:
            return _ball(MATCAPS[0])
    return _ball(finish.matcap)


@lru_cache(maxsize=2)
def _squared(picture: Media, stamp: tuple[int, int]) -> Pixels:
    """The middle of ``picture``; ``stamp`` tells pictures apart that were saved under one name."""
    pixels = media_picture(picture)[..., :3]
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    square = pixels[top : top + side, left : left + side]
    return np.ascontiguousarray(square[::-1])


@lru_cache(maxsize=len(MATCAPS))
def _ball(name: Matcap) -> Pixels:
    finer = 2 * SIDE if name in INSPECTION else SIDE
    steps = ((np.arange(finer) + 0.5) / finer * 2.0 - 1.0) / BALL
    x, y = np.meshgrid(steps, steps)
    radius = np.maximum(np.hypot(x, y), 1e-9)
    shrunk = np.minimum(radius, 0.9995) / radius
    x, y = x * shrunk, y * shrunk
    normals = np.stack([x, y, np.sqrt(np.maximum(1.0 - x * x - y * y, 0.0))], axis=-1)
    light = _MAKERS[name](normals)
    if finer != SIDE:
        light = light.reshape(SIDE, 2, SIDE, 2, 3).mean(axis=(1, 3))
    return np.rint(to_srgb(light) * 255.0).astype(np.uint8)


def _lamp(normals: Array, direction: tuple[float, float, float], wrap: float = 0.0) -> Array:
    unit = np.array(direction) / np.linalg.norm(direction)
    return np.asarray(np.clip((normals @ unit + wrap) / (1.0 + wrap), 0.0, 1.0)[..., None])


def _gloss(normals: Array, direction: tuple[float, float, float], exponent: float) -> Array:
    """Blinn-Phong as seen from straight ahead."""
    unit = np.array(direction) / np.linalg.norm(direction)
    half = unit + np.array((0.0, 0.0, 1.0))
    return np.asarray(np.clip(normals @ (half / np.linalg.norm(half)), 0.0, 1.0)[..., None] ** exponent)


def _edge(normals: Array, exponent: float = 4.0) -> Array:
    return np.asarray((1.0 - normals[..., 2:]) ** exponent)


def _porcelain(n: Array) -> Array:
    light = _lamp(n, (0.5, 0.75, 0.7), 0.45) ** 1.4 * (0.66, 0.645, 0.62)
    light = light + _lamp(n, (-0.8, -0.1, 0.5), 0.5) * (0.05, 0.06, 0.08) + (0.10, 0.105, 0.115)
    window = _gloss(n, (0.5, 0.75, 0.7), 400.0) * 0.9 + _gloss(n, (0.5, 0.75, 0.7), 30.0) * 0.10
    return np.asarray(light + window + _edge(n, 3.0) * (0.16, 0.18, 0.22))


def _bronze(n: Array) -> Array:
    tint = np.array((0.74, 0.42, 0.20))
    reflected = 2.0 * n[..., 2:] * n - (0.0, 0.0, 1.0)
    sky = np.clip(0.5 + 0.5 * reflected[..., 1:2], 0.0, 1.0) ** 2.2
    light = (0.05 + 0.55 * sky) * tint + _lamp(n, (0.5, 0.7, 0.6), 0.2) * tint * 0.30
    sharp = _gloss(n, (0.5, 0.7, 0.6), 60.0) * (1.0, 0.78, 0.50) * 0.85
    side = _gloss(n, (-0.9, 0.15, 0.35), 40.0) * (0.55, 0.36, 0.22) * 0.4
    return np.asarray(light + sharp + side + _edge(n, 5.0) * (0.40, 0.26, 0.16))


def _red_wax(n: Array) -> Array:
    reached = np.concatenate([_lamp(n, (0.4, 0.7, 0.7), wrap) for wrap in (0.75, 0.35, 0.30)], axis=-1)
    light = reached**1.2 * (0.52, 0.085, 0.055) + (0.055, 0.010, 0.008)
    gloss = _gloss(n, (0.4, 0.7, 0.7), 26.0) * 0.20 + _gloss(n, (0.4, 0.7, 0.7), 160.0) * 0.26
    return np.asarray(light + gloss * (1.0, 0.92, 0.88) + _edge(n, 3.0) * (0.20, 0.05, 0.04))


def _soft_grey(n: Array) -> Array:
    sky = 0.5 + 0.5 * n[..., 1:2]
    light = (0.30 + 0.70 * sky) * (0.42, 0.42, 0.43) + _lamp(n, (0.5, 0.6, 0.8), 0.5) ** 1.5 * 0.22
    return np.asarray(light - _edge(n, 2.0) * 0.12)


def _check(n: Array) -> Array:
    """The squares of a room around a mirror: bends show where they bend."""
    reflected = 2.0 * n[..., 2:] * n - (0.0, 0.0, 1.0)
    around = np.arctan2(reflected[..., 0], reflected[..., 2]) / np.pi * SQUARES
    up = np.arcsin(np.clip(reflected[..., 1], -1.0, 1.0)) / np.pi * SQUARES
    odd = (np.floor(around + 0.5) + np.floor(up + 0.5)) % 2.0
    return np.asarray((0.06 + 0.62 * odd)[..., None] * np.ones(3) * (0.7 + 0.3 * n[..., 2:]))


def _zebra(n: Array) -> Array:
    """The tubes of light of a body shop, reflected: unbroken stripes are a smooth surface."""
    reflected = 2.0 * n[..., 2:] * n - (0.0, 0.0, 1.0)
    up = np.arcsin(np.clip(reflected[..., 1], -1.0, 1.0)) / np.pi * STRIPES
    odd = np.floor(up + 0.5) % 2.0
    return np.asarray((0.03 + 0.75 * odd)[..., None] * np.ones(3) * (0.75 + 0.25 * n[..., 2:]))


_MAKERS = {
    "porcelain": _porcelain,
    "bronze": _bronze,
    "red wax": _red_wax,
    "soft grey": _soft_grey,
    "check": _check,
    "zebra": _zebra,
}
