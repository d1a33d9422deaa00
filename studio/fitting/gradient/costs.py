"""Costs of what a fit seeks, without looking at the photo: Gaussian priors, limits, smoothness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.gradient.arrays import Arrays, Variables
from studio.fitting.recipe import Term
from studio.flame.model import HeadModel

JAW_PITCH = (-0.05, 0.5)  # radians
CONTRAST = 0.1  # of light from the sides, against its colour
SMALL = 1e-3  # of linear light: differences below it count as squares


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Pairs of texels (T,) of an appearance: neighbours, and mirror images."""

    first: Any  # (T,) texels and those beside them
    second: Any
    here: Any
    there: Any


def head_costs(arrays: Arrays, model: HeadModel, values: Variables) -> dict[Term, Any]:
    """Squares of what moves the head, summed over its components; the mean of the photos."""
    found: dict[Term, Any] = {}
    if "shape" in values:
        found["shape"] = _mean_square(values["shape"])
    if "expr" in values:
        ranges = np.maximum(np.abs(model.expression_ranges).max(axis=1), 1e-3).astype(np.float64)
        share = values["expr"] / arrays.upload(ranges)
        found["expression"] = _mean_square(share)
    if "eyelids" in values:
        lids = _mean_square(values["eyelids"])
        found["expression"] = found["expression"] + lids if "expression" in found else lids
    if "jaw_pose" in values:
        found["jaw"] = _jaw(arrays.xp, values["jaw_pose"])
    joints = [_mean_square(values[name]) for name in ("neck_pose", "eyes_pose") if name in values]
    if joints:
        found["joints"] = sum(joints[1:], joints[0])
    return found


def look_costs(arrays: Arrays, values: Variables, neighbours: Neighbours | None) -> dict[Term, Any]:
    """What texture, light and albedo offset cost.

    "light" is how far its colours are from their mean, and a share of how far it is from even; "smooth" the
    mean difference between neighbouring texels, "symmetry" that of the squares between both sides.
    """
    xp, found = arrays.xp, dict[Term, Any]()
    if "texture" in values:
        found["texture"] = _mean_square(values["texture"])
    if "light" in values:
        light = values["light"]
        mean = light.sum(2) * (1.0 / light.shape[2])
        colour = light - mean[:, :, None]
        found["light"] = _mean_square(colour) + CONTRAST * _mean_square(mean[:, 1:])
    if "albedo" in values and neighbours is not None:
        albedo = values["albedo"]
        found["offset"] = (albedo * albedo).mean()
        smooth, even = [], []
        for one in range(albedo.shape[0]):
            apart = arrays.take(albedo[one], neighbours.second) - arrays.take(albedo[one], neighbours.first)
            smooth.append((xp.sqrt(apart * apart + SMALL**2) - SMALL).mean())
            sides = arrays.take(albedo[one], neighbours.here) - arrays.take(albedo[one], neighbours.there)
            even.append((sides * sides).mean())
        found["smooth"], found["symmetry"] = sum(smooth[1:], smooth[0]), sum(even[1:], even[0])
    return found


def temporal_cost(arrays: Arrays, model: HeadModel, values: Variables) -> Any:
    """Mean over pairs of photos that follow one another of the squares of what changes; None: nothing does.

    Expression in shares of its range, turns in radians, places in decimetres and the logarithm of depth.
    """
    ranges = np.maximum(np.abs(model.expression_ranges).max(axis=1), 1e-3)
    scales: Mapping[str, NDArray] = {
        "expr": 1.0 / ranges.astype(np.float64),
        "place": np.array([10.0, 10.0, 1.0]),
        **{name: np.ones(1) for name in ("rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyelids")},
        "light": np.ones(1),
    }
    total = None
    for name, scale in scales.items():
        if name not in values or values[name].shape[0] < 2:
            continue
        rows = values[name].reshape(values[name].shape[0], -1)
        step = (rows[1:] - rows[:-1]) * arrays.upload(scale)
        cost = (step * step).sum() * (1.0 / (rows.shape[0] - 1))
        total = cost if total is None else total + cost
    return total


def _jaw(xp: Any, pose: Any) -> Any:
    """Squares of turns to the sides, and of the opening beyond its limits, radians."""
    low, high = JAW_PITCH
    beyond = pose[:, 0] - xp.clip(pose[:, 0], low, high)
    return _mean_square(pose[:, 1:]) + _mean_square(beyond)


def _mean_square(rows: Any) -> Any:
    """The squares of ``rows`` (B, ...) summed over all but the first axis, of which it is the mean."""
    return (rows * rows).sum() * (1.0 / rows.shape[0])
