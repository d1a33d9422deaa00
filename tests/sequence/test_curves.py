from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from studio.flame.rotations import compose, relative
from studio.sequence.curves import AFTER, BEFORE, BEZIER, CODES, INTERPOLATIONS, LINEAR, Curve

RANDOM = np.random.default_rng(3)


def slow_bezier(curve: Curve, segment: int, frame: float) -> float:
    """A segment's cubic by bisection in time, number by number."""
    start, end = curve.frames[segment : segment + 2]
    x = [start, start + curve.handles[segment, AFTER, 0], end + curve.handles[segment + 1, BEFORE, 0], end]
    low, high = curve.values[segment : segment + 2, 0]
    y = [low, low + curve.handles[segment, AFTER, 1], high + curve.handles[segment + 1, BEFORE, 1], high]

    def at(points, u):
        return sum(
            weight * point
            for weight, point in zip(
                ((1 - u) ** 3, 3 * (1 - u) ** 2 * u, 3 * (1 - u) * u**2, u**3), points, strict=True
            )
        )

    first, last = 0.0, 1.0
    for _ in range(80):
        middle = 0.5 * (first + last)
        first, last = (middle, last) if at(x, middle) < frame else (first, middle)
    return at(y, first)


def test_every_kind_shows_its_keys_and_holds_them_outside() -> None:
    frames, values = [3.0, 7.5, 20.0], [1.0, -2.0, 4.0]
    for kind in INTERPOLATIONS:
        curve = Curve.of(frames, values, kind)
        np.testing.assert_array_equal(curve.at(frames)[:, 0], values)
        np.testing.assert_array_equal(curve.at([-5.0, 0.0, 21.0, 1e9])[:, 0], [1.0, 1.0, 4.0, 4.0])


def test_stepped_linear_and_eased_are_their_closed_forms() -> None:
    frames = np.linspace(10.0, 18.0, 33)
    share = (frames - 10.0) / 8.0
    made = {kind: Curve.of([10.0, 18.0], [2.0, 5.0], kind).at(frames)[:, 0] for kind in INTERPOLATIONS}
    np.testing.assert_array_equal(made["stepped"], np.where(share < 1.0, 2.0, 5.0))
    np.testing.assert_allclose(made["linear"], 2.0 + 3.0 * share, atol=1e-12)
    np.testing.assert_allclose(made["eased"], 2.0 + 3.0 * (3 * share**2 - 2 * share**3), atol=1e-9)


def test_smooth_keeps_a_parabola_inside_and_never_overshoots() -> None:
    keys = np.array([0.0, 2.0, 5.0, 9.0, 10.0])
    parabola = Curve.of(keys, 0.1 * keys**2, "smooth")
    inside = np.linspace(2.0, 9.0, 50)
    np.testing.assert_allclose(parabola.at(inside)[:, 0], 0.1 * inside**2, atol=1e-9)
    jumps = Curve.of([0, 1, 2, 30, 31], [0.0, 0.0, 1.0, 1.0, 0.0], "smooth").at(np.linspace(0, 31, 3000))
    assert jumps.min() >= -1e-12
    assert jumps.max() <= 1.0 + 1e-12


def test_smooth_never_overshoots_where_slow_meets_fast() -> None:
    for keys in ([0.0, 1.0, 101.0], [0.0, 100.0, 101.0], [5.0, 4.9, -30.0]):
        shown = Curve.of([0, 1, 2], keys, "smooth").at(np.linspace(0.0, 2.0, 2001))[:, 0]
        assert (np.diff(shown) * np.sign(keys[-1] - keys[0]) >= -1e-12).all(), keys


def test_smooth_has_no_corner_at_its_keys() -> None:
    curve = Curve.of([0, 4, 5, 12], RANDOM.normal(size=4), "smooth")
    for frame in (4.0, 5.0):
        before, at, after = curve.at(np.array([frame - 1e-5, frame, frame + 1e-5]))[:, 0]
        assert (at - before) / 1e-5 == pytest.approx((after - at) / 1e-5, abs=1e-3)


def test_bezier_is_the_cubic_through_its_handles() -> None:
    handles = np.array([[[0, 0], [3.0, 2.0]], [[-7.5, -1.0], [0.5, 4.0]], [[-6.0, 0.0], [1, 0]]], dtype=float)
    curve = Curve.of([0.0, 8.0, 15.0], [0.0, 1.0, -1.0], "bezier").replace(handles=handles)
    for segment, frames in enumerate((np.linspace(0.1, 7.9, 17), np.linspace(8.1, 14.9, 17))):
        slow = [slow_bezier(curve, segment, frame) for frame in frames]
        np.testing.assert_allclose(curve.at(frames)[:, 0], slow, atol=1e-9)


def test_handles_that_reach_beyond_the_next_key_never_turn_time_back() -> None:
    handles = np.array([[[0, 0], [40.0, 5.0]], [[-90.0, 3.0], [1, 0]]], dtype=float)
    curve = Curve.of([0.0, 10.0], [0.0, 1.0], "bezier").replace(handles=handles)
    shown = curve.at(np.linspace(0.0, 10.0, 500))
    assert np.isfinite(shown).all()
    assert np.abs(np.diff(shown, axis=0)).max() < 0.5


def test_a_handle_that_reaches_too_far_is_shortened_and_keeps_its_slope() -> None:
    far = np.array([[[0, 0], [40.0, 8.0]], [[-20.0, -6.0], [1, 0]]], dtype=float)
    near = np.array([[[0, 0], [10.0, 2.0]], [[-10.0, -3.0], [1, 0]]], dtype=float)
    curve, asked = Curve.of([0.0, 10.0], [0.0, 1.0], "bezier"), np.linspace(0.0, 10.0, 50)
    np.testing.assert_allclose(curve.replace(handles=far).at(asked), curve.replace(handles=near).at(asked))


def test_rotations_go_along_the_sphere() -> None:
    keys = RANDOM.normal(0, 0.8, (4, 3))
    frames = [0.0, 5.0, 9.0, 20.0]
    asked = np.linspace(0, 20, 41)
    slerp = Slerp(frames, Rotation.from_rotvec(keys))(asked).as_matrix()
    made = Curve.of(frames, keys, "linear", turns=True).at(asked)
    np.testing.assert_allclose(Rotation.from_rotvec(made).as_matrix(), slerp, atol=1e-9)


def test_smooth_rotations_about_one_axis_are_smooth_numbers() -> None:
    frames, angles = [0.0, 6.0, 9.0, 20.0, 22.0], np.array([0.1, 0.5, 0.9, 0.2, 0.25])
    axis = np.array([2.0, -1.0, 0.5]) / np.linalg.norm([2.0, -1.0, 0.5])
    asked = np.linspace(-1, 23, 97)
    for kind in ("smooth", "eased"):
        turned = Curve.of(frames, angles[:, None] * axis, kind, turns=True).at(asked)
        numbers = Curve.of(frames, angles, kind).at(asked)
        np.testing.assert_allclose(turned, numbers * axis, atol=1e-9)


def test_smooth_rotations_do_not_depend_on_the_frame_they_are_seen_in() -> None:
    keys, world = RANDOM.normal(0, 0.7, (5, 3)), np.array([0.3, -1.1, 0.6])
    frames, asked = [0, 3, 8, 9, 15], np.linspace(0, 15, 40)
    seen = Curve.of(frames, compose(world, keys), "smooth", turns=True).at(asked)
    here = Curve.of(frames, keys, "smooth", turns=True).at(asked)
    assert np.abs(relative(compose(world, here), seen)).max() < 1e-8


def test_keys_are_set_in_place_or_between() -> None:
    curve = Curve.of([0, 10], [0.0, 1.0], "linear").with_key(5, 3.0).with_key(10, 2.0, "stepped")
    np.testing.assert_array_equal(curve.frames, [0, 5, 10])
    np.testing.assert_array_equal(curve.values[:, 0], [0, 3, 2])
    assert list(curve.interpolation) == [LINEAR, LINEAR, CODES["stepped"]]
    assert curve.index_at(5.0) == 1
    assert curve.index_at(4.9) is None
    assert len(curve.taken(np.array([True, False, True]))) == 2
    assert curve.taken(np.zeros(3, bool)) is None


def test_a_new_key_goes_on_as_the_one_before_it() -> None:
    curve = Curve.of([0, 10, 20], [0.0, 1.0, 2.0], [CODES["stepped"], LINEAR, BEZIER])
    assert [int(curve.with_key(frame, 3.0).interpolation[place]) for frame, place in ((5, 1), (15, 2))] == [
        CODES["stepped"],
        LINEAR,
    ]
    assert int(curve.with_key(-5, 3.0).interpolation[0]) == CODES["stepped"]
    assert int(curve.with_key(25, 3.0).interpolation[3]) == BEZIER


def test_the_last_of_two_keys_at_one_frame_is_kept() -> None:
    curve = Curve.of([4, 0, 4], [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(curve.values[:, 0], [2.0, 3.0])


@pytest.mark.parametrize(
    ("frames", "values", "kind"),
    [([], [], "linear"), ([0, np.nan], [1, 2], "linear"), ([0, 1], [1, np.inf], "linear"), ([0], [1], [9])],
)
def test_what_is_no_curve_is_refused(frames, values, kind) -> None:
    with pytest.raises(ValueError, match=r"curve|key"):
        Curve.of(frames, np.asarray(values, float), kind)


def test_a_million_keys_are_found_at_once() -> None:
    frames = np.arange(1_000_000, dtype=float)
    curve = Curve.of(frames, np.sin(frames), "smooth")
    np.testing.assert_array_equal(curve.at(frames[::1000])[:, 0], np.sin(frames[::1000]))
    assert (curve.interpolation == BEZIER).sum() == 0
