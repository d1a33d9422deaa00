"""Scans made of known heads: random points, noise, holes, hair, another unit and other axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.fitting.scans.result import ScanFit
from studio.fitting.scans.scan import GUIDE, Picks, Scan
from studio.fitting.scans.surface import posed_vertices
from studio.fitting.scans.target import marks_for, target_of
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.rotations import to_matrices


@dataclass(frozen=True, eq=False)
class Scanned:
    """A scan and the head that it was taken of."""

    scan: Scan
    picks: Picks
    vertices: np.ndarray  # (V, 3) of the head, in the scan's unit and axes

    def error(self, fit: ScanFit, vertices: np.ndarray) -> float:
        """Mean millimetres between ``vertices`` of the fitted head and the same ones of the true one."""
        true = fit.placement.of(self.vertices)
        return 1000.0 * float(np.linalg.norm(true - fit.vertices, axis=1)[vertices].mean())


def head(model: HeadModel, seed: int) -> Params:
    """A random head with an open jaw and a bent neck."""
    drawn = Params.random(model, seed, fields=("shape", "expr"))
    return drawn.replace(jaw_pose=(0.1, 0.0, 0.0), neck_pose=(0.1, 0.1, 0.0))


def scanned(
    model: HeadModel,
    params: Params,
    seed: int = 0,
    count: int = 20_000,
    noise: float = 0.0003,
    scale: float = 1000.0,
    spoilt: bool = True,
    picked: tuple[int, ...] = GUIDE[:7],
) -> Scanned:
    """``count`` points on the head of ``params``, turned anywhere, in ``scale`` units a metre.

    ``spoilt`` scans have round holes, hair on the skull, and one point in fifty anywhere. Landmarks miss by
    1.5 mm.
    """
    rng = np.random.default_rng(seed)
    vertices = posed_vertices(model, params)
    corners = vertices[target_of(model).surface.faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(across, axis=1)
    drawn = rng.choice(len(areas), size=count, p=areas / areas.sum())
    u, v = np.sqrt(rng.random(count)), rng.random(count)
    weights = np.stack([1.0 - u, u * (1.0 - v), u * v], axis=1)
    points = np.einsum("nc,ncx->nx", weights, corners[drawn])
    normals = (across / areas[:, None])[drawn]
    kept = np.ones(count, bool)
    if spoilt:
        for middle in points[rng.integers(count, size=6)]:
            kept &= np.linalg.norm(points - middle, axis=1) > 0.012
        hairy = (points[:, 1] > 0.08) | (points[:, 2] < -0.03)
        points = points + np.where(hairy[:, None], normals * np.abs(rng.normal(size=(count, 1))) * 0.02, 0.0)
        points[: count // 50] = rng.uniform(-0.3, 0.3, size=(count // 50, 3))
    points = points + normals * rng.normal(size=(count, 1)) * noise
    turn, shift = to_matrices(1.5 * rng.normal(size=3)), 0.3 * rng.normal(size=3)

    def taken(places: np.ndarray) -> np.ndarray:
        return (places @ turn.T + shift) * scale

    numbers = np.array(picked)
    marks = marks_for(model, Picks(numbers, np.zeros((len(numbers), 3))))
    shaken = marks.on(vertices) + 0.0015 * rng.normal(size=(len(numbers), 3)) * spoilt
    return Scanned(Scan("scan", taken(points[kept])), Picks(numbers, taken(shaken)), taken(vertices))
