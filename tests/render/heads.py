"""Heads to draw, and what is asked of their pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.backends.base import Surface
from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.render.framing import frame_head, view_preset
from studio.render.shot import Shot


def neutral_surface(model: HeadModel) -> Surface:
    head = rest(model)
    return Surface(head.vertices, head.normals, head.landmarks, head.joints, 0)


def from_side(shot: Shot, view: str) -> Shot:
    return replace(shot, camera=frame_head(shot.model, view_preset(view), shot.size[0] / shot.size[1]))


def covered(image: np.ndarray) -> np.ndarray:
    return image[..., 3] > 127
