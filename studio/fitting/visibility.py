"""Which points of the head's surface a photo shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions, project
from studio.fitting.texels import Texels, pieces
from studio.render.rasterizer import find_visible

_BEHIND = 0.004  # metres that a point may lie behind the face that is shown there
_EDGE = 2  # pixels of the view beside an outline, which show what is behind it too
_STEP = 0.012  # metres of depth over which that many pixels make an outline
_VIEW = 1024  # pixels of the longer side of the view


def in_view(texels: Texels, surface: Surface, camera: PhotoCamera, points: NDArray) -> NDArray[np.float64]:
    """1 for texels (N,) at ``points`` (N, 3) that the photo shows, unhidden by the head, 0 for others.

    Close beside outlines nothing counts as shown: there a pixel holds what is behind them, too.
    """
    import cv2

    model = texels.model
    view = _view_of_head(camera, surface.vertices)
    drawn = find_visible(clip_positions(view, surface.vertices), model.faces, view.width, view.height).faces
    depths, piece = _face_depths(camera, surface.vertices, model.faces), pieces(model)
    pixel = view.focal / camera.focal if camera.focal else view.scale / camera.scale
    box = np.ones((2 * max(_EDGE, round(1.5 * pixel)) + 1,) * 2, np.uint8)
    distance = np.where(drawn >= 0, depths[drawn].mean(axis=2), np.inf).astype(np.float32)
    pieces_shown = np.where(drawn >= 0, piece[drawn], -1).astype(np.float32)
    with np.errstate(invalid="ignore"):
        inner = cv2.dilate(distance, box) - cv2.erode(distance, box) < _STEP
    inner &= cv2.dilate(pieces_shown, box) == cv2.erode(pieces_shown, box)
    pixels, depth = project(view, points)
    columns, rows = np.floor(pixels).astype(np.int64).T
    within = (columns >= 0) & (columns < view.width) & (rows >= 0) & (rows < view.height)
    columns, rows = np.clip(columns, 0, view.width - 1), np.clip(rows, 0, view.height - 1)
    shown = drawn[rows, columns]
    nearest, farthest = depths[shown].T
    in_front = depth <= farthest + _BEHIND + (farthest - nearest)
    same = piece[shown] == piece[texels.faces]
    return (within & in_front & same & (shown >= 0) & inner[rows, columns]).astype(np.float64)


def _view_of_head(camera: PhotoCamera, vertices: NDArray) -> PhotoCamera:
    """The camera of the part of the photo in which the head is."""
    pixels, _ = project(camera, vertices)
    low = np.clip(np.floor(pixels.min(axis=0)), 0, np.array(camera.size) - 1)
    high = np.clip(np.ceil(pixels.max(axis=0)), low + 1, camera.size)
    factor = _VIEW / float((high - low).max())
    width, height = (max(round(side * factor), 1) for side in (high - low).tolist())
    return camera.cropped(float(low[0]), float(low[1]), factor, width, height)


def _face_depths(camera: PhotoCamera, vertices: NDArray, faces: NDArray) -> NDArray[np.float64]:
    """The nearest and the farthest depth (F, 2) of each face's corners, metres."""
    _, depth = project(camera, vertices)
    corners = depth[faces]
    return np.stack([corners.min(axis=1), corners.max(axis=1)], axis=1)
