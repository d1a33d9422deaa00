"""Tables: named arrays of any length, of which only the rows asked for are read."""

from __future__ import annotations

import mmap
import struct
import tempfile
import threading
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError
from studio.storage.mapped_file import MappedFile, checked, shaped
from studio.storage.npy import Header, read_header
from studio.storage.zip_checks import UNPACKING_ERRORS, check_unpacked, damaged, members_of

IN_MEMORY = 16 << 20  # bytes of an unpacked array; a larger one goes into a temporary file
AT_ONCE = 1 << 20  # bytes unpacked at a time
HEAD = 64 << 10  # bytes of a packed array that are read without unpacking the rest
LOCAL_HEADER = struct.Struct("<4s22xHH")  # of a zip member: signature, lengths of its name and extra field


class Column(Protocol):
    """One array of a table."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""

    def rows(self, start: int, stop: int) -> NDArray:
        """A copy of rows ``start`` to ``stop`` - 1; of all of it where it has no rows."""


class Closable(Protocol):
    """What holds a file."""

    def close(self) -> None:
        """Let it go."""


class Table:
    """Named arrays whose rows, along the first axis, can be asked for from any thread."""

    def __init__(self, columns: Mapping[str, Column], files: Sequence[Closable] = ()) -> None:
        self._columns = dict(columns)
        self._files = files
        self.shapes = {name: column.shape for name, column in columns.items()}

    def rows(self, name: str, start: int, stop: int) -> NDArray:
        """A copy of rows ``start`` to ``stop`` - 1 of an array; of all of one without rows.

        Raises:
            StudioError: its file is damaged there, was changed meanwhile, or cannot be unpacked.
            ValueError: the table is closed, or has no such array.

        """
        if name not in self._columns:
            raise ValueError(f"There is no {name}, or its file is closed.")
        return self._columns[name].rows(start, stop)

    def close(self) -> None:
        """Let the files go; nothing can be asked for any more."""
        self._columns.clear()
        for file in self._files:
            file.close()


def memory_table(arrays: Mapping[str, NDArray]) -> Table:
    """A table of arrays in memory."""
    return Table({name: _Plain(values, _nothing) for name, values in arrays.items()})


def folder_table(path: Path, names: Collection[str]) -> Table:
    """The arrays ``names`` of a folder of npy files, mapped into memory.

    Raises:
        StudioError: a file cannot be read or is damaged, or holds neither numbers nor text.

    """
    files: list[MappedFile] = []
    columns: dict[str, Column] = {}
    try:
        for entry in sorted(path.glob("*.npy")):
            if entry.stem in names:
                file = MappedFile(entry)
                files.append(file)
                header = checked(file.header(), entry.name, file.size)
                columns[entry.stem] = _Plain(file.array(header), file.check)
    except BaseException:
        Table(columns, files).close()
        raise
    return Table(columns, files)


def npy_table(path: Path, name: str) -> Table:
    """The array of an npy file under ``name``, mapped into memory.

    Raises:
        StudioError: it cannot be read or is damaged, or holds neither numbers nor text.

    """
    file = MappedFile(path)
    try:
        header = checked(file.header(), path.name, file.size)
        return Table({name: _Plain(file.array(header), file.check)}, (file,))
    except BaseException:
        file.close()
        raise


def npz_table(path: Path, names: Collection[str]) -> Table:
    """The arrays ``names`` of an npz, of which no more than the headers is read at first.

    Stored arrays are mapped into memory where they lie. Packed ones (deflated, as
    ``np.savez_compressed`` writes them) are unpacked once, when more than their first rows are asked for:
    into memory up to 16 MiB, else into a temporary file without a name. The checksum of what is mapped is
    not computed, unlike by :func:`studio.storage.arrays.read_npz`: that would read it all.

    Raises:
        StudioError: it cannot be read or is damaged, an array holds neither numbers nor text, or would
            unpack to an absurd size.

    """
    file = MappedFile(path)
    try:
        archive = _Archive(file)
        members = {name: entry for name, entry in archive.members().items() if name in names}
        archive.check_size(members.values())
        return Table({name: archive.column(name, entry) for name, entry in members.items()}, (archive, file))
    except BaseException:
        file.close()
        raise


def verify_npz(path: Path) -> None:
    """Read all of an npz once, keeping nothing, and compare its checksums.

    Raises:
        StudioError: it cannot be read, or is damaged.

    """
    file = MappedFile(path)
    try:
        _Archive(file).verify()
    finally:
        file.close()


class _Archive:
    """The zip that an npz is."""

    def __init__(self, file: MappedFile) -> None:
        self._file = file
        try:
            self._zip = zipfile.ZipFile(file.stream)
        except Exception as error:  # damaged directories make zipfile fail in many ways
            raise damaged(self._file.name) from error

    def members(self) -> dict[str, zipfile.ZipInfo]:
        """The members by the names of their arrays."""
        return members_of(self._zip, self._file.name)

    def check_size(self, entries: Collection[zipfile.ZipInfo]) -> None:
        """Make sure that what is packed among ``entries`` has a believable size."""
        packed = [entry for entry in entries if not _is_stored(entry)]
        check_unpacked(packed, self._file.size, self._file.name)

    def verify(self) -> None:
        """Compare the checksums of all members."""
        self.check_size(self.members().values())
        try:
            wrong = self._zip.testzip()
        except UNPACKING_ERRORS as error:
            raise damaged(self._file.name) from error
        if wrong is not None:
            raise damaged(self._file.name)

    def column(self, name: str, entry: zipfile.ZipInfo) -> Column:
        """The array of a member, with nothing but its header read."""
        label = f"{self._file.name} ({name})"
        try:
            with self._zip.open(entry) as stream:
                header = read_header(stream, label)  # type: ignore[arg-type]
        except UNPACKING_ERRORS as error:
            raise damaged(self._file.name) from error
        checked(header, label, entry.file_size)
        if _is_stored(entry):
            return _Plain(self._file.array(header, self._data_start(entry)), self._file.check)
        return _Packed(header, self, entry)

    def head(self, entry: zipfile.ZipInfo, count: int) -> bytes:
        """The first ``count`` bytes of a member."""
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(count)
        except UNPACKING_ERRORS as error:
            raise damaged(self._file.name) from error
        if len(data) != count:
            raise damaged(self._file.name)
        return data

    def unpacked(self, entry: zipfile.ZipInfo) -> bytes | mmap.mmap:
        """The whole of a member, in memory or in a temporary file that goes with its mapping."""
        if entry.file_size <= IN_MEMORY:
            return self.head(entry, entry.file_size)
        try:
            with tempfile.TemporaryFile() as target:
                self._unpack(entry, target)
                target.flush()
                return mmap.mmap(target.fileno(), entry.file_size, access=mmap.ACCESS_READ)
        except OSError as error:
            raise StudioError(
                f"{self._file.name} could not be unpacked ({error.strerror or error}); make room on the disk "
                "of temporary files, or save it without compression."
            ) from None

    def _unpack(self, entry: zipfile.ZipInfo, target: Any) -> None:
        try:
            source = self._zip.open(entry)
        except UNPACKING_ERRORS as error:
            raise damaged(self._file.name) from error
        with source:
            while True:
                try:
                    data = source.read(AT_ONCE)
                except UNPACKING_ERRORS as error:
                    raise damaged(self._file.name) from error
                if not data:
                    break
                target.write(data)
        if target.tell() != entry.file_size:
            raise damaged(self._file.name)

    def _data_start(self, entry: zipfile.ZipInfo) -> int:
        """Where the bytes of a stored member begin."""
        local = self._file.content(entry.header_offset, LOCAL_HEADER.size)
        if len(local) < LOCAL_HEADER.size or entry.compress_size != entry.file_size:
            raise damaged(self._file.name)
        _, name, extra = LOCAL_HEADER.unpack(local)
        start = entry.header_offset + LOCAL_HEADER.size + int(name) + int(extra)
        if start + entry.file_size > self._file.size:
            raise damaged(self._file.name)
        return start

    def close(self) -> None:
        """Let the directory go."""
        self._zip.close()


def _is_stored(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type == zipfile.ZIP_STORED


class _Plain:
    """An array that is in memory, or mapped into it."""

    def __init__(self, values: NDArray, check: Callable[[], None]) -> None:
        self._values, self._check = values, check
        self.shape = values.shape

    def rows(self, start: int, stop: int) -> NDArray:
        """As :meth:`Column.rows`."""
        self._check()
        return _copied(self._values, start, stop)


class _Packed:
    """An array that is deflated in an npz."""

    def __init__(self, header: Header, archive: _Archive, entry: zipfile.ZipInfo) -> None:
        self._header, self._archive, self._entry = header, archive, entry
        self._values: NDArray | None = None
        self._looked = False  # whether its head was read
        self._lock = threading.Lock()
        self.shape = header.shape

    def rows(self, start: int, stop: int) -> NDArray:
        """As :meth:`Column.rows`; at first, the first few are read without those that follow."""
        with self._lock:
            if self._values is None:
                head = None if self._looked else self._head(stop)
                self._looked = True
                if head is not None:
                    return _copied(head, start, stop)
                self._values = shaped(self._header, self._archive.unpacked(self._entry), self._header.start)
            return _copied(self._values, start, stop)

    def _head(self, stop: int) -> NDArray | None:
        """The rows before ``stop``, where they are short and lie together."""
        header = self._header
        if not header.shape or header.fortran or header.size == 0:
            return None
        shape = (min(stop, header.shape[0]), *header.shape[1:])
        head = Header(shape, header.dtype, fortran=False, start=header.start)
        if head.start + head.size > HEAD:
            return None
        return shaped(head, self._archive.head(self._entry, head.start + head.size), head.start)


def _copied(values: NDArray, start: int, stop: int) -> NDArray:
    return np.array(values[start:stop] if values.ndim else values)


def _nothing() -> None:
    """What is in memory needs no check."""
