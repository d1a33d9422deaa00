"""What is drawn over the head: gizmo, selection and highlights as shapes on the sheet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio.canvas.overlay_shapes import Disc, Letter, Line, Shape
from studio.controls.joint_turns import JOINT_TITLES
from studio.controls.titles import sentence
from studio.document.tools import Tools
from studio.flame.landmark_sets import landmark_positions, shown_set
from studio.render.camera import project
from studio.render.gizmo import Gizmo
from studio.render.picking import region_of
from studio.render.shot import Shot

RING_ROLES = ("axis_x", "axis_y", "axis_z", "secondary")
SELECTED = 5.0  # pixels


def gizmo_shapes(gizmo: Gizmo, lit: int | None) -> Iterator[Shape]:
    """Rings, their letters, and the name of the joint; ``lit`` is the ring under the pointer."""
    for index, ring in enumerate(gizmo.rings):
        on = index == lit
        yield Line(ring.points, "accent" if on else RING_ROLES[index], 3.0 if on else 2.0, ring.near)
    x, y = gizmo.place
    yield Disc((float(x), float(y)), 4.0, "accent")
    for index, ring in enumerate(gizmo.rings[:3]):
        yield Letter(
            ring.letter_place(gizmo.place), ring.name, "accent_text" if index == lit else RING_ROLES[index]
        )


def selection_shapes(shot: Shot, tools: Tools) -> Iterator[Shape]:
    """The selected vertex and landmark, with what they are called."""
    vertex = tools.vertex
    if vertex is not None and vertex < shot.model.vertex_count:
        region = region_of(shot.model, vertex)
        words = f"{sentence(region)} · vertex {vertex}" if region else f"Vertex {vertex}"
        yield from _marked(shot, shot.surface.vertices[vertex], words)
    found = None if tools.landmark is None else landmark_place(shot, tools.landmark)
    if found is not None:
        yield from _marked(shot, *found)


def landmark_place(shot: Shot, number: int) -> tuple[NDArray[np.float32], str] | None:
    """Where the landmark called ``number`` is (3,) and what it is called; None where it is not shown."""
    marks = shown_set(shot.model, shot.look.landmark_set) if shot.look.show_landmarks else None
    if marks is None:
        return None
    for place, landmark in enumerate(marks.landmarks):
        if landmark.index == number:
            points = landmark_positions(shot.surface.vertices, marks, shot.surface.contour_row)
            name = landmark.name[:1].upper() + landmark.name[1:]
            return points[place], f"{number}  {name}"
    return None


def joint_at(shot: Shot, place: tuple[float, float], reach: float) -> int | None:
    """The joint that ``shot`` shows nearest to ``place``, within ``reach`` pixels."""
    if not shot.look.show_joints:
        return None
    seen = project(shot.surface.joints, shot.camera, shot.size)
    distances = np.hypot(seen[:, 0] - place[0], seen[:, 1] - place[1])
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= reach and nearest < len(JOINT_TITLES) else None


def _marked(shot: Shot, point: NDArray, words: str) -> Iterator[Shape]:
    ((x, y, depth),) = project(point[None], shot.camera, shot.size)
    if depth > 0.0 or shot.camera.orthographic:
        yield Disc((float(x), float(y)), SELECTED, "accent")
        yield Letter((float(x), float(y) - 18.0), words, "text")
