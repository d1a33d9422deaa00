"""The look's light in the numbers that both kinds of shader take, in view space and linear light."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.camera import Camera
from studio.document.harmonics import COUNT, about_vertical, quadratic_forms, turned
from studio.document.lights import Lamp, temperature_colour
from studio.document.look import Environment, Look
from studio.render.camera import rotation
from studio.render.colours import to_linear

Vector = tuple[float, float, float]

LAMP_GAIN, AMBIENT_GAIN = 1.16, 0.53


@dataclass(frozen=True)
class Source:
    """One lamp."""

    direction: Vector  # unit, from the head towards the lamp
    strength: float
    colour: Vector


@dataclass(frozen=True, eq=False)
class Lighting:
    """Everything that falls onto the head."""

    key: Source
    fill: Source
    rim: Source
    ambient: float
    environment: NDArray[np.float32]  # (3, 4, 4) quadratic forms of the normal, all 0 without one
    exposure: float  # a factor

    @property
    def sources(self) -> tuple[Source, Source, Source]:
        """Key, fill and rim."""
        return self.key, self.fill, self.rim

    @property
    def has_environment(self) -> bool:
        """Whether any light comes from the harmonics."""
        return bool(self.environment.any())

    @classmethod
    def of(cls, look: Look, camera: Camera) -> Lighting:
        """The lights of ``look`` as ``camera`` sees them."""
        turn = rotation(camera)
        light = look.light
        key, fill, rim = (_source(lamp, turn) for lamp in (light, light.fill, light.rim))
        environment = _environment(look.environment, turn).astype(np.float32)
        return cls(key, fill, rim, AMBIENT_GAIN * light.ambient, environment, 2.0**look.exposure)


def direction_of(lamp: Lamp) -> NDArray[np.float64]:
    """The unit vector (3,) towards the lamp, in its own axes: the camera's or the head's."""
    level = math.cos(lamp.elevation)
    return np.array(
        [level * math.sin(lamp.azimuth), math.sin(lamp.elevation), level * math.cos(lamp.azimuth)]
    )


def _source(lamp: Lamp, turn: NDArray[np.float64]) -> Source:
    direction = turn @ direction_of(lamp) if lamp.in_world else direction_of(lamp)
    tint = to_linear(np.array(lamp.tint, dtype=np.float64)) * temperature_colour(lamp.kelvin)
    return Source(_triple(direction), LAMP_GAIN * lamp.strength, _triple(tint))


def _triple(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))


def _environment(environment: Environment, turn: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(environment.coefficients) != 3 * COUNT:
        return np.zeros((3, 4, 4))
    forms = quadratic_forms(np.reshape(environment.coefficients, (COUNT, 3)))
    return environment.strength * turned(forms, about_vertical(-environment.rotation) @ turn.T)
