"""Heads saved as GLB, and how far what is read back is from the forward formula in float64."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.backends import create_backend
from studio.document.look import Look
from studio.export.gltf.job import GltfJob, GltfResult
from studio.export.gltf.options import GltfOptions
from studio.flame.model import HeadModel
from studio.jobs.job import Progress
from studio.sequence.clip import Clip
from tests.backends.reference import forward
from tests.export.gltf.reader import Player

NEAR = 1e-5  # metres


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    """Nobody cancels."""
    return False


def save(model: HeadModel, clip: Clip, path: Path, look: Look | None = None, **options: object) -> GltfResult:
    """``clip`` written to ``path``."""
    backend = create_backend("torch", model, "cpu")
    job = GltfJob(backend, clip, path, "A take", look or Look(), GltfOptions(**options))
    return job.run(nowhere, never)


def apart(model: HeadModel, clip: Clip, path: Path) -> np.ndarray:
    """How far each vertex of each frame (T, V) is from the formula's."""
    player = Player.open(path)
    found = []
    for frame in range(len(clip)):
        shown = player.vertices(frame / clip.fps)
        wanted = forward(model, clip.frame(frame)).vertices
        found.append(np.linalg.norm(shown - wanted[player.rows], axis=1))
    return np.array(found)
