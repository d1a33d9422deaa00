"""Tables of numbers in CSV from strangers: bounded, with a header of names."""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import DamagedFileError, StudioError, UnfitFileError
from studio.storage.paths import cannot_read, file_size, read_start

LARGEST_CSV = 2 << 30  # bytes
MOST_COLUMNS = 20_000
MOST_CELLS = 1 << 27  # of all rows: 1 GiB of numbers
LONGEST_ROW = 1 << 20  # characters, also where quoted cells have line breaks
_TEXT_CELLS = 8  # numbers that take the memory of one text
_START = 64 << 10
_EMPTY = frozenset(("", "nan", "null", "none", "na", "n/a"))


@dataclass(frozen=True, eq=False)
class NumberTable:
    """Columns by name: numbers (T,) float64, NaN where a cell is empty; texts where they are none."""

    names: tuple[str, ...]
    numbers: NDArray[np.float64]  # (T, N) of all columns; NaN in those of text
    texts: dict[str, list[str]]  # of the columns asked for as text


def csv_header(path: Path) -> list[str]:
    """The names in the first line of the file at ``path``; empty where it has none.

    Raises:
        StudioError: it cannot be read.

    """
    text = read_start(path, _START).decode("utf-8-sig", "replace")
    line = text.splitlines()[0] if text.strip() else ""
    try:
        names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter_of(line)), [])]
    except csv.Error:
        return []
    return names if any(re.search("[A-Za-z]", name) for name in names) else []


def delimiter_of(line: str) -> str:
    """What stands between the cells of ``line``: a comma, a semicolon or a tab."""
    return max(",;\t", key=line.count)


def read_csv(path: Path, as_text: frozenset[str] = frozenset()) -> NumberTable:
    """The table at ``path``: a line of names, and a line of numbers for each row.

    Args:
        path: a file of text in UTF-8.
        as_text: names of columns, in lower case, that are kept as they are.

    Raises:
        StudioError: it cannot be read, has a name twice, a row of another length or what is no number.

    """
    if file_size(path) > LARGEST_CSV:
        raise UnfitFileError(f"{path.name} is larger than {LARGEST_CSV >> 30} GiB; save it as npz instead.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _table(path, _Lines(path, stream), as_text)
    except UnicodeDecodeError:
        raise DamagedFileError(f"{path.name} is not text in UTF-8, as CSV must be; save it again.") from None
    except csv.Error as error:
        raise DamagedFileError(f"{path.name} is no whole CSV ({error}); save it again.") from None
    except OSError as error:
        raise cannot_read(path, error) from None


class _Lines:
    """The lines of a file; those of one row together are bounded, and ``end_row`` begins the next."""

    def __init__(self, path: Path, stream: TextIO) -> None:
        self._path, self._stream = path, stream
        self._length = 0  # characters of the row so far

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_ROW + 1 - self._length)
        if not line:
            raise StopIteration
        self._length += len(line)
        if self._length > LONGEST_ROW:
            raise UnfitFileError(
                f"{self._path.name} has a row of more than {LONGEST_ROW} characters; save it again."
            )
        return line

    def end_row(self) -> None:
        """The next line begins another row."""
        self._length = 0


def _table(path: Path, lines: _Lines, as_text: frozenset[str]) -> NumberTable:
    first = next(lines, "")
    between = delimiter_of(first)
    lines.end_row()
    names = [name.strip() for name in next(csv.reader([first], delimiter=between), [])]
    if not any(names):
        raise UnfitFileError(f"{path.name} is empty; choose another file.")
    if len(names) > MOST_COLUMNS:
        raise UnfitFileError(
            f"{path.name} has {len(names)} columns, more than any clip; choose another file."
        )
    twice = next((name for name, times in Counter(names).items() if name and times > 1), None)
    if twice:
        raise UnfitFileError(f"{path.name} has two columns called {twice[:40]}; take one of them out.")
    texts: dict[str, list[str]] = {name: [] for name in names if name.lower() in as_text}
    numbers: array[float] = array("d")
    most = MOST_CELLS // (len(names) + _TEXT_CELLS * len(texts))
    count = 0
    for row in csv.reader(lines, delimiter=between):
        lines.end_row()
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            raise DamagedFileError(
                f"Row {count + 1} of {path.name} has {len(row)} cells where its header names {len(names)}; "
                "the file may be cut short, repair or remove that row."
            )
        if count == most:
            raise UnfitFileError(
                f"{path.name} has more than {most} rows of {len(names)} columns, too many to hold; "
                "save it as npz instead."
            )
        for name, cell in zip(names, row, strict=True):
            if name in texts:
                texts[name].append(cell.strip())
        numbers.extend(_row(path, row, names, texts, count))
        count += 1
    if not count:
        raise UnfitFileError(
            f"{path.name} has a header and no rows, so there are no frames; choose another file."
        )
    return NumberTable(tuple(names), np.frombuffer(numbers, np.float64).reshape(count, len(names)), texts)


def _row(
    path: Path, row: list[str], names: list[str], texts: dict[str, list[str]], index: int
) -> list[float]:
    if not texts:
        try:
            return [float(cell) for cell in row]
        except ValueError:
            pass
    return [
        float("nan") if name in texts else _number(path, cell, name, index)
        for cell, name in zip(row, names, strict=True)
    ]


def _number(path: Path, cell: str, name: str, index: int) -> float:
    text = cell.strip()
    if text.lower() in _EMPTY:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise StudioError(
            f"{name[:40]} in row {index + 1} of {path.name} is {text[:40]!r}, which is no number; repair the "
            "file."
        ) from None
