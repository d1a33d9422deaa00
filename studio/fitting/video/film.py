"""The frames of a film, at a constant rate."""

from __future__ import annotations

import math
import re
import subprocess
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError
from studio.storage.ffmpeg_program import HIDDEN, READING, ffmpeg_program
from studio.storage.kind import FILMS, sniff

USUAL_RATE = 25.0
LEAST_RATE, MOST_RATE = 1.0, 120.0
LARGEST_SIDE = 8192
_PATIENCE = 20.0  # seconds for what a film says of itself
_SHORT = 0.1  # of what a film says of its length: what may be missing at its end, and one frame more
_RATE = re.compile(rb"Video: .*?([\d.]+) fps")
_LENGTH = re.compile(rb"Duration: (\d+):(\d+):([\d.]+)")

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """What a film says of itself."""

    path: Path
    width: int  # pixels, upright
    height: int
    fps: float
    announced: int  # frames it should have; 0: it does not say

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height

    def is_short(self, count: int) -> bool:
        """Whether ``count`` frames are clearly fewer than announced."""
        return count + 1 + _SHORT * self.announced < self.announced


def is_film(path: Path) -> bool:
    """Whether the file at ``path`` is a film by its content; False also where it cannot be read."""
    try:
        return sniff(path).container in FILMS
    except StudioError:
        return False


def first_frame(path: Path) -> Pixels:
    """The first upright frame (H, W, 3) sRGB of the film at ``path``, read-only.

    Raises:
        StudioError: it has no frame that can be read.

    """
    film = open_film(path)
    with closing(frames_of(film)) as frames:
        first = next(frames, None)
    if first is None:
        raise StudioError(f"{path.name} has no frame that can be read; get the film again.")
    return first


def frame_at(path: Path, number: int) -> Pixels:
    """Frame ``number`` of the film at ``path`` as :func:`frames_of` counts them, found by its time.

    Raises:
        StudioError: there is no such frame.

    """
    film = open_film(path)
    begin = max(number - 0.25, 0.0) / film.fps
    frames = _frames(path, film.fps, begin)
    with closing(frames):
        found = next(frames, None)
    if found is None:
        raise StudioError(f"{path.name} has no frame {number} that can be read.")
    return found


def open_film(path: Path) -> Film:
    """What the film at ``path`` says of itself.

    Films of a variable rate are taken at their mean rate, others at their own, between 1 and 120.

    Raises:
        StudioError: it is missing, or no film that can be read.

    """
    told = _told(path)
    found, length = _RATE.search(told), _LENGTH.search(told)
    rate = float(found[1]) if found else 0.0
    rate = min(max(rate, LEAST_RATE), MOST_RATE) if math.isfinite(rate) and rate > 0.0 else USUAL_RATE
    seconds = 0.0
    if length is not None:
        hours, minutes, rest = (float(number) for number in length.groups())
        seconds = 3600.0 * hours + 60.0 * minutes + rest
    frames = _frames(path, rate)
    try:
        first = next(frames, None)
    finally:
        frames.close()
    if first is None:
        raise StudioError(f"{path.name} has no frame that can be read; get the film again.")
    return Film(path, first.shape[1], first.shape[0], rate, round(seconds * rate))


def frames_of(film: Film, first: int = 0) -> Generator[Pixels, None, None]:
    """The upright frames (H, W, 3) sRGB of ``film`` from number ``first`` on, as many as can be read.

    Raises:
        StudioError: there is no ffmpeg.

    """
    frames = _frames(film.path, film.fps)
    try:
        for number, frame in enumerate(frames):
            if frame.shape[:2] != (film.height, film.width):
                return
            if number >= first:
                yield frame
    finally:
        frames.close()


def _told(path: Path) -> bytes:
    """What ffmpeg says of a film."""
    if not path.is_file():
        raise StudioError(f"{path.name} is not there; choose the film again.")
    program = ffmpeg_program("give a photo")
    try:
        done = subprocess.run(
            [program, *READING, "-i", str(path.absolute())],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            creationflags=HIDDEN,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StudioError(f"{path.name} cannot be read as a film ({error}); get it again.") from error
    return done.stderr


def _frames(path: Path, rate: float, begin: float = 0.0) -> _Reader:
    """The frames of ``path`` from ``begin`` seconds on; left out or doubled until they are evenly spaced."""
    sought = ["-ss", f"{begin:.6f}"] if begin else []
    command = [ffmpeg_program("give a photo"), *READING, "-v", "error", *sought, "-i", str(path.absolute())]
    command += ["-an", "-sn", "-vf", f"fps={rate:.6f}", "-f", "image2pipe", "-c:v", "ppm", "-"]
    return _Reader(command)


class _Reader(Iterator[Pixels]):
    """Frames out of a program that writes them one after another as PPM."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=HIDDEN,
        )

    def __next__(self) -> Pixels:
        assert self._process.stdout is not None
        frame = _read_ppm(self._process.stdout)
        if frame is None:
            self.close()
            raise StopIteration
        return frame

    def close(self) -> None:
        """End the program."""
        stream = self._process.stdout
        if stream is not None and not stream.closed:
            self._process.kill()
            stream.close()
            self._process.wait()


def _read_ppm(stream: IO[bytes]) -> Pixels | None:
    """The next picture of ``stream``; None where it ends, also in the midst of one."""
    words: list[bytes] = []
    while len(words) < 4:
        line = stream.readline(64)
        if not line:
            return None
        words += line.split()
    if words[0] != b"P6" or words[3] != b"255":
        return None
    width, height = int(words[1]), int(words[2])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        return None
    data = stream.read(width * height * 3)
    if len(data) < width * height * 3:
        return None
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)
