"""The sets of landmarks on the open head, against slow sums and against the backends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.backends import available, create_backend
from studio.flame.landmark_sets import (
    NEEDS,
    SET_NAMES,
    TITLES,
    LandmarkSet,
    landmark_positions,
    landmark_set,
    offered_sets,
    shown_set,
)
from studio.flame.landmarks import contour_row
from studio.flame.params import Params


@pytest.fixture(scope="module", params=["torch", "mlx"])
def backend(request, head_model):
    if (request.param, "cpu") not in available():
        pytest.skip(f"{request.param} is not there")
    return create_backend(request.param, head_model, "cpu")


def test_what_the_open_head_offers(head_model):
    assert offered_sets(head_model) == ("68", "51", "70")
    assert [len(landmark_set(head_model, name).landmarks) for name in ("68", "51", "70")] == [68, 51, 70]
    assert set(TITLES) == set(NEEDS) == set(SET_NAMES)
    assert shown_set(head_model, "mediapipe").name == "68"
    assert shown_set(head_model, "51").name == "51"
    bare = replace(head_model, landmarks=None)
    assert offered_sets(bare) == ()
    assert shown_set(bare, "68") is None
    assert offered_sets(replace(head_model, regions={})) == ("68", "51")


@pytest.mark.parametrize("sign", ["screen", "flame_pytorch"])
def test_positions_and_rows_are_those_of_the_backend(head_model, backend, sign):
    random = np.random.default_rng(4)
    marks, rows = landmark_set(head_model, "68"), set()
    for _ in range(12):
        params = Params.neutral(head_model).replace(
            rotation=random.normal(0, 0.4, 3),
            neck_pose=random.normal(0, 0.4, 3),
            jaw_pose=random.normal(0, 0.1, 3),
            shape=random.normal(0, 1.0, 100),
        )
        surface = backend.forward(params, sign)
        row = int(contour_row(params.rotation, params.neck_pose, sign))
        assert surface.contour_row == row
        rows.add(row)
        seen = landmark_positions(surface.vertices, marks, surface.contour_row)
        np.testing.assert_allclose(seen, surface.landmarks, atol=1e-6)
    assert len(rows) > 8


@pytest.mark.parametrize("name", ["68", "51", "70"])
def test_positions_by_a_slow_sum(head_model, name):
    random = np.random.default_rng(1)
    vertices = random.normal(0, 1, head_model.v_template.shape).astype(np.float32)
    marks = landmark_set(head_model, name)
    for row in (0, 39, 78):
        table = row if name != "51" else 0
        for point, corners, weights in zip(
            landmark_positions(vertices, marks, row),
            marks.corners[table],
            marks.barycentric[table],
            strict=True,
        ):
            slow = sum(float(w) * vertices[c].astype(float) for c, w in zip(corners, weights, strict=True))
            np.testing.assert_allclose(point, slow, atol=1e-6)


def test_the_eyes_are_in_front_of_the_eyeballs(head_model):
    points = landmark_positions(head_model.v_template, landmark_set(head_model, "70"), 0)[68:]
    assert points[0, 0] < 0 < points[1, 0]
    for point, joint in zip(points, (4, 3), strict=True):
        centre = head_model.j_regressor[joint] @ head_model.v_template
        assert point[2] - centre[2] > 0.01
        np.testing.assert_allclose(point[:2], centre[:2], atol=0.001)


def test_the_parts_of_the_face_are_where_their_names_say(head_model):
    marks = landmark_set(head_model, "68")
    points = dict(
        zip(
            [mark.name for mark in marks.landmarks],
            landmark_positions(head_model.v_template, marks, 0),
            strict=True,
        )
    )
    for name, point in points.items():
        assert point[0] < 0 if "right" in name else point[0] > 0 if "left" in name else abs(point[0]) < 0.002
    for upper, lower in (
        ("right eyebrow, middle", "right upper eyelid, outer"),
        ("right upper eyelid, inner", "right lower eyelid, inner"),
        ("nose bridge, top", "nose tip"),
        ("nose tip", "nose base, middle"),
        ("upper lip, middle", "upper lip, middle, inside"),
        ("lower lip, middle, inside", "lower lip, middle"),
        ("lower lip, middle", "chin"),
    ):
        assert points[upper][1] > points[lower][1]
    assert points["left eyebrow, outer end"][0] > points["left eyebrow, inner end"][0]
    assert points["right upper lip, outer"][0] < points["right upper lip, peak"][0]


def test_a_set_whose_tables_do_not_fit_is_refused(head_model):
    marks = landmark_set(head_model, "51")
    with pytest.raises(ValueError, match="must have shape"):
        LandmarkSet("51", marks.landmarks[:50], marks.corners, marks.barycentric)
    with pytest.raises(ValueError, match="read-only"):
        marks.corners[0, 0] = 1
