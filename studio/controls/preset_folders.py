"""Where presets lie: those that ship with the studio, and the user's own folder."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.controls.preset_file import ENDING, read_preset, write_preset
from studio.controls.presets import Preset
from studio.flame.folders import APPLICATION
from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError

SHIPPED = Path(__file__).parent / "data" / "poses"
EXPRESSION, VISEME, HEAD = "expression", "viseme", "head"  # tags of what ships
MOST_FILES = 2000
_NOT_IN_NAMES = re.compile(r"[^\w\-]+")
_LONGEST_STEM = 60


@dataclass(frozen=True)
class Stored:
    """A preset and the file that it is in."""

    __hash__ = None  # type: ignore[assignment]

    path: Path
    preset: Preset

    @property
    def ships(self) -> bool:
        """Whether it came with the studio, and may not be changed."""
        return self.path.parent == SHIPPED


def user_poses() -> Path:
    """The folder of the user's presets that the platform proposes; it may not exist yet."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False) / "poses"


@cache
def shipped_presets() -> tuple[Stored, ...]:
    """What ships with the studio: expressions, visemes, then heads and gazes."""
    return tuple(Stored(path, read_preset(path)) for path in sorted(SHIPPED.glob(f"*{ENDING}")))


def read_folder(folder: Path) -> tuple[list[Stored], list[str]]:
    """The presets in ``folder``, by name, and a sentence for each file that cannot be used.

    A folder that is not there has none.
    """
    found: list[Stored] = []
    problems: list[str] = []
    for path in _pose_files(folder):
        try:
            found.append(Stored(path, read_preset(path)))
        except StudioError as error:
            problems.append(str(error))
    return sorted(found, key=lambda stored: stored.preset.name.casefold()), problems


def _pose_files(folder: Path) -> list[Path]:
    try:
        names = sorted(path for path in folder.iterdir() if path.suffix == ENDING and path.name[0] != ".")
    except OSError:
        return []
    return names[:MOST_FILES]


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Tells whether something in ``folder`` was changed by another program."""
    told = []
    for path in _pose_files(folder):
        try:
            status = path.stat()
        except OSError:
            continue
        told.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(told)


def keep(folder: Path, preset: Preset, path: Path | None = None) -> Path:
    """Write ``preset`` into ``folder``, or over the file ``path`` of it; where it is.

    A file gets the preset's name, with a number behind it where there is one of that name.

    Raises:
        StudioError: the folder cannot be written.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    target = path or _free_path(folder, preset.name)
    write_preset(target, preset)
    return target


def _free_path(folder: Path, name: str) -> Path:
    stem = _NOT_IN_NAMES.sub("-", name).strip("-")[:_LONGEST_STEM] or "pose"
    path, number = folder / f"{stem}{ENDING}", 2
    while path.exists():
        path = folder / f"{stem}-{number}{ENDING}"
        number += 1
    return path


def free_name(name: str, taken: Iterable[str]) -> str:
    """``name``, with a number behind it where it is ``taken`` already."""
    known = {other.casefold() for other in taken}
    if name.casefold() not in known:
        return name
    number = 2
    while f"{name} {number}".casefold() in known:
        number += 1
    return f"{name} {number}"


def preset_called(pose: str | Path) -> Preset:
    """The preset in the file ``pose``, or the one of that name in the library.

    Raises:
        StudioError: there is neither, or the file is no preset.

    """
    path = Path(pose)
    # os.path tells False, and does not fail, of names that no file can have
    is_file = path.suffix == ENDING or os.path.isfile(path)
    return read_preset(path) if is_file else named_preset(str(pose))


def named_preset(name: str) -> Preset:
    """The preset called ``name`` in any case, the user's own before those that ship.

    Raises:
        StudioError: there is none.

    """
    stored = [*read_folder(user_poses())[0], *shipped_presets()]
    for entry in stored:
        if entry.preset.name.casefold() == name.strip().casefold():
            return entry.preset
    names = {entry.preset.name.casefold(): entry.preset.name for entry in stored}
    close = difflib.get_close_matches(name.casefold(), names, 1)
    meant = f" (did you mean {names[close[0]]}?)" if close else ""
    raise StudioError(f"There is no pose called {name}{meant}; name one of the library, or a {ENDING} file.")
