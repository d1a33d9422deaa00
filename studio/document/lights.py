"""The lights around the head as immutable values, and the named arrangements to begin from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Colour = tuple[float, float, float]  # sRGB, 0..1

WHITE: Colour = (1.0, 1.0, 1.0)
DAYLIGHT = 6500.0  # Kelvin; a lamp of it is white


@dataclass(frozen=True)
class Lamp:
    """A lamp far away.

    Angles are the camera's, or with ``in_world`` the head's: azimuth 0 is in front of the face then,
    positive towards the subject's left, so that the light stays where it is while the camera turns.
    """

    azimuth: float = 0.0  # radians from the camera's axis, positive to the right of the picture
    elevation: float = 0.0  # radians, positive from above
    strength: float = 0.0  # 0: off
    tint: Colour = WHITE
    kelvin: float = DAYLIGHT  # temperature of its colour, to which the tint is added
    softness: float = 1.0  # 0: a small hard lamp, 1: a large soft box
    in_world: bool = False

    def replace(self, **changes: object) -> Lamp:
        """The same lamp with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


FILL = Lamp(azimuth=-0.985, elevation=0.12, strength=0.112, kelvin=6800.0)
RIM = Lamp(azimuth=-2.6, elevation=0.5, strength=0.5, kelvin=6200.0, softness=0.2)


@dataclass(frozen=True)
class Light(Lamp):
    """All lights: itself the key light, a fill, a rim from behind, and an even light from all around."""

    azimuth: float = 0.6
    elevation: float = 0.6
    strength: float = 1.0
    kelvin: float = 6200.0
    ambient: float = 0.45
    fill: Lamp = field(default=FILL)
    rim: Lamp = field(default=RIM)

    def replace(self, **changes: object) -> Light:
        """The same lights with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _lamp(
    azimuth: float, elevation: float, strength: float, kelvin: float = DAYLIGHT, softness: float = 0.6
) -> Lamp:
    return Lamp(math.radians(azimuth), math.radians(elevation), strength, kelvin=kelvin, softness=softness)


def _behind(azimuth: float, elevation: float, strength: float, kelvin: float = DAYLIGHT) -> Lamp:
    return _lamp(azimuth, elevation, strength, kelvin, 0.2)


def _light(key: Lamp, fill: Lamp, rim: Lamp, ambient: float) -> Light:
    return Light(
        key.azimuth,
        key.elevation,
        key.strength,
        kelvin=key.kelvin,
        softness=key.softness,
        ambient=ambient,
        fill=fill,
        rim=rim,
    )


_OFF = Lamp()

PRESETS: Mapping[str, Light] = {
    "Studio soft": Light(),
    "Three-point": _light(
        _lamp(42, 32, 1.1, 5900, 0.7), _lamp(-48, 8, 0.34, 6900, 1.0), _behind(-150, 32, 1.6), 0.16
    ),
    "Rembrandt": _light(
        _lamp(50, 42, 1.5, 5300, 0.45), _lamp(-60, 0, 0.07), _behind(-150, 35, 0.8, 5800), 0.10
    ),
    "Butterfly": _light(_lamp(0, 48, 1.3, 6000, 0.6), _lamp(0, -30, 0.22), _behind(180, 45, 0.9), 0.14),
    "Split": _light(_lamp(84, 10, 1.7, 5600, 0.25), _OFF, _behind(-150, 20, 0.5, 8000), 0.05),
    "Rim only": _light(_behind(142, 24, 3.0, 8000), _OFF, _behind(-142, 24, 3.0, 5400), 0.03),
    "Flat": _light(_lamp(0, 5, 0.5, softness=1.0), _OFF, _OFF, 1.1),
    "Overcast": _light(_lamp(0, 75, 0.40, 7000, 1.0), _OFF, _OFF, 1.35),
    "Night": _light(
        _lamp(-52, 38, 0.62, 12000, 0.5), _lamp(78, -5, 0.16, 2600), _behind(148, 25, 1.0, 2800), 0.06
    ),
}
CUSTOM = "Custom"


def preset_name(light: Light) -> str:
    """Which preset ``light`` is, or :data:`CUSTOM`."""
    return next((name for name, preset in PRESETS.items() if preset == light), CUSTOM)


def temperature_colour(kelvin: float) -> Colour:
    """Linear sRGB of a black body, 1667 to 25000 Kelvin, of luminance 1; white at 6500.

    The chromaticity is the cubic fit to the Planckian locus of Kim et al. ("Design of advanced color
    temperature control system for HDTV applications", J. Korean Phys. Soc. 41, 2002).
    """
    red, green, blue = (
        here / there for here, there in zip(_planckian(kelvin), _planckian(DAYLIGHT), strict=True)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return (red / luminance, green / luminance, blue / luminance)


def _planckian(kelvin: float) -> Colour:
    """Linear sRGB, not below 0.001, of the black body's chromaticity."""
    t = min(max(kelvin, 1667.0), 25000.0)
    if t <= 4000.0:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222.0:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t <= 4000.0:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    big_x, big_z = x / y, (1.0 - x - y) / y
    return (
        max(3.2404542 * big_x - 1.5371385 - 0.4985314 * big_z, 0.001),
        max(-0.9692660 * big_x + 1.8760108 + 0.0415560 * big_z, 0.001),
        max(0.0556434 * big_x - 0.2040259 + 1.0572252 * big_z, 0.001),
    )
