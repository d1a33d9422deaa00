"""A user's own mapping from ARKit units to the components of a model: a matrix with names, from a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import GROUP_OF
from studio.storage.arrays import npz_headers, read_npz
from studio.storage.errors import UnfitFileError
from studio.storage.json_files import read_json
from studio.storage.kind import START, FileKind
from studio.storage.paths import file_size, read_bytes, read_start

Array = NDArray[np.float64]

NAMES, MATRIX = "names", "matrix"
KINDS = (".npz", ".csv", ".json")
LARGEST = 64 << 20  # bytes of text, or of an array
MOST_COMPONENTS = 10_000
LARGEST_NUMBER = 1e3  # of a coefficient in sigma or in units; more is damage
NAMES_TOLD = 3
_FIRST_LIST = re.compile(r'\s*\{\s*"(\w+)"\s*:\s*\[')


@dataclass(frozen=True, eq=False)
class UnitMapping:
    """Coefficients (K, n) of the first n expression components for each of K named units at 1."""

    names: tuple[str, ...]
    matrix: Array

    def __eq__(self, other: object) -> bool:
        """Whether both say the same."""
        if not isinstance(other, UnitMapping):
            return NotImplemented
        return self is other or (self.names == other.names and np.array_equal(self.matrix, other.matrix))

    def __hash__(self) -> int:
        """Equal mappings have equal names."""
        return hash(self.names)


def is_mapping(path: Path, kind: FileKind) -> bool:
    """Whether the file at ``path`` of this kind is meant as a mapping, whatever may be wrong with it.

    It is one where it says so by its arrays or keys, or where ARKit's units stand at the beginning of rows.
    """
    if kind.container == "npz":
        return kind.members >= {NAMES, MATRIX}
    if kind.container == "json":
        first = _FIRST_LIST.match(read_start(path, START).decode("utf-8-sig", "replace"))
        return first is not None and (first[1] in (NAMES, MATRIX) or first[1] in GROUP_OF)
    if kind.container == "text" and path.suffix.lower() == ".csv":
        lines = read_start(path, START).decode("utf-8-sig", "replace").splitlines()
        return any(line.partition(",")[0].strip(' "') in GROUP_OF for line in lines[:3])
    return False


def read_mapping(path: Path) -> UnitMapping:
    """The mapping in an npz, csv or json file.

    - npz: ``names`` (K,) text and ``matrix`` (K, n) numbers.
    - csv: a row for each unit, its name and then n numbers; a first row of headings is passed over.
    - json: an object with ``names`` and ``matrix``, or one with a list of n numbers for each unit's name.

    Raises:
        StudioError: it cannot be read, names what is no ARKit unit or one twice, its rows differ in length,
            or a number is not finite or absurd.

    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UnfitFileError(f"{path.name} is no {', '.join(KINDS)} file; save the mapping as one of these.")
    reader = {".npz": _from_npz, ".csv": _from_csv, ".json": _from_json}[kind]
    names, rows = reader(path)
    return _checked(path, names, rows)


def _from_npz(path: Path) -> tuple[Sequence[Any], Any]:
    headers = npz_headers(path)
    missing = [name for name in (NAMES, MATRIX) if name not in headers]
    if missing:
        raise UnfitFileError(
            f"{path.name} holds no array {missing[0]!r}; save the names of the units as {NAMES!r} and their "
            f"coefficients as {MATRIX!r}."
        )
    if headers[NAMES].dtype.kind != "U" or headers[MATRIX].dtype.kind not in "iuf":
        raise UnfitFileError(
            f"{path.name} must hold text in {NAMES!r} and numbers in {MATRIX!r}; save it again."
        )
    if max(headers[name].size for name in (NAMES, MATRIX)) > LARGEST:
        raise UnfitFileError(
            f"{path.name} holds an array larger than {LARGEST >> 20} MiB, which no mapping is; "
            "choose another file."
        )
    arrays = read_npz(path, (NAMES, MATRIX))
    return arrays[NAMES].ravel().tolist(), arrays[MATRIX]


def _from_csv(path: Path) -> tuple[Sequence[Any], Any]:
    if file_size(path) > LARGEST:
        raise UnfitFileError(f"{path.name} is larger than {LARGEST >> 20} MiB; save it as npz instead.")
    try:
        text = read_bytes(path).decode("utf-8-sig")
        lines = [line for line in csv.reader(text.splitlines(), strict=True) if any(map(str.strip, line))]
    except UnicodeDecodeError:
        raise UnfitFileError(f"{path.name} is not text in UTF-8, as CSV must be; save it again.") from None
    except csv.Error as error:
        raise UnfitFileError(f"{path.name} is no whole CSV ({error}); save it again.") from None
    if lines and lines[0][0].strip() not in GROUP_OF and _are_headings(lines[0][1:]):
        lines = lines[1:]
    return [line[0].strip() for line in lines], [line[1:] for line in lines]


def _from_json(path: Path) -> tuple[Sequence[Any], Any]:
    if file_size(path) > LARGEST:
        raise UnfitFileError(f"{path.name} is larger than {LARGEST >> 20} MiB; save it as npz instead.")
    content = read_json(path)
    if not isinstance(content, dict):
        raise UnfitFileError(
            f"{path.name} holds no JSON object; give a list of numbers for the name of each unit."
        )
    if content.keys() == {NAMES, MATRIX}:
        names = content[NAMES]
        return (names if isinstance(names, list) else [names]), content[MATRIX]
    return list(content), list(content.values())


def _are_headings(cells: Sequence[str]) -> bool:
    """Whether ``cells`` head the columns: by words, or by numbering them from 0 or 1."""
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        return True
    counted = any(numbers == [start + place for place in range(len(cells))] for start in (0, 1))
    return not numbers or (counted and len(numbers) > 1)


def _checked(path: Path, names: Sequence[Any], rows: Any) -> UnitMapping:
    """The mapping of ``names`` and ``rows``, or the sentence that says what is wrong with them."""
    if not names:
        raise UnfitFileError(f"{path.name} names no unit; give a row for each ARKit unit that it maps.")
    strange = [str(name)[:40] for name in names if not isinstance(name, str) or name not in GROUP_OF]
    if strange:
        told = ", ".join(strange[:NAMES_TOLD]) + (", …" if len(strange) > NAMES_TOLD else "")
        raise UnfitFileError(
            f"{path.name} maps {told}, which ARKit does not have; name units as in jawOpen or mouthSmileLeft."
        )
    twice = next((name for place, name in enumerate(names) if name in names[:place]), "")
    if twice:
        raise UnfitFileError(f"{path.name} maps {twice} twice; leave one of the rows out.")
    matrix = _numbers(path, rows)
    if matrix.ndim != 2 or len(matrix) != len(names) or not 0 < matrix.shape[1] <= MOST_COMPONENTS:
        raise UnfitFileError(
            f"{path.name} has {len(names)} names and a matrix of {_size(matrix)}; "
            "give each unit one row of coefficients."
        )
    wrong = np.argwhere(~(np.abs(matrix) <= LARGEST_NUMBER))
    if len(wrong):
        row, column = wrong[0]
        raise UnfitFileError(
            f"{path.name} gives {names[row]} the coefficient {matrix[row, column]:g} for component "
            f"{column + 1}; use finite numbers up to {LARGEST_NUMBER:g}."
        )
    return UnitMapping(tuple(names), matrix)


def _numbers(path: Path, rows: Any) -> Array:
    try:
        return np.array(rows, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise UnfitFileError(
            f"{path.name} has rows of different lengths, or cells that are no numbers; "
            "give every unit the same number of coefficients."
        ) from None


def _size(matrix: Array) -> str:
    return " x ".join(map(str, matrix.shape)) or "one number"
