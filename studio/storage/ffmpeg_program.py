"""The ffmpeg that imageio-ffmpeg brings along: where it is, and how it is started."""

from __future__ import annotations

import subprocess

from studio.storage.errors import StudioError

HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no console window on Windows
READING = ("-nostdin", "-hide_banner", "-protocol_whitelist", "file")  # a film may name no other place


def ffmpeg_program(instead: str = "") -> str:
    """The path of the program.

    Args:
        instead: what else can be done where there is none, as the end of a sentence.

    Raises:
        StudioError: there is none for this system.

    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise StudioError(
            "Films need ffmpeg, which was not found on this system; install ffmpeg"
            + (f", or {instead}." if instead else ".")
        ) from None
