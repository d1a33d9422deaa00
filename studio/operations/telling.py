"""What came of an operation, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.operations.row import Outcome
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import moving_fields

_AT_ONCE = 256  # frames
Jitter = Mapping[str, Mapping[str, Any]]


def told_of_outcome(before: Clip, outcome: Outcome, jitter: Jitter | None = None) -> list[str]:
    """Lines for people on what became of ``before``: its length, numbers, and what is to be known."""
    after = outcome.clip
    lines = []
    if (len(before), before.fps) != (len(after), after.fps):
        lines.append(f"{_length(before)} become {_length(after)}.")
    else:
        moves = outcome.moments is not None and not outcome.moments.leaves(len(before))
        lines.append(_told_of_changes(before, after, moves))
    if outcome.rest is not None:
        lines.append(f"The rest, {_length(outcome.rest)}, becomes a take of its own.")
    lines += told_of_facts(outcome.facts)
    lines += [told_of_jitter(jitter)] if jitter else []
    return [*lines, *outcome.notices]


def _told_of_changes(before: Clip, after: Clip, moves: bool) -> str:
    """How many of the frames are another head now."""
    if after == before:
        return "The clip stays as it is; keys and markers over it move." if moves else "Nothing changes."
    changed = np.zeros(len(before), dtype=bool)
    for field in moving_fields(before):
        old, new = getattr(before, field), getattr(after, field)
        if new is None or new.shape != old.shape:
            changed[:] = True
        elif new is not old:
            changed |= _differing(old, new)
    count = int(changed.sum()) or len(before)
    return f"{count} of {len(before)} frames change."


def _differing(old: NDArray, new: NDArray) -> NDArray[np.bool_]:
    """Which rows differ, some at a time: they may be vertices that are in a file."""
    found = [
        (np.asarray(new[start : start + _AT_ONCE]) != np.asarray(old[start : start + _AT_ONCE]))
        .reshape(min(_AT_ONCE, len(old) - start), -1)
        .any(axis=1)
        for start in range(0, len(old), _AT_ONCE)
    ]
    return np.concatenate(found)


def told_of_facts(facts: Mapping[str, Any]) -> list[str]:
    """What the numbers of an outcome say."""
    told = []
    if "mended" in facts:
        parts = ", ".join(f"{count} in {part}" for part, count in facts["mended_in"].items() if count)
        told.append(f"{facts['mended']} spikes were mended{f': {parts}' if parts else ''}.")
    if "identity_mm" in facts:
        told.append(f"The shape is {facts['identity_mm']:.4f} mm from the relaxed head (root mean square).")
    if "residual_mm" in facts:
        told.append(
            f"The surfaces are {facts['residual_mm']:.4f} mm from the vertices (root mean square), in the "
            f"worst frame {facts['worst_frame_mm']:.4f} mm, at most {facts['worst_vertex_mm']:.4f} mm."
        )
    return told


def told_of_jitter(jitter: Jitter) -> str:
    """The jitter before and after, the mesh first."""
    order = sorted(jitter, key=lambda part: part != "mesh")
    parts = [
        f"{part} {jitter[part]['before']:.3g} to {jitter[part]['after']:.3g}{_unit(jitter[part]['unit'])}"
        for part in order
    ]
    return f"Jitter, a frame squared: {', '.join(parts)}."


def _unit(unit: str) -> str:
    return unit if unit in ("", "°") else f" {unit}"


def _length(clip: Clip) -> str:
    frames = "1 frame" if len(clip) == 1 else f"{len(clip)} frames"
    return f"{frames} ({clip.duration:.2f} s at {clip.fps:g})"
