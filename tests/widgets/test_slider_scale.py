from __future__ import annotations

import pytest

from studio.widgets.slider_scale import SliderScale

DEGREES = SliderScale("Nod", -90.0, 90.0, decimals=1, unit="°", hard_low=-360.0, hard_high=360.0)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12.0),
        ("12.5°", 12.5),
        (" -3,25 ", -3.25),
        (".5", 0.5),
        ("\u22127", -7.0),
        ("200", 200.0),
        ("999", 360.0),
    ],
)
def test_typed_numbers(typed, value):
    assert DEGREES.parse(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "nod", "1e", "1.2.3", "nan", "inf", "--4"])
def test_what_is_no_number(typed):
    assert DEGREES.parse(typed) is None


def test_typing_reaches_only_the_slider_without_hard_limits():
    assert SliderScale("Blink", 0.0, 1.0).parse("4") == 1.0


def test_text_has_fixed_digits_and_no_negative_zero():
    assert DEGREES.text(-0.01) == "0.0°"
    assert SliderScale("Height", -300, 300, decimals=1, unit="mm").text(12.34) == "12.3 mm"
    marked = SliderScale("Height", -300, 300, decimals=1, unit="mm", unit_at_label=True)
    assert (marked.title, marked.text(12.34), marked.parse("12.3 mm")) == ("Height (mm)", "12.3", 12.3)
    assert SliderScale("Shape 1", -3, 3).text(float("nan")) == "\N{EN DASH}"


def test_values_under_the_handle_are_whole_digits():
    assert SliderScale("Blink", 0.0, 1.0).value_at(1 / 3) == 0.33
    assert DEGREES.value_at(0.5) == 0.0
    assert DEGREES.value_at(1.7) == 90.0
    assert DEGREES.fraction(400.0) == 1.0


@pytest.mark.parametrize(("low", "high", "step"), [(0.0, 1.0, 0.01), (-3.0, 3.0, 0.1), (-90.0, 90.0, 2.0)])
def test_a_key_steps_by_a_round_hundredth(low, high, step):
    assert SliderScale("x", low, high).step == pytest.approx(step)


def test_beyond_the_anatomical_range():
    jaw = SliderScale("Open", -10.0, 45.0, decimals=1, usual=(0.0, 30.0))
    assert not jaw.is_unusual(30.05)
    assert jaw.is_unusual(31.0)
    assert jaw.is_unusual(-1.0)
    assert not DEGREES.is_unusual(89.0)


def test_a_bent_scale_gives_its_low_end_more_room():
    bent = SliderScale("Distance", 8.0, 500.0, decimals=0, bend=3.0)
    assert (bent.fraction(8.0), bent.fraction(500.0)) == (0.0, 1.0)
    assert bent.fraction(60.0) > 0.4
    for value in (8.0, 20.0, 75.0, 300.0, 500.0):
        assert bent.value_at(bent.fraction(value)) == value
