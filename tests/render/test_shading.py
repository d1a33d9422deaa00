from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.document.look import Light, Look
from studio.render.backdrop import background_at
from studio.render.colours import to_linear, to_srgb
from studio.render.lighting import Lighting

VALUES = np.linspace(0.0, 1.0, 256)


def test_the_curves_are_srgbs_to_within_a_step_of_eight_bits():
    exact = np.where(VALUES <= 0.04045, VALUES / 12.92, ((VALUES + 0.055) / 1.055) ** 2.4)
    assert np.abs(to_srgb(exact) - VALUES).max() < 0.2 / 255
    assert np.abs(to_srgb(to_linear(VALUES)) - VALUES).max() < 1.0 / 255


def _key(light, camera=Camera()):  # noqa: B008 - it is immutable
    return Lighting.of(Look(light=light), camera).key.direction


def test_the_key_light_stands_where_the_look_says():
    right, up, towards = _key(Light(azimuth=0.5, elevation=0.3))
    assert right > 0
    assert up > 0
    assert towards > 0
    assert np.hypot(np.hypot(right, up), towards) == pytest.approx(1.0)
    assert _key(Light(azimuth=-0.5))[0] < 0


def test_the_middle_of_the_gradient_is_the_background():
    look = Look(background=(0.2, 0.3, 0.4))
    assert np.allclose(background_at(look, np.array([0.5])), look.background, atol=1e-6)
