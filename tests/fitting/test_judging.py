"""Errors of a fit are what one would measure with a ruler on the photo."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fitting.judging import landmark_error, photo_error
from studio.fitting.observation import Landmarks2D
from studio.fitting.reduced import reduced
from studio.fitting.shown import show
from studio.render.colours import to_srgb
from tests.export.fits.fitted import SIZE, backend, observation, state


def test_points_that_are_all_off_by_as_much_are_off_by_that():
    found = state()
    surface = backend().forward(found.params)
    known = observation(found, off=3.0).landmarks
    hidden = np.array(known.confidence)
    hidden[:17] = 0.0
    points = np.array(known.points)
    points[:17] += 500.0
    error = landmark_error(backend().model, surface, found, Landmarks2D(points, hidden))
    assert np.isnan(error.pixels[:17]).all()
    assert np.allclose(error.pixels[17:], 3.0, atol=1e-4)
    eyes = np.linalg.norm(known.points[36] - known.points[45])
    assert error.mean == pytest.approx(3.0 / eyes, rel=1e-4)


def test_51_points_are_measured_by_the_same_eyes():
    found = state()
    surface = backend().forward(found.params)
    known = observation(found, off=3.0).landmarks
    whole = landmark_error(backend().model, surface, found, known)
    part = Landmarks2D(known.points[17:], np.ones(51), "51")
    error = landmark_error(backend().model, surface, found, part)
    assert error.eye_distance == pytest.approx(whole.eye_distance)
    assert error.mean == pytest.approx(whole.mean, rel=1e-3)


def test_a_photo_of_the_head_itself_has_no_error_and_another_one_has_its_own():
    found = state()
    model, surface = backend().model, backend().forward(found.params)
    shown = show(model, surface, found)
    ground = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
    photo = shown.over(ground, to_srgb(shown.light))
    skin = np.ones(photo.shape[:2], np.float32)
    assert photo_error(shown, photo, skin).psnr > 60.0
    off = shown.over(ground, np.clip(to_srgb(shown.light) - 0.1, 0.0, 1.0))
    assert photo_error(shown, off, skin).psnr == pytest.approx(20.0, abs=0.2)
    assert photo_error(shown, off, np.zeros_like(skin)) is None
    bytes_of_it = np.rint(255.0 * off).astype(np.uint8)
    assert photo_error(shown, bytes_of_it, skin).psnr == pytest.approx(20.0, abs=0.3)


def test_a_mask_takes_out_what_it_says():
    found = state()
    seen = observation(found)
    half = np.zeros((SIZE[1], SIZE[0]), np.float32)
    half[:, : SIZE[0] // 2] = 1.0
    surface = backend().forward(found.params)
    part = reduced(backend().model, surface, found, seen.replace(mask=half))
    assert part.factor == 1.0
    assert not part.skin[:, SIZE[0] // 2 :].any()
    assert part.skin[:, : SIZE[0] // 2].any()


def test_a_part_of_the_photo_shows_the_head_where_it_is_there():
    found = state()
    surface = backend().forward(found.params)
    whole = reduced(backend().model, surface, found, observation(found))
    part = reduced(backend().model, surface, found, observation(found), 200, (40.0, 20.0, 120.0, 100.0))
    assert part.pixels.shape == (200, 200, 3)
    assert part.factor == 2.5
    small = part.shown.covered[1::5, 1::5][:, ::1]
    assert (small == whole.shown.covered[20:100:2, 40:120:2]).mean() > 0.97
    assert np.allclose(part.landmarks.points, (whole.landmarks.points - (40.0, 20.0)) * 2.5)
