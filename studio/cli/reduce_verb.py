"""``clip reduce``: a clip made few keys, which are saved as a session."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.cli import values
from studio.cli.progress import run_job
from studio.cli.reading_flags import add_reading_flags
from studio.cli.stage import Stage, named_path
from studio.document.commands import open_clip
from studio.document.document import Document
from studio.document.layer_commands import reduced_clip
from studio.export.target import check_no_input, check_target
from studio.jobs.reducing import ReduceJob
from studio.sequence.curves import Interpolation
from studio.sequence.reducing import GROUPS, Group, Wish
from studio.session.state import State
from studio.session.writing import write_session
from studio.storage.errors import StudioError

VERB = "reduce"
TIP = "Make it keys, as few as keep the mesh within a tolerance; saved as a session"
ENDING = ".flame"
FLAGS = (  # as the list of all operations tells them
    "    --tolerance X              how far any point may be from the clip's, in mm",
    "    --linear                   go straight from key to key",
    f"    --parts PART,…             which become keys, of {', '.join(GROUPS)}",
)
_MILLIMETRES = 1000.0


def add_reduce_flags(parser: argparse.ArgumentParser, clip_help: str) -> None:
    """Let ``parser`` take a clip and how near its keys are to keep."""
    parser.add_argument("clips", metavar="CLIP", help=clip_help, nargs=1)
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar=f"OUT{ENDING}",
        help="a session with the keys",
    )
    parser.add_argument(
        "--tolerance",
        type=values.number,
        default=0.5,
        metavar="X",
        help="how far any point may be from the clip's at any frame, in mm; 0.5 without it",
    )
    parser.add_argument("--linear", action="store_true", help="go straight from key to key, not smoothly")
    parser.add_argument(
        "--parts",
        type=_parts,
        default=GROUPS,
        metavar="PART,…",
        help=f"which become keys, of {', '.join(GROUPS)}; all without it",
    )
    add_reading_flags(parser)


def reduce_clip(arguments: argparse.Namespace) -> dict[str, Any]:
    """Reduce a clip and save the session; the answer.

    Raises:
        StudioError: a file cannot be used, or the clip cannot be reduced so.

    """
    output: Path = arguments.output
    if output.suffix.lower() != ENDING:
        raise StudioError(f"{output.name} cannot hold keys; end its name in {ENDING}, which is a session.")
    check_target(output)
    check_no_input(output, [named_path(arguments.clips[0])])
    stage = Stage(arguments)
    kind: Interpolation = "linear" if arguments.linear else "smooth"
    wish = Wish(arguments.tolerance / _MILLIMETRES, kind, arguments.parts)
    job = ReduceJob(stage.clip, stage.model, lambda: stage.backend, wish)
    made = run_job(job, quiet=arguments.json)
    document = Document(stage.model)
    open_clip(document, Path(arguments.clips[0]).stem, stage.clip).apply(document)
    document.set(takes=document.takes[1:], active=0)
    reduced_clip(document, made).apply(document)
    write_session(output, State.of(document))
    error = _MILLIMETRES * made.error
    if not arguments.json:
        frames = len(stage.clip)
        stage.notices.append(
            f"{made.key_count} keys in place of {frames} frames; no point is more than {error:.3f} mm off."
        )
    told = {"output": str(output), "operation": VERB, "keys": made.key_count, "error_mm": error}
    return {**told, "frames": len(stage.clip), **stage.about()}


def _parts(text: str) -> tuple[Group, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found or not set(found) <= set(GROUPS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of {', '.join(GROUPS)}")
    return tuple(group for group in GROUPS if group in found)
