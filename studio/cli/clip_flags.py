"""What may stand behind ``clip`` on the command line: a parser for each row of the table of operations."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studio.cli import reduce_verb, values
from studio.cli.reading_flags import add_reading_flags
from studio.operations.row import Operation, Parameter
from studio.operations.table import OPERATIONS
from studio.sequence.operations.parts import PARTS

_WIDTH = 100
_COLUMN = 26


class _List(argparse.Action):
    """Tells all operations with their flags, and ends."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        sys.stdout.write(listing())
        parser.exit(0)


def listing() -> str:
    """Every operation with what it does and its flags, as lines."""
    lines = []
    for row in OPERATIONS:
        lines.append(f"{row.verb:<{_COLUMN}} {row.tip}")
        for entry in row.parameters:
            if entry.kind != "clip" or row.id != "join":
                flag = f"    --{_dashed(entry.name)} {_metavar(entry)}".rstrip()
                lines += textwrap.wrap(
                    _help(entry),
                    _WIDTH,
                    initial_indent=f"{flag:<{_COLUMN + 4}} ",
                    subsequent_indent=" " * (_COLUMN + 5),
                )
    lines.append(f"{reduce_verb.VERB:<{_COLUMN}} {reduce_verb.TIP}")
    return "\n".join([*lines, *reduce_verb.FLAGS]) + "\n"


def add_clip_flags(parser: argparse.ArgumentParser, program: str, clip_help: str) -> None:
    """Let ``parser`` take an operation, and behind it what that one takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = "Do an operation to a clip and save what comes of it."
    told = [*((row.verb, row.tip) for row in OPERATIONS), (reduce_verb.VERB, reduce_verb.TIP)]
    operations = "\n".join(f"  {verb:<{_COLUMN}} {tip}" for verb, tip in told)
    parser.epilog = (
        f"operations:\n{operations}\n\n'{program} clip OPERATION --help' tells the flags of one, "
        f"'{program} clip --list' those of all."
    )
    parser.add_argument("--list", action=_List, nargs=0, help="tell every operation with its flags")
    rows = parser.add_subparsers(dest="operation", metavar="OPERATION", required=True, help="what is done")
    for row in OPERATIONS:
        own = rows.add_parser(
            row.verb,
            allow_abbrev=False,
            description=f"{row.tip}.",
            epilog="--model, --backend, --device, --threads and --json go with it, as everywhere.",
        )
        _add_operation(own, row, clip_help)
    reducing = rows.add_parser(reduce_verb.VERB, allow_abbrev=False, description=f"{reduce_verb.TIP}.")
    reduce_verb.add_reduce_flags(reducing, clip_help)


def _add_operation(parser: argparse.ArgumentParser, row: Operation, clip_help: str) -> None:
    wanted = clip_help
    if row.id == "vertices_to_parameters":
        wanted = f"vertices (frames, vertices, 3) as npy, or a clip whose surfaces are taken: {clip_help}"
    count: Any = "+" if row.id == "join" else 1
    parser.add_argument("clips", metavar="CLIP", help=wanted, nargs=count)
    ends = "a numbered name such as part_%%d.npz" if row.id == "split" else "a clip"
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help=f"{ends}: npz, json, csv, npy, or a name without an ending for a folder of frames",
    )
    for entry in row.parameters:
        if entry.kind != "clip" or row.id != "join":
            _add_parameter(parser, entry)
    if row.reach != "whole":
        kept = "kept" if row.reach == "only" else "changed"
        parser.add_argument("--first", type=values.frame, metavar="N", help=f"first frame that is {kept}")
        parser.add_argument("--last", type=values.frame, metavar="N", help=f"last frame that is {kept}")
    add_reading_flags(parser)


def _add_parameter(parser: argparse.ArgumentParser, entry: Parameter) -> None:
    flag, wanted = f"--{_dashed(entry.name)}", _help(entry)
    match entry.kind:
        case "switch":
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=wanted)
        case "choice":
            names = [value for value, _ in entry.choices]
            parser.add_argument(flag, choices=names, help=wanted)
        case "number" | "whole":
            kind = values.number if entry.kind == "number" else _whole
            parser.add_argument(flag, type=kind, metavar=_metavar(entry), help=wanted)
        case _:
            parser.add_argument(flag, metavar=_metavar(entry), help=wanted)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _metavar(entry: Parameter) -> str:
    kinds = {"parts": "PART,…", "clip": "CLIP", "rate": "RATE", "channel": "NAME", "file": "FILE"}
    if entry.kind in ("choice", "switch"):
        return ""
    return kinds.get(entry.kind, "FILE" if entry.kind == "model" else "N" if entry.kind == "whole" else "X")


def _help(entry: Parameter) -> str:
    """The tip of ``entry`` with its unit, its choices and what is taken without it, as one sentence."""
    tip = entry.tip[:1].lower() + entry.tip[1:]
    told = [tip.replace("%", "%%")]
    if entry.kind == "choice":
        told.append("one of " + ", ".join(value for value, _ in entry.choices))
    if entry.unit not in ("", "frames"):
        told.append(f"in {entry.unit}")
    default = entry.default
    if default == PARTS:
        default = "all"
    elif isinstance(default, bool):
        default = "on" if default else "off"
    elif isinstance(default, float):
        default = f"{default:g}"
    if default != "":
        told.append(f"default {default}")
    return "; ".join(told)
