"""Points spread evenly over the surface of a mesh."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.normals import vertex_normals
from studio.storage.errors import StudioError

BLOCK = 1 << 17  # points at a time, about 20 MB
GUIDE = 1 << 16  # steps of the table that leads most points to their face without a search
DRAWS = 3  # random numbers a point
MOST_POINTS = 10**9
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, eq=False)
class SurfacePoints:
    """N points on a mesh.

    ``position`` is the sum of the corners weighted by ``barycentric``, computed in float64 and rounded
    once; ``normal`` is the same sum of the corners' normals, made unit (0, 0, 0 where they cancel).
    """

    position: NDArray[np.float32]  # (N, 3) metres
    normal: NDArray[np.float32]  # (N, 3) unit
    face_index: NDArray[np.int32]  # (N,)
    barycentric: NDArray[np.float32]  # (N, 3), one weight for each corner in the face's order, at least 0


@dataclass(frozen=True, eq=False)
class Draw:
    """Where points lie, by face and not yet in space: see ``SurfacePoints``."""

    face_index: NDArray[np.int32]
    barycentric: NDArray[np.float32]


def sample_surface(
    vertices: NDArray[np.floating],
    faces: NDArray[np.integer],
    count: int,
    seed: int,
    normals: NDArray[np.floating] | None = None,
    mask: NDArray[np.bool_] | None = None,
) -> SurfacePoints:
    """Points drawn evenly over the area of a mesh, at random but the same for the same ``seed``.

    A face is drawn with a chance that is its share of the area, and a point evenly in it with
    barycentric weights ``(1 - √r, √r (1 - s), √r s)`` for even r, s in 0..1 (Osada et al. 2002,
    "Shape distributions", equation 1). Only additions, products and square roots are used, which every
    machine rounds alike.

    Args:
        vertices: (V, 3) metres.
        faces: (F, 3) indices, counter-clockwise seen from outside.
        count: N; 0 gives empty arrays.
        seed: any whole number from 0 to ``LARGEST_SEED``.
        normals: (V, 3) unit, at the vertices; None computes them.
        mask: (F,) the faces that points may lie on; None takes all.

    Raises:
        StudioError: there is no area to draw from, a number is not finite, or shapes, indices, count
            or seed make no sense.

    """
    faces = checked_faces(faces, len(vertices))
    chances = SurfaceChances(vertices, faces, mask)
    if normals is None:  # of the whole mesh, so that they are smooth at the border of a mask
        normals = vertex_normals(np.asarray(vertices, np.float32), faces)
    draws = chances.draws(count, seed)
    points = SurfacePoints(
        np.empty((count, 3), np.float32),
        np.empty((count, 3), np.float32),
        np.empty(count, np.int32),
        np.empty((count, 3), np.float32),
    )
    start = 0
    for draw in draws:
        end = start + len(draw.face_index)
        points.position[start:end] = positions_at(draw, vertices, faces)
        points.normal[start:end] = normals_at(draw, normals, faces)
        points.face_index[start:end] = draw.face_index
        points.barycentric[start:end] = draw.barycentric
        start = end
    return points


class SurfaceChances:
    """How likely a point lies on each face of one mesh, from which any number of points is drawn."""

    def __init__(
        self,
        vertices: NDArray[np.floating],
        faces: NDArray[np.integer],
        mask: NDArray[np.bool_] | None = None,
    ) -> None:
        """Measure the faces.

        Args:
            vertices: (V, 3) metres.
            faces: (F, 3) indices.
            mask: (F,) the faces to draw from; None takes all.

        Raises:
            StudioError: as :func:`sample_surface`.

        """
        faces = checked_faces(faces, len(vertices))
        chosen = _chosen(mask, len(faces))
        areas = face_areas(vertices, faces[chosen])
        # Faces without area are left out, so that rounding cannot let one be drawn.
        self._faces = chosen[areas > 0.0]
        self._ends = np.cumsum(areas[areas > 0.0])
        if not self._faces.size:
            raise StudioError(
                "There is no surface to draw points from: none of its faces has an area; "
                "choose another region or head model."
            )

        self._guide = self._search(np.arange(GUIDE) / GUIDE * self._ends[-1])

    @property
    def area(self) -> float:
        """The area that points are drawn from, in square metres."""
        return float(self._ends[-1])

    def draws(self, count: int, seed: int) -> Iterator[Draw]:
        """``count`` points in blocks, so that any number of them fits into memory.

        The first points are the same whatever ``count`` is.

        Raises:
            StudioError: ``count`` or ``seed`` is negative or no whole number, or ``count`` beyond all use.

        """
        if not isinstance(count, (int, np.integer)) or not 0 <= count <= MOST_POINTS:
            raise StudioError(f"{count} points cannot be drawn; choose a whole number up to {MOST_POINTS}.")
        if not isinstance(seed, (int, np.integer)) or not 0 <= seed <= LARGEST_SEED:
            raise StudioError(f"{seed} is no seed; choose a whole number from 0 to {LARGEST_SEED}.")
        return self._blocks(int(count), np.random.Generator(np.random.PCG64(int(seed))))

    def _blocks(self, count: int, generator: np.random.Generator) -> Iterator[Draw]:
        for start in range(0, count, BLOCK):
            yield self._draw(generator.random((min(BLOCK, count - start), DRAWS)))

    def _draw(self, even: NDArray[np.float64]) -> Draw:
        """Points by numbers (N, 3) spread evenly over 0..1."""
        faces = self._faces[self._at(even[:, 0])]
        root = np.sqrt(even[:, 1])
        barycentric = np.empty((len(even), 3), np.float32)
        barycentric[:, 0] = 1.0 - root
        barycentric[:, 1] = root * (1.0 - even[:, 2])
        barycentric[:, 2] = root * even[:, 2]
        return Draw(faces, barycentric)

    def _at(self, even: NDArray[np.float64]) -> NDArray[np.intp]:
        """Where the fractions ``even`` (N,) of the area fall among the faces drawn from.

        The guide knows it for most of them, and never points too far: the scale is a power of two, so
        that the bucket of a number is exact.
        """
        areas = even * self._ends[-1]
        places = self._guide[(even * GUIDE).astype(np.int32)]
        late = np.flatnonzero(self._ends[places] <= areas)
        places[late] = self._search(areas[late])
        return places

    def _search(self, areas: NDArray[np.float64]) -> NDArray[np.intp]:
        return np.minimum(np.searchsorted(self._ends, areas, side="right"), self._faces.size - 1)


def positions_at(
    draw: Draw, vertices: NDArray[np.floating], faces: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Where the points of ``draw`` are on a mesh of ``vertices`` (V, 3); (N, 3)."""
    return _weighted(draw, vertices, faces).astype(np.float32)


def normals_at(draw: Draw, normals: NDArray[np.floating], faces: NDArray[np.integer]) -> NDArray[np.float32]:
    """The interpolated unit normals of the points of ``draw`` from those at the vertices (V, 3); (N, 3)."""
    mixed = _weighted(draw, normals, faces)
    x, y, z = mixed.T
    length = np.sqrt(x * x + y * y + z * z)
    length[length == 0.0] = 1.0
    return (mixed / length[:, None]).astype(np.float32)


def _weighted(draw: Draw, values: NDArray[np.floating], faces: NDArray[np.integer]) -> NDArray[np.float64]:
    corners = faces[draw.face_index]
    wide = _places(values)
    total = wide[corners[:, 0]] * draw.barycentric[:, 0, None]
    for corner in (1, 2):
        total += wide[corners[:, corner]] * draw.barycentric[:, corner, None]
    return total


def face_areas(vertices: NDArray[np.floating], faces: NDArray[np.integer]) -> NDArray[np.float64]:
    """The area of each face in square metres (F,), in float64.

    Raises:
        StudioError: a vertex of a face is not finite, or so far away that areas overflow.

    """
    points = _places(vertices)
    a, b, c = (points[faces[:, corner]] for corner in range(3))
    (ux, uy, uz), (vx, vy, vz) = (b - a).T, (c - a).T
    with np.errstate(over="ignore", invalid="ignore"):
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        areas: NDArray[np.float64] = 0.5 * np.sqrt(x * x + y * y + z * z)
        whole = areas.sum()
    if not np.isfinite(whole):
        raise StudioError(
            "Points cannot be drawn: the mesh has vertices that are not finite numbers, or are too far away; "
            "choose another frame or head model."
        )
    return areas


def _places(values: NDArray[np.floating]) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "iuf":
        raise StudioError(f"Vertices and normals must be numbers (V, 3), not {array.dtype} {array.shape}.")
    return array.astype(np.float64, copy=False)


def checked_faces(faces: NDArray[np.integer], vertex_count: int) -> NDArray[np.int32]:
    """``faces`` as int32, if they are triangles of a mesh of ``vertex_count`` vertices.

    Raises:
        StudioError: they are not.

    """
    array = np.asarray(faces)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "iu":
        raise StudioError(f"Faces must be whole numbers (F, 3), not {array.dtype} {array.shape}.")
    if array.size and (array.min() < 0 or array.max() >= vertex_count):
        raise StudioError(f"A face refers to a vertex that the mesh's {vertex_count} do not have.")
    return np.ascontiguousarray(array, np.int32)


def faces_within(faces: NDArray[np.integer], regions: Iterable[NDArray[np.integer]]) -> NDArray[np.bool_]:
    """Which faces (F,) have all their corners in the union of ``regions``, given as vertex indices.

    Raises:
        StudioError: a region holds something other than vertex indices.

    """
    inside = np.zeros(int(np.max(faces, initial=-1)) + 1, bool)
    for region in regions:
        indices = np.asarray(region)
        if indices.size and (indices.dtype.kind not in "iu" or indices.min() < 0):
            raise StudioError("A region must hold vertex numbers from 0 on; choose another region.")
        inside[indices[indices < inside.size].astype(np.int64)] = True
    within: NDArray[np.bool_] = inside[faces].all(axis=1)
    return within


def _chosen(mask: NDArray[np.bool_] | None, face_count: int) -> NDArray[np.int32]:
    """The indices of the faces to draw from."""
    if mask is None:
        return np.arange(face_count, dtype=np.int32)
    if mask.shape != (face_count,) or mask.dtype != np.bool_:
        raise StudioError(f"A mask must hold {face_count} truth values, one a face, not {mask.shape}.")
    return np.flatnonzero(mask).astype(np.int32)
