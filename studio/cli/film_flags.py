"""The flags of films on the command line."""

from __future__ import annotations

import argparse

from studio.cli import values


def add_film_flags(parser: argparse.ArgumentParser) -> None:
    """Add what says how a clip is filmed to a command's parser."""
    group = parser.add_argument_group("film")
    group.add_argument(
        "--fps",
        type=values.film_rate,
        help="frames per second, between which the clip is shown where they fall; default the clip's",
    )
    group.add_argument(
        "--all-frames", action="store_true", help="of a session's take also those that are not played"
    )
