"""What lies beside a FLAME model: landmarks, region masks and texture coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from studio.flame.landmark_files import FoundLandmarks, gather_landmarks
from studio.flame.landmark_tables import contour_points, full_points, mediapipe_points, static_points
from studio.flame.model import FloatArray, IndexArray
from studio.flame.tables import is_model, is_model_folder, renamed
from studio.flame.versions import FLAME_FACES, FLAME_VERTICES
from studio.storage.arrays import npz_headers, read_npy, read_npz, wraps_objects
from studio.storage.errors import StudioError
from studio.storage.kind import FileKind, sniff
from studio.storage.obj import aligned_corners, read_texture_coordinates
from studio.storage.paths import file_size
from studio.storage.restricted_pickle import read_pickle
from studio.storage.safetensors import read_safetensors

Role = Literal[
    "model",
    "landmarks",
    "static landmarks",
    "contour landmarks",
    "mediapipe landmarks",
    "masks",
    "texture",
    "template",
    "other",
]

SUFFIXES = frozenset((".pkl", ".npz", ".npy", ".safetensors", ".obj"))
LARGEST_COMPANION = 8 << 20
MOST_COMPANIONS = 200
TEXTURE_MEMBERS = frozenset(("vt", "ft"))
REGION_NAMES = frozenset(("face", "neck", "scalp", "forehead", "nose", "lips"))
LEFT_EYEBALL = (3931, 4477)
RIGHT_EYEBALL = (4477, 5023)


@dataclass(frozen=True, eq=False)
class Companion:
    """One file, told by its content: its role, and its table where it is small enough to be read."""

    path: Path
    role: Role
    table: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Extras:
    """What the files beside a model add to it."""

    landmarks: FoundLandmarks = field(default_factory=FoundLandmarks)
    regions: Mapping[str, IndexArray] = field(default_factory=dict)
    uv: FloatArray | None = None
    uv_faces: IndexArray | None = None


def candidates(folder: Path) -> list[Path]:
    """The files and model folders directly in ``folder`` that may matter, by name."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [entry for entry in entries if _may_matter(entry)]


def _may_matter(entry: Path) -> bool:
    if entry.is_dir():
        return is_model_folder(entry)
    return entry.is_file() and entry.suffix.lower() in SUFFIXES


def recognise(path: Path) -> Companion:
    """What the file at ``path`` is to a head model.

    Large files are told by the names of their arrays, or, a large pickle, taken for a model.

    Raises:
        StudioError: it cannot be read, is unsafe or is damaged.

    """
    kind = sniff(path)
    if kind.container == "obj":
        return Companion(path, "template")
    if kind.container in ("npz", "folder", "safetensors"):
        return _from_members(path, kind)
    if kind.container not in ("pickle", "npy"):
        return Companion(path, "other")
    if kind.container == "npy" and not wraps_objects(path):
        return Companion(path, "other")
    if file_size(path) > LARGEST_COMPANION:
        return Companion(path, "model" if kind.container == "pickle" else "other")
    value = read_pickle(path) if kind.container == "pickle" else read_npy(path)
    table = renamed(value) if isinstance(value, dict) else {}
    return Companion(path, _role(table, path.name), table)


def _from_members(path: Path, kind: FileKind) -> Companion:
    if kind.is_model:
        return Companion(path, "model")
    if not kind.members:
        _complain_if_damaged(path, kind)
    if kind.container == "npz" and kind.members >= TEXTURE_MEMBERS:
        headers = npz_headers(path)
        if len(headers["vt"].shape) == 2 and len(headers["ft"].shape) == 2:
            return Companion(path, "texture")
    if kind.container == "npz" and "lmk_face_idx" in kind.members and file_size(path) <= LARGEST_COMPANION:
        table = read_npz(path)
        return Companion(path, _role(table, path.name), table)
    return Companion(path, "other")


def _complain_if_damaged(path: Path, kind: FileKind) -> None:
    """A container that lists nothing is most often one that was cut short."""
    if kind.container == "npz":
        npz_headers(path)
    elif kind.container == "safetensors":
        read_safetensors(path)


def _role(table: Mapping[str, Any], name: str) -> Role:
    if is_model(table):
        return "model"
    if mediapipe_points(table, name) is not None:
        return "mediapipe landmarks"
    full_points(table, name)
    static, contour = static_points(table, name), contour_points(table, name)
    if static is not None:
        return "landmarks" if contour is not None else "static landmarks"
    if contour is not None:
        return "contour landmarks"
    if len(REGION_NAMES & table.keys()) >= 3:
        return "masks"
    return "texture" if table.keys() >= TEXTURE_MEMBERS else "other"


def extras_for(source: Path, folders: Iterable[Path], faces: IndexArray, vertices: FloatArray) -> Extras:
    """Gather what lies beside the model at ``source``, then in ``folders``; the nearest file wins.

    Files in ``folders`` are made for FLAME's topology and are only used on it. A file that cannot be
    read or does not fit adds nothing: a broken companion must not keep a good model from opening.

    Args:
        source: the model's file or folder.
        folders: to be looked through after its own.
        faces: (F, 3).
        vertices: (V, 3) of the neutral head.

    """
    vertex_count = len(vertices)
    beside = source if source.is_dir() else source.parent
    places = [beside]
    if vertex_count >= FLAME_VERTICES and len(faces) >= FLAME_FACES:
        places += [folder for folder in folders if folder != beside]
    companions = [found for place in places for found in _readable(place, source)]
    uv, uv_faces = _texture_coordinates(companions, faces)
    tables = [(found.path.name, found.table) for found in companions if "landmarks" in found.role]
    landmarks = gather_landmarks(tables, faces, vertices)
    return Extras(landmarks, _regions(companions, vertex_count), uv, uv_faces)


def _readable(folder: Path, source: Path) -> list[Companion]:
    found = []
    for path in candidates(folder)[:MOST_COMPANIONS]:
        if path == source or path.is_dir():
            continue
        try:
            found.append(recognise(path))
        except StudioError:
            continue
    return found


def _regions(companions: Sequence[Companion], vertex_count: int) -> dict[str, IndexArray]:
    regions: dict[str, IndexArray] = {}
    if vertex_count >= FLAME_VERTICES:
        regions["left_eyeball"] = np.arange(*LEFT_EYEBALL, dtype=np.int32)
        regions["right_eyeball"] = np.arange(*RIGHT_EYEBALL, dtype=np.int32)
    masks = next((companion.table for companion in companions if companion.role == "masks"), {})
    for name, values in masks.items():
        indices = _vertex_ids(values)
        if indices.size and indices[0] >= 0 and indices[-1] < vertex_count:
            regions[name] = indices.astype(np.int32)
    return regions


def _vertex_ids(values: Any) -> np.ndarray:
    """The sorted distinct integers in ``values``; empty where it is not a row of integers."""
    try:
        indices = np.unique(np.asarray(values))
    except (TypeError, ValueError):
        return np.empty(0, np.int64)
    return indices if indices.dtype.kind in "iu" else np.empty(0, np.int64)


def _texture_coordinates(
    companions: Sequence[Companion], faces: IndexArray
) -> tuple[FloatArray | None, IndexArray | None]:
    for companion in companions:
        if companion.role not in ("texture", "template"):
            continue
        try:
            pair = _coordinates(companion, faces)
        except StudioError:
            continue
        if pair is not None:
            return pair
    return None, None


def _coordinates(companion: Companion, faces: IndexArray) -> tuple[FloatArray, IndexArray] | None:
    """The texture coordinates (U, 2) and faces into them (F, 3), if they fit ``faces``."""
    if companion.role == "template":
        mesh = read_texture_coordinates(companion.path)
        corners = aligned_corners(mesh, faces)
        if corners is None:
            return None
        uv = mesh.uv
    else:
        table = companion.table or read_npz(companion.path, TEXTURE_MEMBERS)
        uv, corners = np.asarray(table["vt"]), np.asarray(table["ft"])
    fits = uv.ndim == 2 and uv.shape[1] == 2 and corners.shape == faces.shape and corners.dtype.kind in "iu"
    if not fits or uv.dtype.kind != "f" or not np.isfinite(uv).all():
        return None
    if corners.min() < 0 or corners.max() >= len(uv):
        return None
    return np.ascontiguousarray(uv, np.float32), np.ascontiguousarray(corners, np.int32)
