"""Numbers for gestures: everything from a press to its release carries the same one."""

from __future__ import annotations

import itertools

_count = itertools.count(1)


def next_gesture() -> int:
    """A number no other gesture of this process has."""
    return next(_count)
