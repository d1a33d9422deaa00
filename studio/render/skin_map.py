"""What carries the skin at each pixel of a view, kept while nothing moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.camera import Bounds, projection_matrix, view_matrix
from studio.render.rasterizer import rasterize
from studio.render.shot import Shot

COARSE = 2  # pixels of the view for one of the map, along a side


class SkinMap:
    """The joint weights at the pixels of the last view asked for, at half its resolution."""

    def __init__(self) -> None:
        self._shot: Shot | None = None
        self.seen = np.zeros((0, 0), bool)  # (H, W) where the head is
        self.weights = np.zeros((0, 5), np.float32)  # (N, 5) of the pixels that are seen, row by row

    def shows(self, shot: Shot) -> bool:
        """Whether the last view was this one."""
        last = self._shot
        return (
            last is not None
            and last.surface is shot.surface
            and last.model is shot.model
            and last.camera == shot.camera
            and last.size == shot.size
        )

    def look(self, shot: Shot) -> None:
        """Take in the view of ``shot``."""
        if self.shows(shot):
            return
        model, vertices = shot.model, shot.surface.vertices
        matrix = projection_matrix(shot.camera, shot.size, Bounds.of(vertices)) @ view_matrix(shot.camera)
        clip = vertices.astype(np.float64) @ matrix[:, :3].T + matrix[:, 3]
        width, height = (max(side // COARSE, 1) for side in shot.size)
        drawn = rasterize(clip, model.faces, width, height)
        self.seen = drawn.faces >= 0
        corners: NDArray[np.int32] = model.faces[drawn.faces[self.seen]]
        shares = drawn.weights[self.seen]
        self.weights = shares[:, :1] * model.lbs_weights[corners[:, 0]]
        for corner in (1, 2):
            self.weights += shares[:, corner : corner + 1] * model.lbs_weights[corners[:, corner]]
        self._shot = shot
