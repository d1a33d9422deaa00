from __future__ import annotations

import math

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.flame.model import HeadModel
from studio.render.camera import project
from studio.render.framing import frame_head, view_preset
from studio.render.pinhole import PinholeCamera
from studio.render.rasterizer import rasterize

POINTS = np.random.default_rng(2).uniform(-0.1, 0.1, (50, 3))


def turned(angle=0.4):
    """A rotation about no axis of the world."""
    axis = np.array([0.3, 0.8, -0.5])
    axis /= np.linalg.norm(axis)
    cross = np.cross(np.eye(3), axis).T
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross


def camera(**changes):
    fields = {
        "fx": 300.0,
        "fy": 320.0,
        "cx": 70.0,
        "cy": 66.0,
        "width": 150,
        "height": 120,
        "rotation": np.diag([1.0, -1.0, -1.0]) @ turned(),
        "translation": (0.01, -0.02, 0.6),
    }
    return PinholeCamera(**{**fields, **changes})


def test_points_fall_where_the_formula_says():
    seen = camera()
    inside = POINTS @ np.array(seen.rotation).T + seen.translation
    expected = inside @ seen.intrinsics.T
    placed = seen.project(POINTS)
    np.testing.assert_allclose(placed[:, :2], expected[:, :2] / expected[:, 2:], atol=1e-9)
    np.testing.assert_allclose(placed[:, 2], inside[:, 2])
    clip = seen.clip(POINTS)
    x = (clip[:, 0] / clip[:, 3] * 0.5 + 0.5) * seen.width
    y = (0.5 - clip[:, 1] / clip[:, 3] * 0.5) * seen.height
    np.testing.assert_allclose(np.column_stack([x, y]), placed[:, :2], atol=1e-9)


def test_rays_go_through_the_centres_of_pixels():
    seen = camera()
    points = seen.eye + 0.7 * seen.rays()
    placed = seen.project(points.reshape(-1, 3)).reshape(seen.height, seen.width, 3)
    rows, columns = np.indices(placed.shape[:2])
    np.testing.assert_allclose(placed[..., 0], columns + 0.5, atol=1e-9)
    np.testing.assert_allclose(placed[..., 1], rows + 0.5, atol=1e-9)
    np.testing.assert_allclose(placed[..., 2], 0.7)


def test_both_conventions_show_the_same_picture(head_model: HeadModel):
    opencv = PinholeCamera.front(head_model, (120, 120))
    opencv = opencv.replace(rotation=np.array(opencv.rotation) @ turned(0.2))
    opengl = opencv.in_convention("opengl")
    assert opengl.convention == "opengl"
    np.testing.assert_array_equal(np.array(opengl.rotation)[1:], -np.array(opencv.rotation)[1:])
    np.testing.assert_allclose(opengl.eye, opencv.eye, atol=1e-15)
    pictures = [
        rasterize(view.clip(head_model.v_template), head_model.faces, *view.size) for view in (opencv, opengl)
    ]
    np.testing.assert_array_equal(pictures[0].faces, pictures[1].faces)
    np.testing.assert_array_equal(pictures[0].weights, pictures[1].weights)
    np.testing.assert_array_equal(opengl.view_axes(), opencv.view_axes())
    assert opengl.in_convention("opencv") == opencv


@pytest.mark.parametrize("size", [(200, 200), (320, 100), (90, 300)])
def test_the_front_camera_sees_the_whole_face_upright(head_model: HeadModel, size):
    front = PinholeCamera.front(head_model, size)
    placed = front.project(head_model.v_template)
    assert (placed[:, :2] > 0).all()
    assert (placed[:, :2] < size).all()
    assert front.eye[2] > head_model.v_template[:, 2].max()
    extent = np.ptp(placed[:, :2], axis=0) / size
    assert extent.max() > 0.8
    nose, top = head_model.v_template[:, 2].argmax(), head_model.v_template[:, 1].argmax()
    assert placed[top, 1] < placed[nose, 1]
    left = head_model.v_template[:, 0].argmax()
    assert placed[left, 0] > size[0] / 2
    seen = rasterize(front.clip(head_model.v_template), head_model.faces, *size, cull=True)
    column, row = (int(value) for value in placed[nose, :2])
    assert nose in head_model.faces[seen.faces[row - 1 : row + 2, column - 1 : column + 2]]


@pytest.mark.parametrize("view", ["front", "three_quarter", "profile", "back"])
def test_it_sees_what_the_studios_camera_sees(head_model: HeadModel, view):
    orbit = frame_head(head_model, view_preset(view), 1.5)
    seen = PinholeCamera.from_orbit(orbit, (300, 200))
    np.testing.assert_allclose(seen.project(POINTS), project(POINTS, orbit, (300, 200)), atol=1e-9)


def test_an_orthographic_camera_is_refused():
    with pytest.raises(ValueError, match="orthographic"):
        PinholeCamera.from_orbit(Camera(orthographic=True), (10, 10))


def test_another_size_shows_the_same():
    small = camera().resized(75, 60)
    np.testing.assert_allclose(small.project(POINTS)[:, :2] * 2, camera().project(POINTS)[:, :2])


def test_a_rounded_rotation_becomes_an_exact_one():
    rough = np.round(turned(), 4)
    exact = np.array(camera(rotation=rough).rotation)
    assert np.abs(exact @ exact.T - np.eye(3)).max() < 1e-14
    assert np.abs(exact - rough).max() < 1e-4


def test_it_is_a_value():
    assert camera() == camera()
    assert hash(camera()) == hash(camera())
    assert camera(near=0.1) != camera()
    with pytest.raises(AttributeError):
        camera().fx = 3.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"fx": 0.0}, "fx is 0"),
        ({"fy": -3.0}, "fy is -3"),
        ({"fx": np.nan}, "fx is not a finite number"),
        ({"cx": np.inf}, "cx is not"),
        ({"cy": "middle"}, "cy is not a number"),
        ({"near": 0.0}, "near is 0"),
        ({"width": 0}, "width is 0"),
        ({"width": 10**6}, "width is 1e"),
        ({"height": 10**400}, "height is not a finite"),
        ({"height": 3.5}, "height is 3.5"),
        ({"convention": "blender"}, "convention is 'blender'"),
        ({"rotation": np.diag([1.0, 1.0, -1.0])}, "reflection"),
        ({"rotation": np.diag([1.0, 1.0, 1.1])}, "right angles"),
        ({"rotation": np.full((3, 3), np.nan)}, "rotation holds"),
        ({"rotation": np.eye(4)}, "3 rows of 3"),
        ({"rotation": "no"}, "3 rows of 3"),
        ({"rotation": np.full((3, 3), 1e200)}, "right angles"),
        ({"translation": (0, 0)}, "translation does not hold three"),
        ({"translation": (0, 0, np.nan)}, "translation holds"),
    ],
)
def test_what_is_no_camera_is_refused(changes, problem):
    with pytest.raises(ValueError, match=problem):
        camera(**changes)
