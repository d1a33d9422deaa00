"""Handles and their Jacobian, against the plain formula in float64 and its differences."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.handle_motion import HandleMotion
from studio.controls.handles import landmark_handle, region_handle, surface_handle
from studio.flame.params import Params
from tests.backends.reference import forward, pose_vertices, random_model

MODEL = random_model(300, 500, 7, 6)
STEP = 1e-5


def posed_head(scale: float) -> Params:
    random = np.random.default_rng(4)
    every = ("shape", "expr", "neck_pose", "jaw_pose", "eyes_pose", "eyelids")
    head = Params.random(MODEL, 3, fields=every, strength=scale)
    return head.replace(
        rotation=0.6 * scale * random.normal(size=3),
        translation=random.normal(size=3),
        vertex_offset=2e-3 * random.normal(size=(300, 3)),
    )


@pytest.mark.parametrize("scale", [0.0, 1e-4, 1.0])
def test_places_and_their_jacobian(scale: float) -> None:
    params = posed_head(scale)
    vertices = forward(MODEL, params).vertices
    handles = [
        landmark_handle(MODEL, "68", 20),
        surface_handle(MODEL, 4, (0.2, 0.3, 0.5)),
        region_handle(MODEL, vertices, 9, (1, 1, 1), 0.6),
    ]
    assert len(handles[2].vertices) > 20
    blends = np.array([0, 2, 3, 6, 7, 8, 12, 13, 14])
    turns = np.arange(15)

    def places(change: np.ndarray) -> np.ndarray:
        values = np.concatenate([params.shape, params.expr, params.eyelids]).astype(np.float64)
        values[blends] += change[: len(blends)]
        pose = params.pose.astype(np.float64) + change[len(blends) :]
        shape, expr, eyelids = np.split(values, [7, 13])
        posed, _, _ = pose_vertices(MODEL, shape, expr, pose, eyelids, params.vertex_offset)
        return np.array([handle.position(posed + params.translation) for handle in handles])

    change = 0.1 * scale * np.random.default_rng(5).normal(size=len(blends) + 15)
    found, jacobian = HandleMotion(MODEL, params, handles, blends, turns).at(change)
    np.testing.assert_allclose(found, places(change), atol=1e-12)
    steps = STEP * np.eye(len(change))
    differences = [(places(change + step) - places(change - step)) / (2 * STEP) for step in steps]
    np.testing.assert_allclose(jacobian, np.stack(differences, axis=2), atol=1e-9)
