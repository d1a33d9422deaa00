"""Ghosts composed on the processor, as :mod:`studio.render.ghost_visual` does on the GPU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.camera import Bounds, Window, projection_matrix, view_matrix
from studio.render.extras import Ghost
from studio.render.ghosts import ghost_colour, ghost_cover, ghost_strength
from studio.render.rasterizer import rasterize
from studio.render.shot import Shot

Array = NDArray[np.float32]


def draw_ghosts(colours: Array, shot: Shot, window: Window) -> None:
    """Compose the shot's ghosts over premultiplied ``colours`` (h, w, 4) of a window of it, in place."""
    for ghost in shot.extras.ghosts:
        _draw(colours, shot, window, ghost)


def _draw(colours: Array, shot: Shot, window: Window, ghost: Ghost) -> None:
    size = (shot.size[0] * shot.factor, shot.size[1] * shot.factor)
    view, faces = view_matrix(shot.camera), shot.model.faces
    turn = view[:3, :3].astype(np.float32)
    positions = ghost.surface.vertices @ turn.T + view[:3, 3].astype(np.float32)
    projection = projection_matrix(shot.camera, size, Bounds.of(ghost.surface.vertices), window)
    clip = positions.astype(np.float64) @ projection[:, :3].T + projection[:, 3]
    fragments = rasterize(clip, faces, window.width, window.height)
    rows, columns = np.nonzero(fragments.faces >= 0)
    corners = faces[fragments.faces[rows, columns]]
    weights = fragments.weights[rows, columns][..., None]
    normals = ((ghost.surface.normals @ turn.T)[corners] * weights).sum(axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.float32(1e-20))
    facing = np.abs(normals[:, 2])
    if not shot.camera.orthographic:
        views = -(positions[corners] * weights).sum(axis=1)
        facing = np.abs((normals * views).sum(axis=1)) / np.linalg.norm(views, axis=1)
    places = (columns + 0.5 + window.x) + (size[1] - window.y - rows - 0.5)
    alpha = ghost_strength(ghost, shot.look.onion) * ghost_cover(facing, places, size[1], ghost.offset > 0)
    under = colours[rows, columns]
    over = np.append(np.array(ghost_colour(ghost)), 1.0) * alpha[:, None]
    colours[rows, columns] = under * (1.0 - alpha[:, None]) + over
