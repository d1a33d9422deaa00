"""Pictures of scans and of the heads fitted to them, drawn by the processor, and what lies under a pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.fitting.scans.samples import guessed_normals
from studio.fitting.scans.scan import Scan
from studio.flame.rotations import to_matrices
from studio.render.colour_scale import colours_at, shares_of
from studio.render.rasterizer import rasterize

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]  # (H, W, 4), alpha 0 where nothing is

CLAY = (0.78, 0.76, 0.74)
HEAD = (0.62, 0.72, 0.86)
UNSEEN = (0.5, 0.5, 0.5)
_AMBIENT = 0.3
_LEAST_DOT, _MOST_DOT = 2, 7  # pixels of a point
_COVER = 2.2  # how large points are beside what lies between them
_CLUSTER = 4  # points that make a surface
_REACHES = (7.0, 14.0, 21.0)  # pixels around a click, and half of those in depth, within which they lie
_MOST_DOTS = 120_000
_FILL = 0.8  # of the picture's shorter side, that a whole scan takes


@dataclass(frozen=True)
class ScanCamera:
    """Parallel light: pixels are ``turn @ (p - centre)`` times ``zoom``, from the picture's middle."""

    centre: tuple[float, float, float]
    zoom: float  # pixels for one unit, of a picture 1000 pixels high
    turn: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)  # right and down, in shares of the height

    @classmethod
    def around(cls, points: Array) -> ScanCamera:
        """A camera that has most of ``points`` (N, 3) in view."""
        low, high = np.percentile(points, (2.0, 98.0), axis=0)
        size = max(float(np.linalg.norm(high - low)), 1e-12)
        x, y, z = (float(part) for part in 0.5 * (low + high))
        return cls((x, y, z), _FILL * 1000.0 / size)

    @property
    def matrix(self) -> Array:
        """The rotation (3, 3) from the scan's axes to those of the picture: right, up, towards the eye."""
        return np.array(self.turn).reshape(3, 3)

    def turned(self, right: float, down: float, roll: float = 0.0) -> ScanCamera:
        """Turned about the picture's own axes, radians."""
        turn = to_matrices((down, right, roll)) @ self.matrix
        return replace(self, turn=tuple(float(part) for part in turn.ravel()))

    def places(self, points: Array, size: tuple[int, int]) -> Array:
        """Pixels from the left and the top, and nearness (n, 3), of ``points`` on a picture of ``size``."""
        scale = self.zoom * size[1] / 1000.0
        seen = (points - self.centre) @ self.matrix.T * scale
        middle = (0.5 * size[0] + self.shift[0] * size[1], 0.5 * size[1] + self.shift[1] * size[1])
        return np.stack([middle[0] + seen[:, 0], middle[1] - seen[:, 1], seen[:, 2]], axis=1)

    def point(self, x: float, y: float, nearness: float, size: tuple[int, int]) -> Array:
        """The point (3,) of which :meth:`places` are ``x``, ``y`` and ``nearness``."""
        scale = self.zoom * size[1] / 1000.0
        right = x - 0.5 * size[0] - self.shift[0] * size[1]
        up = 0.5 * size[1] + self.shift[1] * size[1] - y
        return np.asarray(np.array([right, up, nearness]) / scale @ self.matrix + self.centre)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture, and for each of its pixels which corners it shows, with their weights."""

    picture: Picture
    corners: NDArray[np.int32]  # (H, W, 3) numbers of points, -1 where nothing is
    weights: NDArray[np.float32]  # (H, W, 3)

    def at(self, x: int, y: int, points: Array) -> Array | None:
        """The point (3,) of the surface under a pixel; None where nothing is."""
        height, width = self.corners.shape[:2]
        if not (0 <= x < width and 0 <= y < height) or self.corners[y, x, 0] < 0:
            return None
        return np.asarray(self.weights[y, x].astype(np.float64) @ points[self.corners[y, x]])


def drawable(scan: Scan) -> Scan:
    """``scan`` as it is drawn: with normals for its light, and no more points than are seen."""
    if scan.faces is not None or scan.normals is not None:
        return scan
    chosen = np.random.default_rng(0).permutation(len(scan.points))[:_MOST_DOTS]
    points = scan.points[chosen]
    return Scan(scan.name, points, None, guessed_normals(points, points).astype(np.float32), scan.notices)


def draw_scan(
    points: Array,
    faces: NDArray[np.int32] | None,
    normals: NDArray | None,
    camera: ScanCamera,
    size: tuple[int, int],
    colours: NDArray | None = None,
) -> Drawn:
    """Draw points, or triangles where there are any, lit from the eye.

    Args:
        points: (N, 3).
        faces: (F, 3).
        normals: (N, 3); without any points are lit alike.
        camera: from where.
        size: width and height.
        colours: (N, 3) 0..1 of the points; None: clay.

    """
    places = camera.places(points, size)
    base = np.broadcast_to(np.asarray(CLAY), points.shape) if colours is None else colours
    lit = np.ones(len(points))
    if normals is not None:
        lit = _AMBIENT + (1.0 - _AMBIENT) * np.abs(normals @ camera.matrix[2])
    shaded = (base * lit[:, None]).astype(np.float32)
    if faces is not None and len(faces):
        corners, weights = _triangles(places, faces, size)
    else:
        corners, weights = _dots(places, size)
    picture = np.zeros((size[1], size[0], 4), np.uint8)
    seen = corners[..., 0] >= 0
    mixed = np.einsum("nc,ncx->nx", weights[seen], shaded[corners[seen]])
    picture[seen, :3] = np.rint(np.clip(mixed, 0.0, 1.0) * 255.0)
    picture[seen, 3] = 255
    return Drawn(picture, corners, weights)


def heat_of(distances: NDArray[np.float32], farthest: float) -> NDArray[np.float32]:
    """Colours (V, 3) of signed ``distances`` (V,) in millimetres; grey where they are not known."""
    known = np.isfinite(distances)
    shares = shares_of(np.where(known, distances, np.float32(0.0)), True, farthest)
    return np.where(known[:, None], colours_at(shares, True), np.asarray(UNSEEN, np.float32)).astype(
        np.float32
    )


def blended(under: Picture, over: Picture, opacity: float) -> Picture:
    """``over`` laid on ``under`` by ``opacity``; where only one of them is, it is seen alone."""
    both = (under[..., 3] > 0) & (over[..., 3] > 0)
    found = np.where(over[..., 3:] > 0, over, under)
    mixed = under[both].astype(np.float32) * (1.0 - opacity) + over[both].astype(np.float32) * opacity
    found[both] = np.rint(mixed)
    return found


def picked_on_dots(
    points: Array, camera: ScanCamera, size: tuple[int, int], x: float, y: float
) -> Array | None:
    """Where a click at (``x``, ``y``) pixels meets a surface of points; None where it meets none.

    That is the nearest depth at which several points lie together, so that neither a stray point before the
    surface nor one behind it that is seen through a gap is taken for it.
    """
    places = camera.places(points, size)
    away = np.hypot(places[:, 0] - x, places[:, 1] - y)
    for reach in _REACHES:
        depths = np.sort(places[away < reach * max(size[1] / 700.0, 1.0), 2])[::-1]
        spans = depths[: max(len(depths) - _CLUSTER + 1, 0)] - depths[_CLUSTER - 1 :]
        together = np.flatnonzero(spans < 2.0 * reach)
        if len(together):
            depth = float(np.median(depths[together[0] : together[0] + _CLUSTER]))
            return camera.point(x, y, depth, size)
    return None


def _dot(places: Array) -> int:
    """How large points are drawn (pixels), so that most of what lies behind them is hidden."""
    across = np.ptp(np.percentile(places[:, :2], (5.0, 95.0), axis=0), axis=0)
    spacing = float(np.sqrt(np.prod(across) / max(len(places), 1)))
    return int(np.clip(round(_COVER * spacing), _LEAST_DOT, _MOST_DOT))


def _triangles(
    places: Array, faces: NDArray[np.int32], size: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    depth = places[:, 2]
    low, high = float(depth.min()), float(depth.max())
    far = 0.9 * (1.0 - 2.0 * (depth - low) / max(high - low, 1e-12))
    across, down = 2.0 * places[:, 0] / size[0] - 1.0, 1.0 - 2.0 * places[:, 1] / size[1]
    found = rasterize(np.column_stack([across, down, far, np.ones(len(places))]), faces, *size)
    corners = np.where(found.faces[..., None] >= 0, faces[np.maximum(found.faces, 0)], -1)
    return corners.astype(np.int32), found.weights


def _dots(places: Array, size: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Small squares, the nearest last."""
    order = np.argsort(places[:, 2], kind="stable")
    dot = _dot(places)
    places = places - 0.5 * dot
    columns, rows = np.floor(places[order, :2]).astype(np.int64).T
    shown = np.full((size[1], size[0]), -1, np.int32)
    for down in range(dot):
        for right in range(dot):
            x, y = columns + right, rows + down
            inside = (x >= 0) & (x < size[0]) & (y >= 0) & (y < size[1])
            shown[y[inside], x[inside]] = order[inside]
    weights = np.zeros((size[1], size[0], 3), np.float32)
    weights[..., 0] = shown >= 0
    return np.repeat(shown[..., None], 3, axis=2), weights
