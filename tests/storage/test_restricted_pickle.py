"""Pickles of arrays, in every way the field has written them, come out as plain data."""

from __future__ import annotations

import io
import pickle
import sys
import types
from collections import OrderedDict
from typing import ClassVar

import numpy as np
import pytest
import scipy.sparse

from studio.storage.errors import DamagedFileError, RefusedFileError, StudioError
from studio.storage.restricted_pickle import parse_pickle, read_pickle

PROTOCOLS = range(6)


class Python2Pickler(pickle._Pickler):  # type: ignore[name-defined]
    """Writes what Python 2 wrote: every str and buffer as a byte string."""

    dispatch: ClassVar = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined]

    def save_raw(self, value):
        raw = value.encode("latin1") if isinstance(value, str) else value
        if self.proto == 0:
            self.write(b"S" + repr(raw)[1:].encode() + b"\n")
        else:
            self.write(b"T" + len(raw).to_bytes(4, "little") + raw)
        self.memoize(value)

    dispatch[str] = save_raw
    dispatch[bytes] = save_raw


def python_2(value, protocol):
    stream = io.BytesIO()
    Python2Pickler(stream, protocol).dump(value)
    return stream.getvalue().replace(b"cnumpy._core.", b"cnumpy.core.").replace(b"sparse._c", b"sparse.c")


ARRAYS = {
    "f8": np.arange(12.0).reshape(3, 4) / 7,
    "fortran": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "turned": np.arange(24).reshape(2, 3, 4).transpose(1, 2, 0),
    "big endian": np.arange(5, dtype=">f4"),
    "u4": np.array([0, 2**32 - 1], np.uint32),
    "bool": np.array([True, False]),
    "matrix": np.eye(3).view(np.matrix),
    "empty": np.zeros((0, 3)),
    "text": np.array(["a", "bcd"]),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_of_every_protocol(name, protocol):
    got = parse_pickle(pickle.dumps({"x": ARRAYS[name]}, protocol), "a.pkl")["x"]
    assert type(got) is np.ndarray
    assert got.shape == ARRAYS[name].shape
    np.testing.assert_array_equal(got, np.asarray(ARRAYS[name]))


@pytest.mark.parametrize("protocol", [0, 1, 2])
@pytest.mark.parametrize("name", [name for name in ARRAYS if name not in ("empty", "text")])
def test_arrays_of_python_2(name, protocol):
    raw = python_2({"x": ARRAYS[name], "bs_style": "lbs"}, protocol)
    got = parse_pickle(raw, "a.pkl")
    np.testing.assert_array_equal(got["x"], np.asarray(ARRAYS[name]))
    assert got["bs_style"] == "lbs"


def test_python_2_bytes_above_127_survive():
    raw = bytes(range(256))
    got = parse_pickle(python_2({"x": np.frombuffer(raw, np.uint8)}, 0), "a.pkl")["x"]
    assert got.tobytes() == raw


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("layout", ["csc", "csr", "coo"])
@pytest.mark.parametrize("kind", ["matrix", "array"])
def test_sparse_matrices_come_out_dense(layout, kind, protocol):
    dense = np.random.default_rng(0).random((5, 17)) * (np.random.default_rng(1).random((5, 17)) < 0.3)
    value = getattr(scipy.sparse, f"{layout}_{kind}")(dense)
    raw = pickle.dumps({"J_regressor": value}, protocol)
    np.testing.assert_array_equal(parse_pickle(raw, "a.pkl")["J_regressor"], dense)
    if protocol == 2:
        np.testing.assert_array_equal(
            parse_pickle(python_2({"J_regressor": value}, 2), "a.pkl")["J_regressor"], dense
        )


def test_sparse_matrix_of_old_scipy():
    """The attribute names of SciPy before 1.8, where coordinates were row and col."""
    raw = (
        b"\x80\x02cscipy.sparse.coo\ncoo_matrix\n)\x81}("
        + b"".join(
            b"U" + bytes([len(key)]) + key.encode() + pickle.dumps(value, 2)[2:-1]
            for key, value in {
                "_shape": (2, 3),
                "row": np.array([0, 1], np.int32),
                "col": np.array([2, 0], np.int32),
                "data": np.array([5.0, 7.0]),
                "maxprint": 50,
            }.items()
        )
        + b"ub."
    )
    np.testing.assert_array_equal(parse_pickle(raw, "a.pkl"), [[0, 0, 5], [7, 0, 0]])


@pytest.fixture
def chumpy(monkeypatch):
    """A module that pickles as chumpy does, so that its files can be written without it."""
    package, module = types.ModuleType("chumpy"), types.ModuleType("chumpy.ch")

    class Ch:
        pass

    class Formula:
        pass

    Ch.__module__, Ch.__qualname__ = "chumpy.ch", "Ch"
    Formula.__module__, Formula.__qualname__ = "chumpy.ch_ops", "add"
    operations = types.ModuleType("chumpy.ch_ops")
    module.Ch, operations.add = Ch, Formula  # type: ignore[attr-defined]
    for entry in (package, module, operations):
        monkeypatch.setitem(sys.modules, entry.__name__, entry)
    return module, operations


@pytest.mark.parametrize("protocol", [0, 1, 2, 4])
def test_chumpy_objects_are_the_arrays_in_them(chumpy, protocol):
    value = chumpy[0].Ch()
    value.__dict__.update(x=np.arange(6.0).reshape(2, 3), _dirty_vars={"x"}, _itr=None, _cached_parms={})
    raw = pickle.dumps({"shapedirs": value}, protocol)
    np.testing.assert_array_equal(parse_pickle(raw, "a.pkl")["shapedirs"], value.x)


def test_chumpy_formulas_are_refused_with_their_name(chumpy):
    raw = pickle.dumps({"shapedirs": chumpy[1].add()}, 2)
    with pytest.raises(RefusedFileError, match=r"a\.pkl holds a chumpy formula \(chumpy\.ch_ops\.add\)"):
        parse_pickle(raw, "a.pkl")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_containers(protocol):
    value = {
        "list": [1, 2.5, None, True],
        "tuple": (1, (2, 3), ()),
        "set": {1, 2},
        "ordered": OrderedDict(a=1),
        "bytes": b"\x00\xff",
        "bytearray": bytearray(b"ab"),
        "text": "é\n'",
        "big": 2**70,
        "scalar": np.float32(1.5),
        "negative": -5,
    }
    assert parse_pickle(pickle.dumps(value, protocol), "a.pkl") == value


def test_torch_tensors_without_torch():
    torch = pytest.importorskip("torch")
    value = {"a": torch.rand(4, 3), "turned": torch.arange(6).reshape(2, 3).T, "empty": torch.zeros(0, 2)}
    for protocol in PROTOCOLS:
        got = parse_pickle(pickle.dumps(value, protocol), "a.pkl")
        for key, tensor in value.items():
            assert got[key].dtype == tensor.numpy().dtype
            np.testing.assert_array_equal(got[key], tensor.numpy())


def test_what_is_shared_stays_shared():
    array = np.arange(3)
    got = parse_pickle(pickle.dumps([array, array], 2), "a.pkl")
    assert got[0] is got[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (pickle.dumps({"x": np.eye(3)}, 2)[:-20], "ends in the middle"),
        (pickle.dumps({"x": np.eye(3)}, 2) + b"junk", "goes on after the end"),
        (b"\x01 text\n", "damaged or not a pickle"),
        (b"\x80\x09N.", "protocol 9"),
    ],
)
def test_damaged_files_say_how(tmp_path, content, words):
    path = tmp_path / "model.pkl"
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=words) as caught:
        read_pickle(path)
    assert str(caught.value).startswith("model.pkl ")


def test_missing_file(tmp_path):
    with pytest.raises(StudioError, match=r"none\.pkl does not exist"):
        read_pickle(tmp_path / "none.pkl")
    with pytest.raises(StudioError, match="is a folder"):
        read_pickle(tmp_path)
