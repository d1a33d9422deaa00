"""What may stand on the command line, as argparse parsers: what opens the window, and the commands."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.cli import values
from studio.flame.open_head import OPEN_HEAD as OPEN_HEAD_FILE

PROGRAM = "flame-studio"
OPEN_HEAD = "open_head"
PICTURE_SIZE = (1024, 1024)
MAPS = ("normal", "depth", "position", "region", "uv")

VERBS = {
    "info": "say what a file is: kind, sizes, version, problems",
    "convert": "save a head model as a pickle, npz, safetensors or a folder of npy files",
    "forward": "compute vertices, landmarks and joints of a clip into an npz file",
    "render": "draw one frame, or all of them as numbered pictures",
    "turntable": "film one full turn around the head",
    "export": "save the mesh, the parameters or a film of a clip",
    "clip": "trim, join, retime, smooth, … a clip, or turn vertices into parameters",
    "normals": "save normals, depth, positions, regions or texture coordinates seen by a calibrated camera",
    "sheet": "picture the first components of texture, shape or expression, each at low, middle and high",
    "sample": "draw points evenly over the surface of the head",
    "fit": "fit heads to photos or landmarks: mesh, texture, camera, light and a report of each",
    "train": "train a prior of likely faces on clips",
    "measure": "measure distances and angles of the head in every frame of a clip",
}


def model_path(name: str) -> Path:
    """The head model called ``name``: the studio's own unless a file or folder of that name is there."""
    path = Path(name)
    return OPEN_HEAD_FILE if name == OPEN_HEAD and not path.exists() else path


def common_flags() -> argparse.ArgumentParser:
    """The flags that every command takes, before or after its name.

    Its errors are raised as ``argparse.ArgumentError``: whose usage to show is not known before.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog=PROGRAM, exit_on_error=False)
    group = parser.add_argument_group("everywhere")
    group.add_argument(
        "--model",
        type=model_path,
        metavar="FILE",
        help=f"head model, or {OPEN_HEAD}; else the user's own, else the open head",
    )
    group.add_argument(
        "--backend", choices=("auto", "torch", "mlx"), help="array library of the forward pass"
    )
    group.add_argument("--device", help="cpu, cuda, cuda:1 or mps for torch, cpu or gpu for mlx")
    group.add_argument("--threads", type=values.positive, metavar="N", help="CPU threads it may use")
    group.add_argument("--json", action="store_true", help="one machine-readable object on standard output")
    return parser


def window_parser() -> argparse.ArgumentParser:
    """The parser of everything that opens the window."""
    commands = "\n".join(f"  {verb:<10} {text}" for verb, text in VERBS.items())
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        allow_abbrev=False,
        parents=[common_flags()],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Pose, animate and picture the FLAME head model: opens the window with FILES in it.",
        epilog=f"commands that need no window:\n{commands}\n\n'{PROGRAM} COMMAND --help' tells their flags.",
        usage=f"{PROGRAM} [flags] [FILE ...]\n       {PROGRAM} COMMAND [flags] ...",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="clips and head models to open")
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument("--trace", action="store_true", help="say on standard error how the start goes")
    parser.add_argument("--snapshot", type=Path, metavar="PNG", help="save a picture of the window and quit")
    return parser


def verb_parser(verb: str) -> argparse.ArgumentParser:
    """The parser of the command ``verb``."""
    from studio.cli.verb_flags import ADD

    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {verb}",
        allow_abbrev=False,
        parents=[common_flags()],
        description=f"{VERBS[verb].capitalize()}.",
    )
    ADD[verb](parser)
    return parser


def _version() -> str:
    from studio import __version__

    return f"FLAME Studio {__version__}"
