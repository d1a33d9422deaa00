"""Operations on the takes of a document: what is worked on, and the one step that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.take import LONGEST_TAKE, Marker, Take
from studio.operations.row import Operation, Outcome
from studio.operations.running import Range
from studio.operations.settings import told_settings
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.sequence.operations.moments import Moments, moved_curve

CALL = "operate"  # the function of scripts that does it


def worked_on(operation: Operation, take: Take) -> Take:
    """``take`` as ``operation`` works on its clip: keys and the offset stay on top of it.

    Where another clip is brought in beneath them, which they are not meant for, they go into the clip first.
    """
    if operation.id != "join":
        return take
    flat = Take.of(take.name, take.baked())
    return replace(flat, markers=take.markers, camera_keys=take.camera_keys)


def with_outcome(operation: Operation, take: Take, outcome: Outcome) -> Take:
    """``take``, as :func:`worked_on` gives it, with what came out of ``operation``."""
    offset = take.offset
    if operation.id == "retarget":
        offset = offset.replace(shape=np.zeros_like(offset.shape), vertex_offset=None)
    made = replace(take, clip=outcome.clip, offset=offset)
    return made if outcome.moments is None else _moved(made, outcome.moments, take)


def step_of(
    document: Document,
    operation: Operation,
    outcome: Outcome,
    given: Mapping[str, Any],
    span: Range | None,
) -> Command:
    """One step that gives the active take what came out of ``operation``; a part cut off is a take behind it.

    Args:
        document: whose active take was worked on.
        operation: what was done.
        outcome: what came of it.
        given: its settings.
        span: first and last frame that it was held to; None: all.

    """
    before = document.take
    below = worked_on(operation, before)
    take = with_outcome(operation, below, outcome)
    takes = replace_take(document, take)
    if outcome.rest is not None:
        takes = (*takes, _rest_of(below, outcome))
    changes: dict[str, Any] = {"takes": takes}
    if len(take) != len(before):
        changes["playback"] = document.playback.replace(first=0, last=None)
    if outcome.moments is not None:
        here = float(outcome.moments.at([document.position])[0])
        changes["position"] = min(max(here, 0.0), len(take) - 1.0)
    named = told_settings(operation, given)
    if span is not None:
        named["span"] = span
    command = change(document, operation.title, **changes)
    return command if operation.long else replace(command, call=(CALL, (operation.id,), named))


def _rest_of(take: Take, outcome: Outcome) -> Take:
    """What was cut off the end of ``take`` as a take, with the keys that stand over it."""
    assert outcome.rest is not None
    start = len(outcome.clip)
    rest = replace(take, name=f"{take.name} 2", clip=outcome.rest)
    return _moved(rest, Moments.straight(1.0, start, (start, np.inf)), take)


def _moved(take: Take, moments: Moments, before: Take) -> Take:
    """``take`` with the keys, markers and length of ``before`` where ``moments`` has them."""
    end = 0
    if before.length > len(before.clip):
        last = float(moments.at([min(before.length - 1.0, moments.kept[1])])[0])
        end = min(max(round(last) + 1, 0), LONGEST_TAKE)
    count = max(len(take.clip), end)
    return replace(
        take,
        layers=tuple(_moved_layer(layer, moments) for layer in before.layers),
        markers=_moved_markers(before.markers, moments, count),
        camera_keys=_moved_curves(before.camera_keys, moments),
        length=end if end > len(take.clip) else 0,
    )


def _moved_curves(curves: Mapping[str, Curve], moments: Moments) -> dict[str, Curve]:
    moved = {name: moved_curve(curve, moments) for name, curve in curves.items()}
    return {name: curve for name, curve in moved.items() if curve is not None}


def _moved_layer(layer: Layer, moments: Moments) -> Layer:
    return layer.replace(curves=_moved_curves(layer.curves, moments))


def _moved_markers(markers: tuple[Marker, ...], moments: Moments, count: int) -> tuple[Marker, ...]:
    kept = [marker for marker in markers if moments.keeps(marker.frame)]
    frames = [round(float(moments.at([marker.frame])[0])) for marker in kept]
    moved = [
        replace(marker, frame=frame)
        for marker, frame in zip(kept, frames, strict=True)
        if 0 <= frame < max(count, 1)
    ]
    return tuple(sorted(moved, key=lambda marker: marker.frame))


def other_clip(takes: tuple[Take, ...], name: str) -> Clip | None:
    """The clip of the take called ``name``, as it is seen; None where there is none."""
    return next((take.baked() for take in takes if take.name == name), None)
