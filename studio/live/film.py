"""The pictures of a film, by a decoder in a process of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError
from studio.storage.ffmpeg_program import HIDDEN, READING, ffmpeg_program

Picture = NDArray[np.uint8]

LARGEST = 960  # pixels of the longer side that the landmarker is shown; more only takes time
_USUAL_RATE = 30.0  # of a film that does not tell its own
_RATE = re.compile(r"Video:.*?(\d+(?:\.\d+)?) fps")
_PATIENCE = 20.0  # seconds to find out what is in a film
_PICTURES = ("-f", "image2pipe", "-vcodec", "ppm", "-pix_fmt", "rgb24", "-")  # 8 bits whatever the film has
_SMALLER = f"scale='min({LARGEST},iw)':'min({LARGEST},ih)':force_original_aspect_ratio=decrease"


class Film:
    """Pictures (H, W, 3) in sRGB, one after the other, of the film at ``path``.

    Raises:
        StudioError: there is no such film, or nothing in it can be seen.

    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StudioError(f"{path.name or 'The film'} is not there; choose another film.")
        self._path = path
        self.rate: float | None = _rate_of(path)
        command = [ffmpeg_program(), *READING, "-loglevel", "error", "-i", str(path)]
        self._process = subprocess.Popen(
            [*command, "-an", "-sn", "-vf", _SMALLER, "-r", str(self.rate), *_PICTURES],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=HIDDEN,
        )

    def __iter__(self) -> Iterator[Picture]:
        """Each picture; a film that is cut short ends where it does.

        Raises:
            StudioError: there is not one picture in it.

        """
        number = 0
        while (picture := self._next()) is not None:
            number += 1
            yield picture
        if not number:
            raise _unreadable(self._path)

    def close(self) -> None:
        """End the decoder."""
        self._process.kill()
        if self._process.stdout is not None:
            with suppress(OSError):
                self._process.stdout.close()
        self._process.wait()

    def _next(self) -> Picture | None:
        pipe = self._process.stdout
        assert pipe is not None
        if pipe.readline(8) != b"P6\n":
            return None
        size, depth = pipe.readline(24).split(), pipe.readline(8)
        if len(size) != 2 or depth != b"255\n":
            return None
        width, height = int(size[0]), int(size[1])
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            return None
        data = pipe.read(3 * width * height)
        if len(data) < 3 * width * height:
            return None
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)


def _rate_of(path: Path) -> float:
    """Pictures a second."""
    command = [ffmpeg_program(), *READING, "-i", str(path)]
    try:
        told = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            creationflags=HIDDEN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreadable(path) from error
    text = told.stderr[-100_000:].decode("utf-8", "replace")
    if "Video:" not in text:
        raise _unreadable(path)
    found = _RATE.search(text)
    rate = float(found[1]) if found else _USUAL_RATE
    return rate if 0.1 <= rate <= 1000.0 else _USUAL_RATE


def _unreadable(path: Path) -> StudioError:
    return StudioError(f"{path.name} cannot be read as a film; choose another one, or convert it to mp4.")
