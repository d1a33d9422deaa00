from __future__ import annotations

import math

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.render.camera import (
    Bounds,
    Window,
    depth_range,
    eye,
    orbit,
    pan,
    project,
    projection_matrix,
    unproject,
    view_matrix,
    zoom,
)

CAMERAS = [
    Camera(),
    Camera((0.02, -0.1, 0.03), 0.7, 0.9, -0.4, 0.5),
    Camera((0.02, 0.1, 0.03), 1.7, -2.9, 1.2, 0.2, orthographic=True),
]
SIZE = (640, 480)
POINTS = np.random.default_rng(1).uniform(-0.15, 0.15, (50, 3))


def to_pixels(points, camera, size, window=None):
    bounds = Bounds((0.0, 0.0, 0.0), 0.3)
    matrix = projection_matrix(camera, size, bounds, window) @ view_matrix(camera)
    clip = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    shown = window or Window(0, 0, *size)
    device = clip[:, :3] / clip[:, 3:]
    x = shown.x + (device[:, 0] * 0.5 + 0.5) * shown.width
    y = shown.y + (0.5 - device[:, 1] * 0.5) * shown.height
    return np.column_stack([x, y]), device[:, 2]


@pytest.mark.parametrize("camera", CAMERAS)
def test_matrices_and_project_place_points_alike(camera):
    pixels, depths = to_pixels(POINTS, camera, SIZE)
    assert np.allclose(pixels, project(POINTS, camera, SIZE)[:, :2], atol=1e-6)
    assert np.abs(depths).max() <= 1.0


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_window_shows_the_same_places(camera):
    whole, _ = to_pixels(POINTS, camera, SIZE)
    part, _ = to_pixels(POINTS, camera, SIZE, Window(100, 50, 200, 120))
    assert np.allclose(whole, part, atol=1e-6)


@pytest.mark.parametrize("camera", CAMERAS)
def test_unproject_undoes_project(camera):
    assert np.allclose(unproject(project(POINTS, camera, SIZE), camera, SIZE), POINTS, atol=1e-9)


def test_the_target_is_in_the_middle_and_up_is_up():
    camera = CAMERAS[1]
    x, y, z = camera.target
    middle, above = project([(x, y, z), (x, y + 0.05, z)], camera, SIZE)
    assert np.allclose(middle[:2], (320, 240))
    assert above[1] < middle[1]


def test_positive_azimuth_goes_to_the_subjects_left_and_elevation_up():
    assert eye(Camera(azimuth=0.5))[0] > 0
    assert eye(Camera(elevation=0.5))[1] > 0
    assert np.allclose(eye(Camera(distance=2.0)), (0, 0, 2))


def test_orthographic_is_as_high_as_perspective_at_the_target():
    camera = Camera(distance=0.8)
    point = [[0.0, 0.05, 0.0]]
    assert np.allclose(
        project(point, camera, SIZE)[0, :2], project(point, camera.replace(orthographic=True), SIZE)[0, :2]
    )


def test_near_and_far_hold_the_head_tightly():
    near, far = depth_range(Camera(distance=1.0), Bounds((0.0, 0.0, 0.0), 0.2))
    assert 0.75 < near < 0.8
    assert 1.2 < far < 1.25
    near, _ = depth_range(Camera(distance=0.05), Bounds((0.0, 0.0, 0.0), 0.2))
    assert near > 0


def test_orbit_stops_before_the_head_turns_over():
    camera = Camera()
    for _ in range(100):
        camera = orbit(camera, 0.3, -0.3)
    assert abs(camera.elevation) < math.pi / 2
    assert abs(camera.azimuth) <= math.pi


def test_panning_moves_the_picture_with_the_hand():
    camera = CAMERAS[1]
    before = project([camera.target], camera, SIZE)[0]
    after = project([camera.target], pan(camera, 30.0, -12.0, SIZE[1]), SIZE)[0]
    assert np.allclose(after[:2] - before[:2], (30.0, -12.0), atol=1e-6)


@pytest.mark.parametrize("orthographic", [False, True])
def test_zooming_keeps_what_is_under_the_pointer(orthographic):
    camera = Camera((0.0, 0.02, 0.0), 1.0, 0.4, 0.2, orthographic=orthographic)
    anchor = (500.0, 100.0)
    depth = project([camera.target], camera, SIZE)[0, 2]
    under = unproject([[*anchor, depth]], camera, SIZE)
    closer = zoom(camera, 1.5, anchor, SIZE)
    assert closer.distance == pytest.approx(camera.distance / 1.5)
    assert np.allclose(project(under, closer, SIZE)[0, :2], anchor, atol=1e-6)


def test_zooming_has_limits():
    assert zoom(Camera(), 1e9).distance > 0
    assert math.isfinite(zoom(Camera(), 1e-9).distance)
