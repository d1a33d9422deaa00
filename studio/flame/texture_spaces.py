"""The spaces in which texture models are linear, and their way to the colours of a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SpaceName = Literal["display", "light", "absorption"]

STEPS = 1 << 14  # of a table: less than a tenth of a step of 8 bits, but for light that is nearly black
GAMMA = 2.2
LEAST, MOST = 1.0 / 4096.0, 0.999  # reflectance whose absorption is finite and not zero


def to_linear(srgb: Array) -> Array:
    """IEC 61966-2-1: display values 0..1 to light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def to_srgb(linear: Array) -> Array:
    """IEC 61966-2-1: light to display values 0..1, clipped."""
    light = np.clip(linear, 0.0, 1.0)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1.0 / 2.4) - 0.055)


def _from_display(values: Array) -> Array:
    return np.clip(values, 0.0, 1.0)


def _from_light(values: Array) -> Array:
    return np.clip(values, 0.0, 1.0) ** (1.0 / GAMMA)


def _from_absorption(values: Array) -> Array:
    ratio = np.exp(values)
    return to_srgb(1.0 / (1.0 + ratio + np.sqrt(ratio * (ratio + 2.0))))


def _to_light(srgb: Array) -> Array:
    return np.asarray(srgb**GAMMA)


def _to_absorption(srgb: Array) -> Array:
    reflectance = np.clip(to_linear(srgb), LEAST, MOST)
    return np.log((1.0 - reflectance) ** 2 / (2.0 * reflectance))


@dataclass(frozen=True)
class Space:
    """Values in which components add up, and the sRGB display values (0..1) that they stand for.

    Beyond ``low`` and ``high`` the picture does not change any more.
    """

    name: SpaceName
    low: float
    high: float
    to_display: Callable[[Array], Array]
    from_display: Callable[[Array], Array]

    @property
    def table(self) -> NDArray[np.uint8]:
        """8-bit display values (STEPS,) of evenly spaced values from ``low`` to ``high``."""
        return _table(self.name)

    @property
    def scale(self) -> float:
        """Steps of the table for a difference of 1."""
        return (STEPS - 1) / (self.high - self.low)


SPACES: dict[SpaceName, Space] = {
    # what the published textures with values of a photograph hold
    "display": Space("display", 0.0, 1.0, _from_display, np.asarray),
    # Smith et al., "A Morphable Face Albedo Model" (2020): light, shown with a gamma of 2.2
    "light": Space("light", 0.0, 1.0, _from_light, _to_light),
    # logarithm of absorption over scattering, K/S = (1 - R)^2 / 2R of a thick layer with reflectance R
    # (Kubelka and Munk, 1931): a pigment multiplies it, and no sum of pigments leaves 0 < R < 1
    "absorption": Space("absorption", -15.0, 9.0, _from_absorption, _to_absorption),
}


@cache
def _table(name: SpaceName) -> NDArray[np.uint8]:
    space = SPACES[name]
    values = np.linspace(space.low, space.high, STEPS)
    table = np.rint(space.to_display(values) * 255.0).astype(np.uint8)
    table.setflags(write=False)
    return table
