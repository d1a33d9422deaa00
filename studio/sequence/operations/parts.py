"""The parts of a clip that operations can be held to, and doing something to the frames of some of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import ROTATIONS
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.vertex_rows import MOST, VertexRows, check_room, in_memory
from studio.storage.errors import StudioError

Array = NDArray[np.float64]
Filter = Callable[[Array], Array]

OFFSETS = "dynamic_offset"
FIELD_OF = MappingProxyType(
    {
        "expression": "expr",
        "jaw": "jaw_pose",
        "neck": "neck_pose",
        "head": "rotation",
        "eyes": "eyes_pose",
        "eyelids": "eyelids",
        "translation": "translation",
        "offsets": OFFSETS,
    }
)
PARTS = tuple(FIELD_OF)
_COLUMNS = 3072  # of vertex offsets that are worked on at once, in float64


def checked_parts(parts: Collection[str]) -> tuple[str, ...]:
    """``parts`` in their usual order.

    Raises:
        StudioError: one of them is no part of a clip, or there is none.

    """
    for part in parts:
        if part not in FIELD_OF:
            raise StudioError(f"A clip has no part called {part}; it has {', '.join(PARTS)}.")
    if not parts:
        raise StudioError(f"Choose at least one part of the clip: {', '.join(PARTS)}.")
    return tuple(part for part in PARTS if part in parts)


def moving_fields(clip: Clip) -> tuple[str, ...]:
    """The fields of ``clip`` that have a row for each frame."""
    return CHANNELS if clip.dynamic_offset is None else (*CHANNELS, OFFSETS)


def check_numbers(clip: Clip) -> None:
    """Make sure that every number of ``clip`` is one.

    Raises:
        StudioError: one is not; the sentence names its frame.

    """
    for field in moving_fields(clip):
        values = getattr(clip, field)
        if isinstance(values, VertexRows):  # 0 where they are no numbers
            continue
        rows = values.reshape(len(clip), -1)
        # The sum of a row is finite where all its numbers are; only else is it looked at more closely.
        with np.errstate(over="ignore", invalid="ignore"):
            doubtful = np.flatnonzero(~np.isfinite(rows.sum(axis=1, dtype=np.float64)))
        for frame in doubtful:
            if not np.isfinite(rows[frame]).all():
                raise StudioError(
                    f"{field} in frame {frame} is not a finite number; despike the clip or cut it out."
                )
    for field in ("shape", "static_offset"):
        values = getattr(clip, field)
        if values is not None and not np.isfinite(values).all():
            raise StudioError(f"{field} of the clip is not a finite number; choose another clip.")


def check_offsets(clip: Clip) -> None:
    """Make sure that the vertices of ``clip`` can all be worked on.

    Raises:
        StudioError: they are in a file and too many.

    """
    if isinstance(clip.dynamic_offset, VertexRows):
        check_room(clip.dynamic_offset.nbytes, clip.dynamic_offset.source)


def treated(clip: Clip, parts: Collection[str], straight: Filter, turning: Filter) -> Clip:
    """``clip`` with the frames of ``parts`` as two functions make them.

    Args:
        clip: of T frames.
        parts: of :data:`PARTS`.
        straight: from rows (T, W) of numbers to as many.
        turning: from rotations (T, J, 3), axis-angle, to as many.

    Raises:
        StudioError: a part is none.

    """
    changes: dict[str, NDArray] = {}
    for part in checked_parts(parts):
        field = FIELD_OF[part]
        values = getattr(clip, field)
        if values is None or not values.size:
            continue
        if field in ROTATIONS:
            rows = turning(values.reshape(len(clip), -1, 3).astype(np.float64))
            changes[field] = rows.reshape(values.shape)
        elif field == OFFSETS:
            changes[field] = _in_columns(values, straight)
        else:
            changes[field] = straight(values.astype(np.float64))
    return clip.replace(**changes)


def _in_columns(offsets: NDArray[np.float32], straight: Filter) -> NDArray[np.float32]:
    """``straight`` on vertex offsets (T, V, 3), some columns at a time."""
    rows = in_memory(offsets).reshape(len(offsets), -1)
    made = np.empty_like(rows)
    for start in range(0, rows.shape[1], _COLUMNS):
        columns = slice(start, start + _COLUMNS)
        made[:, columns] = straight(rows[:, columns].astype(np.float64))
    return made.reshape(offsets.shape)


def within(clip: Clip, changed: Clip, first: int, last: int) -> Clip:
    """``changed`` in the frames ``first`` to ``last``, ``clip`` in all others; both have as many frames."""
    if first <= 0 and last >= len(clip) - 1:
        return changed
    rows: dict[str, NDArray] = {}
    for field in moving_fields(changed):
        before = getattr(clip, field)
        now = getattr(changed, field)
        if before is now:
            continue
        mixed = np.array(np.zeros_like(now) if before is None else in_memory(before))
        mixed[first : last + 1] = now[first : last + 1]
        rows[field] = mixed
    return changed.replace(**rows)


def channel_rows(clip: Clip, parts: Collection[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """The parts that ``clip`` has, with their rows (T, W); rotations are (T, J, 3).

    Vertices in a file that are too many to be read are left out.
    """
    for part in checked_parts(parts):
        field = FIELD_OF[part]
        values = getattr(clip, field)
        if (
            values is not None
            and values.size
            and not (isinstance(values, VertexRows) and values.nbytes > MOST)
        ):
            values = in_memory(values)
            joints = field in ROTATIONS
            yield part, values.reshape(len(clip), -1, 3) if joints else values.reshape(len(clip), -1)
