"""Markers composed on the processor, as :mod:`studio.render.marker_visual` does on the GPU."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.render.markers import HIDDEN_ALPHA, LIFT, RING, RING_COLOUR, SMALLEST_RADIUS, markers_of
from studio.render.shading import smoothstep
from studio.render.shot import Shot

Array = NDArray[np.float32]


def draw_markers(
    colours: Array,
    depths: Array,
    shot: Shot,
    view: NDArray[np.float64],
    projection: NDArray[np.float64],
    picture_height: int,
) -> None:
    """Compose the shot's markers over premultiplied ``colours`` (H, W, 4) of a tile.

    Args:
        colours: written in place.
        depths: (H, W) normalised device depth of the head.
        shot: whose surface and look tell the markers.
        view: (4, 4).
        projection: (4, 4) onto the tile.
        picture_height: of the whole picture, in samples.
    """
    markers = markers_of(shot.model, shot.surface, shot.look)
    centers = markers.points.astype(np.float64) @ view[:3, :3].T + view[:3, 3]
    centers[:, 2] += LIFT
    clip = centers @ projection[:, :3].T + projection[:, 3]
    height, width = depths.shape
    device = clip[:, :3] / clip[:, 3:]
    places = (device[:, :2] * (0.5, -0.5) + 0.5) * (width, height)
    for behind in (True, False):
        for index in range(markers.count):
            through = float(markers.through[index])
            alpha = HIDDEN_ALPHA + (1.0 - HIDDEN_ALPHA) * through if behind else 1.0 - through
            if alpha > 0.0 and clip[index, 3] > 0.0:
                radius = max(markers.radii[index] * picture_height, SMALLEST_RADIUS * shot.factor)
                limit = np.inf if behind else float(device[index, 2])
                _disc(
                    colours, depths, places[index], radius, shot.factor, markers.colours[index], alpha, limit
                )


def _disc(
    colours: Array,
    depths: Array,
    place: NDArray[np.float64],
    radius: float,
    pixel: int,
    colour: Array,
    alpha: float,
    depth: float,
) -> None:
    """One disc; where the head is nearer than ``depth`` it is not drawn, except at infinity."""
    height, width = depths.shape
    reach = radius + pixel
    left, right = max(int(place[0] - reach), 0), min(int(place[0] + reach) + 2, width)
    top, bottom = max(int(place[1] - reach), 0), min(int(place[1] + reach) + 2, height)
    if left >= right or top >= bottom:
        return
    x = np.arange(left, right) + 0.5 - place[0]
    y = np.arange(top, bottom) + 0.5 - place[1]
    r = np.hypot(x[None, :], y[:, None])
    soft = 0.5 * pixel
    cover = alpha * (1.0 - smoothstep(radius - soft, radius + soft, r))
    if np.isfinite(depth):
        cover = np.where(depths[top:bottom, left:right] >= depth, cover, 0.0)
    ring = smoothstep(RING * radius - soft, RING * radius + soft, r)[..., None]
    tint = colour + (np.array(RING_COLOUR) - colour) * ring
    patch = colours[top:bottom, left:right]
    patch *= (1.0 - cover)[..., None].astype(np.float32)
    patch[..., :3] += (tint * cover[..., None]).astype(np.float32)
    patch[..., 3] += cover.astype(np.float32)
