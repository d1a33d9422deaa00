"""Tables of landmarks as the published embeddings have them, checked, as barycentric points on faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmark_names import MEDIAPIPE_COUNT
from studio.flame.landmarks import CONTOUR_COUNT, CONTOUR_ROWS, FULL_COUNT, STATIC_COUNT
from studio.storage.errors import StudioError

WITH_EYES = FULL_COUNT + 2

_PLAIN = ("lmk_face_idx", "lmk_b_coords")
_FULL = ("full_lmk_faces_idx", "full_lmk_bary_coords")
_STATIC = (_PLAIN, ("static_lmk_faces_idx", "static_lmk_bary_coords"), _FULL)
_CONTOUR = (_PLAIN, ("dynamic_lmk_faces_idx", "dynamic_lmk_bary_coords"), _FULL)
_NUMBERS = "landmark_indices"
_TOLERANCE = 1e-3  # of weights adding up to one


@dataclass(frozen=True, eq=False)
class Points:
    """Barycentric points on faces: ``faces`` (..., ) int32 and ``barycentric`` (..., 3) float32."""

    faces: NDArray[np.int32]
    barycentric: NDArray[np.float32]
    numbers: tuple[int, ...] = ()  # of the points in MediaPipe's mesh, where they are its points

    def part(self, start: int, stop: int) -> Points:
        """The points from ``start`` up to ``stop`` of a row of points."""
        return Points(self.faces[start:stop], self.barycentric[start:stop])


def static_points(table: Mapping[str, Any], name: str) -> Points | None:
    """The static points of a table, iBUG 17..67, or None if it has none.

    Takes RingNet's, TF_FLAME's (51 or 68 points), DECA's and VHAP's layouts; of longer tables the
    points after iBUG 67 are left out. ``name`` is what the messages call the file.

    Raises:
        StudioError: the table holds fewer points, or no barycentric ones.

    """
    for points in _rows(table, _STATIC, name):
        count = len(points.faces)
        start = CONTOUR_COUNT if count in (FULL_COUNT, WITH_EYES) else 0
        if count < start + STATIC_COUNT:
            raise StudioError(f"{name} has {count} static landmarks where {STATIC_COUNT} are needed.")
        return points.part(start, start + STATIC_COUNT)
    return None


def contour_points(table: Mapping[str, Any], name: str) -> Points | None:
    """The 79 x 17 contour points of a table, or None if it has none.

    A table of only 68 fixed points gives its first 17 for every yaw.

    Raises:
        StudioError: the table has another shape, or holds no barycentric points.

    """
    if _NUMBERS in table:
        return None
    for keys in _CONTOUR:
        if not all(key in table for key in keys):
            continue
        points = _points(table[keys[0]], table[keys[1]], name)
        if points.faces.shape in ((FULL_COUNT,), (WITH_EYES,)):
            faces = np.tile(points.faces[:CONTOUR_COUNT], (CONTOUR_ROWS, 1))
            return Points(faces, np.tile(points.barycentric[:CONTOUR_COUNT], (CONTOUR_ROWS, 1, 1)))
        if points.faces.ndim == 2:
            if points.faces.shape != (CONTOUR_ROWS, CONTOUR_COUNT):
                raise StudioError(
                    f"{name} has a contour table of {points.faces.shape} where "
                    f"({CONTOUR_ROWS}, {CONTOUR_COUNT}) is needed; use the published file."
                )
            return points
    return None


def full_points(table: Mapping[str, Any], name: str) -> Points | None:
    """The 68 fixed points of a table, or its 70 with the fronts of the right and the left eye; else None.

    Raises:
        StudioError: DECA's table of them has another length, or holds no barycentric points.

    """
    for points in _rows(table, (_FULL, _PLAIN), name):
        if len(points.faces) in (FULL_COUNT, WITH_EYES):
            return points
        if _FULL[0] in table:
            raise StudioError(
                f"{name} has {len(points.faces)} fixed landmarks where {FULL_COUNT} or {WITH_EYES} are "
                "needed; use the published file."
            )
    return None


def mediapipe_points(table: Mapping[str, Any], name: str) -> Points | None:
    """MediaPipe's points of a table, or None if it has none.

    Raises:
        StudioError: the table does not say of each point which it is, or holds no barycentric points.

    """
    if not all(key in table for key in (*_PLAIN, _NUMBERS)):
        return None
    points = _points(table[_PLAIN[0]], table[_PLAIN[1]], name)
    try:
        numbers = np.asarray(table[_NUMBERS])
    except (TypeError, ValueError):
        numbers = np.empty(0)
    if points.faces.ndim != 1 or numbers.shape != points.faces.shape or numbers.dtype.kind not in "iu":
        raise StudioError(f"{name} does not number each of its landmarks; use the published file.")
    if numbers.min() < 0 or numbers.max() >= MEDIAPIPE_COUNT or len(np.unique(numbers)) < len(numbers):
        raise StudioError(
            f"{name} does not number its landmarks as MediaPipe does, 0 to {MEDIAPIPE_COUNT - 1} and each "
            "once; use the published file."
        )
    return replace(points, numbers=tuple(numbers.tolist()))


def check_faces(points: Points, face_count: int, name: str) -> None:
    """Make sure that ``points`` lie on a mesh of ``face_count`` faces.

    Raises:
        StudioError: a face index is outside the mesh.

    """
    largest = int(points.faces.max(initial=0))
    if largest >= face_count:
        raise StudioError(
            f"{name} puts a landmark on face {largest}, but the model has {face_count} faces; "
            "use the landmark file made for this model."
        )


def _rows(table: Mapping[str, Any], pairs: tuple[tuple[str, str], ...], name: str) -> list[Points]:
    """The columns among ``pairs`` that are in the table and hold one row of points."""
    if _NUMBERS in table:
        return []
    present = [keys for keys in pairs if all(key in table for key in keys)]
    return [_points(table[keys[0]], table[keys[1]], name) for keys in present if _is_row(table[keys[0]])]


def _is_row(values: Any) -> bool:
    """Whether ``values`` is a row of numbers, as static tables have, and not a table by yaw."""
    if isinstance(values, np.ndarray):
        return values.ndim == 1 or (values.ndim == 2 and len(values) == 1)
    return isinstance(values, list | tuple) and all(isinstance(value, int | np.integer) for value in values)


def _points(faces: Any, weights: Any, name: str) -> Points:
    """Checked arrays of a pair of columns, given as arrays or lists of arrays; of (1, N) the row.

    Raises:
        StudioError: they are not numbers, do not fit together, or are not barycentric.

    """
    try:
        indices = np.asarray(faces)
        values = np.asarray(weights).astype(np.float64, casting="same_kind")
    except (TypeError, ValueError) as error:
        raise StudioError(
            f"{name} holds landmark tables that are not numbers; use the published file."
        ) from error
    if indices.dtype.kind not in "iu" or not indices.size or values.shape != (*indices.shape, 3):
        raise StudioError(
            f"{name} has landmark faces of shape {indices.shape} with weights of shape {values.shape}; "
            "they do not belong together, use the published file."
        )
    if indices.min() < 0 or indices.max() >= 2**31:
        raise StudioError(f"{name} puts a landmark on a face that cannot exist; get the file again.")
    if not np.isfinite(values).all() or np.abs(values.sum(axis=-1) - 1.0).max() > _TOLERANCE:
        raise StudioError(f"{name} has landmark weights that do not add up to one; get the file again.")
    if indices.ndim == 2 and len(indices) == 1:
        indices, values = indices[0], values[0]
    return Points(np.ascontiguousarray(indices, np.int32), np.ascontiguousarray(values, np.float32))
