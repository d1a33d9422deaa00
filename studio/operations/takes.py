"""Operations on the takes of a document: what is worked on, and the one step that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from studio.sequence.cutting import cut
from studio.sequence.layers import Layer, held
from studio.sequence.operations.moments import Moments, moved_curve

BAKING = ("join", "loop")  # ids of operations that let frames pass into others, keys and all
_WHOLE_TAKE = ("trim", "split", "reverse")
CALL = "operate"  # the function of scripts that does it


def worked_on(operation: Operation, take: Take) -> Take:
    """``take`` as ``operation`` works on its clip: keys and the offset stay on top of it.

    Where frames pass into others, which keys are not meant for, keys go into the clip first.
    Where time is cut or turned, a clip that its keys outlast is held to the end of the take first.
    """
    if operation.id in _WHOLE_TAKE and take.length > len(take.clip):
        return replace(take, clip=held(take.clip, take.length), length=0)
    if operation.id not in BAKING:
        return take
    flat = Take.of(take.name, take.baked())
    return replace(flat, markers=take.markers, camera_keys=take.camera_keys)


def with_outcome(operation: Operation, take: Take, outcome: Outcome) -> Take:
    """``take``, as :func:`worked_on` gives it, with what came out of ``operation``."""
    offset = take.offset
    if operation.id == "retarget":
        offset = offset.replace(shape=np.zeros_like(offset.shape), vertex_offset=None)
    made = replace(take, clip=outcome.clip, offset=offset, fit_errors=())
    return made if outcome.moments is None else _moved(made, outcome.moments, take)


@dataclass(frozen=True, eq=False)
class Made:
    """What becomes of a take."""

    take: Take
    rest: Take | None = None  # what was cut off its end


def made_of(operation: Operation, before: Take, outcome: Outcome) -> Made:
    """The take ``before`` with what came out of ``operation``, its keys and markers where they belong then.

    It is ``before`` itself where nothing changes. Takes seconds where there are a million keys.
    """
    below = worked_on(operation, before)
    if _changes_nothing(operation, below, outcome):
        return Made(before)
    rest = None if outcome.rest is None else _rest_of(below, outcome)
    return Made(with_outcome(operation, below, outcome), rest)


def step_of(
    document: Document,
    operation: Operation,
    outcome: Outcome,
    given: Mapping[str, Any],
    span: Range | None,
    made: Made | None = None,
) -> Command:
    """One step that gives the active take what came out of ``operation``; a part cut off is a take behind it.

    Where nothing changes, the command changes nothing.

    Args:
        document: whose active take was worked on.
        operation: what was done.
        outcome: what came of it.
        given: its settings.
        span: first and last frame that it was held to; None: all.
        made: what :func:`made_of` makes of the active take, where that is known; None: it is made now.

    """
    before = document.take
    made = made or made_of(operation, before, outcome)
    takes = replace_take(document, made.take)
    if made.rest is not None:
        takes = (*takes, made.rest)
    changes: dict[str, Any] = {"takes": takes}
    if len(made.take) != len(before):
        changes["playback"] = document.playback.replace(first=0, last=None)
    if outcome.moments is not None:
        here = float(outcome.moments.at([document.position])[0])
        changes["position"] = min(max(here, 0.0), len(made.take) - 1.0)
    named = told_settings(operation, given)
    if span is not None:
        named["span"] = span
    command = change(document, operation.title, **changes)
    return command if operation.long else replace(command, call=(CALL, (operation.id,), named))


def _changes_nothing(operation: Operation, below: Take, outcome: Outcome) -> bool:
    """Whether ``below`` looks in every frame as it did, with ``outcome`` in place of its clip."""
    if operation.id == "retarget" and (below.offset.shape.any() or below.offset.vertex_offset is not None):
        return False
    still = outcome.moments is None or outcome.moments.leaves(len(below))
    return still and outcome.rest is None and outcome.clip == below.clip


def _rest_of(take: Take, outcome: Outcome) -> Take:
    """What was cut off the end of ``take`` as a take, with the keys that stand over it."""
    assert outcome.rest is not None
    start = len(outcome.clip)
    rest = replace(take, name=f"{take.name} 2", clip=outcome.rest, fit_errors=())
    return _moved(rest, Moments.straight(1.0, start, (start, np.inf)), take)


def _moved(take: Take, moments: Moments, before: Take) -> Take:
    """``take`` with the keys, markers and length of ``before`` where ``moments`` has them."""
    end = 0
    if before.length > len(before.clip):
        ending = before.length - 1.0
        last = float(moments.at([ending if moments.around else min(ending, moments.kept[1])])[0])
        end = min(max(round(last) + 1, 0), LONGEST_TAKE)
    count = max(len(take.clip), end)
    last_frame = count - 1.0 if moments.around else np.inf  # of what goes on behind a part there is none
    return replace(
        take,
        layers=tuple(_moved_layer(layer, moments, last_frame) for layer in before.layers),
        markers=_moved_markers(before.markers, moments, count),
        camera_keys=_moved_curves(before.camera_keys, moments, last_frame),
        length=end if end > len(take.clip) else 0,
    )


def _moved_curves(curves: Mapping[str, Curve], moments: Moments, last: float) -> dict[str, Curve]:
    return {name: cut(moved_curve(curve, moments), -np.inf, last) for name, curve in curves.items()}


def _moved_layer(layer: Layer, moments: Moments, last: float) -> Layer:
    return layer.replace(curves=_moved_curves(layer.curves, moments, last))


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
