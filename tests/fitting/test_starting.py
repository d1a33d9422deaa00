"""Fits begin where the face is."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.photo_camera import likely_focal
from studio.fitting.marks import marks_of, mean_points
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.projection import project
from studio.fitting.starting import start_state
from studio.flame.params import Params
from tests.fitting.heads import photographed, recipe


@pytest.fixture
def model(head_model):
    return head_model


@pytest.mark.parametrize("projection", ["perspective", "orthographic"])
@pytest.mark.parametrize("turn", [(0.0, 0.0, 0.0), (0.1, 1.1, 0.0), (0.0, -1.0, 0.2), (0.2, 0.3, 3.0)])
def test_a_mean_head_is_placed_by_its_landmarks(model, projection, turn):
    truth = photographed(model, Params.neutral(model).replace(rotation=turn), projection)
    start = start_state(model, truth.observation.replace(focal=711.0), recipe(projection))
    assert start.params.rotation == pytest.approx(np.array(turn), abs=0.02)
    if projection == "perspective":
        assert start.camera.place == pytest.approx(truth.camera.place, abs=0.01)
    else:
        assert start.camera.scale == pytest.approx(1185.0, rel=0.01)


def test_without_landmarks_the_head_looks_straight_on_from_the_box(model):
    observation = Observation("photo", np.zeros((300, 400, 3), np.uint8), box=(40.0, 30.0, 140.0, 130.0))
    for projection in ("perspective", "orthographic"):
        start = start_state(model, observation, recipe(projection))
        points, _ = project(start.camera, mean_points(model, marks_of(model, "68"), 0))
        assert not start.params.rotation.any()
        assert (points.min(axis=0) > (40.0, 30.0)).all()
        assert (points.max(axis=0) < (140.0, 130.0)).all()
        assert np.ptp(points[:, 1]) > 60.0


def test_without_anything_the_head_stands_in_the_middle(model):
    observation = Observation("photo", np.zeros((300, 400, 3), np.uint8))
    start = start_state(model, observation, recipe())
    assert start.camera.focal == likely_focal(400, 300)
    middle = project(start.camera, mean_points(model, marks_of(model, "68"), 0))[0].mean(axis=0)
    assert middle == pytest.approx((200.0, 150.0), abs=15.0)


def test_hidden_landmarks_may_be_anything(model):
    truth = photographed(model, Params.neutral(model))
    points, confidence = truth.observation.landmarks.points.copy(), np.ones(68)
    points[:17], confidence[:17] = np.nan, 0.0
    landmarks = Landmarks2D(points, confidence)
    start = start_state(model, truth.observation.replace(landmarks=landmarks, focal=711.0), recipe())
    assert start.camera.place == pytest.approx(truth.camera.place, abs=0.01)
