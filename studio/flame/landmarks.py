"""The 68 landmarks: the tables of the published embeddings, and the contour row by yaw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.model import LandmarkEmbedding
from studio.flame.rotations import to_matrices
from studio.storage.errors import StudioError

ContourSign = Literal["screen", "flame_pytorch"]

STATIC_COUNT = 51
CONTOUR_COUNT = 17
CONTOUR_ROWS = 79
LARGEST_YAW = 39

STATIC_KEYS = (("lmk_face_idx", "lmk_b_coords"), ("static_lmk_faces_idx", "static_lmk_bary_coords"))
CONTOUR_KEYS = (("lmk_face_idx", "lmk_b_coords"), ("dynamic_lmk_faces_idx", "dynamic_lmk_bary_coords"))


@dataclass(frozen=True, eq=False)
class Points:
    """Barycentric points on faces: ``faces`` (..., ) int32 and ``barycentric`` (..., 3) float32."""

    faces: NDArray[np.int32]
    barycentric: NDArray[np.float32]


def contour_row(rotation: ArrayLike, neck_pose: ArrayLike, sign: ContourSign = "screen") -> NDArray[np.intp]:
    """The row of the contour table for a head pose, in float64.

    With R = R_root R_neck the yaw is a = atan2(-R[2,0], hypot(R[0,0], R[1,0])) in degrees, rounded
    half to even and cut at 39 degrees. Row 0 is frontal, 1..39 are +1..+39 degrees, 40..78 are
    -1..-39 degrees (RingNet's table; Sanyal et al. 2019).

    Args:
        rotation: root axis-angle (3,) or (T, 3), radians.
        neck_pose: neck axis-angle, broadcast against ``rotation``.
        sign: "screen" takes +a, the row nearest to the silhouette seen from +Z; "flame_pytorch"
            takes -a, as that code does.

    Returns:
        The row as an integer array () or (T,).

    Raises:
        ValueError: a pose is not finite.

    """
    poses = np.stack(np.broadcast_arrays(rotation, neck_pose))
    if not np.isfinite(poses).all():
        raise ValueError("The head pose holds NaN or infinity.")
    root, neck = to_matrices(poses)
    axis = (root @ neck)[..., 0]
    yaw = np.degrees(np.arctan2(-axis[..., 2], np.hypot(axis[..., 0], axis[..., 1])))
    signed = yaw if sign == "screen" else -yaw
    degrees = np.rint(np.clip(signed, -LARGEST_YAW, LARGEST_YAW)).astype(np.intp)
    return np.asarray(np.where(degrees < 0, LARGEST_YAW - degrees, degrees))


def static_points(table: Mapping[str, Any], name: str) -> Points | None:
    """The static points of a table, iBUG 17..67, or None if it has none.

    Takes RingNet's, TF_FLAME's (51 or 68 points), DECA's and VHAP's layouts; of longer tables the
    points after iBUG 67 are left out. ``name`` is what the messages call the file.

    Raises:
        StudioError: the table holds fewer points, or no barycentric ones.

    """
    if "landmark_indices" in table:
        return None
    for keys in STATIC_KEYS:
        if all(key in table for key in keys) and _is_row(table[keys[0]]):
            points = _points(table[keys[0]], table[keys[1]], name)
            count = len(points.faces)
            start = CONTOUR_COUNT if count in (68, 70) else 0
            if count < start + STATIC_COUNT:
                raise StudioError(f"{name} has {count} static landmarks where {STATIC_COUNT} are needed.")
            part = slice(start, start + STATIC_COUNT)
            return Points(points.faces[part], points.barycentric[part])
    return None


def contour_points(table: Mapping[str, Any], name: str) -> Points | None:
    """The 79 x 17 contour points of a table, or None if it has none.

    A table of 68 fixed points gives its first 17 for every yaw.

    Raises:
        StudioError: the table has another shape, or holds no barycentric points.

    """
    if "landmark_indices" in table:
        return None
    for keys in CONTOUR_KEYS:
        if not all(key in table for key in keys):
            continue
        points = _points(table[keys[0]], table[keys[1]], name)
        if points.faces.shape == (68,):
            faces = np.tile(points.faces[:CONTOUR_COUNT], (CONTOUR_ROWS, 1))
            weights = np.tile(points.barycentric[:CONTOUR_COUNT], (CONTOUR_ROWS, 1, 1))
            return Points(faces, weights)
        if points.faces.ndim == 2:
            if points.faces.shape != (CONTOUR_ROWS, CONTOUR_COUNT):
                raise StudioError(
                    f"{name} has a contour table of {points.faces.shape} where "
                    f"({CONTOUR_ROWS}, {CONTOUR_COUNT}) is needed; use the published file."
                )
            return points
    return None


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


def embedding(static: Points, contour: Points, faces: NDArray[np.int32]) -> LandmarkEmbedding:
    """Both tables on the mesh of ``faces`` (F, 3), as the model keeps them."""
    return LandmarkEmbedding(
        faces[static.faces], static.barycentric, faces[contour.faces], contour.barycentric
    )


def _is_row(values: Any) -> bool:
    """Whether ``values`` is a row of numbers, as static tables have, and not a table by yaw."""
    if isinstance(values, np.ndarray):
        return values.ndim == 1
    return isinstance(values, list | tuple) and all(isinstance(value, int | np.integer) for value in values)


def _points(faces: Any, weights: Any, name: str) -> Points:
    """Checked arrays of a pair of columns, given as arrays or lists of arrays.

    Raises:
        StudioError: they are not numbers, do not fit together, or are not barycentric.

    """
    try:
        indices = np.asarray(faces)
        values = np.asarray(weights).astype(np.float64)
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
    if not np.isfinite(values).all() or np.abs(values.sum(axis=-1) - 1.0).max() > 1e-3:
        raise StudioError(f"{name} has landmark weights that do not add up to one; get the file again.")
    return Points(np.ascontiguousarray(indices, np.int32), np.ascontiguousarray(values, np.float32))
