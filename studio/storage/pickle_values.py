"""What a pickle may build: arrays and plain containers. The table ``NAMES`` is the whole allow-list."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.storage.pickle_machine import (
    AskedError,
    Budget,
    Caller,
    DamagedError,
    Name,
    Record,
    checked_key,
)
from studio.storage.pickle_records import (
    ArrayRecord,
    ChumpyRecord,
    DtypeRecord,
    SparseRecord,
    array_of,
    as_bytes,
    shape_of,
)

DEEPEST = 64


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
