"""The part of a head that scans are compared with, and its landmarks in space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.fitting.marks import marks_of
from studio.fitting.scans.closest import Surface
from studio.fitting.scans.scan import Picks
from studio.flame.landmark_sets import LandmarkSet
from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

# Parts that scanners do not see, and those that are seen but not to be trusted.
_TEETH = ("teeth", "upper_teeth", "lower_teeth", "gums", "upper_gums", "lower_gums")
_INSIDE = ("mouth_cavity", "tongue", "lashes", *_TEETH)
_TRUST = {"scalp": 0.2, "neck": 0.5, "ears": 0.5, "left_ear": 0.5, "right_ear": 0.5}
_EYEBALLS = ("eyeballs", "left_eyeball", "right_eyeball")
_CHIN = 8
_CONTOUR_TRUST = 0.05  # the jaw line is where a head was seen from, not a place on it


@dataclass(frozen=True, eq=False)
class Target:
    """The outer skin of a head, and how much each of its vertices is to be believed."""

    surface: Surface
    trust: Array  # (V,) 0..1


def target_of(model: HeadModel) -> Target:
    """What of ``model`` scans show. Points nearest to eyeballs are theirs, but tell nothing of the skin."""
    inside = np.zeros(model.vertex_count, bool)
    for name in _INSIDE:
        inside[model.regions.get(name, np.zeros(0, np.int32))] = True
    trust = np.ones(model.vertex_count)
    for name, value in _TRUST.items():
        trust[model.regions.get(name, np.zeros(0, np.int32))] = value
    for name in _EYEBALLS:
        trust[model.regions.get(name, np.zeros(0, np.int32))] = 0.0
    faces = model.faces[~inside[model.faces].any(axis=1)]
    surface = Surface(faces, model.vertex_count)
    trust[surface.open | inside] = 0.0
    return Target(surface, trust)


@dataclass(frozen=True, eq=False)
class Marks3D:
    """K landmarks of a head as points between vertices."""

    corners: NDArray[np.int32]  # (K, 3)
    barycentric: Array  # (K, 3)
    trust: Array  # (K,) 0..1

    def on(self, vertices: Array) -> Array:
        """Where they are (K, 3) on ``vertices`` (V, 3)."""
        return np.asarray((vertices[self.corners] * self.barycentric[..., None]).sum(axis=1))


def marks_for(model: HeadModel, picks: Picks) -> Marks3D:
    """The landmarks that ``picks`` names.

    Raises:
        StudioError: the model has no landmarks, or a number is none of the 68.

    """
    marks: LandmarkSet = marks_of(model, "68")
    if not len(picks) or picks.indices.min() < 0 or picks.indices.max() >= len(marks.landmarks):
        raise StudioError("Landmarks of a scan are numbers of the 68, from 0 to 67; pick them again.")
    contour = (picks.indices < CONTOUR_COUNT) & (picks.indices != _CHIN)
    return Marks3D(
        marks.corners[0][picks.indices],
        marks.barycentric[0][picks.indices].astype(np.float64),
        np.where(contour, _CONTOUR_TRUST, 1.0),
    )
