"""Parameters that are hard to get right, and random ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio.flame.model import HeadModel
from studio.flame.params import Params

JOINTS = ("rotation", "neck_pose", "jaw_pose", "left_eye", "right_eye")
AXES = np.eye(3)


def turned(model: HeadModel, joint: str, vector: np.ndarray) -> Params:
    """The neutral head with one joint turned."""
    neutral = Params.neutral(model)
    if joint == "left_eye":
        return neutral.replace(eyes_pose=np.r_[vector, 0, 0, 0])
    if joint == "right_eye":
        return neutral.replace(eyes_pose=np.r_[0, 0, 0, vector])
    return neutral.replace(**{joint: vector})


def random_params(model: HeadModel, rng: np.random.Generator, spread: float = 1.0) -> Params:
    """Everything at once; ``spread`` 1 is an ordinary head in an ordinary pose."""
    return Params(
        shape=spread * rng.normal(size=model.shape_count),
        expr=spread * rng.normal(size=model.expression_count),
        rotation=spread * rng.normal(scale=0.5, size=3),
        neck_pose=spread * rng.normal(scale=0.3, size=3),
        jaw_pose=spread * rng.normal(scale=0.2, size=3),
        eyes_pose=spread * rng.normal(scale=0.3, size=6),
        translation=spread * rng.normal(scale=0.2, size=3),
        eyelids=rng.uniform(size=2),
        vertex_offset=rng.normal(scale=1e-3, size=(model.vertex_count, 3)) if rng.random() < 0.3 else None,
    )


def hard_cases(model: HeadModel) -> Iterator[tuple[str, Params]]:
    """Named parameters: every joint at every awkward angle, single components, far-out heads."""
    neutral = Params.neutral(model)
    yield "neutral", neutral
    for joint in JOINTS:
        for angle in (1e-8, 1e-4, 0.099, 0.101, 0.3, np.pi / 2, np.pi, 2 * np.pi, -np.pi, 3.5):
            for axis in AXES:
                yield f"{joint} by {angle:g} about {axis}", turned(model, joint, angle * axis)
        yield f"{joint} by -1e-8 on each axis", turned(model, joint, np.full(3, -1e-8))
        yield f"{joint} half a turn askew", turned(model, joint, np.pi * np.array([0.6, 0.0, 0.8]))
    for yaw in (-170, -90, -60, -40, -39, -38, -20.2, -1, 1, 20.2, 38, 39, 40, 60, 90, 170):
        yield f"head at {yaw} degrees", turned(model, "rotation", np.radians(yaw) * AXES[1])
        yield f"neck at {yaw} degrees", turned(model, "neck_pose", np.radians(yaw) * AXES[1])
    for sigma in (-3.0, 3.0):
        last = np.zeros(model.shape_count)
        last[-1] = sigma
        yield f"last shape at {sigma}", neutral.replace(shape=last)
        last = np.zeros(model.expression_count)
        last[-1] = sigma
        yield f"last expression at {sigma}", neutral.replace(expr=last)
    rng = np.random.default_rng(7)
    for number in range(6):
        yield f"random {number}", random_params(model, rng)
    for number in range(3):
        yield f"far out {number}", random_params(model, rng, spread=3.0)
