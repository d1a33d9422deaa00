"""Frames through the ffmpeg that imageio-ffmpeg brings along, one at a time."""

from __future__ import annotations

import errno
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError

LAST_WORDS = 400
HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no console window on Windows


def rate(fps: float) -> str:
    """``fps`` as the fraction ffmpeg takes."""
    fraction = Fraction(fps).limit_denominator(1001)
    return f"{fraction.numerator}/{fraction.denominator}"


def stream_frames(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    size: tuple[int, int],
    fps: float,
    arguments: Sequence[str],
) -> None:
    """Encode ``frames`` (H, W, 3|4) uint8 of ``size`` (w, h) into ``path`` with ffmpeg's ``arguments``.

    Whatever ``frames`` raises comes through, with ffmpeg ended.

    Raises:
        OSError: the disk is full.
        StudioError: there is no ffmpeg for this system, or it failed.

    """
    command = [
        *(_ffmpeg(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", rate(fps), "-i", "-"),
        *("-an", *arguments, str(path.absolute())),
    ]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
            creationflags=HIDDEN,
        )
        try:
            whole = _feed(process, frames)
        except BaseException:
            process.kill()
            raise
        finally:
            _close(process)
        if not whole or process.returncode:
            _complain(words)


def described(path: Path) -> str:
    """What ffmpeg says of a film: its streams and comments, as text.

    Raises:
        StudioError: there is no ffmpeg for this system.

    """
    command = [_ffmpeg(), "-hide_banner", "-i", str(path.absolute())]
    done = subprocess.run(command, capture_output=True, creationflags=HIDDEN, check=False)
    return done.stderr.decode("utf-8", "replace")


def _ffmpeg() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise StudioError(
            "Films need ffmpeg, which was not found on this system; install ffmpeg, "
            "or save a folder of PNG frames or an animated WebP."
        ) from None


def _feed(process: subprocess.Popen[bytes], frames: Iterable[NDArray[np.uint8]]) -> bool:
    """Write every frame; False if ffmpeg stopped listening before the last."""
    assert process.stdin is not None
    for frame in frames:
        try:
            process.stdin.write(np.ascontiguousarray(frame[..., :3]).data)
        except OSError:
            return False
    return True


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it may have ended first; its exit status tells
        process.stdin.close()
    process.wait()


def _complain(words: IO[bytes]) -> None:
    words.seek(0)
    said = words.read().decode("utf-8", "replace").strip()
    if "No space left" in said:
        raise OSError(errno.ENOSPC, "No space left on device")
    reason = " ".join(said[-LAST_WORDS:].split()) or "it ended without a word"
    raise StudioError(f"The film was not written: its encoder failed ({reason}); choose another format.")
