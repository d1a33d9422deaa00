from __future__ import annotations

import numpy as np
import pytest

from studio.document.lights import CUSTOM, PRESETS, Light, preset_name, temperature_colour
from studio.document.look import Look
from studio.session.plain import from_plain, to_plain


def test_presets_are_told_by_their_values():
    assert [preset_name(light) for light in PRESETS.values()] == list(PRESETS)
    assert preset_name(Light(azimuth=0.123)) == CUSTOM
    assert PRESETS["Studio soft"] == Look().light


@pytest.mark.parametrize("kelvin", [1000.0, 2000.0, 3000.0, 4500.0, 6500.0, 10000.0, 40000.0])
def test_a_temperature_changes_the_colour_and_not_the_amount(kelvin):
    red, green, blue = temperature_colour(kelvin)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(1.0)
    assert (red > blue) is (kelvin < 6500.0)


def _black_body(kelvin):
    """Linear sRGB (3,) of Planck's law and the CIE 1931 observer (Wyman, Sloan and Shirley 2013)."""
    nanometres = np.arange(380.0, 781.0, 1.0)

    def lobe(height, middle, below, above):
        width = np.where(nanometres < middle, below, above)
        return height * np.exp(-0.5 * ((nanometres - middle) / width) ** 2)

    observer = np.stack(
        [
            lobe(1.056, 599.8, 37.9, 31.0) + lobe(0.362, 442.0, 16.0, 26.7) - lobe(0.065, 501.1, 20.4, 26.2),
            lobe(0.821, 568.8, 46.9, 40.5) + lobe(0.286, 530.9, 16.3, 31.1),
            lobe(1.217, 437.0, 11.8, 36.0) + lobe(0.681, 459.0, 26.0, 13.8),
        ]
    )
    light = nanometres**-5.0 / np.expm1(1.4388e7 / (nanometres * kelvin))
    to_rgb = np.array([[3.2405, -1.5371, -0.4985], [-0.9693, 1.8760, 0.0416], [0.0556, -0.2040, 1.0572]])
    return to_rgb @ observer @ light


@pytest.mark.parametrize("kelvin", [2500.0, 3500.0, 5000.0, 8000.0, 15000.0])
def test_a_temperature_has_the_colour_of_a_black_body(kelvin):
    wanted = _black_body(kelvin) / _black_body(6500.0)
    found = np.array(temperature_colour(kelvin))
    assert found / found[1] == pytest.approx(wanted / wanted[1], rel=0.03 if kelvin < 3000.0 else 0.012)


def test_daylight_is_white():
    assert temperature_colour(6500.0) == pytest.approx((1.0, 1.0, 1.0))


def test_lights_of_an_older_session_keep_their_values():
    faults: list[str] = []
    older = {"light": {"azimuth": -0.3, "elevation": 0.2, "strength": 2.0, "ambient": 0.1}}
    look = from_plain(Look(), older, "look", faults)
    assert look.light == Light(azimuth=-0.3, elevation=0.2, strength=2.0, ambient=0.1)
    assert not faults


@pytest.mark.parametrize("name", list(PRESETS))
def test_presets_come_back_from_a_session(name):
    look = Look(light=PRESETS[name])
    faults: list[str] = []
    assert from_plain(Look(), to_plain(look), "look", faults) == look
    assert not faults
