"""Where a clip stands at a moment of the clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Course:
    """The way of the time cursor from one press of Play, or jump, to the next: picture and sound follow it.

    The fields are the arguments of :func:`position_at`.
    """

    start: float
    fps: float
    speed: float
    first: int
    last: int
    loop: bool
    ping_pong: bool = False

    def at(self, elapsed_seconds: float) -> tuple[float, bool]:
        """The cursor after ``elapsed_seconds``, and whether playing has come to its end."""
        return position_at(
            elapsed_seconds,
            self.start,
            self.fps,
            self.speed,
            self.first,
            self.last,
            self.loop,
            self.ping_pong,
        )


def position_at(
    elapsed_seconds: float,
    start: float,
    fps: float,
    speed: float,
    first: int,
    last: int,
    loop: bool,
    ping_pong: bool = False,
) -> tuple[float, bool]:
    """The time cursor after playing for a while, and whether playing has come to its end.

    The cursor follows from the clock alone, so a slow screen drops frames and never slows the clip.
    Every frame lasts ``1 / (fps * |speed|)`` seconds, the last one too: a loop over N frames takes
    N of them, and the cursor rests on the frame at the end for the length of one.

    Args:
        elapsed_seconds: time since playing began.
        start: cursor when playing began, in fractional frames; taken into the range.
        fps: frames per second of the clip.
        speed: 1 plays at the clip's own rate, 2 twice as fast, negative values backwards.
        first: first frame played.
        last: last frame played, at least ``first``.
        loop: go on from the other end; else stop on the frame at the end.
        ping_pong: where it loops, turn at the ends instead: there and back over N frames takes 2 (N - 1).

    """
    count = last - first + 1
    begun = min(max(start, float(first)), float(last)) - first
    travelled = begun + elapsed_seconds * fps * speed
    if speed < 0.0:
        mirrored, finished = _travel(count - 1 - travelled, count, loop, ping_pong)
        return last - mirrored, finished
    forward, finished = _travel(travelled, count, loop, ping_pong)
    return first + forward, finished


def _travel(frames: float, count: int, loop: bool, ping_pong: bool) -> tuple[float, bool]:
    """Distance from the end that playing leaves, after ``frames``, over ``count`` frames."""
    if loop and ping_pong:
        way = max(count - 1, 1)
        there = frames % (2 * way)
        return min(there, 2 * way - there, count - 1.0), False
    finished = frames >= count and not loop
    within = frames % count if loop else frames
    return min(within, count - 1.0), finished
