"""How far a fitted head and a scan are from each other, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.fitting.scans.samples import Samples
from studio.fitting.scans.scan import Placement, Scan
from studio.fitting.scans.target import Target
from studio.flame.distances import MILLIMETRES

Array = NDArray[np.float64]

_ROWS = 50_000  # points at a time
_LEAST_EVIDENCE = 0.3  # points around a vertex, from which its distance is told
_REACH = 0.03  # metres, beyond which points belong to something else
_FACING = 0.3  # cosine between the normals, below which points belong to another side
_CLOSE = 0.003  # metres, beyond which points of one vertex give way to nearer ones


@dataclass(frozen=True, eq=False)
class ScanDistances:
    """What all points of a scan say of the head."""

    points: NDArray[np.float32]  # (N,) millimetres from each point of the scan to the head
    vertices: NDArray[np.float32]  # (V,) along the normals, above 0 where the scan is outside; NaN: not seen

    @property
    def near(self) -> NDArray[np.bool_]:
        """Which points (N,) are near enough to belong to the head."""
        return np.asarray(self.points < _REACH * MILLIMETRES)

    def told(self, vertices: NDArray | None = None) -> dict[str, float]:
        """Mean, median, and what 95 % are below, of the distances of ``vertices``, or of all seen ones."""
        values = np.abs(self.vertices if vertices is None else self.vertices[vertices])
        values = values[np.isfinite(values)]
        if not len(values):
            return {}
        return {
            "mean_mm": float(values.mean()),
            "median_mm": float(np.median(values)),
            "percentile_95_mm": float(np.percentile(values, 95.0)),
        }


def measured(
    scan: Scan, placement: Placement, extra: Samples | None, target: Target, vertices: Array, normals: Array
) -> ScanDistances:
    """The distances between ``scan`` and the head with ``vertices`` and unit ``normals`` (V, 3).

    Args:
        scan: the scan.
        placement: where it lies in the head's metres.
        extra: further points of its surface that tell of the head's vertices.
        target: what of the head is compared.
        vertices: metres.
        normals: of length 1.

    """
    placed, towards = placement.of(scan.points), _normals(scan, placement)
    if extra is not None:
        placed, towards = np.concatenate([placed, extra.points]), np.concatenate([towards, extra.normals])
    distances = np.empty(len(placed), np.float32)
    summed, counted, evidence = (np.zeros(len(vertices)) for _ in range(3))
    for begin in range(0, len(placed), _ROWS):
        rows = placed[begin : begin + _ROWS]
        nearest = target.surface.nearest(vertices, rows)
        distances[begin : begin + _ROWS] = nearest.distances * MILLIMETRES
        corners = target.surface.faces[nearest.faces]
        smooth = np.einsum("nc,ncx->nx", nearest.weights, normals[corners])
        places = np.einsum("nc,ncx->nx", nearest.weights, vertices[corners])
        outside = np.sign(((rows - places) * smooth).sum(axis=1)) * nearest.distances * MILLIMETRES
        belongs = nearest.distances < _REACH
        belongs &= ~target.surface.open[corners].all(axis=1)
        facing = (towards[begin : begin + _ROWS] * smooth).sum(axis=1)
        belongs &= ~(facing < _FACING)  # where normals are not known, that is not known either
        counts = belongs / (1.0 + (nearest.distances / _CLOSE) ** 2) ** 2
        for corner in range(3):
            shares = nearest.weights[:, corner] * counts
            summed += np.bincount(corners[:, corner], shares * outside, minlength=len(vertices))
            counted += np.bincount(corners[:, corner], shares, minlength=len(vertices))
            there = nearest.weights[:, corner] * belongs
            evidence += np.bincount(corners[:, corner], there, minlength=len(vertices))
    seen = evidence > _LEAST_EVIDENCE
    told = np.where(seen, summed / np.maximum(counted, 1e-12), np.nan)
    return ScanDistances(distances[: len(scan.points)], told.astype(np.float32))


def _normals(scan: Scan, placement: Placement) -> Array:
    """Normals (N, 3) of the scan's points in the head's axes; NaN where they are not known."""
    if scan.normals is None:
        return np.full(scan.points.shape, np.nan)
    return placement.turned(scan.normals)
