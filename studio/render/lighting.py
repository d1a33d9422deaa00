"""The look's light in the numbers that both kinds of shader take, in view space and linear light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.camera import Camera
from studio.document.harmonics import CONSTANTS, COUNT, about_vertical, quadratic_forms, turned
from studio.document.lights import Lamp, Light, temperature_colour
from studio.document.look import Environment, Look
from studio.render.camera import rotation
from studio.render.colours import to_linear

Vector = tuple[float, float, float]

LAMP_GAIN, AMBIENT_GAIN = 1.16, 0.53
SKIN_WRAP: Vector = (0.22, 0.10, 0.07)  # how far light scattered in skin gets round, in cosines
SOFT_SKIN: Vector = (0.38, 0.30, 0.29)  # how much further that of a large soft lamp gets
SOFT_PLAIN = 0.22  # the same on clay


_DARK = Light(strength=0.0, ambient=0.0, fill=Lamp(), rim=Lamp())
_EVEN = Environment((1.0 / CONSTANTS[0],) * 3 + (0.0,) * 24)


@dataclass(frozen=True)
class Source:
    """One lamp."""

    direction: Vector  # unit, from the head towards the lamp
    colour: Vector  # times its strength
    narrowing: Vector  # 1 / (1 + w), where the light ends at a cosine of -w to it, by colour


@dataclass(frozen=True, eq=False)
class Lighting:
    """Everything that falls onto the head."""

    key: Source
    fill: Source
    rim: Source
    ambient: float
    environment: NDArray[np.float32]  # (9, 3) factors of 1, x, y, z, xy, xz, yz, x², y²; 0 without one
    exposure: float  # a factor
    skin: float  # 1 on skin, 0 on clay

    @property
    def sources(self) -> tuple[Source, Source, Source]:
        """Key, fill and rim."""
        return self.key, self.fill, self.rim

    @classmethod
    def of(cls, look: Look, camera: Camera) -> Lighting:
        """The lights of ``look`` as ``camera`` sees them; a matcap is light by itself."""
        if look.mode == "matcap":
            look = look.replace(light=_DARK, environment=_EVEN)
        turn, light, skin = rotation(camera), look.light, float(look.is_skin)
        key, fill, rim = (_source(lamp, turn, skin) for lamp in (light, light.fill, light.rim))
        environment = _environment(look.environment, turn).astype(np.float32)
        return cls(key, fill, rim, AMBIENT_GAIN * light.ambient, environment, 2.0**look.exposure, skin)


def direction_of(lamp: Lamp) -> NDArray[np.float64]:
    """The unit vector (3,) towards the lamp, in its own axes: the camera's or the head's."""
    level = math.cos(lamp.elevation)
    return np.array(
        [level * math.sin(lamp.azimuth), math.sin(lamp.elevation), level * math.cos(lamp.azimuth)]
    )


def _source(lamp: Lamp, turn: NDArray[np.float64], skin: float) -> Source:
    direction = turn @ direction_of(lamp) if lamp.in_world else direction_of(lamp)
    tint = to_linear(np.array(lamp.tint, dtype=np.float64)) * temperature_colour(lamp.kelvin)
    soft = (1.0 - skin) * SOFT_PLAIN + skin * np.array(SOFT_SKIN)
    wrap = skin * np.array(SKIN_WRAP) + lamp.softness * soft
    return Source(_triple(direction), _triple(LAMP_GAIN * lamp.strength * tint), _triple(1.0 / (1.0 + wrap)))


def _triple(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))


def _environment(environment: Environment, turn: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factors (9, 3) for normals in view space."""
    if len(environment.coefficients) != 3 * COUNT:
        return np.zeros((COUNT, 3))
    forms = quadratic_forms(np.reshape(environment.coefficients, (COUNT, 3)))
    m = environment.strength * turned(forms, about_vertical(-environment.rotation) @ turn.T)
    of_axes = [2.0 * m[:, axis, 3] for axis in range(3)]
    of_pairs = [2.0 * m[:, row, column] for row, column in ((0, 1), (0, 2), (1, 2))]
    squares = [m[:, axis, axis] - m[:, 2, 2] for axis in (0, 1)]  # z² is 1 - x² - y²
    return np.stack([m[:, 3, 3] + m[:, 2, 2], *of_axes, *of_pairs, *squares])
