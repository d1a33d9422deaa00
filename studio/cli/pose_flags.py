"""The flags that pose the head on the command line."""

from __future__ import annotations

import argparse

from studio.cli.values import coefficients, number

MOST_STRENGTH = 1.5


def add_pose_flags(parser: argparse.ArgumentParser) -> None:
    """``--pose``, ``--strength`` and ``--control``, on top of every frame of the clip."""
    face = parser.add_argument_group("face")
    face.add_argument(
        "--pose",
        action="append",
        default=[],
        metavar="NAME|FILE",
        help="a pose of the library by its name (Smile, aa, 'Turn left'), or a .flamepose file; may be given "
        "several times",
    )
    face.add_argument(
        "--strength",
        type=_strength,
        default=1.0,
        metavar="X",
        help=f"how much of the poses, 0 to {MOST_STRENGTH:g}; default 1",
    )
    face.add_argument(
        "--control",
        type=coefficients,
        action="extend",
        default=[],
        metavar="NAME=X,…",
        help="named controls, as 'mouthSmileLeft=0.5,jawOpen=0.2,headTurn=10': face units and emotions 0 to "
        "1, headTurn, headNod and headTilt in degrees",
    )


def _strength(text: str) -> float:
    value = number(text)
    if not 0.0 <= value <= MOST_STRENGTH:
        raise argparse.ArgumentTypeError(f"{text!r} is not a strength from 0 to {MOST_STRENGTH:g}")
    return value
