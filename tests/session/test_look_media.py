"""What a look refers to comes back with its session."""

from __future__ import annotations

import pytest

from studio.document.harmonics import CONSTANTS
from studio.document.lights import PRESETS
from studio.document.look import Backdrop, Caption, Environment, Finish, Look, Shadows
from studio.document.media import Media
from studio.document.tools import RADII, Tools
from studio.session.plain import from_plain, to_plain


def test_every_part_of_a_look_comes_back():
    look = Look(
        mode="matcap",
        light=PRESETS["Night"].replace(in_world=True, tint=(1.0, 0.5, 0.25)),
        environment=Environment((1.0 / CONSTANTS[0],) * 27, "room.hdr", 0.5, 2.0),
        shadows=Shadows(0.1, 0.2),
        exposure=-1.5,
        finish=Finish(0.5, 0.25, 2.0, "picture", Media("/pictures/ball.png")),
        backdrop=Backdrop("picture", (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), Media("/pictures/sky.jpg"), "fit"),
        wire_over=True,
        caption=Caption("{take}", "top right", 0.05, (0.0, 1.0, 0.5)),
    )
    faults: list[str] = []
    assert from_plain(Look(), to_plain(look), "look", faults) == look
    assert not faults


def test_values_no_look_can_have_are_left_out():
    faults: list[str] = []
    wrong = {
        "exposure": 1e9,
        "backdrop": {"kind": "lava", "top": [2.0, 0.0, 0.0]},
        "finish": {"roughness": -1, "matcap": 7},
        "caption": {"letter_height": 50.0},
        "light": {"kelvin": 0, "softness": 9, "fill": {"strength": -3}},
    }
    assert from_plain(Look(), wrong, "look", faults) == Look()
    assert len(faults) == 9


@pytest.mark.parametrize("radius", [0.0, 5.0, float("nan")])
def test_a_pull_that_no_hand_can_hold_is_left_out(radius):
    faults: list[str] = []
    assert from_plain(Tools(), {"radius": radius}, "tools", faults) == Tools()
    assert faults == ["tools.radius"]
    assert from_plain(Tools(), {"radius": RADII[1]}, "tools", []).radius == RADII[1]
