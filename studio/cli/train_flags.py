"""The flags of ``train``: what is trained, what it learns from, and where it goes."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.cli import values
from studio.cli.reading_flags import add_reading_flags

ENDING = ".safetensors"
PARTS = ("face", "shape")


def add_train_flags(parser: argparse.ArgumentParser) -> None:
    """Let ``parser`` take what is trained, the files to learn from, and where it goes."""
    parser.description = (
        "Train a diffusion prior of likely faces on clips of one head model: of expression and jaw, or of "
        "shape. Put as prior_face.safetensors or prior_shape.safetensors into the model folder, it is used "
        "by the recipe with the DPoser prior. One face of ten is held back; at the end half of each is "
        "masked and completed, by the prior and by a Mahalanobis prior."
    )
    parser.add_argument("what", choices=("prior",), help="what is trained")
    parser.add_argument("clips", nargs="+", metavar="CLIP", help="clips or folders of frames to learn from")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar=f"OUT{ENDING}")
    parser.add_argument("--of", choices=PARTS, default="face", help="what it knows; face without it")
    parser.add_argument("--steps", type=values.positive, default=5000, metavar="N", help="of training; 5000")
    parser.add_argument(
        "--hidden", type=values.positive, default=256, metavar="N", help="width of its layers, of 32s; 256"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="the same seed trains the same prior"
    )
    add_reading_flags(parser)
