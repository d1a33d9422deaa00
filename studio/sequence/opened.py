"""A clip at a path, whatever it is: a file, a folder of frames or of arrays, or a pattern for files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from studio.flame.versions import FLAME_2020
from studio.sequence.file_layouts import layout_of_file, open_file
from studio.sequence.frame_names import files_in_order, folders_in_order, is_pattern, numbered_files
from studio.sequence.keys import ALL_KEYS, KEYS, left_out
from studio.sequence.layout import Recording
from studio.sequence.mending import even, filled
from studio.sequence.mesh_frames import MESH_ENDINGS, open_meshes
from studio.sequence.producers import Facts
from studio.sequence.readers import FramesReader, Reader, RecordingReader, TableReader
from studio.storage.errors import StudioError
from studio.storage.kind import FileKind, sniff
from studio.storage.tables import folder_table, verify_npz

ONE_A_FRAME = (".npz", ".json", ".frame", ".mat", ".pkl")  # what a folder of frames may consist of
INNER = (
    "flame_param",
    "checkpoint",
)  # where a data set of VHAP, a result of metrical-tracker, has its frames
EMOCA = {"shape", "exp", "pose"}  # what lies in a folder of EMOCA for each picture


def is_clip(path: Path, kind: FileKind | None = None) -> bool:
    """Whether ``path``, which is of ``kind`` where that is known, is a clip, by what is in it.

    Raises:
        StudioError: it cannot be read, or is a clip that only another program can read.

    """
    if is_pattern(path):
        return True
    kind = kind or sniff(path)
    if kind.container != "folder":
        return layout_of_file(path, kind) is not None
    if kind.is_model:
        return False
    inner = _inner(path)
    if inner is not None:
        return is_clip(inner)
    if holds_arrays(path) or _mesh_files(path) is not None:
        return True
    first = _frame_files(path)
    return is_clip(first[0]) if first else any(holds_arrays(folder) for folder in folders_in_order(path)[:1])


def holds_arrays(folder: Path) -> bool:
    """Whether ``folder`` has npy files that are called like parameters of a clip, and no frames."""
    return any(entry.stem in KEYS for entry in folder.glob("*.npy"))


def open_reader(path: Path, fill: bool = False) -> Reader:
    """The clip at ``path``, by content, at an even rate.

    Frames are read when they are asked for, as far as the layout allows it; text, objects, what has to be
    filled and what is of an uneven rate is read at once.

    Args:
        path: a file, a folder, or a pattern.
        fill: make numbers that are not finite from the frames around them.

    Raises:
        GapsError: a number is not finite, and is not to be filled.
        StudioError: it cannot be read, or is no clip.

    """
    reader = _reader(path, fill)
    try:
        return _whole(reader, fill) if fill or _has_times(reader) else reader
    except BaseException:
        reader.close()
        raise


def read_whole(path: Path, fill: bool = False) -> Recording:
    """All of the clip at ``path``, with its checksums.

    Raises:
        StudioError: as :func:`open_reader`, or it holds what no head can take.

    """
    if not is_pattern(path) and not path.is_dir() and sniff(path).container == "npz":
        verify_npz(path)
    with closing(open_reader(path, fill)) as reader:
        recording = reader.recording(0, len(reader))
    if recording.surfaces is not None:
        recording.surfaces.rows.source = str(path.absolute())
    return recording


def _has_times(reader: Reader) -> bool:
    if isinstance(reader, TableReader):
        return reader.has_times
    return isinstance(reader, RecordingReader) and reader.recording(0, len(reader)).times is not None


def _whole(reader: Reader, fill: bool) -> Reader:
    """What ``reader`` gives, mended and at an even rate, in memory."""
    recording = reader.recording(0, len(reader))
    if fill and recording.surfaces is None:
        recording, told = filled(recording, reader.label)
        if told:
            report = replace(recording.report, notes=(*recording.report.notes, told))
            recording = replace(recording, notices=[*recording.notices, told], report=report)
    reader.close()
    return RecordingReader(reader.label, even(recording, reader.label))


def _reader(path: Path, gaps: bool) -> Reader:
    if is_pattern(path):
        files, notices = numbered_files(path)
        if files[0].suffix.lower() in MESH_ENDINGS:
            return open_meshes(path.name, files, notices)
        return FramesReader(path.name, files, partial(_frame, gaps=gaps), notices)
    if not path.is_dir():
        return open_file(path, gaps=gaps)
    return _folder_reader(path, gaps)


def _folder_reader(path: Path, gaps: bool) -> Reader:
    inner = _inner(path)
    if inner is not None:
        return _folder_reader(inner, gaps)
    files = _frame_files(path)
    if len(files) == 1:
        return open_file(files[0], gaps=gaps)
    if files:
        return FramesReader(path.name, files, partial(_frame, gaps=gaps))
    if holds_arrays(path):
        return _array_folder(path, gaps)
    meshes = _mesh_files(path)
    if meshes is not None:
        return open_meshes(path.name, meshes)
    folders = [folder for folder in folders_in_order(path) if holds_arrays(folder)]
    if folders:
        return FramesReader(path.name, folders, _read_with(partial(_array_folder, gaps=gaps)))
    raise StudioError(
        f"{path.name} is a folder without npz files, JSON files or arrays of a clip; choose a folder of "
        "flame_param files."
    )


def _frame(path: Path, gaps: bool) -> Recording:
    """One frame, with its checksums."""
    if path.suffix.lower() == ".npz" and sniff(path).container == "npz":
        verify_npz(path)
    return _read_with(partial(open_file, gaps=gaps))(path)


def _read_with(opened: Callable[[Path], Reader]) -> Callable[[Path], Recording]:
    """What reads a whole recording of a path by the reader that ``opened`` gives."""

    def read(path: Path) -> Recording:
        with closing(opened(path)) as reader:
            return reader.recording(0, len(reader))

    return read


def _array_folder(path: Path, gaps: bool) -> Reader:
    """A folder of npy files called like parameters, as EMOCA makes one for each picture."""
    names = {entry.stem for entry in path.glob("*.npy")}
    others = left_out(sorted(names), ALL_KEYS)
    facts = Facts(dropped=others)
    if names >= EMOCA:
        facts = Facts("codes of EMOCA", FLAME_2020, dropped=others)
    return TableReader(path.name, folder_table(path, ALL_KEYS), facts, gaps)


def _inner(folder: Path) -> Path | None:
    """The folder of frames in ``folder``, where it is a larger whole that has one."""
    return next((folder / name for name in INNER if (folder / name).is_dir()), None)


def _frame_files(folder: Path) -> list[Path]:
    """The files in ``folder`` with a frame each, in order."""
    return next((files for ending in ONE_A_FRAME if (files := files_in_order(folder, ending))), [])


def _mesh_files(folder: Path) -> list[Path] | None:
    """The meshes in ``folder``, in order, where there are several and nothing else of a clip."""
    found = next((files for ending in MESH_ENDINGS if len(files := files_in_order(folder, ending)) > 1), None)
    return None if found is None or _frame_files(folder) else found
