"""Operations on when things happen: trim, split, another length or rate, backwards, earlier or later."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import numpy as np

from studio.sequence.clip import Clip
from studio.sequence.operations.parts import FIELD_OF, checked_parts, moving_fields
from studio.sequence.operations.rates import positions_at
from studio.sequence.operations.sampling import sampled
from studio.sequence.rates import exact_rate
from studio.sequence.vertex_rows import in_memory
from studio.storage.errors import StudioError

LONGEST = 2_000_000  # frames that an operation may make


def checked_range(clip: Clip, first: int, last: int) -> tuple[int, int]:
    """``first`` and ``last``, both of which are frames of ``clip``, in this order.

    Raises:
        StudioError: they are not.

    """
    end = len(clip) - 1
    if first > last:
        raise StudioError(f"The first frame, {first}, comes after the last one, {last}; exchange them.")
    if first < 0 or last > end:
        raise StudioError(f"The clip has frames 0 to {end}; {first} to {last} is not among them.")
    return first, last


def trimmed(clip: Clip, first: int, last: int) -> Clip:
    """The frames ``first`` to ``last`` alone, both included.

    Raises:
        StudioError: the clip has no such frames.

    """
    checked_range(clip, first, last)
    return clip.part(first, last + 1)


def split(clip: Clip, frame: int) -> tuple[Clip, Clip]:
    """What is before ``frame``, and what begins with it.

    Raises:
        StudioError: one of the two would be empty.

    """
    if not 0 < frame < len(clip):
        told = f"1 to {len(clip) - 1}" if len(clip) > 1 else "none: it is a still"
        raise StudioError(f"A clip of {len(clip)} frames cannot be split at frame {frame}; choose {told}.")
    return clip.part(0, frame), clip.part(frame, len(clip))


def retimed(clip: Clip, speed: float) -> Clip:
    """``clip`` played ``speed`` times as fast at its own rate; first and last frame are kept.

    Every other frame shows the exact moment ``speed`` times as far from the start.

    Raises:
        StudioError: ``speed`` is not positive, or the result would be too long.

    """
    if not (np.isfinite(speed) and speed > 0.0):
        raise StudioError(f"The speed must be above 0, not {speed:g}; to go backwards, reverse the clip.")
    step = Fraction(repr(float(speed)))
    _refuse_too_long((len(clip) - 1) / speed + 1.0)
    return sampled(clip, positions_at(len(clip), step))


def stretched(clip: Clip, seconds: float) -> Clip:
    """``clip`` made to last ``seconds``, to the nearest frame; first and last frame are kept.

    Raises:
        StudioError: that is less than a frame, or too long.

    """
    if not (np.isfinite(seconds) and seconds * clip.fps >= 0.5):
        raise StudioError(
            f"{seconds:g} s is less than a frame at {clip.fps:g} a second; choose a longer duration."
        )
    _refuse_too_long(seconds * clip.fps)
    count = max(round(seconds * clip.fps), 1)
    return sampled(clip, np.linspace(0.0, len(clip) - 1.0, count))


def conformed(clip: Clip, speed: float) -> Clip:
    """Every frame of ``clip`` as it is, shown at ``speed`` times the rate.

    Raises:
        StudioError: ``speed`` is not positive.

    """
    if not (np.isfinite(speed) and speed > 0.0):
        raise StudioError(f"The speed must be above 0, not {speed:g}; to go backwards, reverse the clip.")
    return clip.replace(fps=float(exact_rate(clip.fps) * Fraction(repr(float(speed)))))


def resampled(clip: Clip, rate: Fraction) -> Clip:
    """``clip`` at ``rate`` frames a second, everything at the moment at which it was.

    Frame i shows the moment i / ``rate``, exact to the last bit of its position, from the first frame to
    the last one, which is held for what is left of a frame: of T frames come ceil((T - 1) r) + 1, where r
    is the new rate over the old one.

    Raises:
        StudioError: the result would be too long.

    """
    old = exact_rate(clip.fps)
    _refuse_too_long((len(clip) - 1) * float(rate / old) + 1.0)
    return sampled(clip, positions_at(len(clip), old / rate), float(rate))


def reversed_in_time(clip: Clip) -> Clip:
    """``clip`` from its last frame to its first."""
    return clip.replace(**{field: in_memory(getattr(clip, field))[::-1] for field in moving_fields(clip)})


def delayed(clip: Clip, parts: Collection[str], frames: float) -> Clip:
    """``clip`` with ``parts`` ``frames`` later, earlier where it is negative; the ends are held.

    Raises:
        StudioError: a part is none, or ``frames`` is not finite.

    """
    if not np.isfinite(frames):
        raise StudioError(f"A delay is a number of frames, not {frames}.")
    fields = [FIELD_OF[part] for part in checked_parts(parts)]
    return sampled(clip, np.arange(len(clip)) - frames, fields=fields)


def _refuse_too_long(frames: float) -> None:
    if frames > LONGEST:
        raise StudioError(f"That would be {frames:.0f} frames; an operation makes at most {LONGEST}.")
