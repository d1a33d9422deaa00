"""Where the head might stand on a photo before anything is fitted: for the eye, and to begin points from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera, likely_focal
from studio.document.photo_points import Points, of_places
from studio.document.reference import Reference

Array = NDArray[np.float64]

_ACROSS, _BELOW = (
    0.82,
    0.19,
)  # of the points in the box of a face: their width, and how far their middle is down
_ROUNDS = 4  # of putting right what perspective does to a head beside the middle of the photo
_WHOLE = 0.55  # of the photo's shorter side, where nothing is known
_FEWEST = 3  # points that tell a scale and a place


def guessed_camera(
    reference: Reference, size: tuple[int, int], marks: NDArray[np.floating], focal: float = 0.0
) -> PhotoCamera:
    """A camera that puts the landmarks ``marks`` of a head seen from the front onto the chosen face.

    Args:
        reference: its points where there are some, else its box, else the middle of the photo.
        size: width and height of the photo, pixels.
        marks: (68, 3) in metres, in the head's axes; (0, 3) where the model has none.
        focal: in pixels; 0: a usual one.

    """
    width, height = size
    focal = focal or likely_focal(width, height)
    heads = marks.astype(np.float64) if len(marks) else np.array([[-0.06, 0.09, 0.0], [0.06, -0.09, 0.0]])
    known = [i for i, point in enumerate(reference.points) if not point.hidden and point.confidence > 0.0]
    if len(known) >= _FEWEST and len(marks) == len(reference.points):
        scale, place = _onto(heads[known, :2], reference.points, known)
    elif reference.box:
        return _into(reference.box, size, heads, focal)
    else:
        low, high = heads[:, :2].min(axis=0), heads[:, :2].max(axis=0)
        middle = (low + high) / 2.0
        scale = _WHOLE * min(size) / float(high[1] - low[1])
        place = np.array([width / 2.0, height / 2.0]) - scale * middle * (1.0, -1.0)
    return _camera(size, focal, scale, place, heads)


def _camera(size: tuple[int, int], focal: float, scale: float, place: Array, heads: Array) -> PhotoCamera:
    """A camera with ``scale`` pixels for a metre of the face, the head's origin falling on ``place``."""
    scale = max(scale, 1e-3 * focal)
    cx, cy = size[0] / 2.0, size[1] / 2.0
    x, y = (place[0] - cx) / scale, (cy - place[1]) / scale
    away = -focal / scale - float(heads[:, 2].mean())  # the face is at that depth, not the head's origin
    return PhotoCamera(*size, "perspective", focal, 0.0, cx, cy, (float(x), float(y), away))


def _into(box: tuple[float, ...], size: tuple[int, int], heads: Array, focal: float) -> PhotoCamera:
    """The camera before which the points fill their part of ``box``."""
    left, top, right, bottom = box
    wanted = _ACROSS * (right - left)
    middle = np.array([(left + right) / 2.0, (top + bottom) / 2.0 + _BELOW * (bottom - top)])
    scale, place = wanted / float(np.ptp(heads[:, 0])), middle
    camera = _camera(size, focal, scale, place, heads)
    for _ in range(_ROUNDS):
        seen = _seen(camera, heads)
        low, high = seen.min(axis=0), seen.max(axis=0)
        scale *= wanted / max(float(high[0] - low[0]), 1e-9)
        place = place + middle - (low + high) / 2.0
        camera = _camera(size, focal, scale, place, heads)
    return camera


def _seen(camera: PhotoCamera, points: Array) -> Array:
    """Where ``points`` (N, 3) fall before a perspective camera, (N, 2)."""
    placed = points + camera.place
    factor = (camera.focal / -placed[:, 2])[:, None]
    return np.array([camera.cx, camera.cy]) + factor * placed[:, :2] * (1.0, -1.0)


def _onto(marks: Array, points: Points, known: Sequence[int]) -> tuple[float, Array]:
    """Pixels a metre, and where the head's origin falls: the least squares of ``marks`` (N, 2) on points."""
    seen = np.array([(points[i].x, points[i].y) for i in known]) * (1.0, -1.0)
    sure = np.array([points[i].confidence for i in known])[:, None] / sum(points[i].confidence for i in known)
    ours, theirs = (sure * marks).sum(axis=0), (sure * seen).sum(axis=0)
    spread = float((sure * (marks - ours) ** 2).sum())
    scale = float((sure * (marks - ours) * (seen - theirs)).sum()) / max(spread, 1e-12)
    if scale <= 0.0:
        scale = float(np.sqrt((sure * (seen - theirs) ** 2).sum() / max(spread, 1e-12)))
    return scale, (theirs - scale * ours) * (1.0, -1.0)


def begun_points(camera: PhotoCamera, marks: NDArray[np.floating]) -> Points:
    """Where the landmarks ``marks`` (68, 3) of the head fall before a perspective ``camera``."""
    places = _seen(camera, np.asarray(marks, np.float64))
    return of_places((float(x), float(y)) for x, y in places)
