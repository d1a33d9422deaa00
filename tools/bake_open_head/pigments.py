"""Where the skin's pigments lie: maps over the points of its texels, for the components of the texture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from .noise import smoothstep, value_noise
from .paint_skin import MILLIMETRE, hair_cover, lip_cover
from .source import Array

FRECKLES = 2600
FRECKLE_SEED = 91
BLUSHED = (  # x of the left side, y, z, radius in millimetres, strength; mirrored where x is not 0
    (44.0, -4.0, 62.0, 24.0, 1.0), (0.0, -6.0, 92.0, 15.0, 0.75), (15.0, -14.0, 80.0, 9.0, 0.5),
    (0.0, -74.0, 78.0, 15.0, 0.40), (26.0, 66.0, 72.0, 22.0, 0.20),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Skin:
    """What the maps of the skin are made from, at n points."""

    points: Array  # (n, 3) metres, on the template
    lips: Array  # (n,) MakeHuman's painted masks
    eyelids: Array
    ears: Array
    rims: Array  # (n,) metres from the edges of the lids
    brows: Array  # (n,) how much the hairs of the brows cover

    @cached_property
    def hair(self) -> Array:
        """How much shaved hair covers (n,)."""
        return hair_cover(self.points)

    @cached_property
    def red(self) -> tuple[Array, Array]:
        """How much of the skin is lip (n,), and where the lips meet (n,), 0..1."""
        cover, meeting = lip_cover(self.points, self.lips)
        return cover, meeting

    @cached_property
    def bare(self) -> Array:
        """How much of the skin neither hair nor brows cover (n,)."""
        return (1.0 - self.hair) * (1.0 - self.brows)


def melanin(skin: Skin) -> Array:
    """Everywhere but inside the mouth and on the wet rims of the lids; less on the lips and under hair."""
    cover, meeting = skin.red
    amount = 1.0 - 0.22 * cover
    amount *= 1.0 - 0.45 * meeting
    amount *= 1.0 - 0.85 * np.exp(-((skin.rims / 0.0013) ** 2))
    amount *= 0.72 + 0.28 * skin.bare
    variation = 0.6 * value_noise(skin.points, 0.030, 71) + 0.4 * value_noise(skin.points, 0.011, 72)
    x, y, z = skin.points.T
    orbit = np.exp(-(((np.abs(x) - 0.032) / 0.020) ** 2) - ((y - 0.029) / 0.014) ** 2) * smoothstep(
        0.0, 0.03, z
    )
    return amount * (1.0 + 0.04 * variation + 0.05 * orbit)


def blood(skin: Skin) -> Array:
    """Everywhere; most where vessels lie close under the skin."""
    patches = 0.6 * value_noise(skin.points, 0.015, 73) + 0.4 * value_noise(skin.points, 0.005, 74)
    rim = np.exp(-((skin.rims / 0.002) ** 2))
    amount = 0.42 + 0.42 * cheeks(skin) + 0.42 * skin.ears + 0.15 * skin.eyelids + 0.25 * rim
    return amount * (1.0 + 0.22 * patches) * (0.25 + 0.75 * skin.bare)


def cheeks(skin: Skin) -> Array:
    """Cheeks, the tip of the nose, chin."""
    total = np.zeros(len(skin.points))
    for x, y, z, radius, strength in BLUSHED:
        for sign in (1.0, -1.0) if x else (1.0,):
            centre = np.array([sign * x, y, z]) * MILLIMETRE
            distance = np.linalg.norm(skin.points - centre, axis=1) / (radius * MILLIMETRE)
            total += strength * np.exp(-(distance**2))
    cover, _ = skin.red
    return total * (1.0 + 0.15 * value_noise(skin.points, 0.007, 75)) * (1.0 - cover) * skin.bare


def carotene(skin: Skin) -> Array:
    """Evenly everywhere but on the lips."""
    cover, _ = skin.red
    return (1.0 - 0.8 * cover) * (1.0 - np.exp(-((skin.rims / 0.0013) ** 2))) * skin.bare


def blotches(skin: Skin) -> Array:
    """Uneven pigment, of both signs."""
    cover, _ = skin.red
    amount = 0.7 * value_noise(skin.points, 0.021, 76) + 0.5 * value_noise(skin.points, 0.0085, 77)
    amount += 0.25 * value_noise(skin.points, 0.0030, 78)
    return amount * skin.bare * (1.0 - cover)


def freckles(skin: Skin) -> Array:
    """Single spots, densest across nose and cheeks."""
    random = np.random.default_rng(FRECKLE_SEED)
    x, y, z = skin.points.T
    density = np.exp(-((np.abs(x) / 0.056) ** 4) - ((y - 0.004) / 0.026) ** 2) * smoothstep(0.02, 0.06, z)
    density += 0.30 * smoothstep(0.035, 0.06, y) * smoothstep(0.02, 0.06, z)
    density += 0.10 * smoothstep(-0.11, -0.09, y) * smoothstep(0.0, 0.04, z)
    density *= 0.55 + 0.45 * value_noise(skin.points, 0.012, 79)
    density = np.clip(density, 0.0, None) * skin.bare * (1.0 - skin.lips) * (1.0 - 0.7 * skin.eyelids)
    chosen = skin.points[random.choice(len(skin.points), FRECKLES, False, density / density.sum())]
    radius = random.lognormal(np.log(0.00056), 0.40, FRECKLES)
    strength = random.uniform(0.15, 1.0, FRECKLES)
    near = np.flatnonzero(density > 1e-3)
    spots = cKDTree(chosen)
    distances, indices = spots.query(skin.points[near], k=4)
    ragged = 1.0 + 0.28 * value_noise(skin.points[near], 0.0006, 80)
    shapes = strength[indices] * np.exp(-((distances * ragged[:, None] / radius[indices]) ** 4))
    total = np.zeros(len(skin.points))
    total[near] = 1.0 - np.prod(1.0 - shapes, axis=1)
    return total * skin.bare


def shadows(skin: Skin) -> Array:
    """Under the eyes and beside the root of the nose."""
    x, y, z = skin.points.T
    side = np.abs(x)
    bag = np.exp(-(((side - 0.029) / 0.0155) ** 2) - ((y - 0.0165 - 8.0 * (side - 0.030) ** 2) / 0.0060) ** 2)
    inner = 0.8 * np.exp(-(((side - 0.0155) / 0.0050) ** 2) - ((y - 0.0245) / 0.0080) ** 2)
    lid = 0.45 * np.clip(skin.eyelids, 0.0, 1.0)
    moist = 1.0 - np.exp(-((skin.rims / 0.0015) ** 2))
    return np.maximum(bag, np.maximum(inner, lid)) * smoothstep(0.0, 0.03, z) * moist * skin.bare


def lips(skin: Skin) -> Array:
    """The red of the lips, less where they meet."""
    cover, meeting = skin.red
    return cover * (1.0 - 0.5 * meeting)


def beard(skin: Skin) -> Array:
    """Stubble on jaw, chin and upper lip, with the shade of hair under the skin."""
    x, y, z = skin.points.T
    side = np.abs(x)
    wobble = 0.004 * value_noise(skin.points, 0.010, 81)
    line = np.interp(z, [0.0, 0.03, 0.06, 0.075, 0.10], [0.006, -0.012, -0.030, -0.036, -0.040]) + wobble
    jaw = smoothstep(0.004, -0.012, y - line) * smoothstep(-0.020, -0.004, z + wobble)
    jaw *= smoothstep(-0.128, -0.100, y + 1.2 * wobble)
    moustache = np.exp(-(((y + 0.0315 + 4.0 * x**2) / 0.0062) ** 4)) * smoothstep(0.034, 0.020, side)
    moustache *= smoothstep(0.060, 0.068, z)
    groove = 1.0 - 0.45 * np.exp(-((x / 0.0022) ** 2)) * smoothstep(-0.040, -0.034, y)
    under_lip = 1.0 - 0.75 * np.exp(-(((side - 0.013) / 0.007) ** 2) - ((y + 0.062) / 0.006) ** 2)
    amount = np.maximum(jaw * under_lip, moustache * groove) * (1.0 - 0.9 * skin.ears)
    cover, _ = skin.red
    amount *= smoothstep(0.5, 0.0, cover)
    dots = 0.60 * value_noise(skin.points, 0.00080, 82) + 0.40 * value_noise(skin.points, 0.00050, 83)
    return amount * skin.bare * (0.42 + 0.58 * smoothstep(-0.15, 0.55, dots + 0.35 * (amount - 0.6)))
