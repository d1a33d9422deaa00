"""Which landmark is under the pointer: number, name and part of the face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.flame.landmark_names import Landmark
from studio.flame.landmark_sets import landmark_positions, shown_set
from studio.render.camera import project
from studio.render.shot import Shot
from studio.render.visibility import seen_landmarks

REACH = 12.0  # logical pixels around a landmark that count as on it


@dataclass(frozen=True)
class Found:
    """A landmark, and whether it lies behind the head."""

    landmark: Landmark
    hidden: bool
    place: tuple[float, float]  # where it is seen

    @property
    def text(self) -> str:
        """What the chip says."""
        mark = self.landmark
        name = mark.name[:1].upper() + mark.name[1:]
        return f"{mark.index}  {name} · {mark.region}" + (" · behind the head" if self.hidden else "")


def landmark_at(shot: Shot, place: tuple[float, float], reach: float) -> Found | None:
    """The landmark that ``shot`` shows nearest to ``place``, within ``reach``, both in its pixels.

    One that is seen goes before one behind the head.
    """
    marks = shown_set(shot.model, shot.look.landmark_set) if shot.look.show_landmarks else None
    if marks is None:
        return None
    surface, camera = shot.surface, shot.camera
    points = landmark_positions(surface.vertices, marks, surface.contour_row)
    places = project(points, camera, shot.size)
    distances = np.hypot(places[:, 0] - place[0], places[:, 1] - place[1])
    near = np.flatnonzero((distances <= reach) & (places[:, 2] > 0.0))
    if not near.size:
        return None
    seen = seen_landmarks(shot.model, surface, marks, camera)[near]
    best = np.lexsort((distances[near], ~seen))[0]
    x, y = places[near[best], :2].tolist()
    return Found(marks.landmarks[near[best]], not seen[best], (x, y))
