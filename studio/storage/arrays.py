"""Arrays in files: npy, npz and safetensors, read without trust and written the same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.storage.archive import Archive, add_member
from studio.storage.atomic import write_atomically
from studio.storage.errors import RefusedFileError
from studio.storage.npy import Header, parse_npy, read_header
from studio.storage.paths import read_bytes, read_start
from studio.storage.zip_checks import UNPACKING_ERRORS

HEADER_START = 1 << 17


def read_npy(path: Path) -> Any:
    """The array at ``path`` (read-only), or the dict that a 0-d object array wraps.

    Raises:
        StudioError: it cannot be read, is cut short or damaged, or asks for other objects.

    """
    return parse_npy(read_bytes(path), path.name)


def npy_header(path: Path) -> Header:
    """Shape and type of the array at ``path``, without reading the data.

    Raises:
        StudioError: it cannot be read or has no sane header.
    """
    start = read_start(path, HEADER_START)
    return read_header(io.BytesIO(start), path.name)


def read_npz(path: Path, names: Collection[str] | None = None) -> dict[str, Any]:
    """The arrays of an npz by name (read-only); only those in ``names``, if given.

    Members that wrap a dict in a 0-d object array give the dict, by the restricted reader.

    Raises:
        StudioError: it cannot be read, is cut short or damaged, would unpack to an absurd size,
            or asks for other objects.

    """
    with _Archive(path) as archive:
        chosen = [name for name in archive.members if names is None or name in names]
        return {name: parse_npy(archive.content(name), f"{path.name} ({name})") for name in chosen}


def parse_npz(data: bytes, name: str) -> dict[str, NDArray]:
    """The arrays (read-only) of the npz that is ``data``; ``name`` is what errors call it.

    Raises:
        StudioError: it is cut short or damaged, would unpack to an absurd size, or holds Python objects.

    """
    with _Archive(data, name) as archive:
        return {member: _plain(archive.content(member), f"{name} ({member})") for member in archive.members}


def _plain(data: bytes, name: str) -> NDArray:
    if read_header(io.BytesIO(data), name).dtype.hasobject:
        raise RefusedFileError(f"{name} asks for Python objects instead of numbers, so it was not opened.")
    return parse_npy(data, name)


def npz_headers(path: Path) -> dict[str, Header]:
    """Shape and type of each array of an npz, without unpacking the data.

    Raises:
        StudioError: it cannot be read or is damaged.

    """
    with _Archive(path) as archive:
        return {name: archive.header(name) for name in archive.members}


def npz_parts(path: Path, name: str, count: int) -> Iterator[NDArray]:
    """The elements of array ``name`` of an npz in C order, ``count`` (the last time maybe fewer) at a time.

    An array that is stored in C order is never in memory as a whole.

    Raises:
        StudioError: the file cannot be read or is damaged, or the array holds no numbers.

    """
    with _Archive(path) as archive:
        header = archive.header(name)
        if header.dtype.kind not in "biuf":
            raise RefusedFileError(
                f"{path.name} ({name}) does not hold real numbers; save it again as numbers."
            )
        if header.fortran:
            whole = parse_npy(archive.content(name), f"{path.name} ({name})").ravel()
            yield from (whole[start : start + count] for start in range(0, len(whole), count))
        else:
            yield from archive.parts(name, header, count)


def write_npz(path: Path, arrays: Mapping[str, ArrayLike], compress: bool = True) -> None:
    """Write ``arrays`` under their names; the same arrays give the same bytes.

    Raises:
        StudioError: it cannot be written; nothing is left half-written.
        ValueError: an array holds Python objects.

    """
    write_atomically(path, lambda stream: _write_members(stream, arrays, compress))


def npz_bytes(arrays: Mapping[str, ArrayLike], compress: bool = True) -> bytes:
    """The content of the file that :func:`write_npz` would write.

    Raises:
        ValueError: an array holds Python objects.

    """
    content = io.BytesIO()
    _write_members(content, arrays, compress)
    return content.getvalue()


def _write_members(stream: IO[bytes], arrays: Mapping[str, ArrayLike], compress: bool) -> None:
    with zipfile.ZipFile(stream, "w") as archive:
        for name, values in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(values), allow_pickle=False)
            add_member(archive, f"{name}.npy", content.getvalue(), compress)


class _Archive(Archive):
    """An open npz."""

    def __init__(self, source: Path | bytes, name: str = "") -> None:
        name = source.name if isinstance(source, Path) else name
        super().__init__(source, name, "an npz file", ".npy")

    def __enter__(self) -> _Archive:
        super().__enter__()
        return self

    def header(self, name: str) -> Header:
        """The header of one member; only its first block is unpacked."""
        try:
            with self.zip.open(self.members[name]) as stream:
                return read_header(stream, f"{self.name} ({name})")  # type: ignore[arg-type]
        except UNPACKING_ERRORS as error:
            raise self.damaged() from error

    def parts(self, name: str, header: Header, count: int) -> Iterator[NDArray]:
        """The data of a member of numbers in C order, ``count`` elements at a time."""
        left = header.size
        try:
            with self.zip.open(self.members[name]) as stream:
                stream.read(header.start)
                while left:
                    data = stream.read(min(left, count * header.dtype.itemsize))
                    if not data or len(data) % header.dtype.itemsize:
                        raise self.damaged()
                    left -= len(data)
                    yield np.frombuffer(data, header.dtype)
        except UNPACKING_ERRORS as error:
            raise self.damaged() from error
