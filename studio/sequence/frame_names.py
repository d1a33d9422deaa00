"""Frames in files of their own: which file is which frame."""

from __future__ import annotations

import re
from pathlib import Path

from studio.storage.errors import StudioError

_NUMBER = re.compile(r"\{(?::0(?P<braced>[1-9])d?)?\}|%(?:0(?P<percent>[1-9]))?d")
_DIGITS = re.compile(r"([0-9]+)")


def is_pattern(path: Path) -> bool:
    """Whether ``path`` names numbered files: "frames/{}.npz", "{:04}.json" or "%05d.npz"; and no file."""
    return len(_NUMBER.findall(path.name)) == 1 and not path.exists()


def numbered_files(pattern: Path) -> tuple[list[Path], list[str]]:
    """The files that ``pattern`` names in the order of their numbers, and a sentence on numbers between.

    "{}" and "%d" are numbers as they are, "{:04}" and "%04d" numbers of at least four digits.

    Raises:
        StudioError: there are none, or the folder cannot be read.

    """
    match = _NUMBER.search(pattern.name)
    assert match is not None
    width = int(match["braced"] or match["percent"] or 1)
    number = r"(0|[1-9][0-9]*)" if width == 1 else rf"([0-9]{{{width}}}|[1-9][0-9]{{{width},}})"
    before, after = re.escape(pattern.name[: match.start()]), re.escape(pattern.name[match.end() :])
    wanted = re.compile(before + number + after)
    found = {int(hit[1]): path for path in _entries(pattern.parent) if (hit := wanted.fullmatch(path.name))}
    if not found:
        raise StudioError(
            f"No file in {pattern.parent.name or pattern.parent} is called {pattern.name} with a number; "
            "check the name."
        )
    numbers = sorted(found)
    missing = numbers[-1] - numbers[0] + 1 - len(numbers)
    notice = f"{pattern.name} leaves {missing} numbers out; the frames around them follow each other."
    return [found[number] for number in numbers], [notice] if missing else []


def files_in_order(folder: Path, ending: str) -> list[Path]:
    """The files in ``folder`` that end in ``ending``, by name; numbers in names by their value.

    Raises:
        StudioError: the folder cannot be read.

    """
    found = [path for path in _entries(folder) if path.suffix.lower() == ending]
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def folders_in_order(folder: Path) -> list[Path]:
    """The folders in ``folder`` by name; numbers in names by their value.

    Raises:
        StudioError: the folder cannot be read.

    """
    found = [path for path in _entries(folder) if path.is_dir()]
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def _natural(name: str) -> list[str | int]:
    """Text and numbers of ``name`` in turn, so that 10 comes after 9."""
    return [int(part) if index % 2 else part for index, part in enumerate(_DIGITS.split(name))]


def _entries(folder: Path) -> list[Path]:
    """What lies in ``folder``, without what systems hide there."""
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise StudioError(
            f"{folder.name or folder} cannot be read ({error.strerror}); check the folder."
        ) from None
