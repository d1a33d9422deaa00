"""Landmarks and joints over the head: where they are, how large, in which colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.look import Look
from studio.flame.landmark_sets import landmark_positions, shown_set
from studio.flame.model import HeadModel

Array = NDArray[np.float32]

LANDMARK_COLOUR = (0.29, 0.64, 1.0)
JOINT_COLOUR = (1.0, 0.78, 0.36)
RING_COLOUR = (0.07, 0.08, 0.09)
LANDMARK_RADIUS, JOINT_RADIUS = 0.0042, 0.0075  # shares of the picture's height
SMALLEST_RADIUS = 2.0  # pixels
RING = 0.72  # share of the radius at which the dark ring begins
HIDDEN_ALPHA = 0.22  # of a landmark on the far side of the head
LIFT = 0.007  # metres by which a landmark stands off the surface, so that it is not cut in half


@dataclass(frozen=True, eq=False)
class Markers:
    """N discs that face the camera."""

    points: Array  # (N, 3) metres
    colours: Array  # (N, 3) sRGB
    radii: Array  # (N,) shares of the picture's height
    through: Array  # (N,) 1: seen through the head in full, 0: faint where the head is in front

    @property
    def count(self) -> int:
        """N."""
        return len(self.points)


def markers_of(model: HeadModel, surface: Surface, look: Look) -> Markers:
    """The markers that ``look`` asks for."""
    groups = []
    marks = shown_set(model, look.landmark_set) if look.show_landmarks else None
    if marks is not None:
        landmarks = landmark_positions(surface.vertices, marks, surface.contour_row)
        groups.append((landmarks, LANDMARK_COLOUR, LANDMARK_RADIUS, 0.0))
    if look.show_joints:
        groups.append((surface.joints, JOINT_COLOUR, JOINT_RADIUS, 1.0))
    counts = [len(points) for points, *_ in groups]
    return Markers(
        points=np.concatenate([np.zeros((0, 3), np.float32), *(group[0] for group in groups)]),
        colours=np.repeat(
            np.array([group[1] for group in groups], np.float32).reshape(-1, 3), counts, axis=0
        ),
        radii=np.repeat(np.array([group[2] for group in groups], np.float32), counts),
        through=np.repeat(np.array([group[3] for group in groups], np.float32), counts),
    )
