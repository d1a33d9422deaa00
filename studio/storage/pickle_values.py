"""What a pickle may build: arrays, plain containers, and records of other libraries' arrays.

The table ``NAMES`` is the whole allow-list. NumPy's, SciPy's and chumpy's own constructors are
never called; each entry rebuilds the array from the bytes in the file and checks every size first.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from studio.storage.pickle_machine import AskedError, Budget, Caller, DamagedError, Name, Record, checked_key

DTYPE_CODE = re.compile(r"[<>=|]?([biufcSUO?])(\d{0,9})")
MOST_DIMENSIONS = 32
DEEPEST = 64
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


def _reconstruct(arguments: tuple[Any, ...], budget: Budget) -> ArrayRecord:
    kind = arguments[0]
    if kind not in ARRAY_CLASSES:
        raise AskedError(f"an array of class {kind}" if isinstance(kind, Name) else "an array of no class")
    return ArrayRecord(budget)


def _scalar(arguments: tuple[Any, ...], budget: Budget) -> Any:
    dtype, raw = arguments
    if not isinstance(dtype, DtypeRecord) or dtype.dtype.hasobject:
        raise AskedError("a NumPy scalar that holds a Python object")
    return array_of(as_bytes(raw, budget), dtype.dtype, (1,), "C")[0]


def _dtype(arguments: tuple[Any, ...], _budget: Budget) -> DtypeRecord:
    return DtypeRecord(arguments[0])


def _from_buffer(arguments: tuple[Any, ...], budget: Budget) -> np.ndarray:
    raw, dtype, shape, order, *axes = arguments
    if not isinstance(dtype, DtypeRecord) or dtype.dtype.hasobject:
        raise AskedError("an array of Python objects in a raw buffer")
    shape = shape_of(shape)
    array = array_of(as_bytes(raw, budget), dtype.dtype, shape, "F" if order == "F" else "C")
    if order == "K" and axes and axes[0] is not None:
        return array.transpose(shape_of(axes[0]))
    return array


def _plain_object(arguments: tuple[Any, ...], budget: Budget) -> Any:
    kind, base, state = arguments
    if base != Name("builtins", "object") or state is not None:
        raise AskedError(f"an object based on {base}" if isinstance(base, Name) else "an object of no class")
    if kind not in INSTANCES:
        raise AskedError(f"an object of class {kind}" if isinstance(kind, Name) else "an object of no class")
    return INSTANCES[kind]((), budget)


def _sparse(layout: str) -> Caller:
    def make(arguments: tuple[Any, ...], budget: Budget) -> SparseRecord:
        if arguments:
            raise DamagedError("is damaged: a sparse matrix in it is made in an unknown way")
        return SparseRecord(layout, budget)

    return make


def _chumpy(arguments: tuple[Any, ...], _budget: Budget) -> ChumpyRecord:
    if arguments:
        raise DamagedError("is damaged: a chumpy object in it is made in an unknown way")
    return ChumpyRecord()


def _items(arguments: tuple[Any, ...], budget: Budget) -> list[Any]:
    """The elements of the list, tuple or set that a container is made from."""
    if not arguments:
        return []
    (source,) = arguments
    if not isinstance(source, list | tuple | set):
        raise AskedError(f"a container made from something of type {type(source).__name__}")
    budget.spend(64 * len(source))
    return list(source)


def _set(arguments: tuple[Any, ...], budget: Budget) -> set[Any]:
    return {checked_key(item) for item in _items(arguments, budget)}


def _mapping(arguments: tuple[Any, ...], budget: Budget) -> dict[Any, Any]:
    pairs = _items(arguments, budget)
    return {checked_key(key): value for key, value in pairs}


def _encode(arguments: tuple[Any, ...], budget: Budget) -> bytes:
    text, encoding = arguments
    if encoding not in ("latin1", "latin-1", "iso-8859-1"):
        raise AskedError(f"text in the encoding {str(encoding)[:40]!a}")
    return as_bytes(text, budget)


def _no_bytes(arguments: tuple[Any, ...], _budget: Budget) -> bytes:
    """The empty bytes, which Python 3 writes as a call in the old protocols."""
    if arguments:
        raise AskedError("bytes made from something other than text")
    return b""


def _byte_array(arguments: tuple[Any, ...], budget: Budget) -> bytes:
    if not arguments:
        return b""
    if isinstance(arguments[0], bytes):
        return arguments[0]
    if len(arguments) == 2 and isinstance(arguments[0], str):
        return _encode(arguments, budget)
    raise AskedError("a byte array made from something other than bytes")


ARRAY_CLASSES = {
    Name("numpy", "ndarray"),
    Name("numpy", "matrix"),
    Name("numpy.matrixlib.defmatrix", "matrix"),
}

INSTANCES: dict[Name, Caller] = {Name("chumpy.ch", "Ch"): _chumpy} | {
    Name(f"scipy.sparse.{prefix}{layout}", f"{layout}_{suffix}"): _sparse(layout)
    for layout in ("csc", "csr", "coo")
    for prefix in ("", "_")
    for suffix in ("matrix", "array")
}

NAMES: dict[Name, Caller | None] = {
    **dict.fromkeys(ARRAY_CLASSES),
    **INSTANCES,
    **{
        Name(f"numpy.{core}.multiarray", function): caller
        for core in ("core", "_core")
        for function, caller in (("_reconstruct", _reconstruct), ("scalar", _scalar))
    },
    **{Name(f"numpy{core}.numeric", "_frombuffer"): _from_buffer for core in (".core", "._core")},
    Name("numpy", "dtype"): _dtype,
    Name("copyreg", "_reconstructor"): _plain_object,
    Name("builtins", "object"): None,
    Name("builtins", "set"): _set,
    Name("builtins", "dict"): _mapping,
    Name("builtins", "list"): _items,
    Name("builtins", "bytearray"): _byte_array,
    Name("builtins", "bytes"): _no_bytes,
    Name("collections", "OrderedDict"): _mapping,
    Name("_codecs", "encode"): _encode,
}


class Resolver:
    """Turns what the machine left into plain data: arrays, dicts, lists, tuples, sets, scalars."""

    def __init__(self) -> None:
        """Start with nothing resolved."""
        self.done: dict[int, tuple[Any, Any]] = {}
        self.depth = 0

    def __call__(self, value: Any) -> Any:
        """The plain form of ``value``; what is shared in the file stays shared.

        Raises:
            DamagedError: containers are nested too deeply, or in a circle.
            AskedError: a class or function stands where a value should.

        """
        if value is None or isinstance(value, str | bytes | bool | int | float | np.generic | np.ndarray):
            return value
        if id(value) in self.done:
            return self.done[id(value)][1]
        if self.depth >= DEEPEST:
            raise DamagedError("is nested more deeply than any file of arrays needs")
        self.depth += 1
        plain = self._container(value)
        self.depth -= 1
        self.done[id(value)] = (value, plain)
        return plain

    def _container(self, value: Any) -> Any:
        if isinstance(value, Record):
            return value.value(self)
        if isinstance(value, dict):
            return {key: self(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self(item) for item in value)
        if isinstance(value, set):
            return value
        raise AskedError(f"the class {value} as a value" if isinstance(value, Name) else "an unknown object")


def plain(value: Any) -> Any:
    """The machine's result as plain data.

    Raises:
        AskedError: it is an array of Python objects, or holds a class as a value.
        DamagedError: it is nested too deeply.

    """
    if isinstance(value, ArrayRecord) and value.is_row_of_objects:
        raise AskedError("an array of Python objects instead of numbers")
    return Resolver()(value)
