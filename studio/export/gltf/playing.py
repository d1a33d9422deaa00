"""What a GLB shows at each frame, told from the numbers in it, and how far that is from the head itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Backend
from studio.export.gltf.joints import JointMotion
from studio.export.gltf.motion import FRAMES_AT_A_TIME
from studio.export.gltf.targets import Morphs
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.stream import FrameSource

Floats = NDArray[np.float32]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """Between the surface that a file shows and the head's own, in metres, over all frames and vertices."""

    largest: float
    mean: float
    frame: int  # where the largest is

    @property
    def in_millimetres(self) -> dict[str, float | int]:
        """As the command line tells it."""
        return {"max": round(1e3 * self.largest, 6), "mean": round(1e3 * self.mean, 6), "frame": self.frame}


def measure(
    backend: Backend,
    frames: FrameSource,
    played: Iterator[Floats],
    progress: Report,
    cancelled: Cancelled,
) -> Difference:
    """Compare ``played``, the surfaces (V, 3) frame by frame, with those of ``frames``.

    Raises:
        JobCancelled: it was asked to stop.

    """
    largest, total, worst, done = 0.0, 0.0, 0, 0
    batches = (block.batch() for block in frames.blocks(FRAMES_AT_A_TIME))
    for surfaces in backend.stream(batches):
        for vertices in surfaces.vertices:
            check(cancelled)
            apart = np.sqrt(np.square(next(played) - vertices).sum(axis=1))
            farthest = float(apart.max())
            total += float(apart.mean(dtype=np.float64))
            if farthest > largest:
                largest, worst = farthest, done
            done += 1
        progress(Progress(done, len(frames), "Comparing with the head"))
    return Difference(largest, total / max(done, 1), worst)


def play(morphs: Morphs, joints: JointMotion, weights: Floats, parents: tuple[int, ...]) -> Iterator[Floats]:
    """The surface (V, 3) at every frame: targets added up, then blended between the joints.

    Args:
        morphs: of V vertices.
        joints: over T frames.
        weights: (V, 5) of the skin.
        parents: of the joints.

    """
    count = len(joints.rotations)
    flat = [target.moved.reshape(-1) for target in morphs.targets]
    moved = np.stack(flat) if flat else np.zeros((0, morphs.base.size), np.float32)
    tracks = morphs.weights if flat else np.zeros((count, 0), np.float32)
    for start in range(0, count, FRAMES_AT_A_TIME):
        part = slice(start, start + FRAMES_AT_A_TIME)
        shapes = (tracks[part] @ moved).reshape(-1, *morphs.base.shape)
        matrices = _skin_matrices(joints, part, parents)
        for shape, matrix in zip(shapes, matrices, strict=True):
            blended = (weights @ matrix.reshape(len(matrix), 12)).reshape(-1, 3, 4)
            vertices = morphs.base + shape
            yield np.einsum("vij,vj->vi", blended[..., :3], vertices) + blended[..., 3]


def _skin_matrices(joints: JointMotion, part: slice, parents: tuple[int, ...]) -> Floats:
    """Where the skin of each joint is moved (T, 5, 3, 4), from the bind pose."""
    turns = _matrices(joints.rotations[part].astype(np.float64))
    places = joints.translations[part].astype(np.float64)
    shifts = np.zeros_like(places)
    shifts[:, joints.shifted] = joints.shifts[part][:, joints.shifted]
    rotations, origins = np.empty_like(turns), np.empty_like(places)
    for joint, parent in enumerate(parents):
        if parent < 0:
            rotations[:, joint], origins[:, joint] = turns[:, joint], places[:, joint]
            continue
        rotations[:, joint] = rotations[:, parent] @ turns[:, joint]
        origins[:, joint] = origins[:, parent] + _turned(rotations[:, parent], places[:, joint])
    moved = origins + np.einsum("tjab,tjb->tja", rotations, shifts - joints.rest)
    return np.concatenate([rotations, moved[..., None]], axis=-1).astype(np.float32)


def _turned(rotations: Array, vectors: Array) -> Array:
    return np.asarray(np.einsum("tab,tb->ta", rotations, vectors))


def _matrices(quaternions: Array) -> Array:
    """Rotation matrices (..., 3, 3) of unit quaternions (..., 4), scalar last."""
    x, y, z, w = np.moveaxis(quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
