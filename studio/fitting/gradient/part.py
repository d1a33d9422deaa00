"""The part of a head that a fit looks at: its skin, or the corners of its landmarks alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.backends.assembly import Assembly, assemble
from studio.flame.landmark_sets import LandmarkSet
from studio.flame.model import HeadModel

# what is no skin: wet, inside, or in front of it
NO_SKIN = (
    "eyeballs",
    "left_eyeball",
    "right_eyeball",
    "eyes",
    "teeth",
    "gums",
    "tongue",
    "mouth_cavity",
    "lashes",
    "scalp",
)


@dataclass(frozen=True, eq=False)
class Part:
    """n vertices of a head, numbered anew, and the f faces whose pixels are looked at."""

    vertices: NDArray[np.intp]  # (n,) their numbers in the model
    number: NDArray[np.int64]  # (V,) the number of each of the model's vertices here, -1 for none
    faces: NDArray[np.int64]  # (f, 3) whose pixels are looked at
    around: NDArray[np.int64]  # (g, 3) all that touch a vertex of those: for normals
    face_number: NDArray[np.int32]  # (F,) the number here of each of the model's faces, -1 for none
    assembly: Assembly


def skin_part(model: HeadModel, marks: list[LandmarkSet]) -> Part:
    """The skin of ``model``, with the corners of ``marks``."""
    away = np.zeros(model.vertex_count, bool)
    for name in NO_SKIN:
        away[model.regions.get(name, [])] = True
    chosen = np.asarray(~away[model.faces].all(axis=1))
    touched = np.zeros(model.vertex_count, bool)
    touched[model.faces[chosen]] = True
    around = np.asarray(touched[model.faces].any(axis=1))
    return _part(model, chosen, around, marks)


def whole_part(model: HeadModel) -> Part:
    """All of ``model``."""
    everything = np.ones(len(model.faces), bool)
    return _part(model, everything, everything, [])


def landmark_part(model: HeadModel, marks: list[LandmarkSet]) -> Part:
    """The corners of ``marks`` on ``model`` alone, without a face."""
    nothing = np.zeros(len(model.faces), bool)
    return _part(model, nothing, nothing, marks)


def _part(
    model: HeadModel, chosen: NDArray[np.bool_], around: NDArray[np.bool_], marks: list[LandmarkSet]
) -> Part:
    used = np.zeros(model.vertex_count, bool)
    used[model.faces[around]] = True
    for one in marks:
        used[one.corners] = True
    vertices = np.flatnonzero(used)
    number = np.full(model.vertex_count, -1, np.int64)
    number[vertices] = np.arange(len(vertices))
    face_number = np.full(len(model.faces), -1, np.int32)
    face_number[chosen] = np.arange(int(chosen.sum()), dtype=np.int32)
    return Part(
        vertices,
        number,
        number[model.faces[chosen]],
        number[model.faces[around]],
        face_number,
        _of_vertices(assemble(model), vertices),
    )


def with_offset(part: Part, offset: NDArray[np.float32]) -> Part:
    """``part`` of the head whose unposed vertices are moved by ``offset`` (V, 3), metres."""
    whole = part.assembly
    template = whole.template + offset[part.vertices].ravel()
    # regressor_vertices still number the model's vertices
    joints = whole.joint_template + whole.joints_moved_by(offset)
    return replace(part, assembly=replace(whole, template=template, joint_template=joints))


def _of_vertices(whole: Assembly, vertices: NDArray[np.intp]) -> Assembly:
    count = len(whole.weights)
    basis = whole.basis.reshape(len(whole.basis), count, 3)[:, vertices]
    rows = len(whole.landmark_vertices)
    return replace(
        whole,
        template=whole.template.reshape(count, 3)[vertices].ravel(),
        basis=np.ascontiguousarray(basis.reshape(len(basis), -1)),
        weights=np.ascontiguousarray(whole.weights[vertices]),
        landmark_vertices=np.zeros((rows, 1, 3), np.int64),  # landmarks are taken by their own sets
        landmark_barycentric=np.zeros((rows, 1, 3), np.float32),
    )
