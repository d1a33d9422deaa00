"""A head that moves, and its surfaces by the forward formula."""

from __future__ import annotations

import numpy as np

from studio.backends import Backend, create_backend
from studio.flame.model import HeadModel
from studio.sequence.clip import Clip
from tests.backends.reference import forward
from tests.export.gltf.heads import flame_like, moving_clip, with_seams


def moving_head(frames: int = 7) -> tuple[HeadModel, Backend, Clip]:
    """A FLAME-like model with seams, a backend, and a clip in which everything moves."""
    model = with_seams(flame_like())
    return model, create_backend("torch", model, "cpu"), moving_clip(model, frames)


def surfaces(model: HeadModel, clip: Clip) -> np.ndarray:
    """The vertices (T, V, 3) by the formula."""
    return np.array([forward(model, clip.frame(frame)).vertices for frame in range(len(clip))])
