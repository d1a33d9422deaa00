"""Sound files in, by libsndfile: told by their content, bounded, and decoded a block at a time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.media import Media, refuse_elsewhere
from studio.storage.errors import DamagedFileError, StudioError, UnfitFileError
from studio.storage.kind import SOUNDS, TITLES, Container, container_of
from studio.storage.paths import file_size, read_start

Samples = NDArray[np.float32]  # (N, 1|2), 1.0 is full scale

LOWEST_RATE, HIGHEST_RATE = 2_000, 384_000  # samples a second
MOST_CHANNELS = 16
LONGEST = 4 * 3600  # seconds
LOUDEST = 8.0  # what samples of files of floats are held within
BLOCK = 1 << 15  # values decoded at a time, of all channels together; the last one of a cut file is lost
_START = 4096
_UNKNOWN = 1 << 62  # frames of a stream that does not say how many it has
_KINDS = "choose a wav, flac, ogg or mp3 file"


@dataclass(frozen=True)
class SoundFacts:
    """What a sound file says of itself."""

    container: Container  # "wav"
    encoding: str  # "Signed 16 bit PCM"
    rate: int  # samples a second
    channels: int
    frames: int | None  # samples of each channel; None: it does not say
    cut_short: bool = False  # it says that it is longer than it is

    @property
    def seconds(self) -> float | None:
        """How long it says that it is."""
        return None if self.frames is None else self.frames / self.rate


def sound_facts(media: Media) -> SoundFacts:
    """What the sound ``media`` is, without decoding it.

    Raises:
        StudioError: it cannot be read, is no sound, or one that the studio does not play.

    """
    with _opened(media) as (_, facts):
        return facts


def sound_blocks(media: Media, silenced: Callable[[int], object] = bool) -> Iterator[Samples]:
    """The samples of ``media`` from the first to the last, at most :data:`BLOCK` values at a time.

    One channel or two stay as they are, more are mixed to one. What is no number is silence, and nothing
    is louder than :data:`LOUDEST`. A file that is cut short ends where it is cut,
    or less than a block before. ``silenced`` is told how many values of a block are silence because they
    are no numbers, where there are such.

    Raises:
        StudioError: as :func:`sound_facts`, or it is too long, or damaged from its first sample on.

    """
    with _opened(media) as (file, facts):
        count, done, most = max(BLOCK // facts.channels, 1), 0, LONGEST * facts.rate
        while done <= most:
            block = _read(file, count, media, is_first=done == 0)
            if not len(block):
                return
            done += len(block)
            yield _clean(block, silenced)
        raise UnfitFileError(f"{media.name} is longer than {LONGEST // 3600} hours; cut it into parts.")


@contextmanager
def _opened(media: Media) -> Iterator[tuple[Any, SoundFacts]]:
    """The file of ``media`` as libsndfile has it open, and what it says."""
    import soundfile  # brings libsndfile: not at start

    refuse_elsewhere(media)
    container, size, given, start = _looked_into(media)
    try:
        file = soundfile.SoundFile(given)
        # Else each read is followed by a jump to where it ended, which in mp3 files misses by some samples.
        file.seekable = lambda: False
    except (soundfile.SoundFileError, OSError, RuntimeError, ValueError):
        raise DamagedFileError(
            f"{media.name} is damaged, or sound of a kind that the studio does not read; {_KINDS}."
        ) from None
    with file:
        frames = file.frames if 0 <= file.frames < _UNKNOWN else None
        facts = SoundFacts(
            container, file.subtype_info, file.samplerate, file.channels, frames, _is_cut(start, size)
        )
        _check(media, facts)
        yield file, facts


def _looked_into(media: Media) -> tuple[Container, int, Any, bytes]:
    """What kind of sound it is, its size in bytes, what libsndfile is given, and how it begins."""
    given: Any
    if media.content is not None:
        size, start, given = len(media.content), media.content[:_START], io.BytesIO(media.content)
    elif not media.path:
        raise StudioError("No sound was chosen; choose a file.")
    else:
        path = Path(media.path)
        size, start, given = file_size(path), read_start(path, _START), str(path)
    container = container_of(start, size)
    if container not in SOUNDS:
        raise UnfitFileError(f"{media.name} is {TITLES[container]} and no sound; {_KINDS}.")
    return container, size, given, start


def _check(media: Media, facts: SoundFacts) -> None:
    if not LOWEST_RATE <= facts.rate <= HIGHEST_RATE:
        raise UnfitFileError(
            f"{media.name} has {facts.rate} samples a second; the studio plays {LOWEST_RATE} to "
            f"{HIGHEST_RATE}: convert it."
        )
    if not 1 <= facts.channels <= MOST_CHANNELS:
        raise UnfitFileError(
            f"{media.name} has {facts.channels} channels; the studio plays up to {MOST_CHANNELS}: mix it to "
            "one or two."
        )
    if facts.frames == 0:
        raise UnfitFileError(f"{media.name} has no samples in it; choose another sound.")
    if facts.seconds is not None and facts.seconds > LONGEST:
        raise UnfitFileError(f"{media.name} is longer than {LONGEST // 3600} hours; cut it into parts.")


def _is_cut(start: bytes, size: int) -> bool:
    """Whether a RIFF file says that it goes on after its end; streams say the most there can be."""
    told = int.from_bytes(start[4:8], "little") if start[:4] == b"RIFF" else 0
    return told < 0xFFFFFF00 and told + 8 > size


def _read(file: Any, count: int, media: Media, is_first: bool) -> Samples:
    import soundfile

    try:
        block: Samples = file.read(count, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError):
        block = np.empty((0, file.channels), np.float32)
    if is_first and not len(block):
        raise DamagedFileError(f"{media.name} is damaged: none of it can be played; get the file again.")
    return block


def _clean(block: Samples, silenced: Callable[[int], object]) -> Samples:
    if block.shape[1] > 2:
        block = block.mean(axis=1, keepdims=True, dtype=np.float32)
    wrong = int(np.count_nonzero(~np.isfinite(block)))
    if wrong:
        silenced(wrong)
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    return block.clip(-LOUDEST, LOUDEST)
