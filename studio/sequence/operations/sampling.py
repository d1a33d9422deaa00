"""A clip at other moments: many fractional frames at once."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.params import ROTATIONS
from studio.flame.rotations import slerp
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import OFFSETS, moving_fields
from studio.sequence.vertex_rows import VertexRows, check_room, in_memory

Array = NDArray[np.float64]
_AT_ONCE = 256  # frames of vertex offsets


def blended_rows(field: str, start: NDArray, end: NDArray, amount: Array) -> NDArray:
    """The rows of ``field`` at ``amount`` (T,) from ``start`` to ``end``: rotations on the sphere.

    Where the two are the same, or the amount is 0 or 1, the numbers are those of the ends.
    """
    weight = amount.reshape(-1, *(1,) * (start.ndim - 1))
    if field not in ROTATIONS:
        kind = np.float32 if field == OFFSETS else np.float64
        mixed = (1.0 - weight).astype(kind) * start + weight.astype(kind) * end
    else:
        here, there = start.reshape(-1, 3), end.reshape(-1, 3)
        joints = len(here) // max(len(start), 1)
        share = np.repeat(amount, joints)
        turning = (here != there).any(axis=1) & (share > 0.0)
        pose = here.astype(np.float64)
        pose[turning] = slerp(here[turning], there[turning], share[turning])
        mixed = pose.reshape(start.shape)
    return np.where(weight >= 1.0, end, np.where(weight <= 0.0, start, mixed))


def sampled(
    clip: Clip, positions: ArrayLike, fps: float | None = None, fields: Collection[str] | None = None
) -> Clip:
    """``clip`` at the fractional frames ``positions`` (N,), held at both ends, as a clip of N frames.

    As :meth:`Clip.at` gives them: rotations on the shorter arc, all else linear; whole frames as they are.

    Args:
        clip: of T frames.
        positions: in frames from 0.
        fps: of the result; None: of ``clip``.
        fields: that are sampled, where N is T and the others stay as they are; None: all.

    Raises:
        StudioError: vertices in a file are too many to be worked on.

    """
    places = np.clip(np.asarray(positions, dtype=np.float64), 0.0, len(clip) - 1.0)
    before = places.astype(np.intp)
    after = np.minimum(before + 1, len(clip) - 1)
    amount = places - before
    rows = {
        field: _between(field, getattr(clip, field), before, after, amount)
        for field in moving_fields(clip)
        if fields is None or field in fields
    }
    return clip.replace(**rows, fps=clip.fps if fps is None else fps)


def _between(
    field: str, values: NDArray, before: NDArray[np.intp], after: NDArray[np.intp], amount: Array
) -> NDArray:
    """The rows of ``field`` between those at ``before`` and ``after``; of vertices some frames at a time."""
    if field != OFFSETS:
        return blended_rows(field, values[before], values[after], amount)
    if isinstance(values, VertexRows):
        check_room(len(amount) * values.nbytes // len(values), values.source)
    rows = in_memory(values)
    made = np.empty((len(amount), *rows.shape[1:]), np.float32)
    for start in range(0, len(amount), _AT_ONCE):
        here = slice(start, start + _AT_ONCE)
        made[here] = blended_rows(field, rows[before[here]], rows[after[here]], amount[here])
    return made
