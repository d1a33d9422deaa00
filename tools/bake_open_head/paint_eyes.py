"""Painting the eyeballs: sclera with veins, iris with fibres, limbal ring, pupil."""

from __future__ import annotations

import numpy as np

from .noise import mix, smoothstep, value_noise
from .source import Array

PUPIL, IRIS = 7.4, 21.0  # degrees from the gaze


def paint_eye(directions: Array, nasal: float, seed: int) -> Array:
    """Colours (n, 3), 0..255 sRGB, of an eyeball at ``directions`` (n, 3) from its centre, gaze +Z.

    ``nasal`` is the sign of x towards the nose.
    """
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    angle = np.degrees(np.arccos(np.clip(unit[:, 2], -1.0, 1.0)))
    around = np.arctan2(unit[:, 1], unit[:, 0])
    colour = _sclera(unit, angle, around, nasal, seed)
    iris = _iris(angle, around, seed)
    cover = smoothstep(IRIS + 1.1, IRIS - 0.9, angle)
    colour = (
        mix(colour, (0.0, 0.0, 0.0), np.zeros(len(angle))) * (1.0 - cover[:, None]) + iris * cover[:, None]
    )
    return mix(colour, (11.0, 10.0, 11.0), smoothstep(PUPIL + 0.55, PUPIL - 0.45, angle))


def _ring_noise(angle: Array, around: Array, fibres: float, seed: int) -> Array:
    """Noise that varies fast about the gaze and slowly along the radius, without a seam."""
    circle = np.stack([np.cos(around) * fibres, np.sin(around) * fibres, angle * 0.16], axis=1)
    return value_noise(circle, 1.0, seed)


def _iris(angle: Array, around: Array, seed: int) -> Array:
    wobble = 0.9 * _ring_noise(angle * 0.0, around, 5.0, seed + 1)
    share = np.clip((angle - PUPIL) / (IRIS - PUPIL), 0.0, 1.0)
    colour = np.tile((98.0, 114.0, 122.0), (len(angle), 1))
    collar = smoothstep(0.46, 0.20, share + 0.05 * wobble)
    colour = mix(colour, (134.0, 112.0, 78.0), 0.62 * collar)
    fibres = 0.55 * _ring_noise(angle, around, 26.0, seed + 2) + 0.45 * _ring_noise(
        angle, around, 13.0, seed + 3
    )
    colour = colour * (1.0 + 0.30 * fibres[:, None] * smoothstep(0.0, 0.25, share)[:, None])
    pits = smoothstep(0.45, 0.8, _ring_noise(angle * 2.0, around, 8.0, seed + 4)) * smoothstep(
        0.3, 0.5, share
    )
    colour = colour * (1.0 - 0.25 * pits[:, None])
    colour = mix(colour, (34.0, 42.0, 52.0), 0.86 * smoothstep(0.74, 1.0, share + 0.02 * wobble))
    return mix(colour, (28.0, 24.0, 22.0), 0.7 * smoothstep(0.12, 0.0, share))


def _sclera(unit: Array, angle: Array, around: Array, nasal: float, seed: int) -> Array:
    colour = np.tile((214.0, 208.0, 203.0), (len(angle), 1))
    colour = colour * (1.0 + 0.012 * value_noise(unit, 0.12, seed + 5)[:, None])
    away = smoothstep(34.0, 74.0, angle)
    colour = mix(colour, (204.0, 168.0, 156.0), 0.55 * away)
    inner = smoothstep(0.58, 0.80, unit[:, 0] * nasal)
    colour = mix(colour, (204.0, 134.0, 122.0), 0.75 * inner)
    twist = 0.5 * value_noise(unit, 0.30, seed + 6) + 0.22 * value_noise(unit, 0.11, seed + 7)
    veins = np.zeros(len(angle))
    for bundle, (count, width) in enumerate(((9.0, 0.055), (17.0, 0.035))):
        strand = np.abs(np.sin(0.5 * count * (around + twist * (0.9 + 0.5 * bundle))))
        presence = smoothstep(0.0, 0.5, value_noise(unit, 0.22, seed + 8 + bundle))
        veins += presence * np.exp(-((strand / width) ** 2)) * (0.8 - 0.25 * bundle)
    fade = smoothstep(26.0, 52.0, angle) * (0.35 + 0.65 * np.abs(unit[:, 0]))
    colour = mix(colour, (188.0, 92.0, 84.0), np.clip(0.42 * veins * fade, 0.0, 1.0))
    return mix(colour, (176.0, 186.0, 194.0), 0.35 * smoothstep(IRIS + 3.5, IRIS + 0.5, angle))
