"""The head's outline against the mask's edge: how far each of its points is from where the skin ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.gradient.arrays import Arrays
from studio.fitting.gradient.crops import Crop
from studio.fitting.gradient.landmark_terms import FAR, USUAL
from studio.fitting.gradient.part import Part
from studio.fitting.projection import clip_positions
from studio.flame.model import HeadModel
from studio.render.rasterizer import rasterize

SURE = 0.5  # from which a mask says skin
INWARDS = 0.5  # pixels that the centres of pixels at an edge lie within it, on average
NO_EDGE = ("neck",)  # regions whose skin goes on where the mask may end


@dataclass(frozen=True, eq=False)
class Outline:
    """The L points at the head's outline, and the field of distances that they are looked up in."""

    corners: Any  # (3 L,) vertices of the part: all first corners, then all second, all third
    shares: Any  # (3, L) barycentric
    field: Any  # (1, m * m) shares of the outer-eye distance to the mask's edge, positive beyond it
    side: int  # m: it is known at the corners between pixels, so that it is smooth at their centres
    factor: float  # pixels of the working picture for one of the photo
    centre: tuple[float, float]  # column and row of the principal point, in texels of the field


def distance_field(mask: NDArray[np.float32], picture: Crop) -> NDArray[np.float32]:
    """Pixels (n, n) of the working picture ``picture`` to the edge of ``mask`` (H, W), positive beyond it.

    Where the photo ends the mask goes on as it is there, so that the photo's border is no edge. Zero where
    the mask has no edge at all.
    """
    import cv2

    height, width = mask.shape
    longer = round(picture.side / picture.factor)
    rows = np.clip(np.arange(picture.top, picture.top + longer), 0, height - 1)
    columns = np.clip(np.arange(picture.left, picture.left + longer), 0, width - 1)
    part = np.ascontiguousarray(mask[np.ix_(rows, columns)], np.float32)
    side = (picture.side, picture.side)
    skin = (cv2.resize(part, side, interpolation=cv2.INTER_AREA) >= SURE).astype(np.uint8)
    if skin.all() or not skin.any():
        return np.zeros(side, np.float32)
    within, beyond = (
        cv2.distanceTransform(one, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for one in (skin, 1 - skin)
    )
    return np.asarray(np.where(skin > 0, INWARDS - within, beyond - INWARDS), np.float32)


def outline_of(
    arrays: Arrays,
    model: HeadModel,
    part: Part,
    vertices: NDArray[np.float32],
    picture: Crop,
    camera: PhotoCamera,
    field: NDArray[np.float32],
    unit: float,
) -> Outline | None:
    """Points of the skin of ``vertices`` (V, 3) beside which ``picture`` shows no head; None: there are none.

    Args:
        arrays: what they are uploaded to.
        model: the head model.
        part: its skin.
        vertices: in the head's axes.
        picture: the working picture.
        camera: of it.
        field: of :func:`distance_field`.
        unit: the outer-eye distance in its pixels.

    """
    drawn = rasterize(clip_positions(camera, vertices), model.faces, picture.side, picture.side)
    empty = drawn.faces < 0
    beside = np.zeros_like(empty)
    beside[1:-1, 1:-1] = empty[:-2, 1:-1] | empty[2:, 1:-1] | empty[1:-1, :-2] | empty[1:-1, 2:]
    places = np.flatnonzero((beside & ~empty).ravel())
    faces = drawn.faces.ravel()[places]
    skin = (part.face_number >= 0)[faces] & ~_endless(model)[faces]
    places, faces = places[skin], faces[skin]
    if not len(places):
        return None
    corners = part.number[model.faces[faces]].T
    return Outline(
        arrays.upload(np.ascontiguousarray(corners).reshape(-1)),
        arrays.upload(np.ascontiguousarray(drawn.weights.reshape(-1, 3)[places].T)),
        arrays.upload((_at_corners(field + INWARDS) / unit).reshape(1, -1)),
        picture.side - 1,
        picture.factor,
        (camera.cx - 1.0, camera.cy - 1.0),
    )


def outline_cost(arrays: Arrays, points: Any, outline: Outline) -> Any:
    """Mean over the outline of what its distances from the edge cost.

    As with landmarks: squares in shares of the outer-eye distance, large ones bounded, because where hair or
    a hand ends the skin the mask's edge is not the head's.

    Args:
        arrays: the array library.
        points: (3, n) homogeneous: pixels of the photo from the principal point, right and up; depth.
        outline: which points, and the field.

    """
    xp, side = arrays.xp, outline.side
    corners = arrays.take(points, outline.corners).reshape(3, 3, -1)
    at = (
        corners[:, 0] * outline.shares[0]
        + corners[:, 1] * outline.shares[1]
        + corners[:, 2] * outline.shares[2]
    )
    column = outline.centre[0] + outline.factor * (at[0] / at[2])
    row = outline.centre[1] - outline.factor * (at[1] / at[2])
    column, row = xp.clip(column, 0.0, side - 1.001), xp.clip(row, 0.0, side - 1.001)
    left, low = xp.floor(arrays.hold(column)), xp.floor(arrays.hold(row))
    right, down = column - left, row - low
    first = arrays.library.to_index(low * side + left)
    taps = arrays.take(outline.field, xp.concatenate([first, first + 1, first + side, first + side + 1]))
    taps = taps.reshape(4, -1)
    above = taps[0] + right * (taps[1] - taps[0])
    below = taps[2] + right * (taps[3] - taps[2])
    off = above + down * (below - above)
    squared = off * off
    return (squared * (1.0 / USUAL) / (1.0 + squared * (1.0 / FAR**2))).mean()


def _at_corners(field: NDArray[np.float32]) -> NDArray[np.float64]:
    rows = field[1:].astype(np.float64) + field[:-1]
    return np.asarray(0.25 * (rows[:, 1:] + rows[:, :-1]))


def _endless(model: HeadModel) -> NDArray[np.bool_]:
    """Faces (F,) at which a mask may end though the head goes on."""
    found = np.zeros(model.vertex_count, bool)
    for name in NO_EDGE:
        found[model.regions.get(name, [])] = True
    return np.asarray(found[model.faces].all(axis=1))
