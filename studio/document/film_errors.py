"""What each frame of a take that was fitted to a film misses: a channel of the take beside its parameters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from studio.document.take import Take

UNKNOWN = -1.0  # of a frame of which no landmark was known
APART = 0.25  # seconds: frames nearer to a worse one are left out, they miss for the same reason


def errors_of(values: Iterable[float]) -> tuple[float, ...]:
    """``values`` as a take has them: percent of the outer-eye distance, :data:`UNKNOWN` for NaN."""
    return tuple(float(f"{value:.6g}") if np.isfinite(value) else UNKNOWN for value in values)


def error_at(take: Take, position: float) -> float | None:
    """What the frame at ``position`` misses, percent of the outer-eye distance; None where nobody knows."""
    frame = round(position)
    if not 0 <= frame < len(take.fit_errors) or take.fit_errors[frame] == UNKNOWN:
        return None
    return take.fit_errors[frame]


def mean_error(take: Take) -> float | None:
    """The mean of what its frames miss; None where nobody knows."""
    known = [error for error in take.fit_errors if error != UNKNOWN]
    return float(np.mean(known)) if known else None


def worst_frames(take: Take, count: int) -> tuple[int, ...]:
    """The numbers of up to ``count`` frames that miss most, the worst first, and not one beside the other."""
    found: list[int] = []
    apart = max(APART * take.fps, 1.0)
    for frame in sorted(range(len(take.fit_errors)), key=lambda number: -take.fit_errors[number]):
        if len(found) == count or take.fit_errors[frame] == UNKNOWN:
            break
        if all(abs(frame - other) > apart for other in found):
            found.append(frame)
    return tuple(found)
