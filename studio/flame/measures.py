"""Measurements of one posed head by its landmarks, in millimetres and degrees."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.distances import MILLIMETRES
from studio.flame.landmark_sets import eye_fronts
from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.model import HeadModel
from studio.flame.rotations import to_matrices

Unit = Literal["mm", "°"]
Array = NDArray[np.float64]

RIGHT_PUPIL, LEFT_PUPIL, UPPER_TEETH, LOWER_TEETH = 68, 69, 70, 71  # after the 68 landmarks
_POINTS = 72
_EYE_JOINTS = (4, 3)  # right, left
_INCISORS = 0.006  # metres from the middle of the face within which teeth are incisors


@dataclass(frozen=True)
class Measure:
    """One measurement: a distance between two points, or something of its own where ``ends`` is empty.

    Ends are landmarks by their number in iBUG's order of 68; further ones are the pupils and the edges
    of the middle incisors.
    """

    key: str  # in files
    title: str
    tip: str  # how it is defined
    ends: tuple[int, ...] = ()  # the middle of the first half, and that of the second
    unit: Unit = "mm"
    drawn: bool = False  # as a line on the picture


MEASURES: tuple[Measure, ...] = (
    Measure("inter_ocular_outer", "Eyes, outer corners", "Between the outer corners of the eyes", (36, 45)),
    Measure("inter_ocular_inner", "Eyes, inner corners", "Between the inner corners of the eyes", (39, 42)),
    Measure(
        "inter_pupillary",
        "Pupils",
        "Between the pupils; between the centres of the eyes where the model has no eyeballs by name",
        (RIGHT_PUPIL, LEFT_PUPIL),
        drawn=True,
    ),
    Measure("face_height", "Face height", "From the top of the nose bridge to the chin", (27, 8), drawn=True),
    Measure(
        "face_width",
        "Face width",
        "Across the cheekbones, between the second points of the jaw line of a face seen from the front",
        (1, 15),
        drawn=True,
    ),
    Measure("nose_length", "Nose length", "From the top of the nose bridge to the nose's base", (27, 33)),
    Measure("nose_width", "Nose width", "Between the wings of the nose", (31, 35), drawn=True),
    Measure("mouth_width", "Mouth width", "Between the corners of the mouth", (48, 54), drawn=True),
    Measure("lip_opening", "Lip opening", "Between the inner borders of the lips, in the middle", (62, 66)),
    Measure(
        "jaw_opening",
        "Jaw opening",
        "Between the edges of the upper and the lower middle incisors",
        (UPPER_TEETH, LOWER_TEETH),
    ),
    Measure("jaw_angle", "Jaw angle", "By how much the jaw is turned about its joint", unit="°"),
    Measure("right_eye_opening", "Right eye opening", "Between the middles of the lids", (37, 38, 40, 41)),
    Measure("left_eye_opening", "Left eye opening", "Between the middles of the lids", (43, 44, 46, 47)),
    Measure("head_width", "Width of all", "The whole head from side to side, turned to look straight ahead"),
    Measure("head_height", "Height of all", "The whole head with its neck, turned to look straight ahead"),
    Measure("head_depth", "Depth of all", "The whole head from front to back, turned to look straight ahead"),
)


_SPANS = tuple(measure for measure in MEASURES if measure.ends)


def _shares(second: bool) -> Array:
    """The share (N, 72) of each point in the first or the second end of the N spans."""
    shares = np.zeros((len(_SPANS), _POINTS))
    for row, measure in enumerate(_SPANS):
        half = len(measure.ends) // 2
        ends = list(measure.ends[half:] if second else measure.ends[:half])
        shares[row, ends] = 1.0 / half
    return shares


_STARTS, _ENDS = _shares(second=False), _shares(second=True)


@dataclass(frozen=True, eq=False)
class Dimension:
    """A measurement as a line between two points (3,), in metres."""

    measure: Measure
    value: float  # millimetres
    start: Array
    end: Array


@dataclass(frozen=True, eq=False)
class Measured:
    """The values that a head has, by key, and the lines that picture some of them."""

    values: Mapping[str, float]
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, eq=False)
class _Places:
    """Where the points of a model lie, as weighted corners; those it does not have are left out."""

    known: NDArray[np.bool_]  # (72,)
    corners: NDArray[np.int32]  # (72, 3)
    weights: Array  # (72, 3)


def measure_head(
    model: HeadModel,
    vertices: NDArray[np.float32],
    joints: NDArray[np.float32],
    pose: ArrayLike,
) -> Measured:
    """What can be measured on the posed ``vertices`` (V, 3) and ``joints`` (5, 3) of ``model``, in metres.

    The jaw line is always that of the face seen from the front, so that turning the head changes nothing.
    A model without landmarks has the pupils, the jaw's angle and the size of the whole; one without
    teeth no jaw opening in millimetres.

    Args:
        model: whose landmarks and regions are used.
        vertices: float32.
        joints: in the order of :data:`studio.flame.model.JOINT_NAMES`.
        pose: (15,) radians: root, neck, jaw, left eye, right eye.
    """
    points, known = _points(model, vertices, joints)
    starts, ends = _STARTS @ points, _ENDS @ points
    lengths = np.sqrt(((ends - starts) ** 2).sum(axis=1)) * MILLIMETRES
    possible = ((_STARTS + _ENDS) @ ~known == 0.0).tolist()
    values: dict[str, float] = {}
    dimensions = []
    for index, measure in enumerate(_SPANS):
        if possible[index]:
            values[measure.key] = float(lengths[index])
            if measure.drawn:
                dimensions.append(Dimension(measure, values[measure.key], starts[index], ends[index]))
    turns = np.asarray(pose, dtype=np.float64).reshape(-1, 3)
    values["jaw_angle"] = _angle(turns[2])
    width, height, depth = _extent(vertices, turns[:2])
    values |= {"head_width": width, "head_height": height, "head_depth": depth}
    return Measured({m.key: values[m.key] for m in MEASURES if m.key in values}, tuple(dimensions))


def _points(
    model: HeadModel, vertices: NDArray[np.float32], joints: NDArray[np.float32]
) -> tuple[Array, NDArray[np.bool_]]:
    """The points (72, 3) and which of them the model has."""
    places = _places_of(model)
    points = np.einsum("nij,ni->nj", vertices[places.corners].astype(np.float64), places.weights)
    known = places.known.copy()
    for index, joint in zip((RIGHT_PUPIL, LEFT_PUPIL), _EYE_JOINTS, strict=True):
        if not known[index]:
            points[index], known[index] = joints[joint], True
    return points, known


def _angle(turn: Array) -> float:
    """Degrees, 0..180, of an axis-angle rotation (3,)."""
    angle = math.fmod(float(np.linalg.norm(turn)), 2.0 * math.pi)
    return math.degrees(min(angle, 2.0 * math.pi - angle))


def _extent(vertices: NDArray[np.float32], turns: Array) -> list[float]:
    """Width, height and depth, in millimetres, with root and neck (2, 3) turned back."""
    root, neck = to_matrices(turns)
    straight = (root @ neck).T @ np.ascontiguousarray(vertices.T, dtype=np.float64)  # quick to search along
    return [float(size) * MILLIMETRES for size in np.ptp(straight, axis=1)]


_known: WeakKeyDictionary[HeadModel, _Places] = WeakKeyDictionary()


def _places_of(model: HeadModel) -> _Places:
    if model not in _known:
        _known[model] = _find_places(model)
    return _known[model]


def _find_places(model: HeadModel) -> _Places:
    known = np.zeros(_POINTS, dtype=bool)
    corners, weights = np.zeros((_POINTS, 3), np.int32), np.zeros((_POINTS, 3))
    marks = model.landmarks
    if marks is not None:
        known[:RIGHT_PUPIL] = True
        corners[:CONTOUR_COUNT], weights[:CONTOUR_COUNT] = (
            marks.contour_corners[0],
            marks.contour_barycentric[0],
        )
        corners[CONTOUR_COUNT:RIGHT_PUPIL] = marks.static_corners
        weights[CONTOUR_COUNT:RIGHT_PUPIL] = marks.static_barycentric
    fronts = eye_fronts(model)
    if fronts is not None:
        known[RIGHT_PUPIL : LEFT_PUPIL + 1] = True
        corners[RIGHT_PUPIL : LEFT_PUPIL + 1], weights[RIGHT_PUPIL : LEFT_PUPIL + 1] = fronts
    for index, region, side in ((UPPER_TEETH, "upper_teeth", -1.0), (LOWER_TEETH, "lower_teeth", 1.0)):
        edge = _incisor_edge(model, region, side)
        if edge is not None:
            known[index], corners[index], weights[index] = True, edge, (1.0, 0.0, 0.0)
    return _Places(known, corners, weights)


def _incisor_edge(model: HeadModel, region: str, side: float) -> int | None:
    """The vertex of the middle incisors that is farthest down (``side`` -1) or up (1) on the neutral head."""
    vertices = model.regions.get(region)
    if vertices is None or not len(vertices):
        return None
    places = model.v_template[vertices]
    front = (np.abs(places[:, 0]) < _INCISORS) & (places[:, 2] > places[:, 2].max() - _INCISORS)
    if not front.any():
        return None
    return int(vertices[front][np.argmax(side * places[front, 1])])


def measures_as_csv(columns: Mapping[str, Measured | None]) -> str:
    """A table with a row for each measurement and a column for each head, by its name; empty: not there."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    given = {name: measured.values for name, measured in columns.items() if measured is not None}
    writer.writerow(["measure", "unit", *given])
    for measure in MEASURES:
        if any(measure.key in values for values in given.values()):
            found = (values.get(measure.key) for values in given.values())
            cells = ("" if value is None else f"{value:.3f}" for value in found)
            writer.writerow([measure.key, measure.unit, *cells])
    return sheet.getvalue()
