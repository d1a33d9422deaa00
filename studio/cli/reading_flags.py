"""The flags that say how a clip is read, and on which mesh it is shown."""

from __future__ import annotations

import argparse


def add_reading_flags(parser: argparse.ArgumentParser) -> None:
    """``--fill-gaps``, ``--teeth`` and ``--without``."""
    parser.add_argument(
        "--fill-gaps",
        action="store_true",
        help="make what is no number in the clip from the frames around it, instead of refusing it",
    )
    parser.add_argument(
        "--teeth", action="store_true", help="give a FLAME model, which has none, teeth in VHAP's layout"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="REGION",
        help="leave the faces of this region of the model out; may be given several times",
    )
