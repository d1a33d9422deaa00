"""Doing an operation: settings checked, the clip looked at, a range taken alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from studio.operations.row import Desk, Operation, Outcome
from studio.operations.settings import checked
from studio.sequence.clip import Clip
from studio.sequence.operations.jitter import jitter, mesh_jitter, unit_of
from studio.sequence.operations.moments import Moments
from studio.sequence.operations.parts import check_numbers, moving_fields, within
from studio.sequence.operations.timing import checked_range, trimmed
from studio.sequence.vertex_rows import in_memory
from studio.storage.errors import StudioError

Range = tuple[int, int]


def operate(
    operation: Operation,
    clip: Clip,
    given: Mapping[str, Any],
    desk: Desk,
    frames: Range | None = None,
) -> Outcome:
    """What ``operation`` makes of ``clip``.

    Args:
        operation: a row of the table.
        clip: of T frames.
        given: settings by name; those left out are the usual ones.
        desk: what else it works with.
        frames: first and last frame that it is held to; None: all.

    Raises:
        StudioError: a setting does not suit, the clip has no such frames, or a number in it is none.
        JobCancelled: it was asked to stop.

    """
    settings = checked(operation, given)
    if not operation.mends:
        check_numbers(clip)
    if frames is None or operation.reach == "whole":
        return operation.run(clip, settings, desk)
    first, last = checked_range(clip, *frames)
    if operation.reach == "frames":
        whole = operation.run(clip, settings, desk)
        return replace(whole, clip=within(clip, whole.clip, first, last))
    inner = operation.run(trimmed(clip, first, last), settings, desk)
    if operation.reach == "only":
        return replace(inner, moments=_after_trim(inner.moments, first, last))
    if inner.clip.fps != clip.fps:
        raise StudioError("A part of a clip cannot have another frame rate; choose all frames.")
    moments = None if inner.moments is None else inner.moments.in_part(first, last)
    return replace(inner, clip=_put_in(clip, inner.clip, first, last), moments=moments)


def _after_trim(moments: Moments | None, first: int, last: int) -> Moments:
    """Where frames are after the range was taken alone, and ``moments`` were done to it."""
    if moments is None:
        return Moments.straight(1.0, first, (first, last))
    points = tuple((before + first, after) for before, after in moments.points)
    return Moments(points, (max(moments.kept[0], 0.0) + first, min(moments.kept[1] + first, last)))


def _put_in(clip: Clip, part: Clip, first: int, last: int) -> Clip:
    """``clip`` with ``part`` in place of the frames ``first`` to ``last``."""
    rows = {}
    for field in moving_fields(clip):
        values = in_memory(getattr(clip, field))
        rows[field] = np.concatenate([values[:first], getattr(part, field), values[last + 1 :]])
    return clip.replace(**rows)


def measured(before: Clip, after: Clip, desk: Desk | None = None) -> dict[str, Any]:
    """The jitter before and after, by part, and with a ``desk`` that of the mesh in millimetres."""
    told: dict[str, Any] = {}
    first, second = jitter(before), jitter(after)
    for part in first:
        unit = unit_of(part)
        told[part] = {"before": first[part], "after": second.get(part, 0.0), "unit": unit}
    if desk is not None:
        backend = desk.backend()
        told["mesh"] = {
            "before": mesh_jitter(before, backend),
            "after": mesh_jitter(after, backend),
            "unit": "mm",
        }
    return told
