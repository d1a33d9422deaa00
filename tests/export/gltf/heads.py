"""Models and clips that GLB files are made of in tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from studio.flame.model import HeadModel
from studio.sequence.clip import Clip
from tests.backends.reference import random_model


def flame_like(shapes: int = 8, expressions: int = 6) -> HeadModel:
    """Random numbers at the scales of FLAME, with five joints to every vertex."""
    return random_model(vertices=180, faces=300, shapes=shapes, expressions=expressions, seed=5)


def with_seams(model: HeadModel) -> HeadModel:
    """``model`` with texture coordinates of its own for the corners of every third face."""
    random = np.random.default_rng(2)
    count, faces = model.vertex_count, model.faces
    uv_faces = faces.copy()
    cut = np.arange(0, len(faces), 3)
    uv_faces[cut] = count + np.arange(3 * len(cut)).reshape(-1, 3)
    uv = random.random((count + 3 * len(cut), 2)).astype(np.float32)
    return replace(model, uv=uv, uv_faces=uv_faces)


def moving_clip(model: HeadModel, frames: int = 9, seed: int = 3, fps: float = 29.97) -> Clip:
    """Everything moves: face, joints, eyelids, head; the root turns more than once around."""
    random = np.random.default_rng(seed)
    steps = np.linspace(0.0, 1.0, frames)[:, None]

    def waves(width: int, size: float) -> np.ndarray:
        return size * np.sin(7.0 * steps * random.uniform(0.3, 1.0, width) + random.uniform(0, 6, width))

    rotation = waves(3, 0.4)
    rotation[:, 1] += np.linspace(0.0, 2.6 * np.pi, frames)
    return Clip(
        shape=random.normal(0.0, 1.0, model.shape_count),
        expr=waves(model.expression_count, 1.5),
        rotation=rotation,
        neck_pose=waves(3, 0.4),
        jaw_pose=waves(3, 0.3),
        eyes_pose=waves(6, 0.4),
        translation=waves(3, 0.2),
        eyelids=waves(2, 0.5) + 0.5,
        fps=fps,
        model_name=model.name,
        model_digest=model.digest,
    )
