"""Landmarks named on a scan, out of files and into them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.scans.scan import Picks, Scan
from studio.flame.landmark_names import IBUG
from studio.flame.landmarks import CONTOUR_COUNT, FULL_COUNT, STATIC_COUNT
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.storage.json_files import read_json
from studio.storage.npy import parse_npy
from studio.storage.paths import read_bytes

PICK_FILES = (".json", ".npy", ".txt")
_NUMBERS = {mark.name: mark.index for mark in IBUG}


def read_picks(path: Path, scan: Scan) -> Picks:
    """The landmarks in the file at ``path``.

    JSON names them by their iBUG number or by their name ("nose tip"), each with its x, y and z in the
    scan's unit, or with the number of a point of the scan. A list, a ``.npy`` file or a text of numbers has
    51 or 68 points in iBUG's order.

    Raises:
        StudioError: it cannot be read, or does not tell landmarks.

    """
    match path.suffix.lower():
        case ".json":
            return _from_json(read_json(path), path.name, scan)
        case ".npy":
            return _from_table(parse_npy(read_bytes(path), path.name), path.name)
        case ".txt":
            return _from_table(_text(path), path.name)
    raise StudioError(f"{path.name} tells no landmarks; they are in JSON, npy or txt files.")


def write_picks(path: Path, picks: Picks) -> None:
    """Save ``picks`` as JSON, by name.

    Raises:
        StudioError: it cannot be written.

    """
    pairs = zip(picks.indices, picks.points, strict=True)
    text = json.dumps({IBUG[index].name: place.tolist() for index, place in pairs}, indent=1) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))


def _from_json(found: Any, name: str, scan: Scan) -> Picks:
    if isinstance(found, dict) and len(found) == 1 and isinstance(next(iter(found.values())), dict | list):
        inner = next(iter(found.values()))
        if isinstance(inner, dict) or (inner and isinstance(inner[0], list)):
            found = inner
    if isinstance(found, list):
        return _from_table(found, name)
    if not isinstance(found, dict):
        raise _unusable(name)
    places = {_number(key, name): _place(value, name, scan) for key, value in found.items()}
    order = sorted(places)
    return Picks(np.array(order, np.intp), np.array([places[index] for index in order]).reshape(-1, 3))


def _number(key: str, name: str) -> int:
    index = _NUMBERS.get(key, int(key) if key.isdecimal() and len(key) < 4 else -1)
    if not 0 <= index < FULL_COUNT:
        raise StudioError(
            f'{name} has a landmark "{key[:40]}"; they are called by their number, 0 to 67, '
            'or by name, as "nose tip".'
        )
    return index


def _place(value: Any, name: str, scan: Scan) -> NDArray[np.float64]:
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value < len(scan.points):
            raise StudioError(f"{name} names the point {value}; {scan.name} has {len(scan.points)}.")
        return scan.points[value]
    try:
        place = np.array(value, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _unusable(name) from None
    if place.shape != (3,) or not np.isfinite(place).all():
        raise _unusable(name)
    return place


def _from_table(found: Any, name: str) -> Picks:
    try:
        points = np.array(found, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _unusable(name) from None
    points = points.reshape(-1, 3) if points.size % 3 == 0 else points
    if points.ndim != 2 or points.shape[1] != 3 or len(points) not in (STATIC_COUNT, FULL_COUNT):
        raise StudioError(f"{name} has no 51 or 68 points in space; choose another file.")
    indices = np.arange(FULL_COUNT)[CONTOUR_COUNT if len(points) == STATIC_COUNT else 0 :]
    known = np.isfinite(points).all(axis=1)
    return Picks(indices[known], points[known])


def _text(path: Path) -> NDArray[np.float64]:
    try:
        words = read_bytes(path).decode("utf-8", "replace").replace(",", " ").split()
        return np.array([float(word) for word in words[: 3 * FULL_COUNT + 1]])
    except ValueError:
        raise _unusable(path.name) from None


def _unusable(name: str) -> StudioError:
    return StudioError(f"{name} does not tell where landmarks are; each has an x, a y and a z.")
