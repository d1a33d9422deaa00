"""What is under a point of the picture: face, vertex, place and region of the surface there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.controls.head_parts import PART_TITLES, part_of_point
from studio.controls.titles import sentence
from studio.document.camera import Camera
from studio.flame.model import HeadModel
from studio.render.camera import NEAREST_PLANE, eye, rotation, unproject
from studio.render.materials import region_ids

Array = NDArray[np.float64]

KERNEL = "studio.render.picking_kernel"


@dataclass(frozen=True, eq=False)
class Ray:
    """A line of sight through a point of the picture."""

    origin: Array  # (3,) metres
    direction: Array  # (3,) as long as it takes to come one metre along the camera's axis
    nearest: float  # lengths of the direction before which nothing is seen

    def at(self, along: float) -> Array:
        """The point (3,) that many lengths of the direction away."""
        return np.asarray(self.origin + along * self.direction)


@dataclass(frozen=True, eq=False)
class Pick:
    """The point of a surface that is seen at a point of the picture."""

    face: int
    barycentric: tuple[float, float, float]  # weights of the face's corners
    vertex: int  # the corner nearest to the point
    point: Array  # (3,) metres
    depth: float  # metres along the camera's axis
    region: str  # the smallest that names the vertex; empty where none does
    title: str  # what people call the place: the region, else the part of the head that carries it


def is_ready() -> bool:
    """Whether the compiled loop is loaded, so that a look takes less than a millisecond."""
    return KERNEL in sys.modules


def ray_through(place: tuple[float, float], camera: Camera, size: tuple[int, int]) -> Ray:
    """The line of sight through ``place``, in pixels of a picture of ``size`` from its top left corner."""
    (point,) = unproject((*place, camera.distance), camera, size)
    if camera.orthographic:
        back = rotation(camera)[2]
        return Ray(point + camera.distance * back, -back, -np.inf)
    origin = eye(camera)
    return Ray(origin, (point - origin) / camera.distance, NEAREST_PLANE)


def pick(
    model: HeadModel,
    vertices: NDArray[np.float32],
    camera: Camera,
    size: tuple[int, int],
    place: tuple[float, float],
) -> Pick | None:
    """What is seen at ``place``; None where nothing is.

    Args:
        model: whose faces are drawn; those of parts that it leaves out are passed through.
        vertices: (V, 3) metres, of the surface that is shown.
        camera: from where.
        size: width and height of the picture.
        place: in its pixels, from the top left corner.

    """
    found = cast_ray(vertices, model.faces, ray_through(place, camera, size))
    if found is None:
        return None
    face, depth, weights, point = found
    corners = model.faces[face]
    vertex = int(corners[np.argmin(np.linalg.norm(vertices[corners] - point, axis=1))])
    region = region_of(model, vertex)
    title = sentence(region) if region else PART_TITLES[part_of_point(model, face, weights)]
    return Pick(face, weights, vertex, point, depth, region, title)


def cast_ray(
    vertices: NDArray[np.float32], faces: NDArray[np.int32], ray: Ray
) -> tuple[int, float, tuple[float, float, float], Array] | None:
    """Face, lengths of the direction, corner weights and point (3,) where ``ray`` meets a mesh first."""
    from studio.render.picking_kernel import nearest_face  # loads numba

    hit = np.empty(4)
    face = int(
        nearest_face(
            np.ascontiguousarray(vertices, np.float32),
            faces,
            ray.origin,
            _frame(ray.direction),
            ray.nearest,
            np.empty((len(vertices), 3)),
            hit,
        )
    )
    if face < 0:
        return None
    weights = (float(hit[1]), float(hit[2]), float(hit[3]))
    point = np.asarray(hit[1:] @ vertices[faces[face]].astype(np.float64))
    return face, float(hit[0]), weights, point


def _frame(direction: Array) -> Array:
    """Two directions across ``direction``, and itself, as rows (3, 3)."""
    least = np.zeros(3)
    least[np.argmin(np.abs(direction))] = 1.0
    across = np.cross(direction, least)
    across /= np.linalg.norm(across)
    other = np.cross(direction, across)
    return np.stack([across, other / np.linalg.norm(other), direction])


_names: WeakKeyDictionary[HeadModel, tuple[str, ...]] = WeakKeyDictionary()


def region_of(model: HeadModel, vertex: int) -> str:
    """The smallest region that names ``vertex``; empty where none does."""
    if model not in _names:
        sorted_names = (*sorted(model.regions), "")
        _names[model] = tuple(sorted_names[place] for place in region_ids(model))
    return _names[model][vertex]
