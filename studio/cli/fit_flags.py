"""The flags of ``fit``: what a head is fitted to, how, and what is left of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.cli import values
from studio.fitting.recipe import PRIORS

TEXTURE_SIZES = (256, 512, 1024, 2048)


def frame_correction(text: str) -> tuple[int, Path]:
    """The frame's number and the file of "12=frame.json".

    Raises:
        ArgumentTypeError: it is neither.

    """
    number, _, file = text.partition("=")
    if not (number.isascii() and number.isdigit() and file):
        raise argparse.ArgumentTypeError(f"{text!r} is not FRAME=FILE, as 12=frame.json")
    return int(number), Path(file)


def add_fit_flags(parser: argparse.ArgumentParser) -> None:
    """Let ``parser`` take photos, what is known of them, and a folder for what is found."""
    parser.description = (
        "Fit a head to each photo, or to landmarks alone. Into the folder go, called like the photo: the "
        "clip (.npz), the mesh with its texture (.obj, .mtl, .png) and as .glb, the neutral mesh and its NoW "
        "points, camera and light (.json), the head over the photo, a report with errors and times, and the "
        "dict of the published fitting (.npy). A photo that fails does not stop the others."
    )
    parser.add_argument(
        "targets",
        nargs="+",
        type=Path,
        metavar="TARGET",
        help="photos, folders of photos, films, files of landmarks, or scans (obj, ply, stl)",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder for the results"
    )
    known = parser.add_argument_group("what is known")
    known.add_argument(
        "--landmarks",
        type=Path,
        metavar="F",
        help="json of MMPose, npy, pts, txt or mat; a folder for those of several photos; without it what "
        "lies near the photo under its name, else what MediaPipe finds where its file is in the model "
        "folder. "
        'Of a scan: json with the places of named points, as "nose tip", or npy with 51 or 68 points',
    )
    known.add_argument(
        "--mask",
        type=Path,
        metavar="F",
        help="where skin is seen: png or npy, also of classes; a folder for those of several photos; without "
        "it what lies near the photo, else the head's own skin",
    )
    known.add_argument(
        "--face", type=values.positive, metavar="N", help="which of several faces, from 1, the largest first"
    )
    lens = known.add_mutually_exclusive_group()
    lens.add_argument(
        "--focal", type=values.above_zero, metavar="PX", help="focal length in pixels; else the photo's EXIF"
    )
    lens.add_argument(
        "--field-of-view", type=values.angle, metavar="DEG", help="of the lens, across the photo's width"
    )
    known.add_argument(
        "--one-person", action="store_true", help="all photos are of one person: one shape and one skin"
    )
    known.add_argument(
        "--correct",
        type=frame_correction,
        action="append",
        default=[],
        metavar="FRAME=F",
        help="of films: landmarks of one frame, from 0, set right; what was fitted before is kept but for it "
        "and the frames beside it that change. May be given several times",
    )
    how = parser.add_argument_group("how")
    how.add_argument(
        "--recipe",
        metavar="R",
        help="photometric (the usual one), landmarks, preview, detail, published, dposer, or a file of your "
        "own (.toml)",
    )
    how.add_argument("--offset", action="store_true", help="of scans: move every vertex smoothly at the end")
    how.add_argument("--prior", choices=PRIORS, help="what expressions are likely; else the recipe's own")
    how.add_argument(
        "--face-prior",
        type=Path,
        metavar="F",
        help="checkpoint of the prior dposer for jaw and expression, DPoser-X's .ckpt or one of "
        "`train prior`; else the one in the model folder",
    )
    how.add_argument("--shape-prior", type=Path, metavar="F", help="the same for the shape")
    how.add_argument(
        "--normalizers",
        type=Path,
        metavar="DIR",
        help="folder of jaw_normalizer, expression_normalizer and betas_normalizer, of DPoser-X's priors",
    )
    left = parser.add_argument_group("results")
    left.add_argument(
        "--texture-size",
        type=int,
        choices=TEXTURE_SIZES,
        default=1024,
        metavar="N",
        help=f"pixels a side of the texture, {', '.join(str(size) for size in TEXTURE_SIZES)}; default 1024",
    )
    left.add_argument(
        "--save-video", action="store_true", help="film the fit as well: photo, skin, landmarks, head, shape"
    )
