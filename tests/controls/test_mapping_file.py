"""A user's own mapping comes from three kinds of files; what is wrong with it is said in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studio.controls.mapping_file import is_mapping, read_mapping
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

NAMES = ("jawOpen", "mouthSmileLeft")
MATRIX = [[0.5, -1.0, 0.25], [0.0, 2.0, 1e-3]]


def npz(path: Path, **arrays: object) -> Path:
    np.savez(path, **{"names": np.array(NAMES), "matrix": np.array(MATRIX), **arrays})
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def rows(matrix: list[list[float]] = MATRIX) -> str:
    return "".join(f"{name}, {', '.join(map(str, row))}\n" for name, row in zip(NAMES, matrix, strict=True))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", rows()),
        ("headed.csv", "\ufeffname,expr 1,expr 2,expr 3\r\n\r\n" + rows().replace("\n", "\r\n")),
        ("counted.csv", ",0,1,2\n" + rows()),
        ("numbered.csv", "unit,1,2,3\n" + rows()),
        ("table.json", json.dumps({"names": NAMES, "matrix": MATRIX})),
        ("by_name.json", json.dumps(dict(zip(NAMES, MATRIX, strict=True)))),
        ("UPPER.JSON", json.dumps(dict(zip(NAMES, MATRIX, strict=True)))),
    ],
)
def test_text_files(tmp_path: Path, name: str, content: str) -> None:
    mapping = read_mapping(text(tmp_path / name, content))
    assert mapping.names == NAMES
    np.testing.assert_array_equal(mapping.matrix, MATRIX)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_npz(tmp_path: Path, dtype: type) -> None:
    mapping = read_mapping(npz(tmp_path / "mapping.npz", matrix=np.array(MATRIX, dtype)))
    assert mapping.names == NAMES
    np.testing.assert_array_equal(mapping.matrix, np.array(MATRIX, dtype))
    assert mapping.matrix.dtype == np.float64


def check_refusal(path: Path, said: str) -> None:
    with pytest.raises(StudioError) as caught:
        read_mapping(path)
    sentence = str(caught.value)
    assert said in sentence
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kind.txt", rows(), "is no .npz, .csv, .json file"),
        ("empty.csv", "", "names no unit"),
        ("headings.csv", "name,one\n", "names no unit"),
        ("smirk.csv", "jawOpen,1\nsmirk,2\n", "maps smirk, which ARKit does not have"),
        ("strange.csv", "a,1\nb,2\nc,3\nd,4\n", "maps a, b, c, …"),
        ("twice.csv", "jawOpen,1\njawOpen,2\n", "maps jawOpen twice"),
        ("ragged.csv", "jawOpen,1,2\njawLeft,1\n", "different lengths"),
        ("words.csv", "jawOpen,1\njawLeft,much\n", "no numbers"),
        ("bare.csv", "jawOpen\njawLeft\n", "give each unit one row"),
        ("nan.csv", "jawOpen,1\njawLeft,nan\n", "gives jawLeft the coefficient nan for component 1"),
        ("huge.csv", "jawOpen,1,1e9\n", "the coefficient 1e+09 for component 2"),
        ("quote.csv", 'jawOpen,"1\n', "no whole CSV"),
        ("list.json", "[1, 2]", "holds no JSON object"),
        ("cut.json", '{"jawOpen": [1', "not whole JSON"),
        ("empty.json", "{}", "names no unit"),
        ("flat.json", '{"names": ["jawOpen"], "matrix": [1.0]}', "give each unit one row"),
        (
            "fewer.json",
            '{"names": ["jawOpen", "jawLeft"], "matrix": [[1.0]]}',
            "has 2 names and a matrix of 1 x 1",
        ),
        ("number.json", '{"names": 3, "matrix": [[1.0]]}', "maps 3, which ARKit does not have"),
        ("nested.json", '{"jawOpen": {"a": 1}}', "no numbers"),
        ("nothing.json", '{"jawOpen": null}', "give each unit one row"),
        ("infinite.json", '{"jawOpen": [Infinity]}', "coefficient inf"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, content: str, said: str) -> None:
    check_refusal(text(tmp_path / name, content), said)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"names": np.arange(2)}, "must hold text in 'names'"),
        ({"matrix": np.array([["1"], ["2"]])}, "numbers in 'matrix'"),
        ({"matrix": np.zeros((2, 3), complex)}, "numbers in 'matrix'"),
        ({"matrix": np.zeros((3, 3))}, "has 2 names and a matrix of 3 x 3"),
        ({"matrix": np.zeros((2, 3, 1))}, "a matrix of 2 x 3 x 1"),
        ({"matrix": np.zeros((2, 0))}, "a matrix of 2 x 0"),
        ({"matrix": np.zeros((2000, 20_000), np.float32)}, "larger than 64 MiB"),
        ({"matrix": np.full((2, 3), np.nan)}, "gives jawOpen the coefficient nan"),
        ({"names": np.array([None, "a"], object)}, ""),
    ],
)
def test_wrong_arrays(tmp_path: Path, arrays: dict[str, np.ndarray], said: str) -> None:
    check_refusal(npz(tmp_path / "mapping.npz", **arrays), said)


def test_wrong_archives(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", names=np.array(NAMES))
    check_refusal(tmp_path / "other.npz", "holds no array 'matrix'")
    (tmp_path / "cut.npz").write_bytes(npz(tmp_path / "whole.npz").read_bytes()[:200])
    check_refusal(tmp_path / "cut.npz", "cut short")
    (tmp_path / "latin.csv").write_bytes(b"jawOpen,\xff\n")
    check_refusal(tmp_path / "latin.csv", "UTF-8")
    check_refusal(tmp_path / "nowhere.csv", "")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '{"names": ["jawOpen"], "matrix": [[1.0]]}', True),
        ("a.json", '{"jawOpen": [1.0, 2.0]}', True),
        ("a.json", '{"jawOpen": 0.5}', False),
        ("a.json", '{"frames": [], "fps": 25}', False),
        ("a.csv", "unit,1,2\njawOpen,0.5,1", True),
        ("a.csv", '"jawOpen",0.5,1', True),
        ("a.csv", "x,y\n1,2", False),
        ("a.txt", "jawOpen is a unit", False),
    ],
)
def test_what_is_meant_as_a_mapping_is_told_by_its_content(
    tmp_path: Path, name: str, content: str, expected: bool
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert is_mapping(path, sniff(path)) is expected


def test_an_archive_of_names_and_matrix_is_meant_as_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, names=np.array(["smirk"]), matrix=np.ones((1, 3)))
    assert is_mapping(path, sniff(path))
