import numpy as np
import pytest

from studio.controls.handles import Handle, landmark_handle, pin, region_handle, surface_handle
from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.flame.model import HeadModel
from studio.flame.params import Params
from tests.backends.reference import forward


def test_a_landmark_is_where_the_landmark_is(head_model: HeadModel) -> None:
    vertices = forward(head_model, Params.random(head_model, 2)).vertices
    marks = landmark_set(head_model, "68")
    assert marks is not None
    expected = landmark_positions(vertices.astype(np.float32), marks, 12)
    for index in (3, 30, 54):
        handle = landmark_handle(head_model, "68", index, contour_row=12)
        np.testing.assert_allclose(handle.position(vertices), expected[index], atol=1e-6)
    assert landmark_handle(head_model, "68", 54).name == "Landmark 54"
    assert landmark_handle(head_model, "51", 0).name == "Landmark 17"


def test_a_place_on_a_face_is_between_its_corners(tiny_model: HeadModel) -> None:
    a, b, c = tiny_model.v_template[tiny_model.faces[7]].astype(np.float64)
    handle = surface_handle(tiny_model, 7, (2.0, 1.0, 1.0))
    np.testing.assert_allclose(handle.position(tiny_model.v_template), (2 * a + b + c) / 4, atol=1e-7)
    assert surface_handle(tiny_model, 7, (0.0, 1.0, 0.0)).vertices == (int(tiny_model.faces[7][1]),)


def test_a_region_falls_off_along_the_surface(head_model: HeadModel) -> None:
    # From the upper lip nothing of the lower lip is near, however close it lies.
    upper, lower = (landmark_handle(head_model, "68", index) for index in (62, 66))
    face = int(np.flatnonzero((head_model.faces == upper.vertices[0]).any(axis=1))[0])
    corner = (head_model.faces[face] == upper.vertices[0]).astype(float)
    small, large = (
        region_handle(head_model, head_model.v_template, face, corner, radius) for radius in (0.006, 0.02)
    )
    assert not set(lower.vertices) & set(small.vertices)
    assert set(small.vertices) < set(large.vertices)
    assert sum(large.weights) == pytest.approx(1.0)
    assert min(large.weights) > 0.0
    away = np.linalg.norm(
        head_model.v_template[list(large.vertices)] - upper.position(head_model.v_template), axis=1
    )
    assert away.max() < 0.021
    weights = np.array(large.weights)
    assert weights[away < 0.005].mean() > 5.0 * weights[away > 0.015].mean()
    assert large.radius == 0.02


def test_a_region_smaller_than_a_face_is_its_middle(tiny_model: HeadModel) -> None:
    handle = region_handle(tiny_model, tiny_model.v_template, 3, (1, 1, 1), 1e-5)
    middle = tiny_model.v_template[tiny_model.faces[3]].mean(axis=0)
    np.testing.assert_allclose(handle.position(tiny_model.v_template), middle, atol=1e-7)


def test_a_pin_tells_how_far_off_it_is(tiny_model: HeadModel) -> None:
    handle = surface_handle(tiny_model, 0, (1, 0, 0), "Chin")
    place = handle.position(tiny_model.v_template)
    held = pin(handle, place)
    assert held.name == "Chin"
    assert held.distance(tiny_model.v_template) == pytest.approx(0.0, abs=1e-9)
    assert held.moved(place + np.array([0.0, 0.003, 0.004])).distance(tiny_model.v_template) == pytest.approx(
        0.005
    )


def test_what_is_no_handle_is_refused(tiny_model: HeadModel, head_model: HeadModel) -> None:
    with pytest.raises(ValueError, match="no landmark"):
        landmark_handle(tiny_model, "68", 3)
    with pytest.raises(ValueError, match="no landmark 68"):
        landmark_handle(head_model, "68", 68)
    with pytest.raises(ValueError, match="no face"):
        surface_handle(tiny_model, len(tiny_model.faces), (1, 0, 0))
    for weights in ((0.0, 0.0, 0.0), (np.nan, 0.5, 0.5), (1.0, 0.0)):
        with pytest.raises(ValueError, match="weights"):
            surface_handle(tiny_model, 0, weights)
    for radius in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="radius"):
            region_handle(tiny_model, tiny_model.v_template, 0, (1, 0, 0), radius)
    with pytest.raises(ValueError, match="finite"):
        pin(Handle((0,), (1.0,)), (0.0, np.inf, 0.0))
