"""A sound that is decoded and ready to be played and drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media
from studio.sound.peaks import PeakFinder, Peaks, Swing, swing_between
from studio.sound.reading import Samples, SoundFacts, sound_blocks, sound_facts
from studio.sound.store import IN_MEMORY, SampleStore
from studio.storage.errors import JobCancelled


@dataclass(frozen=True, eq=False)
class Sound:
    """The samples of a file at its own rate, and their peaks."""

    name: str
    facts: SoundFacts
    samples: Samples  # (N, 1|2) read-only
    peaks: Peaks
    silenced: int = 0  # values that are no numbers in the file

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.facts.rate

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate

    @property
    def highest(self) -> float:
        """The largest swing to either side."""
        return self.peaks.highest

    def swing(self, seconds: NDArray[np.float64]) -> Swing:
        """Lowest and highest value (n, 2) between neighbouring moments of ``seconds`` (n + 1), ascending."""
        return swing_between(self.samples, self.peaks, seconds * self.rate)

    @property
    def notice(self) -> str:
        """What is wrong with the file, in sentences; else empty."""
        return _told(self.name, self.facts, len(self.samples), self.silenced)


def load_sound(media: Media, cancelled: Callable[[], bool] = bool, in_memory: int = IN_MEMORY) -> Sound:
    """The sound of ``media``, decoded.

    Args:
        media: the file.
        cancelled: asked before each block.
        in_memory: bytes of samples up to which they are kept in memory.

    Raises:
        JobCancelled: it was asked to stop.
        StudioError: it cannot be read, is no sound, or one that the studio does not play.

    """
    facts = sound_facts(media)
    store, finder = SampleStore(in_memory), PeakFinder()
    silenced: list[int] = []
    try:
        for block in sound_blocks(media, silenced.append):
            if cancelled():
                raise JobCancelled
            store.add(block)
            finder.add(block)
        return Sound(media.name, facts, store.samples(), finder.peaks(), sum(silenced))
    finally:
        store.close()


def sound_notice(media: Media) -> str:
    """What is wrong with a sound that is not needed itself, in sentences; else empty.

    It is decoded to its end, and no more than a block of it is held.

    Raises:
        StudioError: as :func:`load_sound`.

    """
    facts, silenced = sound_facts(media), list[int]()
    count = sum(len(block) for block in sound_blocks(media, silenced.append))
    return _told(media.name, facts, count, sum(silenced))


def _told(name: str, facts: SoundFacts, count: int, silenced: int) -> str:
    """The sentences on a file of ``count`` samples, with ``silenced`` values that are no numbers."""
    told = []
    if facts.cut_short or (facts.frames is not None and facts.frames > count):
        told.append(f"{name} is cut short: {count / facts.rate:.1f} s of it are there and are played.")
    if silenced:
        counted = (
            "1 sample that is no number" if silenced == 1 else f"{silenced:,} samples that are no numbers"
        )
        told.append(f"{name} has {counted}: silence is played there.")
    return " ".join(told)
