"""Scans out of files: OBJ, PLY and STL meshes, point clouds, in any unit and any axes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.scans.scan import Scan
from studio.flame.mesh_heads import mesh_points
from studio.storage.errors import StudioError
from studio.storage.paths import file_size, read_bytes

SCAN_FILES = (".obj", ".ply", ".stl", ".xyz")
LARGEST_SCAN = 1 << 30  # bytes
MOST_POINTS = 500_000  # that are kept of one scan
_FEWEST_POINTS = 4
_MOST_READ = 20_000_000
_FARTHEST = 1e9  # units; what is farther is damage


def read_scan(path: Path) -> Scan:
    """The scan in the file at ``path``. Points beyond :data:`MOST_POINTS` are thinned, which is told.

    Raises:
        StudioError: it cannot be read, is too large, or holds no points.

    """
    kind = path.suffix.lower()
    if kind not in SCAN_FILES:
        kinds = ", ".join(end[1:].upper() for end in SCAN_FILES)
        raise StudioError(f"{path.name} is no scan that can be read; scans are {kinds} files.")
    if file_size(path) > LARGEST_SCAN:
        raise StudioError(f"{path.name} is larger than {LARGEST_SCAN >> 20} MiB; thin it out first.")
    if kind == ".obj":
        points, faces, normals = mesh_points(path), _obj_faces(path), None
    else:
        points, faces, normals = _by_trimesh(path)
    return scan_from(path.name, points, faces, normals)


def scan_from(
    name: str,
    points: NDArray,
    faces: NDArray | None = None,
    normals: NDArray | None = None,
) -> Scan:
    """A scan of what a file holds, checked: points that are none are left out, too many are thinned.

    Raises:
        StudioError: there are no points, or they are all in one place.

    """
    points = np.asarray(points, np.float64).reshape(-1, 3)
    if len(points) > _MOST_READ:
        raise StudioError(f"{name} has {len(points)} points, too many to read; thin it out first.")
    notices = []
    with np.errstate(invalid="ignore"):
        good: NDArray[np.bool_] = np.asarray((np.abs(points) < _FARTHEST).all(axis=1))
    if good.sum() < _FEWEST_POINTS or not np.ptp(points[good], axis=0).max() > 0.0:
        raise StudioError(f"{name} holds no surface; choose another file.")
    if not good.all():
        notices.append(f"{int((~good).sum())} points of {name} are no numbers and were left out.")
    faces = _good_faces(faces, good)
    if len(points[good]) > MOST_POINTS:
        notices.append(f"{name} has {int(good.sum())} points; {MOST_POINTS} of them are used.")
        good &= _thinning(good)
        faces = None
    kept, faces = points[good], _renumbered(faces, good)
    if faces is not None:
        return Scan(name, kept, faces, _mesh_normals(kept, faces), tuple(notices))
    if normals is None or normals.shape != points.shape:
        return Scan(name, kept, None, None, tuple(notices))
    return Scan(name, kept, None, _unit(normals[good]), tuple(notices))


def _by_trimesh(path: Path) -> tuple[NDArray, NDArray | None, NDArray | None]:
    import trimesh

    read_bytes(path)  # for its own sentence where it cannot be read
    try:
        found: Any = trimesh.load(path, process=False, skip_materials=True)
        if isinstance(found, trimesh.Scene):
            found = found.to_geometry()
        points = np.asarray(found.vertices, np.float64)
        faces = np.asarray(getattr(found, "faces", np.zeros((0, 3))), np.int64)
        normals = None if len(faces) else _cloud_normals(found)
    except Exception:  # noqa: BLE001 - readers of damaged meshes fail in any way
        raise StudioError(f"{path.name} is damaged or no scan; get it again.") from None
    return points, faces if len(faces) else None, normals


def _cloud_normals(found: Any) -> NDArray | None:
    """Normals that a PLY file has for its points."""
    raw = getattr(found, "metadata", {}).get("_ply_raw", {}).get("vertex", {}).get("data")
    names = ("nx", "ny", "nz")
    if raw is None or raw.dtype.names is None or not set(names) <= set(raw.dtype.names):
        return None
    return np.stack([np.asarray(raw[name], np.float64).reshape(-1) for name in names], axis=1)


def _obj_faces(path: Path) -> NDArray | None:
    """The faces of an OBJ file as triangles of its vertices, fans of those with more corners."""
    triangles: list[tuple[int, int, int]] = []
    count = 0
    try:
        for line in read_bytes(path).splitlines():
            if line.startswith(b"v "):
                count += 1
            elif line.startswith(b"f "):
                numbers = [int(corner.split(b"/", 1)[0]) for corner in line.split()[1:]]
                corners = [number - 1 if number > 0 else count + number for number in numbers]
                triangles += [(corners[0], b, c) for b, c in pairwise(corners[1:])]
        return np.array(triangles, np.int64).reshape(-1, 3) if triangles else None
    except (ValueError, IndexError, OverflowError):
        raise StudioError(f"{path.name} is not a whole OBJ mesh; get it again.") from None


def _good_faces(faces: NDArray | None, good: NDArray[np.bool_]) -> NDArray | None:
    if faces is None or not len(faces):
        return None
    inside = ((faces >= 0) & (faces < len(good))).all(axis=1)
    faces = faces[inside]
    faces = faces[good[faces].all(axis=1)]
    return faces if len(faces) else None


def _renumbered(faces: NDArray | None, good: NDArray[np.bool_]) -> NDArray[np.int32] | None:
    if faces is None:
        return None
    return np.ascontiguousarray((np.cumsum(good) - 1)[faces], np.int32)


def _thinning(good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    chosen = np.random.default_rng(0).permutation(np.flatnonzero(good))[:MOST_POINTS]
    kept = np.zeros(len(good), bool)
    kept[chosen] = True
    return kept


def _mesh_normals(points: NDArray, faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Area-weighted normals; the kernel wants numbers near those of a head, whatever the unit."""
    from studio.flame.normals import vertex_normals

    size = max(float(np.ptp(points, axis=0).max()), 1e-12)
    return vertex_normals(((points - points.mean(axis=0)) / size).astype(np.float32), faces)


def _unit(normals: NDArray) -> NDArray[np.float32]:
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    found = np.where(np.isfinite(lengths) & (lengths > 0.0), normals / np.maximum(lengths, 1e-30), 0.0)
    return found.astype(np.float32)
