"""Every layout of a clip that is one file: how it is known, and how it is read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal

from studio.flame.masks import holds_uv_masks
from studio.flame.versions import FLAME_2020
from studio.sequence.bvh import bvh_arrays, is_bvh
from studio.sequence.codes import arrays_of, holds_codes, is_mat, read_value, says_model
from studio.sequence.face_csv import is_face_table, read_face_table
from studio.sequence.json_clip import begins_as_json, is_json_clip, json_arrays
from studio.sequence.keys import ALL_KEYS, KEYS, left_out
from studio.sequence.producers import Facts
from studio.sequence.readers import Reader, RecordingReader, TableReader
from studio.sequence.surface_files import (
    VERTEX_NAMES,
    dumped_recording,
    heads_recording,
    surfaces_in,
    vertex_reader,
)
from studio.sequence.table_csv import is_table, table_arrays
from studio.sequence.tracker_frames import is_tracker_frame, tracker_frame
from studio.sequence.vertex_files import templates_in, vertex_shape
from studio.storage.arrays import npy_header, npz_headers, read_npy
from studio.storage.csv_files import csv_header
from studio.storage.errors import StudioError
from studio.storage.kind import FileKind, sniff
from studio.storage.paths import read_start
from studio.storage.tables import memory_table, npz_table

FileLayout = Literal[
    "json", "npz", "vertices npz", "vertices npy", "identity", "objects", "bvh", "face csv", "csv"
]
OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19"
IDENTITY_WIDTHS = range(10, 401)  # components that an identity alone in a file may have


def layout_of_file(path: Path, kind: FileKind | None = None) -> FileLayout | None:
    """The layout of the clip in the file at ``path``, which is of ``kind``; None: it is no clip.

    Raises:
        StudioError: it cannot be read, or is a clip that only another program can read.

    """
    kind = kind or sniff(path)
    if kind.members and kind.is_model:
        return None
    if kind.container == "npz":
        return _npz_layout(path)
    if kind.container == "npy":
        return _npy_layout(path)
    if kind.container in ("pickle", "zip") or (kind.container in ("unknown", "text") and is_mat(path)):
        return "objects" if _holds_objects(path, kind.container) else None
    if kind.container in ("json", "text") and is_json_clip(path):  # damaged JSON is text
        return "json"
    if kind.container == "text":
        return _text_layout(path)
    return None


def _npz_layout(path: Path) -> FileLayout | None:
    headers = npz_headers(path)  # masks over a texture have a neck, too
    if not KEYS.isdisjoint(headers) and not holds_uv_masks(headers):
        return "npz"
    shapes = [vertex_shape(headers[name].shape) for name in VERTEX_NAMES if name in headers]
    return "vertices npz" if any(shape is not None and shape[1] >= 1 for shape in shapes) else None


def _npy_layout(path: Path) -> FileLayout | None:
    header = npy_header(path)
    if header.dtype.hasobject:
        return "objects" if _holds_objects(path, "npy") else None
    if header.dtype.kind not in "iuf":
        return None
    if _is_identity(header.shape):
        return "identity"
    shape = vertex_shape(header.shape)
    is_sequence = shape is not None and (shape[0] > 1 or len(header.shape) == 3)
    return "vertices npy" if is_sequence else None


def _is_identity(shape: tuple[int, ...]) -> bool:
    return shape[-1:] != () and shape[-1] in IDENTITY_WIDTHS and shape in ((shape[-1],), (1, shape[-1]))


def _holds_objects(path: Path, container: str) -> bool:
    """Whether a pickle, an npy with an object or a file of PyTorch or MATLAB holds a clip.

    A file that cannot be read is none: who asks what else it may be says what is wrong with it.
    """
    if container == "pickle":
        if read_start(path, len(OLD_TORCH)) == OLD_TORCH:
            raise StudioError(
                f"{path.name} is a file of PyTorch before 1.6; load it with a newer PyTorch and save it "
                "again."
            )
        if says_model(path):
            return False
    with suppress(StudioError):
        value = read_value(path, container)
        return holds_codes(value) or bool(templates_in(value))
    return (container == "zip" and path.suffix.lower() in (".frame", ".pt", ".pth")) or container in (
        "unknown",
        "text",
    )


def _text_layout(path: Path) -> FileLayout | None:
    if is_bvh(path):
        return "bvh"
    names = csv_header(path)
    if is_face_table(names):
        return "face csv"
    return "csv" if is_table(names) else None


def open_file(path: Path, layout: FileLayout | None = None, gaps: bool = False) -> Reader:
    """The clip in one file, whose frames are read when they are asked for where its layout allows it.

    Args:
        path: the file.
        layout: as :func:`layout_of_file` says; None: it is asked.
        gaps: let numbers that are not finite through, as NaN.

    Raises:
        StudioError: it cannot be read, or is no clip.

    """
    label = path.name
    layout = layout or ("json" if begins_as_json(path) else layout_of_file(path))
    if layout == "json":
        arrays, facts = json_arrays(path)
        return TableReader(label, memory_table(arrays), facts, gaps)
    if layout == "face csv":
        return RecordingReader(label, read_face_table(path, gaps))
    if layout == "csv":
        arrays, facts = table_arrays(path)
        return TableReader(label, memory_table(arrays), facts, gaps)
    if layout == "bvh":
        arrays, facts = bvh_arrays(path)
        return TableReader(label, memory_table(arrays), facts, gaps)
    if layout == "objects":
        return _objects(path, gaps)
    if layout == "identity":
        return _identity(path, gaps)
    if layout in ("vertices npy", "vertices npz"):
        return vertex_reader(path, gaps)
    kind = sniff(path)
    if layout is None and kind.container in ("pickle", "npy", "zip"):
        read_value(path, kind.container)  # which says what is wrong with it, if it cannot be read
        raise StudioError(
            f"{label} is {kind.title} without a clip's parameters or vertices; choose another file."
        )
    return TableReader(label, npz_table(path, ALL_KEYS), Facts(dropped=left_out(sorted(kind.members))), gaps)


def _identity(path: Path, gaps: bool) -> Reader:
    facts = Facts(layout="an identity of MICA", version=FLAME_2020, names={"shape": "the array"})
    return TableReader(path.name, memory_table({"shape": read_npy(path)}), facts, gaps)


def _objects(path: Path, gaps: bool) -> Reader:
    """Codes, frames of a tracker, or surfaces, out of an object in a file."""
    container = sniff(path).container
    value = read_value(path, container)
    label = path.name
    if is_tracker_frame(value):
        arrays, facts = tracker_frame(value, label)
        return TableReader(label, memory_table(arrays), facts, gaps)
    heads = templates_in(value)
    if heads:
        return RecordingReader(label, heads_recording(heads, label))
    arrays, facts = arrays_of(value, label)
    surfaces = surfaces_in(value)
    if surfaces is not None and not set(arrays) & {"expr", "exp", "expression", "expcode"}:
        return RecordingReader(label, dumped_recording(surfaces, value, arrays, label))
    return TableReader(label, memory_table(arrays), facts, gaps)
