"""Pickles of arrays that any Python and NumPy reads, without a module that only new ones have."""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import Any

import numpy as np
import pytest

from studio.storage.pickle_writing import write_pickle
from studio.storage.restricted_pickle import parse_pickle

ENTRIES: dict[str, Any] = {
    "float32": np.float32([[1.1, -0.0], [np.inf, 3e-45]]),
    "float64": np.random.default_rng(0).normal(size=(3, 2, 4)),
    "Fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "big-endian": np.arange(4.0).astype(">f8"),
    "unsigned": np.array([[2**32 - 1, 0]], np.uint32),
    "signed": np.array([-1, 2**40]),
    "empty": np.zeros((5, 0)),
    "scalar": np.array(2.5),
    "text": "lbs é\n",
    "number": -7,
    "inner": {"n_expr": 43, "of": {"text": ""}},
}


def written(entries: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    write_pickle(stream, entries)
    return stream.getvalue()


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, np.ndarray):
        whole = np.array_equal(found, wanted) and np.array_equal(np.signbit(found), np.signbit(wanted))
        return bool(whole) and found.shape == wanted.shape
    return bool(found == wanted)


@pytest.mark.filterwarnings("error")
def test_python_and_the_restricted_reader_read_it() -> None:
    content = written(ENTRIES)
    for found in (pickle.loads(content, encoding="latin1"), parse_pickle(content, "it")):
        assert list(found) == list(ENTRIES)
        assert [name for name in ENTRIES if not same(found[name], ENTRIES[name])] == []


def test_it_is_protocol_2_and_names_only_what_every_numpy_has() -> None:
    operations = list(pickletools.genops(written(ENTRIES)))
    names = {argument for opcode, argument, _ in operations if opcode.name == "GLOBAL"}
    assert names == {"numpy.core.multiarray _reconstruct", "numpy ndarray", "numpy dtype"}
    assert max(opcode.proto for opcode, _, _ in operations) == 2


def test_types_are_those_of_published_files() -> None:
    found = parse_pickle(written(ENTRIES), "it")
    kinds = {name: found[name].dtype.str for name in ("float32", "big-endian", "unsigned", "signed")}
    assert kinds == {"float32": "<f8", "big-endian": "<f8", "unsigned": "<u4", "signed": "<i8"}


@pytest.mark.parametrize("value", [np.array([object()]), np.zeros(2, complex), None, 1.5, [1]])
def test_nothing_else_is_written(value: Any) -> None:
    with pytest.raises(TypeError, match="not written into pickles"):
        written({"value": value})


def test_numbers_that_do_not_fit_are_not_bent() -> None:
    with pytest.raises(OverflowError):
        written({"value": np.array([2**32], np.uint64)})
