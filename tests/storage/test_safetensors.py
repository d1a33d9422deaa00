"""safetensors files, good and bad."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from studio.storage.errors import StudioError
from studio.storage.safetensors import read_safetensors, safetensors_names

ARRAYS = {"v_template": np.arange(6, dtype=np.float32).reshape(2, 3), "faces": np.zeros((1, 3), np.int32)}


def test_round_trip(tmp_path):
    path = tmp_path / "head.safetensors"
    save_file(ARRAYS, path, {"version": "FLAME 2020"})
    got = read_safetensors(path)
    assert got.metadata == {"version": "FLAME 2020"}
    assert safetensors_names(path) == frozenset(ARRAYS)
    for name, values in ARRAYS.items():
        assert got.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(got.arrays[name], values)


def test_every_truncation_is_told(tmp_path):
    path = tmp_path / "head.safetensors"
    save_file(ARRAYS, path)
    raw = path.read_bytes()
    for end in range(len(raw)):
        path.write_bytes(raw[:end])
        with pytest.raises(StudioError, match=r"^head\.safetensors is"):
            read_safetensors(path)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [2**60], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [0, 4_000_000_000]},
        {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]},
        {"dtype": "PICKLE", "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32"},
        [],
    ],
)
def test_tables_that_lie(tmp_path, entry):
    table = json.dumps({"x": entry}).encode()
    path = tmp_path / "head.safetensors"
    path.write_bytes(len(table).to_bytes(8, "little") + table + b"\0" * 4)
    with pytest.raises(StudioError, match=r"^head\.safetensors is"):
        read_safetensors(path)
    assert safetensors_names(path) == frozenset()
