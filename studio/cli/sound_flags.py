"""The flags of the sound of films on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.cli import values


def add_sound_flags(parser: argparse.ArgumentParser) -> None:
    """``--sound``, ``--sound-offset`` and ``--no-sound``."""
    group = parser.add_argument_group("sound of films")
    group.add_argument(
        "--sound",
        type=Path,
        metavar="FILE",
        help="a wav, flac, ogg or mp3 file, in mp4, webm and mov films; a still clip lasts as long as it",
    )
    group.add_argument(
        "--sound-offset",
        type=values.number,
        default=0.0,
        metavar="S",
        help="seconds from the clip's first frame to the sound's beginning; default 0",
    )
    group.add_argument("--no-sound", action="store_true", help="without the sound of the session")
