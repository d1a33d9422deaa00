from __future__ import annotations

import pytest

from studio.theme import THEMES
from studio.theme.roles import contrast

READ = [
    ("text", "window"),
    ("text", "panel"),
    ("text", "raised"),
    ("text", "hover"),
    ("secondary", "window"),
    ("secondary", "panel"),
    ("secondary", "raised"),
    ("accent_text", "panel"),
    ("accent_text", "raised"),
    ("on_accent", "accent"),
    ("left_side", "panel"),
    ("right_side", "panel"),
    ("axis_x", "panel"),
    ("axis_y", "panel"),
    ("axis_z", "panel"),
    ("warning", "raised"),
    ("error", "raised"),
]


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_text_can_be_read(name, ink, ground):
    roles = THEMES[name]
    assert contrast(getattr(roles, ink), getattr(roles, ground)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("mark", "ground"), [("handle", "panel"), ("data", "data_fill"), ("handle", "groove")]
)
def test_marks_stand_out(name, mark, ground):
    roles = THEMES[name]
    assert contrast(getattr(roles, mark), getattr(roles, ground)) >= 3.0


def test_contrast_is_the_published_ratio():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
