"""The camera of a photo agrees with the calibrated camera and with the studio's own."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.photo_camera import PhotoCamera, focal_of_lens, lens_of_focal
from studio.render.pinhole import PinholeCamera

POINTS = np.random.default_rng(3).uniform(-0.1, 0.1, (20, 3))


def projected(camera: PhotoCamera, points: np.ndarray) -> np.ndarray:
    """The formulas of the docstring, point by point."""
    x, y, z = (points + camera.place).T
    across = camera.focal / -z if camera.projection == "perspective" else np.full_like(z, camera.scale)
    return np.stack([camera.cx + across * x, camera.cy - across * y], axis=1)


@pytest.mark.parametrize(("width", "height", "aspect"), [(600, 800, 0.75), (800, 600, 1.0), (600, 800, 2.0)])
def test_the_orbit_camera_shows_what_the_photo_shows(width, height, aspect):
    camera = PhotoCamera(
        width, height, "perspective", 900.0, cx=width / 2, cy=height / 2, place=(0.02, -0.03, -0.9)
    )
    picture_height = 400
    picture_width = round(aspect * picture_height)
    shown = PinholeCamera.from_orbit(camera.orbit(aspect), (picture_width, picture_height)).project(POINTS)
    factor = min(picture_width / width, picture_height / height)
    expected = (projected(camera, POINTS) - (width / 2, height / 2)) * factor
    assert shown[:, :2] - (picture_width / 2, picture_height / 2) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("projection", ["perspective", "orthographic"])
def test_a_part_of_the_photo_shows_the_same_points(projection):
    camera = PhotoCamera(640, 480, projection, 700.0, 2100.0, 310.0, 250.0, (0.01, 0.02, -0.8))
    part = camera.cropped(120.0, -30.0, 0.5, 256, 256)
    expected = (projected(camera, POINTS) - (120.0, -30.0)) * 0.5
    assert projected(part, POINTS) == pytest.approx(expected, abs=1e-9)
    assert part.size == (256, 256)


def test_a_lens_gives_the_field_of_view_that_it_has_on_film():
    focal = focal_of_lens(50.0, 3600, 2400)
    assert focal == pytest.approx(5000.0)  # 36 mm of film are 3600 pixels
    assert lens_of_focal(focal, 3600, 2400) == pytest.approx(50.0)
