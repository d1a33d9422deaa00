"""Arrays of NumPy, SciPy and chumpy between their pickled call and their pickled state.

None of these libraries' constructors is called: each array is rebuilt from the bytes in the file, and
every size is checked first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from studio.storage.pickle_machine import AskedError, Budget, DamagedError, Record

DTYPE_CODE = re.compile(r"[<>=|]?([biufcSUO?])(\d{0,9})")
MOST_DIMENSIONS = 32
LONGEST_DIMENSION = 2**48


def as_bytes(raw: Any, budget: Budget) -> bytes:
    """The bytes of a buffer; Python 2 wrote it as text."""
    if isinstance(raw, bytes):
        return raw
    if not isinstance(raw, str):
        raise DamagedError("is damaged: an array in it has no data")
    budget.spend(len(raw))
    return raw.encode("latin1")


def shape_of(value: Any) -> tuple[int, ...]:
    """``value``, if it is a believable shape."""
    if not isinstance(value, tuple) or len(value) > MOST_DIMENSIONS:
        raise DamagedError("is damaged: an array in it has no sensible shape")
    for length in value:
        if type(length) is not int or not 0 <= length < LONGEST_DIMENSION:
            raise DamagedError("is damaged: an array in it has no sensible shape")
    return value


def array_of(raw: bytes, dtype: np.dtype[Any], shape: tuple[int, ...], order: str) -> np.ndarray:
    """A read-only view of ``raw`` as an array of ``shape``.

    Raises:
        DamagedError: the shape does not use exactly the bytes there are.

    """
    if dtype.itemsize * prod(shape) != len(raw):
        raise DamagedError("is damaged: an array in it does not have the size it claims")
    if not raw or not dtype.itemsize:
        return np.zeros(shape if prod(shape) == 0 else (0,), dtype)
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if order == "F" else "C")


class DtypeRecord(Record):
    """``numpy.dtype(code)`` and the byte order of its state."""

    def __init__(self, code: Any) -> None:
        """Take the type code, such as "f8"."""
        match = DTYPE_CODE.fullmatch(code) if isinstance(code, str) else None
        if match is None:
            raise AskedError(f"an array of type {str(code)[:40]!a}")
        self.code = code.lstrip("<>=|")
        self.order = code[0] if code[0] in "<>" else "="

    def build(self, state: Any) -> None:
        """Take the state (version, byte order, subarray, names, …)."""
        if any(part is not None for part in state[2:5]):
            raise AskedError("an array of structured type")
        if state[1] not in ("<", ">", "=", "|"):
            raise DamagedError("is damaged: an array in it has an unknown byte order")
        self.order = state[1]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The finished NumPy type."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.dtype(self.code).newbyteorder(self.order)

    def value(self, resolve: Callable[[Any], Any]) -> Any:
        """A type on its own is told by its code."""
        return self.code


class ArrayRecord(Record):
    """A NumPy array between ``_reconstruct`` and its state."""

    def __init__(self, budget: Budget) -> None:
        """Start without data."""
        self.budget = budget
        self.array: np.ndarray | None = None
        self.items: list[Any] | None = None
        self.shape: tuple[int, ...] = ()

    def build(self, state: Any) -> None:
        """Take the state ([version,] shape, dtype, is Fortran order, data)."""
        shape, dtype, fortran, raw = state[-4:]
        self.shape = shape_of(shape)
        if not isinstance(dtype, DtypeRecord):
            raise DamagedError("is damaged: an array in it has no type")
        if dtype.dtype.hasobject:
            if not isinstance(raw, list) or len(raw) != prod(self.shape):
                raise DamagedError("is damaged: an array in it does not have the size it claims")
            self.items = raw
        else:
            order = "F" if fortran else "C"
            self.array = array_of(as_bytes(raw, self.budget), dtype.dtype, self.shape, order)

    def value(self, resolve: Callable[[Any], Any]) -> Any:
        """The array; a 0-d array of one object is that object, a 1-d one a list."""
        if self.array is not None:
            return self.array
        if self.items is None:
            raise DamagedError("is damaged: an array in it was never filled")
        if len(self.shape) > 1:
            raise AskedError("a table of Python objects instead of numbers")
        items = [resolve(item) for item in self.items]
        return items if self.shape else items[0]

    @property
    def is_row_of_objects(self) -> bool:
        """Whether this is an object array with at least one dimension."""
        return self.items is not None and bool(self.shape)


class SparseRecord(Record):
    """A SciPy sparse matrix, made dense (CSC, CSR and COO layouts)."""

    def __init__(self, layout: str, budget: Budget) -> None:
        """Start a matrix of ``layout`` "csc", "csr" or "coo"."""
        self.layout = layout
        self.budget = budget
        self.state: dict[Any, Any] = {}

    def build(self, state: Any) -> None:
        """Take the attribute dict."""
        self.state = _attributes(state)

    def value(self, resolve: Callable[[Any], Any]) -> np.ndarray:
        """The dense matrix; entries that share a place are added, as SciPy does."""
        stated = resolve(self.state.get("_shape", self.state.get("shape")))
        shape = shape_of(tuple(int(length) for length in stated))
        if len(shape) != 2:
            raise DamagedError("is damaged: a sparse matrix in it has no sensible shape")
        data = _numbers(resolve(self.state.get("data")), "biuf")
        self.budget.spend(prod(shape) * 8)
        rows, columns = self._places(resolve, shape, data.size)
        if rows.shape != data.shape or columns.shape != data.shape:
            raise DamagedError("is damaged: the parts of a sparse matrix in it do not fit together")
        for places, length in ((rows, shape[0]), (columns, shape[1])):
            if places.size and (places.min() < 0 or places.max() >= length):
                raise DamagedError("is damaged: a sparse matrix in it has entries outside its shape")
        dense = np.zeros(shape, np.float64)
        np.add.at(dense, (rows, columns), data)
        return dense

    def _places(
        self, resolve: Callable[[Any], Any], shape: tuple[int, ...], count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        if self.layout == "coo":
            pair = resolve(self.state.get("coords"))
            if pair is None:
                pair = (resolve(self.state.get("row")), resolve(self.state.get("col")))
            return _integers(pair[0]), _integers(pair[1])
        pointers = _integers(resolve(self.state.get("indptr")))
        minor = _integers(resolve(self.state.get("indices")))
        counts = np.diff(pointers)
        length = shape[1] if self.layout == "csc" else shape[0]
        if counts.size != length or (counts < 0).any() or pointers[0] != 0 or pointers[-1] != count:
            raise DamagedError("is damaged: the parts of a sparse matrix in it do not fit together")
        major = np.repeat(np.arange(length), counts)
        return (minor, major) if self.layout == "csc" else (major, minor)


class ChumpyRecord(Record):
    """A ``chumpy.Ch``: an array with bookkeeping around it, of which only the array matters."""

    def __init__(self) -> None:
        """Start without state."""
        self.state: dict[Any, Any] = {}

    def build(self, state: Any) -> None:
        """Take the attribute dict."""
        self.state = _attributes(state)

    def value(self, resolve: Callable[[Any], Any]) -> Any:
        """The array itself."""
        if "x" not in self.state:
            raise DamagedError("holds a chumpy object without an array in it")
        return resolve(self.state["x"])


def _attributes(state: Any) -> dict[Any, Any]:
    if isinstance(state, tuple) and len(state) == 2:
        state = state[0]
    if not isinstance(state, dict):
        raise DamagedError("is damaged: the state of one of its arrays makes no sense")
    return state


def _numbers(value: Any, kinds: str) -> np.ndarray:
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind not in kinds:
        raise DamagedError("is damaged: the parts of a sparse matrix in it are not rows of numbers")
    return value


def _integers(value: Any) -> np.ndarray:
    return _numbers(value, "iu").astype(np.int64)


class LeftOutRecord(Record):
    """An object that frameworks leave beside the arrays of a checkpoint: whatever it holds is passed over."""

    def build(self, state: Any) -> None:
        """Pass the state over."""

    def value(self, resolve: Callable[[Any], Any]) -> None:
        """Nothing is left of it."""
