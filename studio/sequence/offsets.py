"""Vertex offsets of a clip file: one for all frames, and one for each frame on top of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.param_ranges import LARGEST_OFFSET
from studio.flame.params import FloatArray
from studio.storage.errors import StudioError

STATIC, DYNAMIC = OFFSETS = ("static_offset", "dynamic_offset")
LARGEST_MEMORY = 4 << 30  # bytes of the offsets of all frames in memory at once


@dataclass(frozen=True, eq=False)
class Offsets:
    """Metres, added to the unposed head; read-only. None: nothing is moved."""

    static: FloatArray | None = None  # (V, 3)
    dynamic: FloatArray | None = None  # (T, V, 3)

    @property
    def vertex_count(self) -> int:
        """V; 0 where nothing is moved."""
        found = self.static if self.static is not None else self.dynamic
        return 0 if found is None else found.shape[-2]


def parse_offsets(entries: Mapping[str, NDArray], count: int, label: str, first: int = 0) -> Offsets:
    """The vertex offsets among ``entries`` of ``count`` frames of the file ``label``.

    ``static_offset`` is (V, 3) or (1, V, 3), ``dynamic_offset`` (T, V, 3), or (1, V, 3) for all
    frames, of any real type. Offsets that are all zero are none, whatever V is.

    Args:
        entries: arrays by name.
        count: T.
        label: what errors call the file.
        first: the number of the first frame, for errors to name.

    Raises:
        StudioError: an array has a wrong type or shape, holds a number that is not finite or beyond
            ``LARGEST_OFFSET``, is too large for memory, or the two are for different meshes.

    """
    static = _checked(entries, STATIC, (1,), label, 0)
    dynamic = _checked(entries, DYNAMIC, (1, count), label, first)
    if static is not None and dynamic is not None and static.shape[1] != dynamic.shape[1]:
        raise StudioError(
            f"{label} moves {static.shape[1]} vertices in {STATIC} and {dynamic.shape[1]} in {DYNAMIC}; "
            "choose another file."
        )
    if dynamic is not None and len(dynamic) < count:
        static = dynamic if static is None else static + dynamic
        dynamic = None
    return Offsets(_frozen(None if static is None else static[0]), _frozen(dynamic))


def _checked(
    entries: Mapping[str, NDArray], key: str, lengths: Sequence[int], label: str, first: int
) -> FloatArray | None:
    """The entry ``key`` as float32 (one of ``lengths``, V, 3); None where it is all zero."""
    values = entries.get(key)
    if values is None or not values.size:
        return None
    if values.dtype.kind not in "biuf":
        raise StudioError(f"{key} in {label} does not hold numbers; choose another file.")
    rows = values[None] if values.ndim == 2 else values
    if rows.ndim != 3 or rows.shape[2] != 3 or len(rows) not in lengths:
        raise StudioError(
            f"{key} in {label} has the shape {values.shape} where ({max(lengths)}, vertices, 3) is expected; "
            "choose another file."
        )
    farthest = max(float(rows.max()), -float(rows.min()))
    if not farthest <= LARGEST_OFFSET:
        raise StudioError(_beyond(rows, key, label, first))
    if farthest == 0.0:
        return None
    if 4 * rows.size > LARGEST_MEMORY:
        raise StudioError(
            f"{key} in {label} would take {4 * rows.size / 2**30:.1f} GiB of memory; cut the clip into parts."
        )
    return np.ascontiguousarray(rows, np.float32)


def _beyond(rows: NDArray, key: str, label: str, first: int) -> str:
    """What is wrong with the first number that is beyond the limit."""
    good, index = np.ones((1, 1), dtype=bool), -1
    while good.all():
        index += 1
        good = np.abs(rows[index]) <= LARGEST_OFFSET
    vertex, axis = np.unravel_index(int(good.argmin()), good.shape)
    value = float(rows[index, vertex, axis])
    wrong = f"{value:g}, beyond ±{LARGEST_OFFSET:g} m," if np.isfinite(value) else "not a finite number"
    return (
        f"{key} in {label} is {wrong} at vertex {vertex} in frame {first + index}; "
        "repair that clip or leave the frame out."
    )


def joined_offsets(parts: Sequence[Offsets], lengths: Sequence[int], label: str) -> Offsets:
    """The offsets of parts of one clip, of ``lengths`` frames each; static ones that differ become dynamic.

    Raises:
        StudioError: the parts are for different meshes.

    """
    counts = sorted({part.vertex_count for part in parts} - {0})
    if not counts:
        return Offsets()
    if len(counts) > 1:
        raise StudioError(
            f"The files in {label} move {counts[0]} and {counts[1]} vertices; choose a folder of frames of "
            "one clip."
        )
    static = parts[0].static
    if all(part.dynamic is None and _equal(part.static, static) for part in parts):
        return Offsets(static)
    moving = np.zeros((sum(lengths), counts[0], 3), np.float32)
    for part, rows in zip(parts, np.split(moving, np.cumsum(lengths)[:-1]), strict=True):
        if not _equal(part.static, static):
            rows += 0.0 if part.static is None else part.static
            rows -= 0.0 if static is None else static
        if part.dynamic is not None:
            rows += part.dynamic
    return Offsets(static, _frozen(moving))


def _equal(first: FloatArray | None, second: FloatArray | None) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second)


def _frozen(values: FloatArray | None) -> FloatArray | None:
    """``values``, which nobody else has, made read-only."""
    if values is not None:
        values.setflags(write=False)
    return values
