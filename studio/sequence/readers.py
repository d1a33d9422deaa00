"""Clips of which the frames asked for are read: tables, files of one frame each, or what is in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from studio.sequence.clip import CHANNELS
from studio.sequence.keys import KEYS, TIMES
from studio.sequence.layout import Recording, frame_count, parse
from studio.sequence.mending import part_of
from studio.sequence.offsets import DYNAMIC, joined_offsets
from studio.sequence.producers import NO_FACTS, Facts
from studio.sequence.report import ImportReport
from studio.storage.errors import StudioError
from studio.storage.tables import Table

# How many axes what varies in time has.
IN_TIME = {**dict.fromkeys(KEYS, (2, 3)), DYNAMIC: (3,), **dict.fromkeys(TIMES, (1,))}


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


class TableReader:
    """A clip whose frames are rows of a table."""

    def __init__(self, label: str, table: Table, facts: Facts = NO_FACTS, gaps: bool = False) -> None:
        self.label = label
        self._table, self._facts, self._gaps = table, facts, gaps
        try:
            self._count = frame_count(table.shapes, label)
            self._check_offsets()
        except StudioError:
            table.close()
            raise

    def __len__(self) -> int:
        """T."""
        return self._count

    @property
    def has_times(self) -> bool:
        """Whether it says when each frame is."""
        return self._count > 1 and any(self._table.shapes.get(name) == (self._count,) for name in TIMES)

    def recording(self, start: int, stop: int) -> Recording:
        """As :meth:`Reader.recording`."""
        entries = {}
        for name, shape in self._table.shapes.items():
            is_row_a_frame = len(shape) in IN_TIME.get(name, ()) and shape[0] == self._count
            rows = (start, stop) if is_row_a_frame else (0, shape[0] if shape else 1)
            entries[name] = self._table.rows(name, *rows)
        made = parse(entries, self.label, start, self._facts, self._gaps)
        return replace(made, report=replace(made.report, frames=self._count))

    def _check_offsets(self) -> None:
        """Make sure that there are offsets for every frame, or the same for all."""
        moving = self._table.shapes.get(DYNAMIC, ())
        if len(moving) == 3 and not moving[0]:
            raise StudioError(f"{DYNAMIC} in {self.label} has no frames; choose another file.")
        if len(moving) == 3 and moving[0] not in (1, self._count):
            raise StudioError(
                f"{DYNAMIC} in {self.label} has {moving[0]} frames where other parameters have "
                f"{self._count}: the shape {moving} where ({self._count}, vertices, 3) is expected."
            )

    def close(self) -> None:
        """As :meth:`Reader.close`."""
        self._table.close()


class RecordingReader:
    """A clip that is in memory, or whose surfaces are rows of a file."""

    def __init__(self, label: str, recording: Recording) -> None:
        self.label = label
        self._recording = recording

    def __len__(self) -> int:
        """T."""
        return len(self._recording)

    def recording(self, start: int, stop: int) -> Recording:
        """As :meth:`Reader.recording`."""
        if (start, stop) == (0, len(self)):
            return self._recording
        return part_of(self._recording, start, stop)

    def close(self) -> None:
        """A file of surfaces goes with the last of its rows, which a clip may have taken."""


class FramesReader:
    """A clip whose frames are files, or folders, which ``read`` reads."""

    def __init__(
        self,
        label: str,
        files: Sequence[Path],
        read: Callable[[Path], Recording],
        notices: Sequence[str] = (),
    ) -> None:
        self.label = label
        self._files, self._read = files, read
        self._notices = list(notices)
        self._start: Recording | None = None

    def __len__(self) -> int:
        """T."""
        return len(self._files)

    def recording(self, start: int, stop: int) -> Recording:
        """As :meth:`Reader.recording`."""
        joined = _joined([self._frame(file) for file in self._files[start:stop]], self.label)
        if joined.path_start is not None and start > 0:
            if self._start is None:
                self._start = self._frame(self._files[0])
            joined = replace(joined, path_start=self._start.path_start)
        report = replace(joined.report, label=self.label, frames=len(self))
        return replace(joined, notices=[*self._notices, *joined.notices], report=report)

    def _frame(self, file: Path) -> Recording:
        frame = self._read(file)
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
    return replace(first, channels=channels, offsets=offsets, notices=notices, report=_told(parts))


def _told(parts: Sequence[Recording]) -> ImportReport:
    """The report of the first part, with what some others have beside it."""
    first = parts[0].report
    seen = {entry.source for entry in first.dropped}
    more = [entry for part in parts[1:] for entry in part.report.dropped if entry.source not in seen]
    return replace(first, dropped=(*first.dropped, *{entry.source: entry for entry in more}.values()))
