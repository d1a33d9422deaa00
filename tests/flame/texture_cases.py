"""Self-made texture models in the layouts that are published."""

from __future__ import annotations

import numpy as np

SIDE, COUNT = 12, 7


def skin(random, scale=1.0):
    """A picture of noise around skin, red first, (SIDE, SIDE, 3)."""
    return scale * np.clip(np.array([0.62, 0.42, 0.33]) + random.normal(0, 0.05, (SIDE, SIDE, 3)), 0.05, 0.95)


def flame_texture(random, dtype=np.float32, **coordinates):
    """FLAME_texture.npz: 0..255, blue first."""
    return {
        "mean": skin(random, 255.0)[..., ::-1].astype(dtype),
        "tex_dir": random.normal(0, 9.0, (SIDE, SIDE, 3, COUNT)).astype(dtype),
        **coordinates,
    }


def albedo_mm(random, **coordinates):
    """albedoModel2020_FLAME_albedoPart.npz: diffuse and specular, linear light."""
    return {
        "MU": skin(random),
        "PC": random.normal(0, 0.03, (SIDE, SIDE, 3, COUNT)),
        "specMU": np.full((SIDE, SIDE, 3), 0.12),
        "specPC": random.normal(0, 0.01, (SIDE, SIDE, 3, COUNT)),
        **coordinates,
    }


def bfm_albedo(random):
    """FLAME_albedo_from_BFM.npz: 0..1, blue first, components flattened, no texture coordinates."""
    return {
        "MU": skin(random)[..., ::-1],
        "PC": random.normal(0, 0.04, (SIDE * SIDE * 3, COUNT)),
    }
