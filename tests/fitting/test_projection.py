"""Points fall where the camera's formula says, and the rasterizer draws them there."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import clip_positions, project
from studio.render.pinhole import PinholeCamera

POINTS = np.random.default_rng(5).uniform(-0.1, 0.1, (40, 3))
CAMERAS = {
    "perspective": PhotoCamera(640, 480, "perspective", 700.0, 0.0, 310.0, 250.0, (0.01, -0.02, -0.8)),
    "orthographic": PhotoCamera(640, 480, "orthographic", 0.0, 2100.0, 310.0, 250.0, (0.01, -0.02, 0.0)),
}


def test_perspective_is_that_of_the_calibrated_camera():
    camera = CAMERAS["perspective"]
    other = PinholeCamera(700, 700, 310, 250, 640, 480, translation=(0.01, 0.02, 0.8))
    pixels, depth = project(camera, POINTS)
    expected = other.project(POINTS)
    assert pixels == pytest.approx(expected[:, :2])
    assert depth == pytest.approx(expected[:, 2])


@pytest.mark.parametrize("projection", CAMERAS)
def test_clip_positions_are_on_the_same_pixels_and_nearer_is_smaller(projection):
    camera = CAMERAS[projection]
    clip = clip_positions(camera, POINTS)
    assert (clip[:, 3] > 0).all()
    x, y, z = (clip[:, :3] / clip[:, 3:]).T
    pixels, depth = project(camera, POINTS)
    assert (x + 1) * 320 == pytest.approx(pixels[:, 0])
    assert (1 - y) * 240 == pytest.approx(pixels[:, 1])
    assert (np.argsort(z) == np.argsort(depth)).all()
    assert (np.abs(z) <= 1.0).all()
