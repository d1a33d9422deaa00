"""What lies beside a FLAME model: landmarks, region masks, texture coordinates and eyelids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from studio.flame.eyelid_files import FoundEyelids, gather_eyelids, is_eyelid
from studio.flame.landmark_files import FoundLandmarks, gather_landmarks
from studio.flame.landmark_tables import contour_points, full_points, mediapipe_points, static_points
from studio.flame.masks import FLAME_SIZES, FoundRegions, gather_regions, holds_regions, holds_uv_masks
from studio.flame.model import FloatArray, IndexArray
from studio.flame.tables import is_model, is_model_folder, renamed
from studio.flame.texture_files import layout_of, source_of
from studio.flame.texture_model import TextureSource
from studio.flame.versions import FLAME_FACES
from studio.storage.arrays import npy_header, npz_headers, read_npy, read_npz
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
    "texture masks",
    "eyelid",
    "texture",
    "texture model",
    "template",
    "other",
]

SUFFIXES = frozenset((".pkl", ".npz", ".npy", ".safetensors", ".obj"))
LARGEST_COMPANION = 8 << 20
MOST_COMPANIONS = 200
TEXTURE_MEMBERS = frozenset(("vt", "ft"))


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
    regions: FoundRegions = field(default_factory=FoundRegions)
    eyelids: FoundEyelids = field(default_factory=FoundEyelids)
    uv: FloatArray | None = None
    uv_faces: IndexArray | None = None
    textures: tuple[TextureSource, ...] = ()
    other_problems: tuple[str, ...] = ()  # of files that cannot be read, and of texture coordinates

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on the files that could not be used, or not as they are."""
        parts = (self.landmarks, self.regions, self.eyelids)
        return (*(problem for part in parts for problem in part.problems), *self.other_problems)


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
    if kind.container == "npy":
        header = npy_header(path)
        if not header.dtype.hasobject:
            return Companion(path, "eyelid" if is_eyelid(path, header) else "other")
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
    if kind.container == "npz" and layout_of(kind.members):
        return Companion(path, "texture model")
    if kind.container == "npz" and kind.members >= TEXTURE_MEMBERS:
        headers = npz_headers(path)
        if len(headers["vt"].shape) == 2 and len(headers["ft"].shape) == 2:
            return Companion(path, "texture")
    if kind.container == "npz" and "lmk_face_idx" in kind.members and file_size(path) <= LARGEST_COMPANION:
        table = read_npz(path)
        return Companion(path, _role(table, path.name), table)
    if kind.container == "npz" and holds_uv_masks(npz_headers(path)):
        return Companion(path, "texture masks")
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
    if holds_regions(table):
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
    if vertex_count in FLAME_SIZES and len(faces) >= FLAME_FACES:
        places += [folder for folder in folders if folder != beside]
    companions, problems = _readable(places, source)
    uv, uv_faces, unfit = _texture_coordinates(companions, faces)
    textures, misfits = _textures(companions, faces, uv, uv_faces)
    tables = [(found.path.name, found.table) for found in companions if "landmarks" in found.role]
    masks = [(found.path.name, found.table) for found in companions if found.role == "masks"]
    return Extras(
        landmarks=gather_landmarks(tables, faces, vertices),
        regions=gather_regions(masks, _paths(companions, "texture masks"), faces, vertex_count, uv, uv_faces),
        eyelids=gather_eyelids(_paths(companions, "eyelid"), vertices),
        uv=uv,
        uv_faces=uv_faces,
        textures=textures,
        other_problems=(*problems, *unfit, *misfits),
    )


def _readable(places: Iterable[Path], source: Path) -> tuple[list[Companion], list[str]]:
    """The files in the folders ``places``, and sentences on those that cannot be read."""
    found, problems = [], []
    for path in (path for place in places for path in candidates(place)[:MOST_COMPANIONS]):
        if path == source or path.is_dir():
            continue
        try:
            found.append(recognise(path))
        except StudioError as error:
            problems.append(str(error))
    return found, problems


def _paths(companions: Iterable[Companion], role: Role) -> list[Path]:
    return [companion.path for companion in companions if companion.role == role]


def _texture_coordinates(
    companions: Sequence[Companion], faces: IndexArray
) -> tuple[FloatArray | None, IndexArray | None, list[str]]:
    """The first texture coordinates that fit ``faces``; without any, sentences on those that do not."""
    problems = []
    for companion in companions:
        if companion.role not in ("texture", "texture model", "template"):
            continue
        try:
            pair = _coordinates(companion, faces)
        except StudioError as error:
            problems.append(str(error))
            continue
        if pair is not None:
            return *pair, []
        if companion.role != "texture model" or _has_coordinates(companion.path):
            problems.append(
                f"{companion.path.name} has texture coordinates for other faces than the {len(faces)} "
                "of the model; use the file made for this model."
            )
    return None, None, problems


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
        if not table.keys() >= TEXTURE_MEMBERS:
            return None
        uv, corners = np.asarray(table["vt"]), np.asarray(table["ft"])
    fits = uv.ndim == 2 and uv.shape[1] == 2 and corners.shape == faces.shape and corners.dtype.kind in "iu"
    if not fits or uv.dtype.kind != "f" or not np.isfinite(uv).all():
        return None
    if corners.min() < 0 or corners.max() >= len(uv):
        return None
    return np.ascontiguousarray(uv, np.float32), np.ascontiguousarray(corners, np.int32)


def _textures(
    companions: Sequence[Companion], faces: IndexArray, uv: FloatArray | None, uv_faces: IndexArray | None
) -> tuple[tuple[TextureSource, ...], list[str]]:
    """The texture models that are laid out by the texture coordinates in use; sentences on the others."""
    sources: dict[str, TextureSource] = {}
    problems = []
    for companion in companions:
        if companion.role != "texture model":
            continue
        name = companion.path.name
        if uv is None or uv_faces is None:
            if not _has_coordinates(companion.path):
                problems.append(f"{name} needs texture coordinates; put head_template.obj beside it.")
            continue
        try:
            source = source_of(companion.path)
            own = _coordinates(companion, faces) if _has_coordinates(companion.path) else (uv, uv_faces)
        except StudioError as error:
            problems.append(str(error))
            continue
        if own is not None and _same_layout(own, (uv, uv_faces)):
            sources.setdefault(source.key, source)
        else:
            problems.append(
                f"{name} is laid out by other texture coordinates than the ones in use and is left out; "
                "keep only the files that belong together beside the model."
            )
    return tuple(sources.values()), problems


def _has_coordinates(path: Path) -> bool:
    return npz_headers(path).keys() >= TEXTURE_MEMBERS


def _same_layout(first: tuple[FloatArray, IndexArray], second: tuple[FloatArray, IndexArray]) -> bool:
    """Whether every corner of every face lies at the same place of the map, to a hundredth of a texel."""
    return bool(np.allclose(first[0][first[1]], second[0][second[1]], rtol=0.0, atol=2e-5))
