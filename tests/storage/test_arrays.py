"""npy and npz files are read without trust, and written the same every time."""

from __future__ import annotations

import contextlib
import io
import os
import random
import struct
import zipfile

import numpy as np
import pytest

from studio.storage.arrays import npz_headers, read_npy, read_npz, write_npz
from studio.storage.errors import RefusedFileError, StudioError

DATA = {"expr": np.arange(6, dtype=np.float32).reshape(2, 3), "timestep_id": np.array(["00", "01"])}


def test_round_trip_and_the_same_bytes(tmp_path):
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    write_npz(first, DATA)
    write_npz(second, DATA)
    assert first.read_bytes() == second.read_bytes()
    for reader in (read_npz, lambda path: dict(np.load(path))):
        got = reader(first)
        assert list(got) == list(DATA)
        for name, values in DATA.items():
            assert got[name].dtype == values.dtype
            np.testing.assert_array_equal(got[name], values)


def test_objects_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="Object arrays"):
        write_npz(tmp_path / "a.npz", {"x": np.array([{}], dtype=object)})
    assert not list(tmp_path.iterdir())


def test_only_what_is_asked_for(tmp_path):
    np.savez(tmp_path / "a.npz", vt=np.zeros((3, 2)), tex_dir=np.zeros(3))
    assert list(read_npz(tmp_path / "a.npz", {"vt"})) == ["vt"]
    headers = npz_headers(tmp_path / "a.npz")
    assert headers["vt"].shape == (3, 2)


@pytest.mark.parametrize(
    "values",
    [
        np.float32(3),
        np.zeros((0, 3)),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(3, dtype=">i2"),
    ],
)
def test_npy_of_every_order(tmp_path, values):
    np.save(tmp_path / "a.npy", values)
    got = read_npy(tmp_path / "a.npy")
    assert got.shape == np.shape(values)
    np.testing.assert_array_equal(got, values)


def test_object_npy_gives_the_dict(tmp_path):
    table = {"lmk_face_idx": [np.arange(17, dtype=np.uint32)] * 79}
    np.save(tmp_path / "a.npy", np.array(table, dtype=object))
    np.savez(tmp_path / "a.npz", landmarks=np.array(table, dtype=object))
    for got in (read_npy(tmp_path / "a.npy"), read_npz(tmp_path / "a.npz")["landmarks"]):
        np.testing.assert_array_equal(got["lmk_face_idx"][78], np.arange(17))


class Evil:
    def __reduce__(self):
        return os.system, ("touch sprung",)


@pytest.mark.parametrize("shape", [(), (1,), (2, 2)])
def test_hostile_object_npy(tmp_path, monkeypatch, shape):
    monkeypatch.chdir(tmp_path)
    values = np.empty(shape, dtype=object)
    values[...] = Evil()
    np.save(tmp_path / "a.npy", values)
    np.savez(tmp_path / "a.npz", x=values)
    for reader, name in ((read_npy, "a.npy"), (read_npz, "a.npz")):
        with pytest.raises(RefusedFileError, match=r"os\.system" if shape == () else "Python objects"):
            reader(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def npy(header: str, body: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + body


BAD_NPY = {
    "empty": b"",
    "magic only": b"\x93NUMPY",
    "not npy": b"PNG or whatever",
    "huge": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }\n", b"\0" * 8),
    "overflow": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2**62,), }\n"),
    "empty but vast": npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': (0, {2**62}, {2**62}), }}\n"),
    "negative": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }\n", b"\0" * 8),
    "no shape": npy("{'descr': '<f8', 'fortran_order': False, 'shape': None, }\n"),
    "call": npy("__import__('os').system('touch sprung')\n"),
    "nested": npy("(" * 5000),
    "fields": npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", b"\0" * 8),
    "object field": npy("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (), }\n", b"N."),
    "too long": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", b"\0" * 9),
    "version": b"\x93NUMPY\x09\x00" + b"\0" * 100,
}


@pytest.mark.parametrize("name", BAD_NPY)
def test_bad_npy(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.npy").write_bytes(BAD_NPY[name])
    with pytest.raises(StudioError, match=r"^a\.npy "):
        read_npy(tmp_path / "a.npy")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", BAD_NPY[name])
    with pytest.raises(StudioError, match=r"^a\.npz "):
        read_npz(tmp_path / "a.npz")
    assert not (tmp_path / "sprung").exists()


def test_a_zip_that_unpacks_to_gigabytes_is_not_opened(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "x.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (9,), }\n", b"\0" * 9)
        )
    raw = path.read_bytes()
    directory = raw.rindex(b"PK\x01\x02")
    path.write_bytes(raw[: directory + 24] + struct.pack("<I", 0xFFFF_0000) + raw[directory + 28 :])
    with pytest.raises(StudioError, match=r"bomb\.npz would unpack to 4\.0 GiB"):
        read_npz(path)


def test_not_a_zip_and_missing(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"\x89PNG renamed")
    with pytest.raises(StudioError, match="not an npz file"):
        read_npz(tmp_path / "a.npz")
    with pytest.raises(StudioError, match="does not exist"):
        read_npz(tmp_path / "b.npz")


@pytest.mark.parametrize("compress", [True, False])
def test_damage_anywhere_is_told(tmp_path, compress):
    path = tmp_path / "a.npz"
    write_npz(path, DATA, compress)
    raw = path.read_bytes()
    chance = random.Random(3)
    for end in range(0, len(raw), 7):
        path.write_bytes(raw[:end])
        with pytest.raises(StudioError):
            read_npz(path)
    for _ in range(400):
        damaged = bytearray(raw)
        damaged[chance.randrange(len(raw))] = chance.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(StudioError):
            read_npz(path)
            npz_headers(path)


def test_truncated_npy_is_told(tmp_path):
    stream = io.BytesIO()
    np.save(stream, np.eye(4))
    raw = stream.getvalue()
    for end in range(len(raw)):
        (tmp_path / "a.npy").write_bytes(raw[:end])
        with pytest.raises(StudioError):
            read_npy(tmp_path / "a.npy")
