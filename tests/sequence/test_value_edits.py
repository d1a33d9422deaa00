"""Keys brought higher, handles drawn, and segments made Bézier curves without a change of shape."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.rotations import compose
from studio.sequence.bending import bent
from studio.sequence.curves import AFTER, BEFORE, Curve
from studio.sequence.key_selection import KeySelection
from studio.sequence.value_edits import dragged, handle_ends, with_handle

FRAMES = np.linspace(0.0, 30.0, 121)


def turning(interpolation):
    rng = np.random.default_rng(2)
    return Curve.of([0, 8, 20, 30], rng.normal(0.0, 0.3, (4, 3)), interpolation, turns=True)


def plain(interpolation):
    return Curve.of([0, 8, 20, 30], [0.0, 1.0, -0.5, 0.25], interpolation)


def test_chosen_keys_go_up_and_on_and_the_others_stay():
    curves = {"expr/0": plain("linear"), "jaw_pose": turning("smooth")}
    chosen = KeySelection.of([("expr/0", 8.0), ("jaw_pose", 8.0), ("jaw_pose", 20.0)])
    edit = dragged(curves, chosen, 2.0, {"expr/0": np.array([0.5]), "jaw_pose": np.array([0.0, 0.1, 0.0])})
    assert edit.changes["expr/0"].frames.tolist() == [0, 10, 20, 30]
    assert edit.changes["expr/0"].values[:, 0].tolist() == [0.0, 1.5, -0.5, 0.25]
    moved = edit.changes["jaw_pose"].values - curves["jaw_pose"].values
    np.testing.assert_allclose(moved, [[0, 0, 0], [0, 0.1, 0], [0, 0.1, 0], [0, 0, 0]], atol=1e-12)
    assert edit.chosen.frames["jaw_pose"].tolist() == [10.0, 22.0]


def test_a_key_that_is_only_raised_keeps_its_frame():
    edit = dragged({"a": plain("linear")}, KeySelection.of([("a", 8.0)]), 0.0, {"a": np.array([-1.0])})
    assert edit.changes["a"].values[:, 0].tolist() == [0.0, 0.0, -0.5, 0.25]
    assert edit.changes["a"].frames.tolist() == [0, 8, 20, 30]


@pytest.mark.parametrize("make", [plain, turning])
@pytest.mark.parametrize("kind", ["smooth", "eased"])
def test_a_segment_made_bezier_keeps_its_shape(make, kind):
    before = make(kind)
    after = bent(before, np.array([False, True, True, False]))
    np.testing.assert_allclose(after.at(FRAMES), before.at(FRAMES), atol=1e-6)
    assert after.interpolation.tolist() == [*before.interpolation[:1], 4, 4, *before.interpolation[-1:]]


def test_a_straight_segment_made_bezier_stays_straight():
    after = bent(plain("linear"), np.ones(4, bool))
    np.testing.assert_allclose(after.at(FRAMES), plain("linear").at(FRAMES), atol=1e-9)


@pytest.mark.parametrize("make", [plain, turning])
def test_a_handle_ends_where_it_was_brought(make):
    curve = bent(make("smooth"), np.ones(4, bool))
    axis = curve.width - 1
    made = with_handle(curve, 1, AFTER, 12.0, 0.7, axis)
    before, after = handle_ends(made, axis, np.ones(4, bool))
    np.testing.assert_allclose(after[1], [12.0, 0.7], atol=1e-9)
    reach = made.frames[1] - before[1, 0]
    assert reach == pytest.approx(curve.frames[1] - handle_ends(curve, axis, np.ones(4, bool))[0][1, 0])
    slopes = made.handles[1, :, 1:] / made.handles[1, :, :1]
    np.testing.assert_allclose(slopes[BEFORE][-1], slopes[AFTER][-1], atol=1e-9)


def test_a_free_handle_leaves_the_other_one_alone():
    curve = bent(plain("smooth"), np.ones(4, bool))
    made = with_handle(curve, 1, BEFORE, 5.0, -0.2, 0, free=True)
    np.testing.assert_array_equal(made.handles[1, AFTER], curve.handles[1, AFTER])
    assert made.handles[1, BEFORE].tolist() == pytest.approx([-3.0, -1.2])


def test_no_handle_goes_to_the_other_side_of_its_key():
    made = with_handle(bent(plain("smooth"), np.ones(4, bool)), 1, AFTER, 2.0, 0.0, 0)
    assert made.handles[1, AFTER, 0] > 0.0


def test_a_bezier_curve_follows_the_closed_form_of_its_handles():
    curve = bent(plain("linear").taken(np.array([True, True, False, False])), np.ones(2, bool))
    curve = with_handle(
        with_handle(curve, 0, AFTER, 4.0, 2.0, 0, free=True), 1, BEFORE, 6.0, -1.0, 0, free=True
    )
    t = np.linspace(0.0, 1.0, 30)
    weights = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], axis=1)
    times, values = weights @ [0.0, 4.0, 6.0, 8.0], weights @ [0.0, 2.0, -1.0, 1.0]
    np.testing.assert_allclose(curve.at(times)[:, 0], values, atol=1e-7)


def test_handles_are_asked_for_by_key():
    curve = bent(plain("smooth"), np.ones(4, bool))
    before, after = handle_ends(curve, 0, np.array([False, False, True, False]))
    assert np.isfinite(before).all(axis=1).tolist() == [False, False, True, False]
    assert np.isfinite(after).all(axis=1).tolist() == [False, False, True, False]


def test_handles_are_seen_only_beside_bezier_segments():
    curve = bent(plain("smooth"), np.array([False, True, False, False]))
    before, after = handle_ends(curve, 0, np.ones(4, bool))
    assert np.isfinite(before).all(axis=1).tolist() == [False, False, True, False]
    assert np.isfinite(after).all(axis=1).tolist() == [False, True, False, False]
    turned = bent(turning("smooth"), np.ones(4, bool))
    tip = compose(turned.values[1], turned.handles[1, AFTER, 1:])
    assert handle_ends(turned, 2, np.ones(4, bool))[1][1].tolist() == pytest.approx(
        [8.0 + turned.handles[1, AFTER, 0], tip[2]]
    )
