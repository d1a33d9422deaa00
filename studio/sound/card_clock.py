"""The clock of the sound card: what is heard of the sound, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

import numpy as np

from studio.sequence.playback import Course
from studio.sound.card import Card, CardError, Fill, open_card
from studio.sound.grain import SPACING, grain
from studio.sound.programme import Programme
from studio.sound.reading import Samples

_SILENT = 1.0  # seconds without being asked for samples after which a card is gone
_IDLE = 4.0  # seconds that a card goes on running with nothing to be heard
_TOO_FAST = 1.5  # times the time that goes by: what asks for more is no card but throws samples away
_AHEAD = 3.0  # seconds that a card may have been handed ahead
GONE = "The sound card is gone; playing goes on without sound."
NO_TIME = "The sound card keeps no time, so that sound is not heard; all else plays."

Opener = Callable[[Fill, float], Card]


@dataclass(frozen=True, eq=False)
class Heard:
    """What there is to be heard: samples at the rate of the card, where they lie, and how loud they are."""

    samples: Samples
    offset: float = 0.0
    gain: float = 1.0


class CardClock:
    """Seconds by the samples that the sound card has played; by the computer's clock while it does not run.

    The card calls :meth:`fill` on its own thread, where samples are only handed on: what it reads there are
    values that other threads replace as a whole, and it waits for no lock. All else may be called by any
    thread.

    Args:
        opener: opens a card.
        now: the computer's clock, in seconds.

    """

    def __init__(self, opener: Opener = open_card, now: Callable[[], float] = time.perf_counter) -> None:
        self._opener, self._now = opener, now
        self._lock = RLock()
        self._card: Card | None = None
        self._asked_rate = 0.0  # that the card was opened for
        self._running = False
        self._began = 0.0  # by ``now``: since when it runs
        self._keeps_time = True
        self._heard: Heard | None = None
        self._course: Course | None = None
        self._started = 0.0  # seconds at which the course began
        self._playing: tuple[Programme | None, int] = (
            None,
            0,
        )  # what is heard, and which sample it begins at
        self._grains: tuple[tuple[int, Samples], ...] = ()  # each with the sample that it begins at
        self._handed = 0  # samples handed to the card since it runs
        self._anchor = (0, 0.0, 0.0)  # a sample, when it is heard, and when it was asked for, by ``now``
        self._base = 0.0  # seconds at the card's first sample; without a running card, at ``now`` 0
        self._last = now()  # seconds told last
        self._idle_since = now()
        self.problem = ""  # one sentence on what went wrong that nobody was told yet

    @property
    def rate(self) -> float:
        """Samples a second of the card; 0 without one."""
        return self._card.rate if self._card else 0.0

    @property
    def running(self) -> bool:
        """Whether the card asks for samples, be they silent."""
        return self._running

    def prepare(self, rate: float) -> float:
        """Open the card for sounds of ``rate``; the rate that it takes, or ``rate`` where there is none.

        May be called on a thread of its own: opening takes a moment.
        """
        with self._lock:
            if self._card is not None and self._asked_rate == rate:
                return self._card.rate
            self._leave_card()
            if not self._keeps_time:
                return rate
        try:
            card = self._opener(self.fill, rate)
        except CardError as error:
            self.problem = str(error)
            return rate
        with self._lock:
            self._card, self._asked_rate = card, rate
        return card.rate

    def set_heard(self, heard: Heard | None) -> None:
        """Let this be heard from now on; what is playing goes on with it from the same moment."""
        with self._lock:
            self._heard = heard
            self._play()

    def begin(self, course: Course) -> float:
        """Let the sound be heard along ``course``; the seconds at which its first sample is."""
        with self._lock:
            self._course = course
            if self._heard is None or not self._run():
                self._started = self.seconds()
            else:
                self._started = self._base + self._handed / self.rate
                self._play()
            return self._started

    def stop(self) -> None:
        """Let nothing be heard; the card runs on for a while."""
        with self._lock:
            self._course, self._playing = None, (None, 0)
            self._idle_since = self._now()

    def scrub(self, seconds: float) -> None:
        """Let a short grain of the sound at ``seconds`` of the take be heard, unless it is playing."""
        with self._lock:
            heard = self._heard
            if heard is None or heard.gain == 0.0 or self._course is not None or not self._run():
                return
            self._idle_since = self._now()
            begin = self._handed
            grains = tuple(entry for entry in self._grains if entry[0] + len(entry[1]) > begin)
            if grains and begin - grains[-1][0] < SPACING * self.rate:
                return
            made = grain(heard.samples, self.rate, seconds - heard.offset, heard.gain)
            self._grains = (*grains, (begin, made))

    def seconds(self) -> float:
        """Now: what is heard of the card's samples, or the computer's clock; never less than before."""
        with self._lock:
            if self._running and (problem := self._what_is_wrong()):
                self._keeps_time = problem != NO_TIME
                self.problem = problem
                self._leave_card()
            self._last = max(self._last, self._told())
            return self._last

    def rest(self) -> None:
        """Stop the card where nothing was heard for a while; called now and then."""
        with self._lock:
            if self._running and self._course is None and self._now() - self._idle_since > _IDLE:
                self._stop_card()

    def close(self) -> None:
        """Give the card back."""
        with self._lock:
            self._leave_card()

    def fill(self, out: Samples, delay: float) -> None:
        """Write the next samples (n, 2), the first of which is heard in ``delay`` seconds; for the card."""
        (programme, begin), first = self._playing, self._handed
        if programme is None:
            out[:] = 0.0
        else:
            programme.fill(out, first - begin)
        for start, made in self._grains:
            _add(out, made, start - first)
        np.clip(out, -1.0, 1.0, out=out)
        now = self._now()
        self._anchor = (first, now + delay, now)
        self._handed = first + len(out)

    def _play(self) -> None:
        """Let the course be heard, also one that is on its way already."""
        heard, course = self._heard, self._course
        if heard is None or course is None or not self._run():
            self._playing = (None, 0)
            return
        programme = Programme(course, heard.samples, self.rate, heard.offset, heard.gain)
        self._playing = (programme, round((self._started - self._base) * self.rate))

    def _told(self) -> float:
        if not self._running:
            return self._base + self._now()
        sample, heard_at, _ = self._anchor
        now = self._now()
        heard = sample / self.rate + now - heard_at
        return self._base + min(max(heard, 0.0), self._handed / self.rate, _TOO_FAST * (now - self._began))

    def _what_is_wrong(self) -> str:
        """Why the running card cannot be the clock any more, in a sentence; empty where it can."""
        assert self._card is not None
        now = self._now()
        if not self._card.running or now - self._anchor[2] > _SILENT:
            return GONE
        handed = self._handed / self.rate
        return NO_TIME if handed > _TOO_FAST * (now - self._began) + _AHEAD else ""

    def _run(self) -> bool:
        """Let the card run; whether it does. Its first sample is heard where the clock stands now."""
        if self._card is None or self._running:
            return self._running
        self._last = max(self._last, self._told())
        now = self._now()
        self._handed, self._base, self._anchor = 0, self._last, (0, now + _SILENT, now)
        self._began = now
        self._playing, self._grains = (None, 0), ()
        try:
            self._card.start()
        except CardError as error:
            self._base = self._last - now
            self.problem = str(error)
            self._leave_card()
            return False
        self._running = True
        return True

    def _stop_card(self) -> None:
        """Let the card rest; the computer's clock goes on from the same seconds."""
        if self._card is not None and self._running:
            self._last = max(self._last, self._told())
            self._card.stop()
            self._running, self._playing, self._grains = False, (None, 0), ()
            self._base = self._last - self._now()

    def _leave_card(self) -> None:
        if self._card is not None:
            self._stop_card()
            self._card.close()
            self._card = None


def _add(out: Samples, made: Samples, start: int) -> None:
    """Add ``made``, which begins at row ``start`` of ``out``, as far as they share rows."""
    begin, end = max(start, 0), min(start + len(made), len(out))
    if begin < end:
        out[begin:end] += made[begin - start : end - start]
