"""What playing goes by: the sound card where there is one, else the computer's own clock."""

from __future__ import annotations

import time
from typing import Protocol

from studio.sequence.playback import Course


class Clock(Protocol):
    """Seconds that run evenly, and what is to be heard meanwhile."""

    def begin(self, course: Course) -> float:
        """Let ``course`` be heard from now on; the seconds at which its first moment is seen and heard.

        Those may lie a little ahead: what was handed to a sound card already is heard first.
        """

    def stop(self) -> None:
        """Let nothing be heard; the seconds run on."""

    def seconds(self) -> float:
        """Now, in seconds from any beginning; never less than before."""


class MonotonicClock:
    """The computer's clock, with no sound."""

    def begin(self, course: Course) -> float:
        """Now: nothing is heard first."""
        return self.seconds()

    def stop(self) -> None:
        """Nothing was heard."""

    def seconds(self) -> float:
        """Seconds since the computer was started, or any other beginning."""
        return time.perf_counter()
