"""Clips in JSON: a list of frames with their parameters by name, as oxigaf-flame and others write them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.sequence.keys import ALIASES, ALL_KEYS, KEYS, LABELS, TIMES, left_out
from studio.sequence.producers import Facts
from studio.storage.errors import StudioError
from studio.storage.json_files import read_json_items
from studio.storage.paths import read_start

_LATEST = 1e16  # microseconds since 1970 are below
_OTHERS_MOST = 200
FIRST, LOOKED_AT = 256, 64 << 10  # bytes
# Cameras have rotations and translations, too.
_TELLING = KEYS - {*ALIASES["rotation"], *ALIASES["translation"]}
_KEY = re.compile(rf'"(?:{"|".join(sorted(_TELLING))})"\s*:')


def begins_as_json(path: Path) -> bool:
    """Whether the file at ``path`` is meant to be JSON, damaged or not.

    Raises:
        StudioError: it cannot be read.

    """
    return read_start(path, FIRST).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def is_json_clip(path: Path) -> bool:
    """Whether the file at ``path`` is meant to be a clip in JSON, by the names at its start.

    Raises:
        StudioError: it cannot be read.

    """
    text = read_start(path, LOOKED_AT).decode("utf-8", "replace")
    return begins_as_json(path) and _KEY.search(text) is not None


def json_arrays(path: Path) -> tuple[dict[str, NDArray], Facts]:
    """The arrays of the JSON clip at ``path``, by the names in it, (T, D) float32, and what is beside them.

    ``{"fps": 25, "frames": [{"shape": […], "expression": […], "pose": […15], "translation": […]}, …]}``:
    any names that :func:`studio.sequence.layout.parse` knows, the same ones in every frame; those beside
    ``frames`` hold for all frames, or are lists of one row a frame. ``null`` is as good as nothing.

    Raises:
        StudioError: it cannot be read, is no such JSON, or frames differ in what they hold.

    """
    frames = _Frames(path.name)
    around = read_json_items(path, "frames", frames.take)
    if "frames" in around:
        raise StudioError(f"frames in {path.name} is no list of frames; choose another file.")
    arrays = {
        key: _array(value, key, path.name)
        for key, value in around.items()
        if key in ALL_KEYS and value is not None
    }
    others = [key for key in around if key not in ALL_KEYS]
    others += [f"frames/{key}" for key in frames.others if key not in ALL_KEYS]
    return arrays | frames.arrays(), Facts(dropped=left_out(others))


def _array(value: Any, key: str, label: str) -> NDArray:
    """A value beside the frames, as an array of numbers or of text."""
    try:
        values = np.array(value)
    except ValueError:
        raise StudioError(f"{key} in {label} has rows of different lengths; repair the file.") from None
    if values.dtype.kind not in "biuf" and not (key in LABELS and values.dtype.kind == "U"):
        raise StudioError(f"{key} in {label} does not hold numbers; choose another file.")
    return values


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < _LATEST


class _Frames:
    """The frames of one file, gathered into one row of numbers each."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._count = 0
        self._numbers: dict[str, array[float]] = {}
        self._widths: dict[str, int] = {}
        self.others: list[str] = []  # what the first frame has beside parameters

    def take(self, frame: Any) -> None:
        """Add the next frame.

        Raises:
            StudioError: it is no object, lacks or adds a parameter, or has another number of components.

        """
        if not isinstance(frame, dict):
            raise StudioError(
                f"Frame {self._count} of {self._label} is no object with parameters; repair the file."
            )
        rows = {key: self._row(key, frame[key]) for key in frame if key in KEYS and frame[key] is not None}
        rows |= {key: array("d", [frame[key]]) for key in TIMES if _is_number(frame.get(key))}
        if self._count == 0:
            self._widths = {key: len(row) for key, row in rows.items()}
            self._numbers = {key: array("d" if key in TIMES else "f") for key in rows}
            self.others = [key for key in frame if key not in rows][:_OTHERS_MOST]
        self._check(rows)
        for key, row in rows.items():
            self._numbers[key].extend(row)
        self._count += 1

    def arrays(self) -> dict[str, NDArray]:
        """The parameters of all frames, (T, D) each."""
        return {
            key: np.frombuffer(numbers, numbers.typecode).reshape(
                (self._count,) if key in TIMES else (self._count, self._widths[key])
            )
            for key, numbers in self._numbers.items()
        }

    def _row(self, key: str, value: Any) -> array[float]:
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
            value = value[0]
        if not isinstance(value, list) or not {int, float}.issuperset(map(type, value)):
            raise StudioError(
                f"{key} in frame {self._count} of {self._label} is no list of numbers; repair the file."
            )
        try:
            return array("f", value)
        except OverflowError:
            raise StudioError(
                f"{key} in frame {self._count} of {self._label} holds a number beyond all bounds; "
                "repair the file."
            ) from None

    def _check(self, rows: Mapping[str, array[float]]) -> None:
        """Make sure that a frame holds what the first one holds."""
        if rows.keys() != self._widths.keys():
            key = min(rows.keys() ^ self._widths.keys())
            has, other = ("has", "has not") if key in rows else ("has no", "has")
            raise StudioError(
                f"Frame {self._count} of {self._label} {has} {key}, which frame 0 {other}; repair the file."
            )
        for key, row in rows.items():
            if len(row) != self._widths[key]:
                raise StudioError(
                    f"{key} in frame {self._count} of {self._label} has {len(row)} numbers where frame 0 has "
                    f"{self._widths[key]}; repair the file."
                )
