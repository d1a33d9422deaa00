"""Faces are found in photos of any size, and the mean head's landmarks begin where the face is."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest

from studio.backends import create_backend
from studio.document.look import Look
from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import project
from studio.fitting.reading.face_finding import find_faces
from studio.fitting.reading.mean_face import mean_points
from studio.fitting.reading.opencv import opencv
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.render.cpu_renderer import CPURenderer
from studio.render.shot import Shot

SIZE = (480, 360)


@cache
def head_photo(yaw: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A picture (360, 480, 3) of the open head, and its landmarks (68, 2)."""
    model = load_open_head()
    params = Params.neutral(model).replace(rotation=(0.0, yaw, 0.0))
    surface = create_backend("torch", model).forward(params)
    away = surface.vertices.mean(axis=0) + np.array([0.0, 0.0, 0.8])
    camera = PhotoCamera(*SIZE, focal=650.0, cx=240.0, cy=180.0, place=tuple(-away.astype(float)))
    shot = Shot(model, surface, Look(mode="textured"), camera.orbit(SIZE[0] / SIZE[1]), SIZE, 4)
    return CPURenderer().render(shot)[..., :3].copy(), project(camera, surface.landmarks)[0]


def holds(box, points) -> bool:
    """Whether the middle of ``points`` is in ``box``, and the box about as wide as they are."""
    left, top, right, bottom = box
    x, y = points.mean(axis=0)
    return left < x < right and top < y < bottom and 0.7 < np.ptp(points[:, 0]) / (right - left) < 1.4


@pytest.mark.parametrize("yaw", [0.0, 0.45])
def test_a_face_is_found(yaw):
    pixels, landmarks = head_photo(yaw)
    boxes = find_faces(pixels)
    assert len(boxes) == 1
    assert holds(boxes[0], landmarks)


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_face_is_found_however_the_photo_is_turned(quarter):
    pixels, landmarks = head_photo()
    turned, points = pixels, landmarks
    for _ in range(quarter):
        points = np.column_stack([points[:, 1], turned.shape[1] - points[:, 0]])
        turned = np.rot90(turned)
    boxes = find_faces(np.ascontiguousarray(turned))
    assert boxes
    left, top, right, bottom = boxes[0]
    x, y = points.mean(axis=0)
    assert left < x < right
    assert top < y < bottom


def test_forty_faces_are_told_one_by_one():
    small = head_photo()[0][60:300, 120:360][::2, ::2]
    boxes = find_faces(np.tile(small, (5, 8, 1)))
    places = {(int(0.5 * (box[0] + box[2]) // 120), int(0.5 * (box[1] + box[3]) // 120)) for box in boxes}
    assert len(places) == 40


def test_a_large_photo_is_searched_at_a_smaller_size():
    pixels, landmarks = head_photo()
    large = pixels.repeat(12, axis=0).repeat(12, axis=1)
    assert holds(find_faces(large)[0], 12.0 * landmarks)
    assert find_faces(pixels.astype(np.float32) / 255.0)


@pytest.mark.parametrize(
    "nothing",
    [
        np.zeros((300, 400, 3), np.uint8),
        np.full((16, 16, 3), 200, np.uint8),
        np.zeros((2000, 20, 3), np.uint8),
    ],
)
def test_no_face_is_an_empty_answer(nothing):
    assert find_faces(nothing) == ()


def test_opencv_leaves_the_plugins_of_qt_alone(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "mine")
    opencv.cache_clear()
    opencv()
    assert os.environ["QT_QPA_PLATFORM_PLUGIN_PATH"] == "mine"


def test_points_by_hand_begin_on_the_face():
    pixels, landmarks = head_photo()
    begun = mean_points(load_open_head(), find_faces(pixels)[0], SIZE)
    eyes = np.linalg.norm(landmarks[36] - landmarks[45])
    assert np.linalg.norm(begun - landmarks, axis=1).mean() < 0.2 * eyes
    assert begun[36, 0] < begun[45, 0]
    assert begun[8, 1] > begun[30, 1] > begun[27, 1]
