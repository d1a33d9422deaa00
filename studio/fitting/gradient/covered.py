"""Which skin each pixel of a working picture shows: one rasterizer call, then the covered pixels alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.crops import Crop
from studio.fitting.gradient.part import Part
from studio.fitting.projection import clip_positions
from studio.flame.model import HeadModel
from studio.render.rasterizer import find_visible

FACING = 0.15  # cosine of normal and view below which a face is seen too slantingly


@dataclass(frozen=True, eq=False)
class Covered:
    """The N covered pixels of a working picture, on f of the part's faces."""

    corners: NDArray[np.int64]  # (3, f) vertices of the part
    origins: NDArray[np.float64]  # (2, f) a point near each face, pixels from the principal point, y up
    face: NDArray[np.int64]  # (N,) into the f
    centres: NDArray[np.float64]  # (2, N) pixel centres from the principal point, y up
    uv: NDArray[np.float64]  # (6, N) u of the three corners, then v; empty without texture coordinates
    light: NDArray[np.float32]  # (3, N) of the photo
    weight: NDArray[np.float32]  # (N,) 0..1
    places: NDArray[np.intp]  # (N,) row * side + column


def cover(
    model: HeadModel,
    part: Part,
    vertices: NDArray[np.float32],
    picture: Crop,
    camera: PhotoCamera,
    with_edges: bool = False,
) -> Covered:
    """The pixels of ``picture`` that show skin of ``vertices`` (V, 3) before the picture's ``camera``.

    Pixels at the edge of the skin, which show something else in part, are left out, and so are faces that are
    seen from the side; unless ``with_edges``.
    """
    side = picture.side
    shown = find_visible(clip_positions(camera, vertices), model.faces, side, side).faces
    if with_edges:
        whole = (shown >= 0) & (part.face_number >= 0)[np.maximum(shown, 0)]
    else:
        skin = (shown >= 0) & _facing(model, part, vertices, camera)[np.maximum(shown, 0)]
        whole = skin.copy()
        whole[1:-1, 1:-1] &= skin[:-2, 1:-1] & skin[2:, 1:-1] & skin[1:-1, :-2] & skin[1:-1, 2:]
    places = np.flatnonzero(whole.ravel() & (picture.mask.ravel() > 0.0))
    used, face = np.unique(shown.ravel()[places], return_inverse=True)
    corners = part.number[model.faces[used]].T
    rows, columns = np.divmod(places, side)
    centres = np.stack([columns + 0.5 - camera.cx, camera.cy - rows - 0.5])
    counts = np.maximum(np.bincount(face, minlength=len(used)), 1)
    origins = np.stack([np.bincount(face, line, len(used)) / counts for line in centres])
    uv = np.zeros((0, len(places)))
    if model.uv is not None and model.uv_faces is not None:
        of_face = model.uv[model.uv_faces[used]].astype(np.float64)  # (f, 3, 2)
        uv = of_face.transpose(2, 1, 0).reshape(6, -1)[:, face]
    return Covered(
        np.ascontiguousarray(corners),
        origins,
        face.astype(np.int64),
        centres,
        np.ascontiguousarray(uv),
        np.ascontiguousarray(picture.light.reshape(-1, 3)[places].T),
        picture.mask.ravel()[places],
        places,
    )


def _facing(model: HeadModel, part: Part, vertices: NDArray, camera: PhotoCamera) -> NDArray[np.bool_]:
    """Whether each face (F,) is skin and turned to the camera."""
    points = vertices.astype(np.float64) + np.asarray(camera.place)
    a, b, c = (points[model.faces[:, corner]] for corner in range(3))
    normals = np.cross(b - a, c - a)
    view = -a if camera.projection == "perspective" else np.array([0.0, 0.0, 1.0])
    lengths = np.linalg.norm(normals, axis=1) * np.linalg.norm(view, axis=-1)
    return (part.face_number >= 0) & ((normals * view).sum(axis=1) > FACING * lengths)
