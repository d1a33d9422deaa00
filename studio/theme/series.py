"""Colours that tell curves apart: equally light and strong, of many hues, none of them the accent's."""

from __future__ import annotations

import math

from studio.theme.roles import Roles, luminance

# Hues in degrees, neighbours in the list far apart; orange (about 50) belongs to the time cursor.
_HUES = (250.0, 150.0, 340.0, 100.0, 200.0, 300.0, 10.0, 175.0, 275.0, 125.0, 225.0, 320.0)
_CHROMA = 0.125
_ON_DARK, _ON_LIGHT = 0.75, 0.53


def series_colour(index: int, roles: Roles) -> str:
    """The colour ``#rrggbb`` of curve ``index`` on the panels of a theme; hues repeat after twelve."""
    lightness = _ON_DARK if luminance(roles.panel) < 0.5 else _ON_LIGHT
    return _srgb(lightness, _CHROMA, math.radians(_HUES[index % len(_HUES)]))


def _srgb(lightness: float, chroma: float, hue: float) -> str:
    """A colour of OKLCH in sRGB.

    Formula: B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{_encoded(channel):02x}" for channel in linear)


def _encoded(channel: float) -> int:
    held = min(max(channel, 0.0), 1.0)
    value = 12.92 * held if held <= 0.0031308 else 1.055 * held ** (1.0 / 2.4) - 0.055
    return round(value * 255.0)
