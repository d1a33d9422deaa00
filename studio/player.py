"""Plays the active take by the clock: frames are dropped, never slowed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio.document.document import Document
from studio.sequence.playback import Course
from studio.sound.clock import Clock, MonotonicClock

_TICK_MS = 16
_FASTEST = 16.0  # times the speed chosen, by pressing J or L again and again


class Player(QObject):
    """Moves the document's time cursor as ``clock`` says; without one by the computer's own clock.

    ``rate`` times the speed chosen is how fast: 1 as usual, less than nothing backwards.
    """

    playing_changed = Signal(bool)
    rate_changed = Signal(float)

    def __init__(self, document: Document, clock: Clock | None = None) -> None:
        super().__init__()
        self._clock = clock or MonotonicClock()
        self._document = document
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._started = 0.0
        self._course = Course(0.0, 1.0, 1.0, 0, 0, loop=False)
        self._shown = 0.0
        self._rate = 1.0
        document.changed.connect(self._on_changed)
        document.preview.changed.connect(self._on_preview)

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return self._timer.isActive()

    @property
    def rate(self) -> float:
        """Times the speed chosen, negative backwards."""
        return self._rate

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def play(self, rate: float = 1.0) -> None:
        """Run from the cursor; from the other end where it is at the end, and where it is outside."""
        first, last = self._document.seen_range
        if first == last or (self.playing and rate == self._rate):
            return
        self._set_rate(rate)
        position = self._document.position
        if rate > 0.0 and not first <= position < last:
            position = float(first)
        elif rate < 0.0 and not first < position <= last:
            position = float(last)
        self._restart(position)
        if not self.playing:
            self._timer.start()
            self.playing_changed.emit(True)

    def shuttle(self, direction: int) -> None:
        """Play forwards (1) or backwards (-1); where it already does, twice as fast as before."""
        faster = self.playing and self._rate * direction > 0.0
        self.play(direction * min(2.0 * abs(self._rate), _FASTEST) if faster else float(direction))

    def pause(self) -> None:
        """Stop on a whole frame."""
        if self.playing:
            self._timer.stop()
            self._clock.stop()
            self._set_rate(1.0)
            self._document.set(position=float(round(self._document.position)))
            self.playing_changed.emit(False)

    def step(self, frames: int) -> None:
        """Pause and move by whole frames, within the frames played."""
        self.pause()
        first, last = self._document.seen_range
        target = round(self._document.position) + frames
        self._document.set(position=float(min(max(target, first), last)))

    def go_to(self, position: float) -> None:
        """Move the cursor; playing goes on from there."""
        end = len(self._document.seen_take) - 1
        self._document.set(position=min(max(float(position), 0.0), float(end)))

    def _course_from(self, position: float) -> Course:
        document, playback = self._document, self._document.playback
        first, last = document.seen_range
        speed = playback.speed * self._rate
        return Course(
            position, document.seen_take.clip.fps, speed, first, last, playback.loop, playback.ping_pong
        )

    def _set_rate(self, rate: float) -> None:
        if rate != self._rate:
            self._rate = rate
            self.rate_changed.emit(rate)

    def _restart(self, position: float) -> None:
        self._course = self._course_from(position)
        self._started, self._shown = self._clock.begin(self._course), position
        self._document.set(position=position)

    def _on_preview(self) -> None:
        """Play what is tried out from its own length, and what was there before again afterwards."""
        self._on_changed(frozenset({"takes"}))

    def _on_changed(self, names: frozenset[str]) -> None:
        moved_by_hand = "position" in names and self._document.position != self._shown
        if self.playing and (moved_by_hand or names & {"playback", "takes", "active", "model"}):
            first, last = self._document.seen_range
            if first == last:
                self.pause()
            elif moved_by_hand or self._course != self._course_from(self._course.start):
                self._restart(self._document.position)

    def _tick(self) -> None:
        elapsed = max(self._clock.seconds() - self._started, 0.0)
        position, finished = self._course.at(elapsed)
        self._shown = position
        self._document.set(position=position)
        if finished:
            self.pause()
