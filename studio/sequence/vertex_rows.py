"""Vertices of every frame that stay in their file: an array (T, V, 3) read only where it is looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from studio.flame.params import FloatArray, same_array
from studio.sequence.frame_cache import FrameCache
from studio.storage.errors import StudioError

IN_MEMORY = 64 << 20  # bytes of an array that is rather read as a whole
_COMPARED = 64  # frames at a time
MOST = 2 << 30  # bytes of vertices that an operation may ask to have in memory
_log = logging.getLogger(__name__)


def check_room(nbytes: int, source: str = "") -> None:
    """Make sure that vertices of ``nbytes``, of a file, may be read or made as a whole.

    Raises:
        StudioError: they are more than :data:`MOST`.

    """
    if nbytes > MOST:
        which = f"The vertices of {source}" if source else "The vertices"
        raise StudioError(
            f"{which} would take {nbytes / 2**30:.1f} GiB of memory, and this works on at most "
            f"{MOST / 2**30:.0f} GiB; trim the clip first."
        )


def in_memory(values: FloatArray) -> FloatArray:
    """``values``, read as a whole where they are in a file.

    Raises:
        StudioError: they are too many for that.

    """
    if not isinstance(values, VertexRows):
        return values
    check_room(values.nbytes, values.source)
    return values._loaded()


def same_rows(first: FloatArray, second: FloatArray) -> bool:
    """Whether two arrays (T, V, 3), of which one at least is in a file, are equal; read a piece at a time."""
    if first.shape != second.shape:
        return False
    if isinstance(first, VertexRows) and isinstance(second, VertexRows) and first.same_place(second):
        return True
    pieces = (slice(start, start + _COMPARED) for start in range(0, len(first), _COMPARED))
    return all(np.array_equal(np.asarray(first[piece]), np.asarray(second[piece])) for piece in pieces)


Read = Callable[[int, int], NDArray]  # rows from one to before the other, of any shape and real type


class VertexRows:
    """Stands for a read-only float32 array (T, V, 3): ``factor`` times the rows of a file, less ``base``.

    Indexing by one frame gives an array, by a range of frames an array, or rows again where that would be
    large. It never fails: what cannot be read or is not finite is 0 (:attr:`faults` counts such frames), so
    that a clip plays on. While frames are asked for one after the other, those that will be wanted next are
    read on a thread. May be used from several threads.
    """

    ndim = 3
    dtype = np.dtype(np.float32)

    def __init__(
        self,
        read: Read,
        count: int,
        vertices: int,
        factor: float = 1.0,
        base: FloatArray | None = None,
        first: int = 0,
        total: int | None = None,
        in_memory: int = 0,
    ) -> None:
        """Take frames ``first`` to ``first + count - 1`` of what ``read`` gives.

        Args:
            read: gives rows of the file.
            count: T.
            vertices: how many a row of the file has.
            factor: to metres.
            base: (vertices, 3) what is taken off every row.
            first: the row of the first frame.
            total: V, where vertices without numbers follow those of the file; None: no more.
            in_memory: bytes up to which they are rather read as a whole; 0: ``IN_MEMORY``.

        """
        self._read, self._factor, self.base, self.first = read, factor, base, first
        self.vertices, self._in_memory = vertices, in_memory
        self._cache: FrameCache[FloatArray] | None = None
        self.shape = (count, vertices if total is None else total, 3)
        self.faults = 0
        self.source = ""  # the file, folder or pattern that they are in, as text
        self.missing = ""  # why there is nothing in them, where that is known

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def size(self) -> int:
        """How many numbers it stands for."""
        return self.shape[0] * self.shape[1] * 3

    @property
    def nbytes(self) -> int:
        """Bytes that they would take."""
        return 4 * self.size

    def against(self, base: FloatArray | None, total: int) -> VertexRows:
        """The same rows less ``base`` (vertices, 3), with V = ``total``."""
        made = VertexRows(
            self._read, len(self), self.vertices, self._factor, base, self.first, total, self._in_memory
        )
        made.source, made.missing = self.source, self.missing
        return made

    def same_place(self, other: VertexRows) -> bool:
        """Whether both are the same rows of one file, made metres in the same way."""
        return (
            (self._read, self.first, self.shape, self.vertices, self._factor)
            == (other._read, other.first, other.shape, other.vertices, other._factor)
        ) and same_array(self.base, other.base)

    def part(self, start: int, stop: int) -> VertexRows:
        """Frames ``start`` to ``stop`` - 1, still in the file."""
        start, stop, _ = slice(start, stop).indices(len(self))
        made = self.against(self.base, self.shape[1])
        made.first, made.shape = self.first + start, (max(stop - start, 0), *self.shape[1:])
        return made

    def as_array(self) -> FloatArray:
        """These rows as an array where they are few, else as they are: whoever takes an array takes them."""
        return cast("FloatArray", self) if self.stays_in_file else self._loaded()

    @property
    def stays_in_file(self) -> bool:
        """Whether they are too many, or too slow to read, to be read as a whole."""
        return self.nbytes > (self._in_memory or IN_MEMORY)

    def rows(self, start: int, stop: int) -> FloatArray:
        """Frames ``start`` to ``stop`` - 1 (n, V, 3), read now.

        Raises:
            StudioError: they cannot be read.

        """
        raw = self._read(self.first + start, self.first + stop)
        with np.errstate(over="ignore", invalid="ignore"):
            values: NDArray[Any] = np.asarray(raw, np.float64 if raw.dtype.itemsize > 4 else np.float32)
            values = values.reshape(-1, self.vertices, 3)
            made = np.zeros((len(values), *self.shape[1:]), np.float32)
            known = min(self.vertices, self.shape[1])
            made[:, :known] = self._factor * values[:, :known]
            if self.base is not None:
                made[:, :known] -= self.base[:known]
        return made

    def __getitem__(self, key: Any) -> FloatArray:
        if isinstance(key, int | np.integer):
            return self._frame(range(len(self))[int(key)])
        if isinstance(key, slice):
            start, stop, step = key.indices(len(self))
            if step == 1:
                return self.part(start, stop).as_array()
        if self._is_all(key):
            return cast("FloatArray", self)
        return self._loaded()[key]

    def reshape(self, *shape: int) -> FloatArray:
        """All of them in memory, in another shape, as code that works on every frame asks for them."""
        return self._loaded().reshape(*shape)

    def _frame(self, index: int) -> FloatArray:
        """One frame, kept or read, those after it being read on a thread."""
        if self._cache is None:
            self._cache = FrameCache(self._frames, len(self))
        self._cache.aim(index)
        return self._cache.frame(index)

    def _frames(self, indices: range) -> list[FloatArray]:
        made = self._safe(indices.start, indices.stop)
        made.setflags(write=False)
        return list(made)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray:
        return self._safe(0, len(self)).astype(dtype or np.float32, copy=False)

    def _is_all(self, key: Any) -> bool:
        """Whether ``key`` asks for everything, as code that cuts to V vertices does."""
        if not isinstance(key, tuple) or not key or key[0] is not Ellipsis:
            return False
        if not all(isinstance(part, slice) for part in key[1:]):
            return False
        return key[1:] == (slice(None, self.shape[1], None), slice(None))

    def _loaded(self) -> FloatArray:
        made = self._safe(0, len(self))
        made.setflags(write=False)
        return made

    def _safe(self, start: int, stop: int) -> FloatArray:
        """As :meth:`rows`, but 0 where that fails or is not finite."""
        try:
            made = self.rows(start, stop)
        except StudioError as error:
            _log.debug("frames %d to %d cannot be read: %s", start, stop, error)
            self.faults += 1
            return np.zeros((stop - start, *self.shape[1:]), np.float32)
        if not np.isfinite(made.sum()):
            bad = ~np.isfinite(made)
            self.faults += int(bad.any(axis=(1, 2)).sum())
            made[bad] = 0.0
        return made
