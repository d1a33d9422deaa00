"""Landmarks of faces in files of any origin: JSON of MMPose, arrays, text, iBUG's pts, and MATLAB's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from studio.fitting.reading.landmark_layouts import FacePoints
from studio.sequence.codes import is_mat, read_mat
from studio.storage.arrays import read_npy, read_npz
from studio.storage.errors import UnfitFileError
from studio.storage.json_files import read_json
from studio.storage.kind import sniff
from studio.storage.paths import file_size, read_bytes
from studio.storage.restricted_pickle import read_pickle

ENDINGS = (".json", ".npy", ".npz", ".pts", ".txt", ".csv", ".mat", ".pkl")
MOST_FACES = 1000  # of one file; a film has more frames than that only in files of films
_LARGEST = 64 << 20  # bytes of a file of one photo's landmarks
_POINTS = ("keypoints", "landmarks2d", "landmarks", "lmks2d", "lmks", "lmk", "kpt2d", "kpts", "pt2d", "pts")
_SCORES = ("keypoint_scores", "scores", "confidence")
_LISTS = ("instance_info", "predictions", "instances", "people", "faces")
_FIRST_PIXEL = 0.5  # where the middle of the first pixel is, which iBUG's files call 1
_NUMBER = re.compile(r"[-+]?(?:nan|inf|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)", re.IGNORECASE)
_CERTAIN = 1.5  # scores go a little beyond 1; what is larger is a depth
_DEEPEST = 6


def read_faces(path: Path, frame: int = 0) -> tuple[FacePoints, ...]:
    """The faces in the file at ``path``, as many points each as it has, in its order and its coordinates.

    Args:
        path: told by its content where that says what it is, else by its ending.
        frame: of a film's file, whose frames have faces of their own.

    Raises:
        StudioError: it cannot be read, is damaged, asks for other objects, or has no points in it.

    """
    file_size(path)
    if path.stat().st_size > _LARGEST:
        raise UnfitFileError(f"{path.name} is larger than {_LARGEST >> 20} MiB; choose landmarks of a photo.")
    value = _content(path)
    faces = tuple(_faces(value, path.name, frame, _DEEPEST))
    if not faces:
        raise UnfitFileError(f"{path.name} holds no landmarks; choose a file with points of a face.")
    return faces


def _content(path: Path) -> Any:
    if is_mat(path):
        return read_mat(path)
    match sniff(path).container:
        case "json":
            return read_json(path)
        case "npy":
            return read_npy(path)
        case "npz":
            return read_npz(path)
        case "pickle":
            return read_pickle(path)
        case "text" if path.suffix.lower() != ".json":
            return _text(path)
        case "empty":
            raise UnfitFileError(f"{path.name} is empty; choose another file.")
        case _ if path.suffix.lower() == ".json":
            return read_json(path)
    raise UnfitFileError(
        f"{path.name} is {sniff(path).title}, not a file of landmarks; choose JSON, npy, pts, txt or mat."
    )


def _text(path: Path) -> Any:
    """Rows of numbers; iBUG's pts count pixels from 1."""
    text = read_bytes(path).decode("utf-8-sig", "replace")
    inside = re.search(r"\{(.*?)(\}|\Z)", text, re.DOTALL)
    if inside is not None:
        if not inside[2]:
            raise UnfitFileError(f"{path.name} ends within its points; get the file again.")
        return _table(inside[1], path.name) - (1.0 - _FIRST_PIXEL)
    return _table(text, path.name)


def _table(text: str, name: str) -> Any:
    rows: list[list[float]] = []
    for line in text.splitlines():
        row = line.split("#", 1)[0].strip()
        cells = _NUMBER.findall(row)
        if re.search("[a-z]", _NUMBER.sub("", row), re.IGNORECASE):
            if rows:
                raise UnfitFileError(f"{name} has a line that is no point: {row[:40]!r}; repair the file.")
            continue  # the names of columns
        if cells:
            rows.append([float(cell) for cell in cells])
    if not rows:
        raise UnfitFileError(f"{name} holds no numbers; choose a file with points of a face.")
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        flat = np.array([cell for row in rows for cell in row])
        if len(flat) % 2 or len(flat) < 4:
            raise UnfitFileError(f"{name} holds {len(flat)} numbers, which are no points of x and y.")
        return flat.reshape(-1, 2)
    if len({len(row) for row in rows}) > 1:
        raise UnfitFileError(f"{name} has lines of different lengths; each must have x and y.")
    return np.array(rows)


def _faces(value: Any, name: str, frame: int, depth: int) -> Iterator[FacePoints]:
    """The faces anywhere in ``value``."""
    if depth == 0:
        return
    if isinstance(value, Mapping):
        yield from _in_mapping(value, name, frame, depth)
        return
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if value and all(isinstance(entry, Mapping) for entry in value):
            yield from _in_list(value, name, frame, depth)
            return
        if _lists_of_faces(value):
            yield from _faces(value[min(frame, len(value) - 1)], name, frame, depth - 1)
            return
        value = _array(value)
    if isinstance(value, np.ndarray):
        yield from _in_array(value, None)


def _lists_of_faces(value: Sequence[Any]) -> bool:
    """Whether each entry is a list of faces, as of several frames."""
    return bool(value) and all(isinstance(one, list) and one and isinstance(one[0], Mapping) for one in value)


def _in_mapping(value: Mapping[Any, Any], name: str, frame: int, depth: int) -> Iterator[FacePoints]:
    entries = {str(key).lower(): entry for key, entry in value.items()}
    for key in _POINTS:
        array = _array(entries[key]) if key in entries else None
        if array is not None and array.size >= 4:
            scores = next((_array(entries[score]) for score in _SCORES if score in entries), None)
            yield from _in_array(array, scores)
            return
    for key in _LISTS:
        if isinstance(entries.get(key), list | tuple):
            yield from _faces(entries[key], name, frame, depth - 1)
            return
    arrays = [entry for entry in entries.values() if isinstance(entry, np.ndarray)]
    if len(arrays) == 1:
        yield from _in_array(arrays[0], None)


def _in_list(entries: Sequence[Any], name: str, frame: int, depth: int) -> Iterator[FacePoints]:
    """The faces of instances, or of one frame of a film."""
    if all("instances" in entry for entry in entries):
        if not 0 <= frame < len(entries):
            raise UnfitFileError(f"{name} has {len(entries)} frames, so there is no frame {frame + 1}.")
        entries = [entries[frame]]
    if len(entries) > MOST_FACES:
        raise UnfitFileError(f"{name} holds {len(entries)} faces, too many for a photo; choose another file.")
    for entry in entries:
        yield from _faces(entry, name, frame, depth - 1)


def _array(value: Any) -> Any:
    """``value`` as numbers; None where its rows have different lengths, or it holds something else."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # JSON has null for what is not known
            array = array.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def _in_array(array: Any, scores: Any) -> Iterator[FacePoints]:
    """The faces in (K, 2), (K, 3), (2, K), (N, K, 2) or the like, and scores (K,) or (N, K)."""
    array = _array(array)
    if array is None:
        return
    array = array.squeeze() if array.ndim > 3 else array
    if array.ndim == 1 and array.size % 2 == 0 and array.size >= 4:
        array = array.reshape(-1, 2)
    if array.ndim == 2:
        array = array[None]
    if array.ndim != 3:
        return
    if array.shape[2] not in (2, 3) and array.shape[1] in (2, 3):
        array = array.transpose(0, 2, 1)
    if array.shape[2] not in (2, 3) or not 0 < len(array) <= MOST_FACES:
        return
    told = None if scores is None else np.atleast_2d(scores)
    if told is not None and told.shape != array.shape[:2]:
        told = None
    for number, points in enumerate(array):
        third = points[:, 2] if points.shape[1] == 3 else None
        score = told[number] if told is not None else None if third is None else _as_scores(third)
        yield FacePoints.of(points[:, :2], score)


def _as_scores(third: Any) -> Any:
    """A third column where it is scores; None where it is a depth."""
    finite = third[np.isfinite(third)]
    scores = len(finite) and finite.min() >= 0.0 and finite.max() <= _CERTAIN and finite.max() > 0.0
    return third if scores else None
