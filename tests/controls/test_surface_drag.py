"""Dragging the surface: against a general solver on the plain formula, and what the hand relies on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import least_squares

from studio.controls import surface_drag
from studio.controls.drag_unknowns import Moves
from studio.controls.handles import Handle, landmark_handle, pin, region_handle, surface_handle
from studio.controls.stillness import stillness
from studio.controls.surface_drag import SurfaceDrag
from studio.controls.symmetry import flipped
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params, frozen
from tests.backends.reference import forward, pose_vertices, random_model

MILLIMETRE = 1e-3
MOUTH_CORNER, CHIN, NOSE_TIP, BROW, OUTER_EYE = 54, 8, 30, 24, 45


def shown(model: HeadModel, params: Params, handle: Handle) -> np.ndarray:
    return handle.position(forward(model, params).vertices)


def mark(model: HeadModel, number: int) -> Handle:
    return landmark_handle(model, "68", number)


def test_the_measure_is_how_far_the_surface_moves(tiny_model: HeadModel) -> None:
    model = replace(tiny_model, eyelids=frozen(np.random.default_rng(1).normal(0, 0.002, (62, 3, 2))))
    found = stillness(model)
    change = np.random.default_rng(2).normal(size=6 + 4 + 2 + 3)
    corners = model.v_template[model.faces].astype(np.float64)
    face_areas = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    area = np.zeros(62)
    np.add.at(area, model.faces.ravel(), np.repeat(face_areas, 3))

    def vertices(amount: float) -> np.ndarray:
        shape, expr, lids, jaw = np.split(amount * change, [6, 10, 12])
        return pose_vertices(model, shape, expr, np.r_[np.zeros(6), jaw, np.zeros(6)], lids)[0]

    moved = (vertices(1e-4) - vertices(-1e-4)) / 2e-4
    expected = (area * (moved**2).sum(axis=1)).sum() / area.sum()
    gram = found.measure(np.ones(len(found.centres)), np.arange(len(change)))
    assert change @ gram @ change == pytest.approx(expected, rel=0.03)  # the jaw is probed at a degree


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_as_a_general_solver_has_it(seed: int) -> None:
    model = random_model(120, 200, 5, 6, seed=3)
    random = np.random.default_rng(seed)
    before = Params.random(model, seed, 0.5)
    handles = [surface_handle(model, face, (1, 1, 2)) for face in (5, 90)]
    start = [shown(model, before, handle) for handle in handles]
    goal = start[0] + 4 * MILLIMETRE * random.normal(size=3)
    drag = SurfaceDrag(model, before, handles[0], [pin(handles[1], start[1])], moves="both")
    found = drag.to(goal)

    names = ("shape", "expr", "eyelids", "jaw_pose")
    now = np.concatenate([getattr(before, name) for name in names]).astype(np.float64)
    ranges = np.concatenate(
        [model.shape_ranges, model.expression_ranges, FIELD_RANGES["eyelids"], FIELD_RANGES["jaw_pose"]]
    ).astype(np.float64)
    low, high = np.minimum(ranges[:, 0], now), np.maximum(ranges[:, 1], now)
    away = np.linalg.norm(stillness(model).centres - handles[0].position(model.v_template), axis=1)
    share = np.clip(away / surface_drag.REACH, 0, 1)
    weights = surface_drag.NEAR + (1 - surface_drag.NEAR) * share**2 * (3 - 2 * share)
    metric = stillness(model).measure(weights, np.arange(len(now)))
    metric += np.diag((surface_drag.EFFORT / np.maximum(abs(low), abs(high))) ** 2)
    root = np.linalg.cholesky(metric).T

    def residuals(values: np.ndarray) -> np.ndarray:
        shape, expr, lids, jaw = np.split(values, [5, 11, 13])
        pose = before.pose.astype(np.float64)
        pose[6:9] = jaw
        vertices = pose_vertices(model, shape, expr, pose, lids)[0] + before.translation
        places = [handle.position(vertices) for handle in handles]
        missing = places[0] - goal
        away = max(float(np.linalg.norm(missing)), 1e-12)
        lag = surface_drag.LAG
        huber = away**2 if away < lag else lag * (2 * away - lag)
        return np.concatenate(
            [
                root @ (values - now),
                np.sqrt(surface_drag.HANDLE * huber) * missing / away,
                np.sqrt(surface_drag.PINNED) * (places[1] - start[1]),
            ]
        )

    inside = np.clip(now, low + 1e-9, high - 1e-9)
    expected = least_squares(
        residuals, inside, bounds=(low, high), xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale=high - low
    )
    values = np.concatenate([getattr(found, name) for name in names]).astype(np.float64)
    cost = (residuals(values) ** 2).sum() / 2
    assert cost <= expected.cost * (1 + 1e-4) + 1e-14
    np.testing.assert_allclose(values, expected.x, atol=0.01)


@pytest.mark.parametrize("moves", ["expression", "identity", "both"])
def test_the_point_follows_the_hand(head_model: HeadModel, moves: Moves) -> None:
    before = Params.neutral(head_model).replace(neck_pose=(0.1, 0.3, 0.0), translation=(0.1, 0.0, 0.0))
    handle = mark(head_model, MOUTH_CORNER)
    drag = SurfaceDrag(head_model, before, handle, moves=moves)
    goal = drag.place + np.array([2.0, 4.0, 0.0]) * MILLIMETRE
    after = drag.to(goal)
    assert np.linalg.norm(shown(head_model, after, handle) - goal) < 0.3 * MILLIMETRE
    changed = {name for name in ("shape", "expr") if (getattr(after, name) != getattr(before, name)).any()}
    assert changed == {"expression": {"expr"}, "identity": {"shape"}, "both": {"shape", "expr"}}[moves]
    for name in ("rotation", "neck_pose", "eyes_pose", "translation"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_the_far_side_stays(head_model: HeadModel) -> None:
    before = Params.neutral(head_model)
    handle = mark(head_model, BROW)
    drag = SurfaceDrag(head_model, before, handle)
    after = drag.to(drag.place + np.array([0.0, 4.0, 0.0]) * MILLIMETRE)
    assert np.linalg.norm(shown(head_model, after, handle) - drag.place) > 3 * MILLIMETRE
    for number in (CHIN, NOSE_TIP, MOUTH_CORNER, 48):
        moved = shown(head_model, after, mark(head_model, number)) - shown(
            head_model, before, mark(head_model, number)
        )
        assert np.linalg.norm(moved) < 0.4 * MILLIMETRE


def test_pins_stay(head_model: HeadModel) -> None:
    before = Params.neutral(head_model).replace(jaw_pose=(0.1, 0.0, 0.0))
    vertices = forward(head_model, before).vertices
    pinned = [mark(head_model, number) for number in (48, NOSE_TIP, OUTER_EYE)]
    pins = [pin(handle, handle.position(vertices)) for handle in pinned]
    handle = mark(head_model, CHIN)
    goal = handle.position(vertices) + np.array([1.0, -2.0, 0.0]) * MILLIMETRE
    loose = SurfaceDrag(head_model, before, handle).to(goal)
    held = SurfaceDrag(head_model, before, handle, pins).to(goal)
    surface, without = forward(head_model, held).vertices, forward(head_model, loose).vertices
    assert pins[0].distance(without) > 0.3 * MILLIMETRE
    assert max(entry.distance(surface) for entry in pins) < 0.2 * MILLIMETRE
    assert np.linalg.norm(handle.position(surface) - goal) < 0.5 * MILLIMETRE


def test_a_pin_that_is_off_draws_the_head_to_it_without_a_jump(head_model: HeadModel) -> None:
    before = Params.neutral(head_model)
    corner, handle = mark(head_model, 48), mark(head_model, BROW)
    there = shown(head_model, before, corner) + np.array([-1.0, 2.0, 0.0]) * MILLIMETRE
    drag = SurfaceDrag(head_model, before, handle, [pin(corner, there)])
    assert drag.to(drag.place) == before
    up = np.array([0.0, 1.0, 0.0])
    off = [
        np.linalg.norm(shown(head_model, drag.to(drag.place + up * way * MILLIMETRE), corner) - there)
        for way in (0.0, 0.2, 5.0, 10.0, 12.0)
    ]
    assert off[0] == pytest.approx(np.hypot(1.0, 2.0) * MILLIMETRE, rel=1e-3)
    assert abs(off[1] - off[0]) < 0.1 * MILLIMETRE
    assert off[4] < 0.1 * MILLIMETRE
    assert sorted(off[:4], reverse=True) == off[:4]


def test_the_way_of_the_hand_does_not_matter(head_model: HeadModel) -> None:
    before = Params.random(head_model, 5, 0.3)
    handle = mark(head_model, MOUTH_CORNER)
    wandering = SurfaceDrag(head_model, before, handle, moves="both")
    start = wandering.place
    goal = start + np.array([3.0, 5.0, 1.0]) * MILLIMETRE
    for step in np.random.default_rng(0).normal(0.0, 15 * MILLIMETRE, (25, 3)):
        wandering.to(start + step)
    reached = wandering.to(goal)
    direct = SurfaceDrag(head_model, before, handle, moves="both").to(goal)
    apart = forward(head_model, reached).vertices - forward(head_model, direct).vertices
    assert np.linalg.norm(apart, axis=1).max() < 0.02 * MILLIMETRE
    back = wandering.to(start)
    apart = forward(head_model, back).vertices - forward(head_model, before).vertices
    assert np.linalg.norm(apart, axis=1).max() < 0.02 * MILLIMETRE


@pytest.mark.parametrize("moves", ["expression", "both"])
def test_small_steps_of_the_hand_are_small_steps_of_the_head(head_model: HeadModel, moves: Moves) -> None:
    before = Params.neutral(head_model)
    drag = SurfaceDrag(head_model, before, mark(head_model, MOUTH_CORNER), moves=moves)
    vertices = None
    for angle in np.linspace(0.0, 2 * np.pi, 120):
        goal = drag.place + 12 * MILLIMETRE * np.array([np.cos(angle), np.sin(angle), 0.0])
        surface = forward(head_model, drag.to(goal)).vertices
        if vertices is not None:
            assert np.linalg.norm(surface - vertices, axis=1).max() < 2.5 * MILLIMETRE
        vertices = surface


def test_limits_hold_however_far_the_hand_goes(head_model: HeadModel) -> None:
    handle = mark(head_model, CHIN)
    drag = SurfaceDrag(head_model, Params.neutral(head_model), handle, moves="both")
    for way in ((0.0, -1.0, 0.0), (0.5, 0.0, 0.0), (0.0, 0.3, 0.4)):
        assert drag.to(drag.place + np.array(way)).validate(head_model) == []


def test_what_is_beyond_its_range_may_stay_but_goes_no_farther(head_model: HeadModel) -> None:
    smile = head_model.expression_names.index("mouthSmileLeft")
    expr = np.zeros(head_model.expression_count)
    expr[smile] = 1.6
    drag = SurfaceDrag(
        head_model, Params.neutral(head_model).replace(expr=expr), mark(head_model, MOUTH_CORNER)
    )
    assert drag.to(drag.place).expr[smile] == pytest.approx(1.6)
    assert drag.to(drag.place + np.array([0.01, 0.03, 0.0])).expr[smile] <= np.float32(1.6)
    assert drag.to(drag.place - np.array([0.0, 0.006, 0.0])).expr[smile] < 1.5


def test_frozen_components_do_not_move(head_model: HeadModel) -> None:
    handle = mark(head_model, MOUTH_CORNER)
    before = Params.random(head_model, 1, 0.2)
    locked = {("expr", i) for i in range(0, 40, 2)} | {("jaw_pose", 0), ("shape", 3), ("eyelids", 1)}
    drag = SurfaceDrag(head_model, before, handle, frozen=locked, moves="both")
    after = drag.to(drag.place + np.array([3.0, 6.0, 2.0]) * MILLIMETRE)
    for field, index in locked:
        assert getattr(after, field)[index] == getattr(before, field)[index]
    assert after != before
    everything = {(name, i) for name in ("expr", "eyelids", "jaw_pose") for i in range(60)}
    assert SurfaceDrag(head_model, before, handle, frozen=everything).to((0.0, 0.0, 0.0)) == before


def test_lips_close_over_an_open_jaw_only(head_model: HeadModel) -> None:
    (corrective,) = head_model.correctives
    drag = SurfaceDrag(
        head_model, Params.neutral(head_model).replace(jaw_pose=(0.2, 0.0, 0.0)), mark(head_model, 66)
    )
    closed = []
    for way in np.linspace(0.0, 25.0, 12):
        after = drag.to(drag.place + np.array([0.0, way, 0.0]) * MILLIMETRE)
        assert after.expr[corrective.expression] <= after.jaw_pose[0] / corrective.pose[0] + 1e-5
        closed.append(after.expr[corrective.expression])
    assert max(closed) > 0.1


def test_an_eye_is_closed_once_and_opens_from_its_blink(head_model: HeadModel) -> None:
    blink = head_model.expression_names.index("eyeBlinkLeft")
    lid = mark(head_model, 44)
    drag = SurfaceDrag(head_model, Params.neutral(head_model), lid)
    closing = drag.to(drag.place - np.array([0.0, 8.0, 0.0]) * MILLIMETRE)
    assert closing.eyelids[0] > 0.3
    assert closing.expr[blink] == 0.0
    expr = np.zeros(head_model.expression_count)
    expr[blink] = 0.9
    drag = SurfaceDrag(head_model, Params.neutral(head_model).replace(expr=expr), lid)
    assert drag.to(drag.place + np.array([0.0, 6.0, 0.0]) * MILLIMETRE).expr[blink] < 0.5
    further = drag.to(drag.place - np.array([0.0, 20.0, 0.0]) * MILLIMETRE)
    assert further.eyelids[0] + further.expr[blink] <= 1.0 + 1e-6


def test_a_region_moves_as_one(head_model: HeadModel) -> None:
    before = Params.neutral(head_model)
    vertices = forward(head_model, before).vertices
    cheek = int(mark(head_model, 35).vertices[0])
    face = int(np.flatnonzero((head_model.faces == cheek).any(axis=1))[0])
    region = region_handle(head_model, vertices, face, (1, 1, 1), 0.02)
    drag = SurfaceDrag(head_model, before, region, moves="both")
    moved = forward(head_model, drag.to(drag.place + np.array([0, 0, 4.0]) * MILLIMETRE)).vertices - vertices
    middle = np.array(region.vertices)[np.argsort(region.weights)[-10:]]
    assert np.abs(np.array(region.weights) @ moved[list(region.vertices)] - (0, 0, 0.004)).max() < 3e-4
    assert moved[middle, 2].min() > 2.5 * MILLIMETRE


@pytest.mark.parametrize("target", [(np.nan, 0.0, 0.0), (0.0, np.inf, 0.0), (0.0, 0.0), "here"])
def test_no_place_is_refused_and_harms_nothing(tiny_model: HeadModel, target: object) -> None:
    before = Params.neutral(tiny_model)
    drag = SurfaceDrag(tiny_model, before, surface_handle(tiny_model, 10, (1, 1, 1)))
    with pytest.raises(ValueError, match=r"target|convert"):
        drag.to(target)  # type: ignore[arg-type]
    assert drag.to(drag.place) == before


def test_a_model_without_names_lids_or_landmarks(tiny_model: HeadModel) -> None:
    handle = surface_handle(tiny_model, 10, (1, 1, 1))
    drag = SurfaceDrag(tiny_model, Params.neutral(tiny_model), handle, moves="both")
    goal = drag.place + np.array([1.0, 1.0, 0.0]) * MILLIMETRE
    assert np.linalg.norm(shown(tiny_model, drag.to(goal), handle) - goal) < 0.3 * MILLIMETRE


def test_what_does_not_fit_is_refused(tiny_model: HeadModel, head_model: HeadModel) -> None:
    handle = mark(head_model, CHIN)
    with pytest.raises(ValueError, match="components"):
        SurfaceDrag(head_model, Params.neutral(tiny_model), handle)
    with pytest.raises(ValueError, match="another mesh"):
        SurfaceDrag(tiny_model, Params.neutral(tiny_model), handle)


@pytest.mark.parametrize("moves", ["expression", "both"])
def test_both_sides_go_along_where_they_are_to(head_model: HeadModel, moves: Moves) -> None:
    before = Params.neutral(head_model)
    left, right = mark(head_model, MOUTH_CORNER), mark(head_model, 48)
    drag = SurfaceDrag(head_model, before, left, moves=moves, symmetric=True)
    goal = drag.place + np.array([2.0, 4.0, 1.0]) * MILLIMETRE
    vertices = forward(head_model, drag.to(goal)).vertices
    assert np.linalg.norm(left.position(vertices) - goal) < 0.5 * MILLIMETRE
    other = shown(head_model, before, right) + np.array([-2.0, 4.0, 1.0]) * MILLIMETRE
    assert np.linalg.norm(right.position(vertices) - other) < 0.6 * MILLIMETRE
    after = drag.to(goal)
    again = flipped(head_model, after)
    np.testing.assert_allclose(again.expr, after.expr, atol=1e-5)
    np.testing.assert_allclose(again.shape, after.shape, atol=1e-4)
    np.testing.assert_allclose(again.jaw_pose, after.jaw_pose, atol=1e-6)


def test_a_middle_that_is_pulled_aside_only_goes_up_and_out(head_model: HeadModel) -> None:
    nose = mark(head_model, NOSE_TIP)
    drag = SurfaceDrag(head_model, Params.neutral(head_model), nose, moves="both", symmetric=True)
    after = shown(head_model, drag.to(drag.place + np.array([5.0, 3.0, 2.0]) * MILLIMETRE), nose)
    assert abs(after[0] - drag.place[0]) < 0.1 * MILLIMETRE
    np.testing.assert_allclose(after[1:] - drag.place[1:], (3 * MILLIMETRE, 2 * MILLIMETRE), atol=5e-4)


def test_a_side_whose_other_side_is_frozen_goes_alone(head_model: HeadModel) -> None:
    names = head_model.expression_names
    frozen_side = {("expr", i) for i, name in enumerate(names) if name.endswith("Right")}
    left = mark(head_model, MOUTH_CORNER)
    drag = SurfaceDrag(head_model, Params.neutral(head_model), left, frozen=frozen_side, symmetric=True)
    after = drag.to(drag.place + np.array([2.0, 4.0, 0.0]) * MILLIMETRE)
    assert not after.expr[[index for _, index in frozen_side]].any()
    assert shown(head_model, after, left)[1] > drag.place[1] + 3 * MILLIMETRE


def test_a_pin_that_the_head_was_moved_away_from_does_not_tear_it(head_model: HeadModel) -> None:
    before = Params.neutral(head_model)
    corner, brow = mark(head_model, 48), mark(head_model, BROW)
    held = pin(corner, shown(head_model, before, corner))
    turned = before.replace(neck_pose=(0.0, 0.6, 0.0))
    assert held.distance(forward(head_model, turned).vertices) > 0.03
    drag = SurfaceDrag(head_model, turned, brow, [held])
    after = drag.to(drag.place + np.array([0.0, 4.0, 0.0]) * MILLIMETRE)
    moved = shown(head_model, after, corner) - shown(head_model, turned, corner)
    assert np.linalg.norm(moved) < 0.1 * MILLIMETRE


def test_a_drag_that_was_prepared_is_the_same(head_model: HeadModel) -> None:
    surface_drag.prepare(head_model, symmetric=True)
    drag = SurfaceDrag(head_model, Params.neutral(head_model), mark(head_model, CHIN), symmetric=True)
    assert drag.to(drag.place) == Params.neutral(head_model)


@pytest.mark.parametrize("number", [8, 24, 42, 58])
def test_a_hand_that_leaps_far_away_does_no_harm(head_model: HeadModel, number: int) -> None:
    before = Params.random(head_model, number, 0.3)
    before = before.replace(expr=np.where(np.arange(43) == 42, 0.0, before.expr))  # lips over a closed jaw
    leaping = SurfaceDrag(head_model, before, mark(head_model, number), moves="both")
    for way in ((9.0, 9.0, 0.0), (-0.2, 0.1, 0.0), (1e6, -1e6, 1e6)):
        assert leaping.to(leaping.place + np.array(way)).validate(head_model) == []
    goal = leaping.place + np.array([1.0, 3.0, 1.0]) * MILLIMETRE
    direct = SurfaceDrag(head_model, before, mark(head_model, number), moves="both").to(goal)
    apart = forward(head_model, leaping.to(goal)).vertices - forward(head_model, direct).vertices
    assert np.linalg.norm(apart, axis=1).max() < 0.05 * MILLIMETRE
