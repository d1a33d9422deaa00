"""The sound of a film: exactly the samples of its frames, block after block, as an encoder takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.sequence.playback import Course
from studio.sound.programme import Programme
from studio.sound.reading import Samples, SoundFacts, sound_blocks, sound_facts
from studio.sound.sound import load_sound

_BLOCK = 1 << 16  # samples at a time where nothing is decoded


@dataclass(frozen=True)
class SoundSource:
    """What is heard in a film: plain data that a job takes along."""

    media: Media
    offset: float = 0.0  # seconds from frame 0 of the take to the first sample
    gain: float = 1.0  # what samples are multiplied with

    @classmethod
    def of(cls, track: SoundTrack) -> SoundSource | None:
        """What is heard of ``track``; None where that is nothing."""
        return cls(track.media, track.offset, track.gain) if track and track.gain > 0.0 else None


class _Mixed:
    """What both kinds of mixdown are: the rate and the channels of their file."""

    source: SoundSource
    seconds: float

    @cached_property
    def facts(self) -> SoundFacts:
        """What the file says of itself.

        Raises:
            StudioError: it cannot be read, is no sound, or one that the studio does not play.

        """
        return sound_facts(self.source.media)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.facts.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self.facts.channels if self.facts.channels <= 2 else 1

    @property
    def count(self) -> int:
        """Samples of each channel: as many as come nearest to the length of the film."""
        return max(round(self.seconds * self.rate), 1)


@dataclass(frozen=True)
class Mixdown(_Mixed):
    """The sound from ``begin``, in seconds of the take, for ``seconds``: a film that plays straight on.

    Its first sample is the one nearest to the moment at which the film begins. The file is decoded once,
    from its beginning, and never held as a whole.
    """

    source: SoundSource
    begin: float
    seconds: float

    def blocks(self) -> Iterator[Samples]:
        """The samples (n, channels), silence where the file has none.

        Raises:
            StudioError: the file cannot be read or is no sound.

        """
        first = round((self.begin - self.source.offset) * self.rate)
        lead = min(max(-first, 0), self.count)
        yield from _silence(lead, self.channels)
        given, place = lead, 0
        for block in sound_blocks(self.source.media):
            part = block[max(first - place, 0) :][: self.count - given]
            place += len(block)
            if len(part):
                given += len(part)
                yield part * np.float32(self.source.gain)
            if given >= self.count:
                return
        yield from _silence(self.count - given, self.channels)


@dataclass(frozen=True)
class CourseMixdown(_Mixed):
    """The sound along ``course`` for ``seconds``: a film that plays over and over."""

    source: SoundSource
    course: Course
    seconds: float

    @property
    def channels(self) -> int:
        """2: what the course hands on."""
        return 2

    def blocks(self) -> Iterator[Samples]:
        """The samples (n, 2), silence where the file has none.

        Raises:
            StudioError: the file cannot be read or is no sound.

        """
        sound, source = load_sound(self.source.media), self.source
        programme = Programme(self.course, sound.samples, self.rate, source.offset, source.gain)
        for begin in range(0, self.count, _BLOCK):
            out = np.empty((min(_BLOCK, self.count - begin), 2), np.float32)
            programme.fill(out, begin)
            yield out


def _silence(count: int, channels: int) -> Iterator[Samples]:
    for begin in range(0, count, _BLOCK):
        yield np.zeros((min(_BLOCK, count - begin), channels), np.float32)
