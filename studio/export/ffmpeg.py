"""Frames through the ffmpeg that imageio-ffmpeg brings along, one at a time."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.jobs.job import Cancelled, check
from studio.jobs.priority import give_way
from studio.render.shot import never
from studio.sequence.rates import exact_rate
from studio.storage.atomic import full_disk
from studio.storage.errors import StudioError
from studio.storage.ffmpeg_program import HIDDEN, READING, ffmpeg_program

LAST_WORDS = 400
PATIENCE = 0.05  # seconds between two looks at whether the job was cancelled
INSTEAD = "save a folder of PNG frames or an animated WebP"  # of a film, without ffmpeg

_COUNTED = re.compile(r"frame=\s*(\d+)[^\r\n]*time=\s*(\d+):(\d+):([\d.]+)")  # of how far ffmpeg is


class Sound(Protocol):
    """What a film sounds like, from its first frame on."""

    @property
    def rate(self) -> int:
        """Samples a second."""
        ...

    @property
    def channels(self) -> int:
        """Values of each sample."""
        ...

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """The samples (n, channels), -1..1, block after block."""
        ...


def rate(fps: float) -> str:
    """``fps`` as the fraction ffmpeg takes."""
    fraction = exact_rate(fps)
    return f"{fraction.numerator}/{fraction.denominator}"


@dataclass(frozen=True, eq=False)
class Feed:
    """What ffmpeg encodes."""

    size: tuple[int, int]  # width, height in pixels
    fps: float
    alpha: bool = False  # whether the frames' alpha channel is encoded
    sound: Sound | None = None


def stream_frames(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    feed: Feed,
    arguments: Sequence[str],
    cancelled: Cancelled = never,
) -> None:
    """Encode ``frames`` (H, W, 3|4) uint8 into ``path`` with ffmpeg's ``arguments``, as ``feed`` says.

    Whatever ``frames`` raises comes through, with ffmpeg ended.

    Raises:
        JobCancelled: ``cancelled`` answered yes.
        OSError: the disk is full.
        StudioError: there is no ffmpeg for this system, or it failed.

    """
    with ExitStack() as stack:
        words = stack.enter_context(tempfile.TemporaryFile())
        command = [
            *(ffmpeg_program(INSTEAD), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"),
            *_picture_input(feed),
            *_sound_input(feed.sound, stack),
            *(*arguments, str(path.absolute())),
        ]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
            creationflags=HIDDEN,
        )
        give_way(process.pid)
        with _ended_when(process, cancelled):
            try:
                whole = _feed(process, frames, 4 if feed.alpha else 3)
            except BaseException:
                process.kill()
                raise
            finally:
                _close(process)
        check(cancelled)
        if not whole or process.returncode:
            _complain(words, process.returncode)


def _picture_input(feed: Feed) -> list[str]:
    form = "rgba" if feed.alpha else "rgb24"
    size = f"{feed.size[0]}x{feed.size[1]}"
    return ["-f", "rawvideo", "-pix_fmt", form, "-s", size, "-r", rate(feed.fps), "-i", "-"]


def _sound_input(sound: Sound | None, stack: ExitStack) -> list[str]:
    """The samples as a file that is there until ``stack`` closes: ffmpeg's input is taken by the frames."""
    if sound is None:
        return []
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="flame-studio-"))
    path = Path(folder, "sound.raw")
    with path.open("wb") as stream:
        for block in sound.blocks():
            stream.write(np.ascontiguousarray(block, dtype="<f4").data)
    return ["-f", "f32le", "-ar", str(sound.rate), "-ac", str(sound.channels), "-i", str(path)]


def described(path: Path) -> str:
    """What ffmpeg says of a film: its streams and comments, as text.

    Raises:
        StudioError: there is no ffmpeg for this system.

    """
    command = [ffmpeg_program(), *READING, "-i", str(path.absolute())]
    done = subprocess.run(command, capture_output=True, creationflags=HIDDEN, check=False)
    return done.stderr.decode("utf-8", "replace")


def counted(path: Path) -> tuple[int, float]:
    """How many frames of a film can be decoded, and how many seconds they last; 0 of both where none can.

    Raises:
        StudioError: there is no ffmpeg for this system.

    """
    command = [ffmpeg_program(), *READING, "-i", str(path.absolute())]
    command += ["-map", "0:v:0", "-vf", "null", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, creationflags=HIDDEN, check=False)
    found = _COUNTED.findall(done.stderr.decode("utf-8", "replace"))
    if done.returncode or not found:
        return 0, 0.0
    frames, hours, minutes, seconds = found[-1]
    return int(frames), 3600.0 * float(hours) + 60.0 * float(minutes) + float(seconds)


@contextmanager
def _ended_when(process: subprocess.Popen[bytes], cancelled: Cancelled) -> Iterator[None]:
    """End ``process`` as soon as ``cancelled`` answers yes, also while it lets its feeder wait."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(PATIENCE):
            if cancelled():
                process.kill()
                return

    watcher = threading.Thread(target=watch, name="encoder watch", daemon=True)
    if cancelled is not never:
        watcher.start()
    try:
        yield
    finally:
        done.set()


def _feed(process: subprocess.Popen[bytes], frames: Iterable[NDArray[np.uint8]], channels: int) -> bool:
    """Write every frame; False if ffmpeg stopped listening before the last."""
    assert process.stdin is not None
    for frame in frames:
        try:
            _hand_over(process.stdin, np.ascontiguousarray(frame[..., :channels]))
        except OSError:
            return False
    return True


def _hand_over(pipe: IO[bytes], frame: NDArray[np.uint8]) -> None:
    """Give ffmpeg a frame; it lets others wait while it has enough to do."""
    pipe.write(frame.data)


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it may have ended first; its exit status tells
        process.stdin.close()
    process.wait()


def _complain(words: IO[bytes], status: int) -> None:
    words.seek(0)
    said = words.read().decode("utf-8", "replace").strip()
    if hasattr(signal, "SIGXFSZ") and status == -signal.SIGXFSZ:
        said = "File too large"
    full = full_disk(said)
    if full is not None:
        raise full
    reason = " ".join(said[-LAST_WORDS:].split())
    if reason:
        raise StudioError(f"The film was not written: its encoder failed ({reason}); choose another format.")
    raise StudioError("The film was not written: its encoder was ended from outside; save it again.")
