"""What comes from a source, as numbers that a panel tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Traffic:
    """What came so far; counts go on from the start of the source."""

    rate: float = 0.0  # frames a second that were used lately
    taken: int = 0  # frames used
    malformed: int = 0  # packets that are no whole frame
    ignored: int = 0  # whole ones of another sender, or late ones
    faceless: int = 0  # whole ones that see no face
    last: float | None = None  # when the last whole one came, seconds on this machine's clock
    subject: str = ""  # who is followed
    subjects: tuple[str, ...] = ()  # all who send
    problem: str = ""  # one sentence: why nothing more comes
    ended: bool = False  # whether a film is at its end


class Source(Protocol):
    """Something that frames come from."""

    @property
    def traffic(self) -> Traffic:
        """What came so far."""

    def start(self) -> None:
        """Begin; frames come on a thread of the source's own.

        Raises:
            StudioError: it cannot, as far as that is known at once.

        """

    def stop(self) -> None:
        """End; no frame comes any more once this is back."""


class Rate:
    """How often something happened in the last second."""

    def __init__(self) -> None:
        self._begin = 0.0
        self._count = 0
        self._last = 0.0

    def add(self, now: float) -> None:
        """It happened ``now``, in seconds of a clock that goes on."""
        self._roll(now)
        self._count += 1

    def told(self, now: float) -> float:
        """Times a second."""
        self._roll(now)
        passed = now - self._begin
        return self._count / passed if self._last == 0.0 and passed > 0.2 else self._last

    def _roll(self, now: float) -> None:
        passed = now - self._begin
        if passed >= 1.0:
            self._last = self._count / passed if passed < 2.0 else 0.0
            self._begin, self._count = now, 0
