from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from studio.flame.params import FIELD_WIDTHS, Params
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer, held

RANDOM = np.random.default_rng(8)
WIDTHS = {"expr": 6, **FIELD_WIDTHS}


def clip(frames: int = 12) -> Clip:
    return Clip(
        shape=RANDOM.normal(size=4),
        fps=30.0,
        **{name: RANDOM.normal(0, 0.3, (frames, width)) for name, width in WIDTHS.items()},
    )


def layer(**settings) -> Layer:
    axis = np.zeros(6 + 11)
    axis[[2, 6]] = 0.5, 0.25  # a component, and the jaw's first number
    return Layer(
        curves={
            "expr/1": Curve.of([0, 5, 11], [0.0, 1.0, 0.5], "smooth"),
            "neck_pose": Curve.of([2, 9], RANDOM.normal(0, 0.4, (2, 3)), "linear", turns=True),
            "left_eye": Curve.of([0, 9], RANDOM.normal(0, 0.4, (2, 3)), "smooth", turns=True),
            "translation": Curve.of([0, 11], [[0, 0, 0], [0.1, 0.2, 0.3]], "linear"),
            "eyelids/right": Curve.of([3], [0.7]),
            "control/smile": Curve.of([0, 6], [0.0, 0.8], "linear"),
        },
        axes={"control/smile": axis},
        **settings,
    )


def rotation(vector) -> Rotation:
    return Rotation.from_rotvec(np.asarray(vector, float))


def slow(base: Params, made: Layer, frame: float) -> dict[str, np.ndarray]:
    """The same blend, channel by channel, with SciPy's rotations."""
    values = {name: curve.at(np.array([frame]))[0] for name, curve in made.curves.items()}
    w, adds = made.weight, made.blend == "add"
    expr, lids = base.expr.astype(float), base.eyelids.astype(float)
    jaw, neck = base.jaw_pose.astype(float), base.neck_pose.astype(float)
    place, eye = base.translation.astype(float), base.eyes_pose[:3].astype(float)

    def met(below, value):
        return below + w * value if adds else (1 - w) * below + w * value

    def turned(below, value):
        if adds:
            return (rotation(below) * rotation(w * value)).as_matrix()
        return Slerp([0, 1], Rotation.concatenate([rotation(below), rotation(value)]))(w).as_matrix()

    expr[1] = met(expr[1], values["expr/1"][0])
    lids[1] = met(lids[1], values["eyelids/right"][0])
    place = met(place, values["translation"])
    smile = w * values["control/smile"][0]
    expr[2] += 0.5 * smile
    jaw[0] += 0.25 * smile
    return {
        "expr": expr,
        "eyelids": lids,
        "translation": place,
        "jaw_pose": jaw,
        "neck_pose": turned(neck, values["neck_pose"]),
        "left": turned(eye, values["left_eye"]),
    }


@pytest.mark.parametrize("blend", ["replace", "add"])
@pytest.mark.parametrize("weight", [1.0, 0.35])
def test_a_layer_blends_as_the_slow_formula_does(blend, weight) -> None:
    below, made = clip(), layer(blend=blend, weight=weight)
    for frame in (0.0, 2.0, 4.7, 11.0):
        base = below.at(frame)
        shown, wanted = made.over(base, frame), slow(base, made, frame)
        for name in ("expr", "eyelids", "translation", "jaw_pose"):
            np.testing.assert_allclose(getattr(shown, name), wanted[name], atol=1e-6, err_msg=name)
        np.testing.assert_allclose(rotation(shown.neck_pose).as_matrix(), wanted["neck_pose"], atol=1e-6)
        np.testing.assert_allclose(rotation(shown.eyes_pose[:3]).as_matrix(), wanted["left"], atol=1e-6)
        np.testing.assert_array_equal(shown.rotation, base.rotation)
        np.testing.assert_array_equal(shown.eyes_pose[3:], base.eyes_pose[3:])


@pytest.mark.parametrize("blend", ["replace", "add"])
def test_all_frames_at_once_are_the_frames_one_by_one(blend) -> None:
    below, made = clip(), layer(blend=blend, weight=0.6)
    baked = made.over_clip(below)
    for index in range(len(below)):
        one = made.over(below.frame(index), float(index))
        for name in WIDTHS:
            np.testing.assert_allclose(getattr(baked, name)[index], getattr(one, name), atol=1e-6)


def test_the_value_for_a_wish_brings_it_about() -> None:
    below, wanted = RANDOM.normal(0, 0.4, (2, 1, 3))
    for blend in ("replace", "add"):
        for weight in (1.0, 0.4):
            made = Layer(blend=blend, weight=weight)
            value = made.value_for("neck_pose", below, wanted)
            shown = made.replace(curves={"neck_pose": Curve.of([0], value, turns=True)})
            params = Params.zeros(1, 1).replace(neck_pose=below[0])
            turned = rotation(shown.over(params, 0.0).neck_pose)
            assert (turned.inv() * rotation(wanted[0])).magnitude() < 1e-6


def test_a_muted_or_weightless_layer_changes_nothing() -> None:
    base = clip().frame(3)
    assert layer(muted=True).over(base, 3.0) is base
    assert layer(weight=0.0).over(base, 3.0) is base


def test_layers_refuse_what_is_no_channel() -> None:
    number, vector = Curve.of([0], [1.0]), Curve.of([0], [[0, 0, 0]])
    for name, curve in {"nose": number, "expr/x": number, "neck_pose": vector, "control/a": number}.items():
        with pytest.raises(ValueError, match=r"channel|direction|numbers"):
            Layer(curves={name: curve})
    with pytest.raises(ValueError, match="weight"):
        Layer(weight=1.5)


def test_the_last_frame_holds_in_a_longer_take() -> None:
    short = clip(4)
    longer = held(short, 9)
    assert len(longer) == 9
    for name in WIDTHS:
        np.testing.assert_array_equal(getattr(longer, name)[3:], np.tile(getattr(short, name)[3], (6, 1)))
    assert held(short, 3) is short
