"""What a take does over time, gathered frame by frame: parameters and the joints before they turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.params import FloatArray, full_pose
from studio.flame.skeleton import skeleton
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.clip import Clip
from studio.sequence.stream import FrameSource
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

FRAMES_AT_A_TIME = 256
LARGEST_OFFSETS = 256 << 20  # bytes of the targets that vertex offsets may become
MOST_OFFSETS = 512  # frames of them: each has a weight in every frame


@dataclass(frozen=True, eq=False)
class Motion:
    """T frames of one identity on a model of V vertices, E expression components and five joints."""

    shape: FloatArray  # (S,)
    expr: FloatArray  # (T, E)
    pose: FloatArray  # (T, 15)
    translation: FloatArray  # (T, 3)
    eyelids: FloatArray  # (T, 2)
    joints: Array  # (T, 5, 3) metres, before any of them turns
    static_offset: FloatArray | None  # (V, 3)
    offsets: FloatArray | None  # (T, V, 3) on top of it, where they were to be kept
    has_offsets: bool  # whether there are such that change over time, kept or not
    fps: float

    def __len__(self) -> int:
        """T."""
        return len(self.pose)


def gather(
    model: HeadModel, frames: FrameSource, keep_offsets: bool, progress: Report, cancelled: Cancelled
) -> Motion:
    """The motion of all ``frames`` on ``model``.

    Args:
        model: whose sizes the parameters are padded to.
        frames: of one identity.
        keep_offsets: hold on to vertex offsets that change over time.
        progress: is told of the frames read.
        cancelled: is asked at every block of frames.

    Raises:
        JobCancelled: it was asked to stop.
        StudioError: the offsets to be kept are too many, or a frame cannot be read.

    """
    blocks: list[Clip] = []
    joints: list[Array] = []
    offsets: list[FloatArray | None] = []
    has_offsets = False
    first: Clip | None = None
    for block in frames.blocks(FRAMES_AT_A_TIME):
        check(cancelled)
        first = first or block
        moving = _moving(block, first)
        if moving is not None and keep_offsets:
            _check_size(len(frames), model.vertex_count)
        has_offsets |= moving is not None
        offsets.append(moving if keep_offsets else None)
        joints.append(_joints(model, first, block, moving))
        blocks.append(block.replace(static_offset=None, dynamic_offset=None))
        progress(Progress(sum(map(len, blocks)), len(frames), "Reading frames"))
    assert first is not None
    return Motion(
        shape=_padded(first.shape, model.shape_count),
        expr=_padded(np.concatenate([block.expr for block in blocks]), model.expression_count),
        pose=np.concatenate([full_pose(block) for block in blocks]),
        translation=np.concatenate([block.translation for block in blocks]),
        eyelids=np.concatenate([block.eyelids for block in blocks]),
        joints=np.concatenate(joints),
        static_offset=first.static_offset,
        offsets=_joined(offsets, blocks, model.vertex_count) if keep_offsets and has_offsets else None,
        has_offsets=has_offsets,
        fps=first.fps,
    )


def _moving(block: Clip, first: Clip) -> FloatArray | None:
    """What ``block`` moves the vertices (T, V, 3) by beyond the static offset of the first one."""
    moving = block.dynamic_offset
    if block.static_offset is not first.static_offset:
        still = _or_nothing(block.static_offset, first) - _or_nothing(first.static_offset, block)
        if still.any():
            whole = np.broadcast_to(still, (len(block), *still.shape))
            moving = whole if moving is None else moving + whole
    return moving if moving is not None and moving.any() else None


def _or_nothing(offset: FloatArray | None, other: Clip) -> FloatArray:
    if offset is not None:
        return offset
    assert other.static_offset is not None
    return np.zeros_like(other.static_offset)


def _check_size(frames: int, vertices: int) -> None:
    if frames > MOST_OFFSETS or 12 * frames * vertices > LARGEST_OFFSETS:
        raise StudioError(
            f"The take moves {vertices} vertices by hand in each of {frames} frames, too many for targets of "
            "their own; leave these offsets out, cut the take, or save a vertex cache (mdd, pc2, npy, usdc)."
        )


def _joints(model: HeadModel, first: Clip, block: Clip, moving: FloatArray | None) -> Array:
    """The joints (T, 5, 3) of the frames of ``block`` before any of them turns."""
    found = skeleton(model)
    shape = _padded(first.shape, model.shape_count).astype(np.float64)
    expr = _padded(block.expr, model.expression_count).astype(np.float64)
    regressor = model.j_regressor.astype(np.float64)
    joints = found.template + found.by_shape @ shape
    if first.static_offset is not None:
        joints = joints + regressor @ first.static_offset
    moved = joints + np.tensordot(expr, found.by_expression, (1, 2))
    if moving is not None:
        moved = moved + np.einsum("jv,tvk->tjk", regressor, moving, optimize=True)
    return np.asarray(moved)


def _padded(values: FloatArray, width: int) -> FloatArray:
    """``values`` (..., n) with zeros behind them (..., width)."""
    missing = width - values.shape[-1]
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)]) if missing > 0 else values


def _joined(offsets: list[FloatArray | None], blocks: list[Clip], vertices: int) -> FloatArray:
    parts = [
        np.zeros((len(block), vertices, 3), np.float32) if part is None else part
        for part, block in zip(offsets, blocks, strict=True)
    ]
    return np.concatenate(parts)
