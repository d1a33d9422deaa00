"""Landmarks of films: of every frame where the file has them, else of the first."""

from __future__ import annotations

import json

import numpy as np

from studio.fitting.video.sources import landmark_source

POINTS = 40.0 + 3.0 * np.random.default_rng(0).normal(0.0, 10.0, (68, 2)).clip(-10, 10)
PIXELS = np.zeros((120, 120, 3), np.uint8)


def instance(points) -> dict:
    return {"keypoints": points.tolist(), "keypoint_scores": [1.0] * 68}


def test_a_films_file_has_every_frame_but_those_without_a_face(tmp_path, tiny_model):
    path = tmp_path / "film.json"
    frames = [[instance(POINTS)], [instance(POINTS + 2.0)], []]
    path.write_text(json.dumps([{"frame_id": i, "instances": one} for i, one in enumerate(frames)]))
    source = landmark_source(path, tiny_model)
    np.testing.assert_allclose(source(0, PIXELS).points, POINTS)
    np.testing.assert_allclose(source(1, PIXELS).points, POINTS + 2.0)
    assert source(2, PIXELS) is None
    assert source(3, PIXELS) is None


def test_a_photos_file_has_the_first_frame_alone(tmp_path, tiny_model):
    path = tmp_path / "photo.npy"
    np.save(path, POINTS)
    source = landmark_source(path, tiny_model)
    np.testing.assert_allclose(source(0, PIXELS).points, POINTS)
    assert source(1, PIXELS) is None


def test_without_a_file_or_a_landmarker_nothing_is_known(tiny_model):
    assert landmark_source(None, tiny_model)(0, PIXELS) is None
