"""Points of the surface that can be taken hold of: landmarks, places on a face, soft regions; and pins.

A handle names vertices, not faces, so that it stays where it is on a mesh that has lost or gained faces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.areas import areas
from studio.flame.landmark_sets import TITLES, SetName, landmark_set
from studio.flame.model import HeadModel
from studio.flame.surface_graph import SurfaceGraph, distances, surface_graph

Array = NDArray[np.float64]

LEAST_WEIGHT = 1e-9


@dataclass(frozen=True)
class Handle:
    """A weighted mean of vertices; the weights add up to one."""

    vertices: tuple[int, ...]
    weights: tuple[float, ...]
    name: str = ""  # "Landmark 48"; empty for a place that has none
    radius: float = 0.0  # metres along the surface; 0 for a point

    def position(self, vertices: NDArray) -> Array:
        """Where it is (3,) on a surface with ``vertices`` (V, 3)."""
        return np.asarray(np.asarray(self.weights) @ vertices[list(self.vertices)], np.float64)

    def fits(self, model: HeadModel) -> bool:
        """Whether ``model`` has all of its vertices."""
        return max(self.vertices) < model.vertex_count


@dataclass(frozen=True)
class Pin:
    """A handle that is to stay where it is put."""

    handle: Handle
    target: tuple[float, float, float]  # metres, in the space in which the head stands

    @property
    def name(self) -> str:
        """What people call it."""
        return self.handle.name

    def distance(self, vertices: NDArray) -> float:
        """How far the surface with ``vertices`` (V, 3) is from where it is to be, metres."""
        return float(np.linalg.norm(self.handle.position(vertices) - self.target))

    def moved(self, target: ArrayLike) -> Pin:
        """The same handle, to stay at ``target`` (3,).

        Raises:
            ValueError: ``target`` is not three finite numbers.

        """
        return replace(self, target=_point(target))


def pin(handle: Handle, target: ArrayLike) -> Pin:
    """``handle`` held at ``target`` (3,), metres.

    Raises:
        ValueError: ``target`` is not three finite numbers.

    """
    return Pin(handle, _point(target))


def landmark_handle(model: HeadModel, set_name: SetName, index: int, contour_row: int = 0) -> Handle:
    """Landmark ``index`` (its place in the set) of the set called ``set_name``.

    Args:
        model: the head model.
        set_name: one that ``model`` offers.
        index: 0 up to the number of landmarks.
        contour_row: the row of the contour table that is shown; the handle keeps it.

    Raises:
        ValueError: ``model`` has no such landmark.

    """
    marks = landmark_set(model, set_name)
    if marks is None or not 0 <= index < len(marks.landmarks):
        raise ValueError(f"{model.name} has no landmark {index} in the set {TITLES[set_name]}.")
    row = marks.row(contour_row)
    name = f"Landmark {marks.landmarks[index].index}"
    return _handle(marks.corners[row, index], marks.barycentric[row, index], name)


def surface_handle(model: HeadModel, face: int, barycentric: ArrayLike, name: str = "") -> Handle:
    """The point of face ``face`` with the weights ``barycentric`` (3,).

    Raises:
        ValueError: there is no such face, or the weights are not three finite numbers with a positive sum.

    """
    return _handle(_corners(model, face), np.asarray(barycentric, np.float64), name)


def region_handle(
    model: HeadModel,
    surface_vertices: NDArray,
    face: int,
    barycentric: ArrayLike,
    radius: float,
    name: str = "",
) -> Handle:
    """The surface within ``radius`` of a point, which counts most in the middle and nothing at the edge.

    Args:
        model: the head model.
        surface_vertices: (V, 3) as posed, metres: distances are measured along its edges.
        face: where the middle is.
        barycentric: (3,) weights of the corners of ``face``.
        radius: metres, more than 0.
        name: what people call it.

    Raises:
        ValueError: as :func:`surface_handle`, or ``radius`` is not a positive number.

    """
    if not (np.isfinite(radius) and radius > 0.0):
        raise ValueError(f"radius must be a positive number of metres, not {radius}.")
    middle = surface_handle(model, face, barycentric)
    centre = middle.position(surface_vertices)
    graph = _posed_graph(model, surface_vertices)
    reached = np.full(model.vertex_count, np.inf)
    for corner in middle.vertices:
        start = float(np.linalg.norm(surface_vertices[corner] - centre))
        along, _ = distances(graph, [corner], limit=radius - start)
        reached = np.minimum(reached, along + start)
    inside = np.flatnonzero(reached < radius)
    if not len(inside):
        return replace(middle, name=name, radius=float(radius))
    weights = falloff(reached[inside] / radius) * _areas(model)[inside]
    return replace(_handle(inside, weights, name), radius=float(radius))


def falloff(share: NDArray) -> Array:
    """1 in the middle (0), 0 at the edge (1), smooth at both (Wyvill's (1 - t^2)^2)."""
    return np.asarray(np.clip(1.0 - share * share, 0.0, 1.0) ** 2, np.float64)


def _handle(vertices: NDArray, weights: NDArray, name: str) -> Handle:
    values = np.asarray(weights, np.float64)
    total = float(values.sum())
    if values.shape != (len(vertices),) or not np.isfinite(values).all() or not total > 0.0:
        raise ValueError(f"The weights of a handle must be finite and add up to more than 0, not {values}.")
    values = values / total
    used = np.abs(values) > LEAST_WEIGHT
    return Handle(tuple(np.asarray(vertices)[used].tolist()), tuple(values[used].tolist()), name)


def _corners(model: HeadModel, face: int) -> NDArray[np.int32]:
    if not 0 <= face < len(model.faces):
        raise ValueError(f"{model.name} has no face {face}.")
    return np.asarray(model.faces[face])


def _point(target: ArrayLike) -> tuple[float, float, float]:
    point = np.asarray(target, np.float64)
    if point.shape != (3,) or not np.isfinite(point).all():
        raise ValueError(f"target must be three finite numbers, not {target!r}.")
    x, y, z = point.tolist()
    return x, y, z


_graphs: WeakKeyDictionary[HeadModel, SurfaceGraph] = WeakKeyDictionary()
_area: WeakKeyDictionary[HeadModel, Array] = WeakKeyDictionary()


def _posed_graph(model: HeadModel, vertices: NDArray) -> SurfaceGraph:
    """The edges of ``model`` with their lengths on a surface with ``vertices`` (V, 3)."""
    if model not in _graphs:
        _graphs[model] = surface_graph(model.v_template, model.faces)
    graph = _graphs[model]
    starts = np.repeat(np.arange(model.vertex_count), np.diff(graph.starts))
    lengths = np.linalg.norm(vertices[graph.ends].astype(np.float64) - vertices[starts], axis=1)
    return replace(graph, lengths=lengths)


def _areas(model: HeadModel) -> Array:
    if model not in _area:
        _area[model] = np.maximum(areas(model.v_template, model.faces), LEAST_WEIGHT**2)
    return _area[model]
