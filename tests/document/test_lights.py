from __future__ import annotations

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
