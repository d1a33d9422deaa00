"""Settings of the driver as text, whatever is in it."""

from __future__ import annotations

import json

import pytest

from studio.live.settings import GAINS, LiveSettings


def test_settings_come_back_from_their_text():
    gains = {**LiveSettings().gains, "Mouth": 1.5}
    told = LiveSettings(source="video", port=5000, everywhere=True, video="a.mp4", smoothing=0.1, gains=gains)
    assert LiveSettings.from_text(told.to_text()) == told


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '"x"', "[" * 100_000, '{"unknown": 1}'])
def test_text_that_is_none_gives_the_usual_settings(text):
    assert LiveSettings.from_text(text) == LiveSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("port", 70_000),
        ("port", "11111"),
        ("port", True),
        ("everywhere", 1),
        ("source", "radio"),
        ("smoothing", 2.0),
        ("gains", {"Mouth": 1.0}),
        ("gains", dict.fromkeys(GAINS, 1e9)),
        ("gains", dict.fromkeys(GAINS, "1")),
    ],
)
def test_a_setting_that_cannot_be_is_as_usual_and_the_others_stay(name, value):
    told = json.dumps({"webcam": 2, name: value})
    assert LiveSettings.from_text(told) == LiveSettings(webcam=2)


def test_what_is_sent_from_elsewhere_is_not_heard_unless_it_is_asked_for():
    assert not LiveSettings().everywhere
