"""Rows of arrays that stay in their files."""

from __future__ import annotations

import os
import struct
import sys
import threading
import zipfile

import numpy as np
import pytest

from studio.storage import tables, zip_checks
from studio.storage.errors import StudioError
from studio.storage.tables import folder_table, memory_table, npz_table

RANDOM = np.random.default_rng(8)
ARRAYS = {
    "expr": RANDOM.normal(size=(50, 7)),
    "rotation": RANDOM.normal(size=(50, 3)).astype(">f4"),
    "fortran": np.asfortranarray(RANDOM.normal(size=(50, 4))),
    "cube": RANDOM.normal(size=(50, 5, 3)).astype(np.float32),
    "shape": RANDOM.normal(size=9),
    "fps": np.array(24.0),
    "names": np.array(["a", "bc"]),
    "none": np.zeros((50, 0)),
    "whole": np.arange(50),
}
SAVERS = {"stored": np.savez, "packed": np.savez_compressed}


def opened(kind, folder):
    """A table of ``ARRAYS`` in one of its forms."""
    if kind == "memory":
        return memory_table(ARRAYS)
    if kind == "folder":
        for name, values in ARRAYS.items():
            np.save(folder / f"{name}.npy", values)
        return folder_table(folder, ARRAYS.keys())
    SAVERS[kind](folder / "a.npz", **ARRAYS, other=np.zeros(3))
    return npz_table(folder / "a.npz", ARRAYS.keys())


@pytest.mark.parametrize("kind", ["memory", "folder", "stored", "packed", "spilled"])
def test_rows_are_those_of_the_array(tmp_path, monkeypatch, kind):
    if kind == "spilled":
        monkeypatch.setattr(tables, "IN_MEMORY", 0)
        monkeypatch.setattr(tables, "HEAD", 0)
        kind = "packed"
    table = opened(kind, tmp_path)
    assert table.shapes == {name: values.shape for name, values in ARRAYS.items()}
    for name, values in ARRAYS.items():
        for start, stop in ((0, 1), (0, 2), (17, 19), (49, 50), (40, 99), (0, 50), (3, 4)):
            rows = table.rows(name, start, stop)
            np.testing.assert_array_equal(rows, values[start:stop] if values.ndim else values)
            assert rows.dtype == values.dtype
            assert rows.flags.owndata or rows.base is None or rows.flags.writeable
    table.close()


def test_a_folder_that_is_packed_is_read_once(tmp_path, monkeypatch):
    unpacked = []
    original = tables._Archive.unpacked
    monkeypatch.setattr(
        tables._Archive, "unpacked", lambda self, entry: unpacked.append(entry) or original(self, entry)
    )
    monkeypatch.setattr(tables, "HEAD", 400)
    table = opened("packed", tmp_path)
    table.rows("expr", 0, 2)
    assert unpacked == []
    for start in range(10, 40):
        table.rows("expr", start, start + 1)
    assert [entry.filename for entry in unpacked] == ["expr.npy"]
    table.close()


@pytest.mark.skipif(sys.platform != "linux", reason="counts what the system was asked to read")
@pytest.mark.parametrize("save", SAVERS.values(), ids=SAVERS)
def test_opening_reads_headers_alone(tmp_path, save):
    def taken(rows):
        path = tmp_path / f"{rows}.npz"
        save(path, expr=RANDOM.normal(size=(rows, 100)), jaw_pose=RANDOM.normal(size=(rows, 3)))
        with open("/proc/self/io", "rb") as counts:
            before = int(counts.read().split()[1])
        table = npz_table(path, ("expr", "jaw_pose"))
        table.rows("expr", 0, 2)
        with open("/proc/self/io", "rb") as counts:
            after = int(counts.read().split()[1])
        table.close()
        return after - before

    assert taken(20_000) < 1.5 * taken(2_000) < 300_000


def test_many_threads_ask_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "HEAD", 0)
    table, wrong = opened("packed", tmp_path), []

    def ask(seed):
        for index in np.random.default_rng(seed).integers(0, 50, 200):
            wrong.extend(
                (name, index)
                for name in ("expr", "cube")
                if not np.array_equal(table.rows(name, index, index + 1), ARRAYS[name][index : index + 1])
            )

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    table.close()


def read_all(path):
    table = npz_table(path, ARRAYS.keys())
    for name in table.shapes:
        table.rows(name, 20, 30)


def refused(path):
    with pytest.raises(StudioError) as told:
        read_all(path)
    assert path.name in str(told.value)
    return str(told.value)


def header(shape, kind="<f4"):
    text = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (header((2**29, 1)) + b"\0" * 64, "header claims 2147483648"),
        (header((2**50, 1)), "makes no sense"),
        (header((4, 1)) + b"\0" * 64, "header claims 16"),
        (header((), "|O") + b"\x80\x04N.", "neither numbers nor text"),
        (b"not an array", "not a whole NumPy array"),
    ],
)
def test_false_claims_are_refused(tmp_path, method, content, words):
    path = tmp_path / "false.npz"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("expr.npy", content)
    assert words in refused(path)
    if method == zipfile.ZIP_STORED:
        (tmp_path / "expr.npy").write_bytes(content)
        with pytest.raises(StudioError, match="expr"):
            folder_table(tmp_path, ("expr",))


def test_what_is_no_archive_is_refused(tmp_path):
    whole = tmp_path / "whole.npz"
    np.savez(whole, **ARRAYS)
    for name, content in (
        ("empty.npz", b""),
        ("text.npz", b"hello"),
        ("cut.npz", whole.read_bytes()[:-200]),
        ("tail.npz", whole.read_bytes()[2000:]),
    ):
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name)
    with pytest.raises(StudioError, match="does not exist"):
        npz_table(tmp_path / "gone.npz", ())


def test_absurd_growth_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, expr=np.zeros((200_000, 10)))
    monkeypatch.setattr(zip_checks, "ALWAYS_ALLOWED", 1 << 20)
    assert "would unpack to" in refused(path)


def test_damaged_packing_is_told_when_it_is_met(tmp_path):
    path = tmp_path / "bad.npz"
    np.savez_compressed(path, expr=RANDOM.normal(size=(5000, 10)))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = b"\xff" * 64
    path.write_bytes(content)
    table = npz_table(path, ("expr",))
    with pytest.raises(StudioError, match=r"bad\.npz is cut short"):
        table.rows("expr", 4000, 4001)
    table.close()


def test_a_full_disk_of_temporary_files_is_told(tmp_path, monkeypatch):
    path = tmp_path / "large.npz"
    np.savez_compressed(path, expr=RANDOM.normal(size=(5000, 10)))
    monkeypatch.setattr(tables, "IN_MEMORY", 0)

    def full():
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(tables.tempfile, "TemporaryFile", full)
    table = npz_table(path, ("expr",))
    with pytest.raises(StudioError, match=r"large\.npz could not be unpacked"):
        table.rows("expr", 4000, 4001)
    table.close()


def test_a_file_cut_while_it_is_open_is_told(tmp_path):
    path = tmp_path / "cut.npz"
    np.savez(path, expr=RANDOM.normal(size=(50_000, 10)))
    table = npz_table(path, ("expr",))
    os.truncate(path, 5000)
    with pytest.raises(StudioError, match=r"cut\.npz was changed"):
        table.rows("expr", 49_000, 49_001)
    table.close()


@pytest.mark.parametrize("save", SAVERS.values(), ids=SAVERS)
def test_a_single_changed_bit_is_found(tmp_path, save):
    path = tmp_path / "bit.npz"
    save(path, expr=RANDOM.normal(size=(500, 10)))
    tables.verify_npz(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"bit\.npz is cut short"):
        tables.verify_npz(path)
