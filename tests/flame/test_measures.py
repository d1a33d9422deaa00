from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.landmarks import CONTOUR_COUNT
from studio.flame.measures import MEASURES, measure_head
from studio.flame.params import Params


@pytest.fixture(scope="module")
def backend(head_model):
    return create_backend("torch", head_model, "cpu")


@pytest.fixture
def measured(backend, head_model):
    def measure(model=None, **changes):
        params = Params.neutral(head_model).replace(**changes)
        surface = backend.forward(params)
        return measure_head(model or head_model, surface.vertices, surface.joints, params.pose)

    return measure


def unit(head_model, name):
    expr = np.zeros(head_model.expression_count, np.float32)
    expr[head_model.expression_names.index(name)] = 1.0
    return expr


def millimetres(points, first, second):
    return 1000.0 * math.dist(map(float, points[first]), map(float, points[second]))


def test_distances_are_those_between_the_landmarks(backend, head_model, measured):
    landmarks = backend.forward(Params.neutral(head_model)).landmarks
    values = measured().values
    for key, first, second in (
        ("inter_ocular_outer", 36, 45),
        ("inter_ocular_inner", 39, 42),
        ("face_height", 27, 8),
        ("face_width", 1, 15),
        ("nose_length", 27, 33),
        ("nose_width", 31, 35),
        ("mouth_width", 48, 54),
        ("lip_opening", 62, 66),
    ):
        assert values[key] == pytest.approx(millimetres(landmarks, first, second), abs=1e-3)
    upper, lower = landmarks[[37, 38]].mean(axis=0), landmarks[[40, 41]].mean(axis=0)
    assert values["right_eye_opening"] == pytest.approx(1000.0 * np.linalg.norm(upper - lower), abs=1e-3)


def test_a_head_has_the_sizes_of_a_person(measured):
    values = measured().values
    for key, low, high in (
        ("inter_ocular_outer", 75, 110),
        ("inter_ocular_inner", 25, 45),
        ("inter_pupillary", 50, 72),
        ("face_height", 90, 135),
        ("face_width", 110, 165),
        ("mouth_width", 38, 65),
        ("left_eye_opening", 4, 15),
        ("head_width", 130, 200),
    ):
        assert low < values[key] < high, key


def test_turning_and_shifting_the_head_changes_no_measure(measured):
    straight = measured(jaw_pose=(0.2, 0.0, 0.0)).values
    turned = measured(jaw_pose=(0.2, 0.0, 0.0), rotation=(0.2, 0.6, -0.3), translation=(0.1, 0.2, 0.3)).values
    for key, value in straight.items():
        assert turned[key] == pytest.approx(value, abs=2e-2), key


def test_turning_the_neck_keeps_the_jaw_line_of_the_front(measured):
    assert measured(neck_pose=(0.0, 0.6, 0.0)).values["face_width"] == pytest.approx(
        measured().values["face_width"], abs=0.5
    )


def test_the_jaw_opens_by_its_angle(measured):
    shut, opened = measured().values, measured(jaw_pose=(0.35, 0.0, 0.0)).values
    assert shut["jaw_angle"] == 0.0
    assert opened["jaw_angle"] == pytest.approx(math.degrees(0.35))
    assert opened["jaw_opening"] - shut["jaw_opening"] > 15.0
    assert opened["lip_opening"] - shut["lip_opening"] > 10.0


def test_a_wink_closes_one_eye(head_model, measured):
    before = measured().values
    after = measured(expr=unit(head_model, "eyeBlinkLeft")).values
    assert after["left_eye_opening"] < 0.35 * before["left_eye_opening"]
    assert after["right_eye_opening"] == pytest.approx(before["right_eye_opening"], abs=0.5)


def test_looking_inward_brings_the_pupils_together(measured):
    inward = (0.0, -0.3, 0.0, 0.0, 0.3, 0.0)
    assert measured(eyes_pose=inward).values["inter_pupillary"] < measured().values["inter_pupillary"] - 2.0


def test_without_landmarks_only_what_needs_none_is_told(head_model, measured):
    values = measured(replace(head_model, landmarks=None)).values
    assert set(values) == {
        "inter_pupillary",
        "jaw_opening",
        "jaw_angle",
        "head_width",
        "head_height",
        "head_depth",
    }
    bare = measured(replace(head_model, landmarks=None, regions={})).values
    assert "jaw_opening" not in bare
    assert 50 < bare["inter_pupillary"] < 72  # between the eyes' joints


def test_lines_end_where_their_values_are_measured(measured):
    for line in measured().dimensions:
        assert 1000.0 * np.linalg.norm(line.start - line.end) == pytest.approx(line.value)
        assert line.measure.drawn


def test_every_measure_says_how_it_is_defined():
    assert len({measure.key for measure in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert measure.tip
        assert len(measure.ends) % 2 == 0
        assert all(end < CONTOUR_COUNT + 51 + 4 for end in measure.ends)
