"""Clips in files, of which the frames asked for are read: npz, JSON, folders of arrays or of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from studio.sequence.clip import CHANNELS
from studio.sequence.frame_names import files_in_order, is_pattern, numbered_files
from studio.sequence.json_clip import begins_as_json, json_arrays
from studio.sequence.layout import ALL_KEYS, KEYS, Recording, frame_count, parse
from studio.sequence.offsets import DYNAMIC, joined_offsets
from studio.storage.arrays import read_npz
from studio.storage.errors import StudioError
from studio.storage.tables import Table, folder_table, memory_table, npz_table

ONE_A_FRAME = (".npz", ".json")  # what a folder of frames may consist of
IN_TIME = {**dict.fromkeys(KEYS, 2), DYNAMIC: 3}  # how many axes what varies in time has


class Reader(Protocol):
    """A clip that lies in files; its frames may be asked for from any thread."""

    label: str

    def __len__(self) -> int:
        """T."""

    def recording(self, start: int, stop: int) -> Recording:
        """Frames ``start`` to ``stop`` - 1, with all labels.

        Raises:
            StudioError: they cannot be read, or hold what no head can take.

        """

    def close(self) -> None:
        """Let the files go."""


def open_reader(path: Path) -> Reader:
    """The clip at ``path``, by content.

    - An npz, or a folder of npy files called like the arrays of one: as
      :func:`studio.storage.tables.npz_table` reads them.
    - JSON: parsed once, as :func:`studio.sequence.json_clip.json_arrays` does.
    - A folder of npz or JSON files of one frame each in the order of their names, or numbered files by a
      pattern as :func:`studio.sequence.frame_names.is_pattern` knows it: each is read when it is asked for.

    Raises:
        StudioError: it cannot be read, or is no clip.

    """
    if is_pattern(path):
        files, notices = numbered_files(path)
        return FramesReader(path.name, files, notices)
    if not path.is_dir():
        return _file_reader(path)
    for ending in ONE_A_FRAME:
        files = files_in_order(path, ending)
        if files:
            return FramesReader(path.name, files) if len(files) > 1 else _file_reader(files[0])
    if holds_arrays(path):
        return TableReader(path.name, folder_table(path, ALL_KEYS))
    raise StudioError(
        f"{path.name} is a folder without npz files, JSON files or arrays of a clip; choose a folder of "
        "flame_param files."
    )


def read_file(path: Path) -> Recording:
    """All of one npz or JSON file, with its checksums.

    Raises:
        StudioError: as :func:`open_reader`, or it holds what no head can take.

    """
    if begins_as_json(path):
        return parse(json_arrays(path), path.name)
    entries = read_npz(path, ALL_KEYS)
    for key, values in entries.items():
        if not isinstance(values, np.ndarray):
            raise StudioError(f"{key} in {path.name} does not hold numbers; choose another file.")
    return parse(entries, path.name)


def holds_arrays(folder: Path) -> bool:
    """Whether ``folder`` has npy files that are called like parameters of a clip."""
    return any(entry.stem in KEYS for entry in folder.glob("*.npy"))


def _file_reader(path: Path) -> Reader:
    if begins_as_json(path):
        return TableReader(path.name, memory_table(json_arrays(path)))
    return TableReader(path.name, npz_table(path, ALL_KEYS))


class TableReader:
    """A clip whose frames are rows of a table."""

    def __init__(self, label: str, table: Table) -> None:
        self.label = label
        self._table = table
        try:
            self._count = frame_count(table.shapes, label)
            self._check_offsets()
        except StudioError:
            table.close()
            raise

    def __len__(self) -> int:
        """T."""
        return self._count

    def recording(self, start: int, stop: int) -> Recording:
        """As :meth:`Reader.recording`."""
        entries = {}
        for name, shape in self._table.shapes.items():
            is_row_a_frame = IN_TIME.get(name) == len(shape) and shape[0] == self._count
            rows = (start, stop) if is_row_a_frame else (0, shape[0] if shape else 1)
            entries[name] = self._table.rows(name, *rows)
        return parse(entries, self.label, start)

    def _check_offsets(self) -> None:
        """Make sure that there are offsets for every frame, or the same for all."""
        moving = self._table.shapes.get(DYNAMIC, ())
        if len(moving) == 3 and moving[0] not in (1, self._count):
            raise StudioError(
                f"{DYNAMIC} in {self.label} has {moving[0]} frames where other parameters have {self._count}."
            )

    def close(self) -> None:
        """As :meth:`Reader.close`."""
        self._table.close()


class FramesReader:
    """A clip whose frames are files."""

    def __init__(self, label: str, files: Sequence[Path], notices: Sequence[str] = ()) -> None:
        self.label = label
        self._files = files
        self._notices = list(notices)

    def __len__(self) -> int:
        """T."""
        return len(self._files)

    def recording(self, start: int, stop: int) -> Recording:
        """As :meth:`Reader.recording`."""
        joined = _joined([self._frame(file) for file in self._files[start:stop]], self.label)
        return replace(joined, notices=[*self._notices, *joined.notices])

    def _frame(self, file: Path) -> Recording:
        frame = read_file(file)
        count = len(frame.channels["expr"])
        if count != 1:
            raise StudioError(
                f"{file.name} in {self.label} holds {count} frames where one is expected; open it by itself."
            )
        return frame

    def close(self) -> None:
        """No file stays open."""


def _joined(parts: Sequence[Recording], label: str) -> Recording:
    """One recording of all frames; identity, labels and notices are those of the first part."""
    try:
        channels = {name: np.concatenate([part.channels[name] for part in parts]) for name in CHANNELS}
    except ValueError:
        raise StudioError(
            f"The files in {label} differ in their number of expression components; "
            "choose a folder of frames of one clip."
        ) from None
    first = parts[0]
    notices = list(first.notices)
    if len(parts) > 1 and not first.stated_fps:
        notices.append(f"{label} does not say its frame rate; {first.fps:g} frames a second are used.")
    if any(not np.array_equal(part.shape, first.shape) for part in parts):
        notices.append(f"{label} changes the identity over time; that of its first frame is used.")
    offsets = joined_offsets(
        [part.offsets for part in parts], [len(part.channels["expr"]) for part in parts], label
    )
    return replace(first, channels=channels, offsets=offsets, notices=notices)
