"""Where a component acts: the neutral head from the front, grey, and coloured where it moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.flame.model import HeadModel
from studio.flame.neutral import Rest, rest
from studio.flame.reach import directions_of
from studio.render.colour_scale import colours_at
from studio.render.maps import HeadView
from studio.render.pinhole import PinholeCamera

Array = NDArray[np.float32]

GREY, DARKEST = 0.66, 0.45  # of the surface seen from the front, and seen from the side
CLEAR = 0.3  # of the farthest movement, from which nothing of the grey is left
FIRST_COLOUR = 0.25  # of the scale, where movement begins
FOREHEAD = 0.12  # of the landmarks' height, by which the picture is higher, as they end at the brows
AROUND = 1.25  # times the size of the landmarks that a picture of the face shows


@dataclass(frozen=True, eq=False)
class _Ground:
    """P pixels of a picture that show the head: where, which vertices, by how much, and how grey."""

    shown: NDArray[np.bool_]  # (side, side)
    corners: NDArray[np.int32]  # (P, 3)
    weights: Array  # (P, 3)
    grey: Array  # (P,) 0..1, display values


class ComponentHeat:
    """Pictures of one model's components, square, of ``side`` pixels.

    Those of the expression show the face, those of the shape the whole head.
    """

    def __init__(self, model: HeadModel, side: int) -> None:
        self._model, self._side = model, side
        self._grounds: dict[str, _Ground] = {}

    def picture(self, field: str, index: int) -> NDArray[np.uint8]:
        """Component ``index`` of "shape" or "expr" as sRGB with alpha (side, side, 4).

        The colours go to the farthest that this component moves anything.
        """
        if field not in self._grounds:
            self._grounds[field] = self._ground(field)
        ground = self._grounds[field]
        moved = np.linalg.norm(directions_of(self._model, field)[:, :, index], axis=1)
        shares = (moved[ground.corners] * ground.weights).sum(axis=1)
        shares /= max(float(shares.max(initial=0.0)), 1e-12)
        colours = colours_at(FIRST_COLOUR + (1.0 - FIRST_COLOUR) * shares, signed=False)
        colours *= (ground.grey / np.float32(GREY))[:, None]
        over = np.minimum(shares / CLEAR, 1.0)[:, None]
        picture = np.zeros((self._side, self._side, 4), np.uint8)
        mixed = ground.grey[:, None] * (1.0 - over) + colours * over
        picture[ground.shown, :3] = np.rint(255.0 * np.clip(mixed, 0.0, 1.0))
        picture[ground.shown, 3] = 255
        return picture

    def _ground(self, field: str) -> _Ground:
        head = rest(self._model)
        camera = PinholeCamera.front(_framed(head, field), (self._side, self._side))
        surface = Surface(head.vertices, head.normals, head.landmarks, head.joints, 0)
        view = HeadView.take(self._model, surface, camera, threads=1)
        shown = view.face_index >= 0
        facing = np.clip(view.normal("camera")[shown][:, 2], 0.0, 1.0)
        return _Ground(
            shown,
            self._model.faces[view.face_index[shown]],
            view.barycentric[shown],
            (DARKEST + (GREY - DARKEST) * facing).astype(np.float32),
        )


def _framed(head: Rest, field: str) -> Array:
    """The points (N, 3) that fill a picture."""
    if field == "shape" or not len(head.landmarks):
        return head.vertices
    low, high = head.landmarks.min(axis=0), head.landmarks.max(axis=0)
    middle, forehead = (low + high) / 2.0, np.array((0.0, FOREHEAD * (high - low)[1], 0.0))
    return np.asarray(middle + forehead + AROUND * (head.landmarks - middle), np.float32)
