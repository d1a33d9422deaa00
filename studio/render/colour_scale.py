"""Colours of distances: from dark to light as the eye orders them, or both ways from a light middle."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studio.flame.texture_spaces import to_srgb

Array = NDArray[np.float64]

STEPS = 256
LEAST_LIGHT, MOST_LIGHT = 0.36, 0.94  # OKLab's L at both ends
_FIRST_HUE, _LAST_HUE, _CHROMA = math.radians(292.0), math.radians(102.0), 0.13
_INSIDE_HUE, _OUTSIDE_HUE, _SIDE_CHROMA = math.radians(255.0), math.radians(38.0), 0.17
_MIDDLE_LIGHT, _SIDE_LIGHT = 0.95, 0.42
SHADE = 0.62  # of the colour where the surface is seen from the side

# OKLab to linear sRGB (Björn Ottosson, "A perceptual color space for image processing", 2020)
_TO_CONES = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_TO_LIGHT = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@cache
def colour_scale(signed: bool) -> NDArray[np.uint8]:
    """The scale (256, 3) sRGB: from 0 to the farthest, or from the farthest inside to that outside."""
    shares = np.linspace(0.0, 1.0, STEPS)
    if signed:
        side = np.abs(2.0 * shares - 1.0)
        light = _MIDDLE_LIGHT + (_SIDE_LIGHT - _MIDDLE_LIGHT) * side
        hue = np.where(shares < 0.5, _INSIDE_HUE, _OUTSIDE_HUE)
        chroma = _SIDE_CHROMA * side
    else:
        light = LEAST_LIGHT + (MOST_LIGHT - LEAST_LIGHT) * shares
        hue = _FIRST_HUE + (_LAST_HUE - _FIRST_HUE) * shares
        chroma = np.full(STEPS, _CHROMA)
    scale: NDArray[np.uint8] = np.rint(_within_gamut(light, chroma, hue) * 255.0).astype(np.uint8)
    scale.setflags(write=False)
    return scale


def scale_ends(signed: bool, farthest: float) -> tuple[float, float]:
    """The distances, in millimetres, of the first and the last colour."""
    return (-farthest, farthest) if signed else (0.0, farthest)


def shares_of(distances: NDArray[np.float32], signed: bool, farthest: float) -> NDArray[np.float32]:
    """Where on the scale, 0..1, ``distances`` lie; what is farther has the last colour."""
    low, high = scale_ends(signed, farthest)
    return np.clip((distances - np.float32(low)) / np.float32(high - low), 0.0, 1.0).astype(np.float32)


def colours_at(shares: NDArray[np.floating], signed: bool) -> NDArray[np.float32]:
    """SRGB colours (N, 3), 0..1, at ``shares`` (N,) of the scale, between its steps linearly."""
    places = np.clip(shares, 0.0, 1.0) * (STEPS - 1)
    first = np.minimum(places.astype(np.intp), STEPS - 2)
    scale = colour_scale(signed).astype(np.float32) / np.float32(255.0)
    rest = (places - first)[:, None].astype(np.float32)
    colours: NDArray[np.float32] = scale[first] * (1.0 - rest) + scale[first + 1] * rest
    return colours


def _within_gamut(light: Array, chroma: Array, hue: Array) -> Array:
    """Display values (N, 3) of OKLCh colours, with as much of their chroma as a screen can show."""
    low, high = np.zeros_like(chroma), chroma.copy()
    for _ in range(24):
        middle = (low + high) / 2.0
        linear = _linear(light, middle, hue)
        fits = ((linear >= 0.0) & (linear <= 1.0)).all(axis=1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return to_srgb(_linear(light, low, hue))


def _linear(light: Array, chroma: Array, hue: Array) -> Array:
    """Linear sRGB (N, 3) of OKLCh."""
    lab = np.stack([light, chroma * np.cos(hue), chroma * np.sin(hue)], axis=1)
    colours: Array = (lab @ _TO_CONES.T) ** 3 @ _TO_LIGHT.T
    return colours
