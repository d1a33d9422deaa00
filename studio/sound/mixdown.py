"""The sound of a film: exactly the samples of its frames, as a wav file that an encoder takes."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.sound.reading import Samples, sound_blocks, sound_facts
from studio.storage.errors import JobCancelled

_SILENCE = 1 << 16  # samples written at a time where nothing is heard


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


@dataclass(frozen=True)
class Mixdown:
    """Where the samples of the frames ``first`` to ``first + count - 1`` at ``fps`` lie in a file."""

    source: SoundSource
    first: int
    count: int
    fps: float

    def span(self, rate: int) -> tuple[int, int]:
        """Index of the first sample, which may be negative, and how many there are, at ``rate``.

        The sample nearest to the moment at which the first frame begins is the first; as many follow as
        come nearest to the length of the film.
        """
        begin = round((self.first / self.fps - self.source.offset) * rate)
        return begin, max(round(self.count / self.fps * rate), 1)

    def blocks(self) -> Iterator[Samples]:
        """The samples (n, C), silence where the file has none.

        Raises:
            StudioError: the file cannot be read or is no sound.

        """
        facts = sound_facts(self.source.media)
        begin, count = self.span(facts.rate)
        channels = facts.channels if facts.channels <= 2 else 1
        yield from _silence(min(max(-begin, 0), count), channels)
        given, place = min(max(-begin, 0), count), 0
        for block in sound_blocks(self.source.media):
            part = block[max(begin - place, 0) :][: count - given]
            place += len(block)
            if len(part):
                given += len(part)
                yield part * np.float32(self.source.gain)
            if given >= count:
                return
        yield from _silence(count - given, channels)

    def write(self, path: Path, cancelled: Callable[[], bool] = bool) -> None:
        """Write them to ``path`` as a wav file of float32, at the rate of the source.

        The file is one that the caller made up and takes away: no other program waits for it.

        Raises:
            OSError: the disk is full.
            JobCancelled: it was asked to stop.
            StudioError: the source cannot be read or is no sound.

        """
        import soundfile

        facts = sound_facts(self.source.media)
        channels = facts.channels if facts.channels <= 2 else 1
        with (
            _full_disk_told(),
            soundfile.SoundFile(str(path), "w", facts.rate, channels, "FLOAT", format="WAV") as file,
        ):
            for block in self.blocks():
                if cancelled():
                    raise JobCancelled
                file.write(block)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    """Writing within; libsndfile does not say why it wrote less, which is a full disk as a rule."""
    import soundfile

    try:
        yield
    except (soundfile.SoundFileError, AssertionError):
        raise OSError(errno.ENOSPC, "No space left on device") from None


def _silence(count: int, channels: int) -> Iterator[Samples]:
    for begin in range(0, count, _SILENCE):
        yield np.zeros((min(_SILENCE, count - begin), channels), np.float32)
