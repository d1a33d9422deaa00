from __future__ import annotations

import numpy as np
import pytest

from studio.flame.params import Params
from studio.sequence.channels import EXPRESSIONS_MOST, channels_of, degrees_for_unit, reach
from studio.sequence.clip import Clip

FRAMES = 20
RAMP = np.linspace(0.0, 1.0, FRAMES, dtype=np.float32)


def clip_of(expressions=3, **channels):
    widths = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    values = {name: np.zeros((FRAMES, width)) for name, width in widths.items()}
    values["expr"] = np.zeros((FRAMES, expressions))
    return Clip(shape=np.zeros(4), **(values | channels))


def along(axis, width, amount=0.2):
    values = np.zeros((FRAMES, width))
    values[:, axis] = amount * RAMP
    return values


TITLES = ("Mouth smile left", "Mouth smile right", "Jaw forward")


@pytest.mark.parametrize(
    ("field", "axis", "title"),
    [
        ("jaw_pose", 0, "Jaw open"),
        ("jaw_pose", 1, "Jaw sideways"),
        ("neck_pose", 2, "Neck tilt"),
        ("rotation", 1, "Head turn"),
        ("eyes_pose", 1, "Left eye left / right"),
        ("eyes_pose", 3, "Right eye up / down"),
    ],
)
def test_a_turned_joint_is_one_channel_in_degrees(field, axis, title):
    clip = clip_of(**{field: along(axis, 6 if field == "eyes_pose" else 3)})
    (channel,) = channels_of(clip, TITLES)
    assert channel.title == title
    assert channel.is_angle
    np.testing.assert_allclose(channel.values, np.degrees(0.2 * RAMP), rtol=1e-6)


def test_eyelids_are_channels_from_open_to_closed():
    eyelids = along(1, 2, 1.0)
    (channel,) = channels_of(clip_of(eyelids=eyelids), TITLES)
    assert (channel.title, channel.family, channel.member) == ("Eyelid right", "Eyelid", 1)
    assert not channel.is_angle
    np.testing.assert_allclose(channel.values, RAMP, rtol=1e-6)


def test_the_widest_expressions_are_shown_in_the_models_order():
    amounts = np.zeros(12, np.float32)
    amounts[[11, 2, 5, 1, 3, 4, 6, 7, 8, 9]] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.02, 0.01]
    clip = clip_of(expr=RAMP[:, None] * amounts)
    titles = [f"Expression {number}" for number in range(1, 13)]
    shown = channels_of(clip, titles)
    assert [channel.title for channel in shown] == [titles[index] for index in (1, 2, 3, 4, 5, 6, 7, 11)]
    assert len(shown) == EXPRESSIONS_MOST
    np.testing.assert_allclose(shown[-1].values, 0.9 * RAMP, rtol=1e-6)


def test_both_sides_of_an_expression_are_one_family():
    shown = channels_of(clip_of(expr=np.tile(RAMP[:, None], (1, 3))), TITLES)
    assert [(channel.family, channel.member) for channel in shown] == [
        ("Mouth smile", 0),
        ("Mouth smile", 1),
        ("Jaw forward", 0),
    ]


def test_nothing_that_stays_neutral_is_shown():
    assert channels_of(clip_of(), TITLES) == ()
    held = clip_of(expr=np.full((FRAMES, 3), 0.5))
    assert channels_of(held, TITLES) == ()


def test_expressions_reach_as_high_as_angles():
    clip = clip_of(jaw_pose=along(0, 3, np.radians(20.0)), expr=RAMP[:, None] * np.array([0.5, 0.0, 0.0]))
    channels = channels_of(clip, TITLES)
    assert reach(channels, angles=True) == pytest.approx((0.0, 20.0), rel=1e-5)
    assert reach(channels, angles=False) == pytest.approx((0.0, 0.5))
    assert degrees_for_unit(channels) == pytest.approx(40.0, rel=1e-5)
    assert degrees_for_unit(channels[:1]) == 1.0


def test_an_empty_model_has_channels_too():
    still = Clip.still(Params.zeros(3, 0))
    assert channels_of(still, ()) == ()
