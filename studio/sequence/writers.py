"""Clips as files of other people's layouts: numbers as text, vertices as one array, a file for each frame."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Literal

import numpy as np
from numpy.typing import NDArray

from studio.backends import create_with_fallback
from studio.backends.base import FRAMES_AT_A_TIME, Backend
from studio.flame.model import HeadModel
from studio.sequence.clip import Clip
from studio.storage.arrays import npz_bytes
from studio.storage.atomic import atomic_folder, write_atomically
from studio.storage.errors import StudioError

ClipLayout = Literal["npz", "frames", "json", "csv", "vertices"]
LAYOUTS: dict[str, ClipLayout] = {
    ".npz": "npz",
    "": "frames",
    ".json": "json",
    ".csv": "csv",
    ".npy": "vertices",
}
TITLES: dict[ClipLayout, str] = {
    "npz": "Parameters, as VHAP and GaussianAvatars have them (*.npz)",
    "json": "JSON, as oxigaf-flame has it (*.json)",
    "csv": "Table of numbers (*.csv)",
    "vertices": "Vertices of every frame (*.npy)",
    "frames": "Folder with a file for each frame (*)",
}
FRAME_FILE = "{:05d}.npz"
AXES = ("x", "y", "z")
# Columns of a table, the first part of their names, and the field and first component they are.
TURNS = (
    ("rotation", "rotation", 0),
    ("neck_pose", "neck_pose", 0),
    ("jaw_pose", "jaw_pose", 0),
    ("left_eye", "eyes_pose", 0),
    ("right_eye", "eyes_pose", 3),
    ("translation", "translation", 0),
)
LIDS = ("eyelids/left", "eyelids/right")
Watch = Callable[[int, int], None]  # how many frames are done of how many; may raise to stop


def layout_of(path: Path) -> ClipLayout:
    """The layout that the ending of ``path`` asks for; a name without one is a folder of frames.

    Raises:
        StudioError: there is none for that ending.

    """
    try:
        return LAYOUTS[path.suffix.lower()]
    except KeyError:
        raise StudioError(
            f"{path.name}: no clip can be saved to {path.suffix}; end the name in .npz, .json, .csv or .npy, "
            "or leave the ending out for a folder of frames."
        ) from None


def unwatched(_done: int, _count: int) -> None:
    """Nobody waits."""


def write_frames(path: Path, frames: Iterator[dict[str, NDArray]], count: int, watch: Watch) -> None:
    """A folder at ``path`` with the arrays of each of ``count`` frames in an npz of its own, from 00000 on.

    Raises:
        StudioError: there is something in that folder, or it cannot be written.

    """
    with atomic_folder(path) as folder:
        for index, entries in enumerate(frames):
            (folder / FRAME_FILE.format(index)).write_bytes(npz_bytes(entries))
            watch(index + 1, count)


def write_json(path: Path, clip: Clip, watch: Watch) -> None:
    """The JSON of oxigaf-flame: a rate, and frames of shape, expression, pose (15) and translation.

    Raises:
        StudioError: it cannot be written.

    """
    write_atomically(path, lambda stream: _json_frames(stream, clip, watch))


def _json_frames(stream: IO[bytes], clip: Clip, watch: Watch) -> None:
    shape, with_lids = _numbers(clip.shape), clip.eyelids.any()
    stream.write(f'{{"fps": {json.dumps(clip.fps)}, "frames": ['.encode())
    for index in range(len(clip)):
        parts = {
            "shape": shape,
            "expression": _numbers(clip.expr[index]),
            "pose": _numbers(clip.pose[index]),
            "translation": _numbers(clip.translation[index]),
            **({"eyelids": _numbers(clip.eyelids[index])} if with_lids else {}),
        }
        line = ", ".join(f'"{name}": [{values}]' for name, values in parts.items())
        stream.write(("\n{" if index == 0 else ",\n{").encode() + line.encode() + b"}")
        watch(index + 1, len(clip))
    stream.write(b"\n]}\n")


def _numbers(values: NDArray, between: str = ", ") -> str:
    """The digits that a float32 has, and no more."""
    return between.join([f"{value:.9g}" for value in values.tolist()])


def write_csv(path: Path, clip: Clip, expression_names: Sequence[str], watch: Watch) -> None:
    """A table with a row for each frame and a header of names (:func:`column_names`).

    Raises:
        StudioError: it cannot be written.

    """
    names, table = csv_columns(clip, expression_names)

    def write(stream: IO[bytes]) -> None:
        stream.write((",".join(("frame", "time", *names)) + "\r\n").encode())
        for index, row in enumerate(table):
            stream.write(f"{index},{index / clip.fps:.12g},{_numbers(row, ',')}\r\n".encode())
            watch(index + 1, len(clip))

    write_atomically(path, write)


def csv_columns(clip: Clip, expression_names: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
    """The names of a table's columns, and its numbers (T, N).

    ``shape/0`` up to the last component that is not 0, ``expr/0`` or ``expr/NAME``, ``jaw_pose/x`` and the
    like, ``eyelids/left``. Radians and metres.
    """
    named = len(expression_names) == clip.expr.shape[1]
    known = int(np.flatnonzero(clip.shape).max(initial=-1)) + 1
    names = [f"shape/{index}" for index in range(known)]
    columns = [np.broadcast_to(clip.shape[:known], (len(clip), known)), clip.expr]
    names += [f"expr/{expression_names[i] if named else i}" for i in range(clip.expr.shape[1])]
    for name, field, first in TURNS:
        names += [f"{name}/{axis}" for axis in AXES]
        columns.append(getattr(clip, field)[:, first : first + 3])
    return [*names, *LIDS], np.concatenate([*columns, clip.eyelids], axis=1)


def write_vertices(path: Path, clip: Clip, model: HeadModel, backend: Backend | None, watch: Watch) -> None:
    """The vertices (T, V, 3) float32 of every frame, in metres, as speech models have them.

    Raises:
        StudioError: it cannot be written.

    """
    computing = backend or create_with_fallback("auto", model)[0]
    shape = (len(clip), model.vertex_count, 3)

    def write(stream: IO[bytes]) -> None:
        np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": shape})
        done = 0
        batches = (block.batch() for block in clip.blocks(FRAMES_AT_A_TIME))
        for surfaces in computing.stream(batches):
            stream.write(np.ascontiguousarray(surfaces.vertices, "<f4").tobytes())
            done += len(surfaces)
            watch(done, len(clip))

    write_atomically(path, write)
