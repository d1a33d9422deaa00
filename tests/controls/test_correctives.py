from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.correctives import allowance, settle
from studio.flame.model import Corrective, HeadModel
from studio.flame.params import Params

FULL = (0.4, 0.0, 0.0)
JAW = 2
UNIT = 1


@pytest.fixture
def model(tiny_model: HeadModel) -> HeadModel:
    """Component 1 needs the jaw open by 0.4 radians."""
    return replace(tiny_model, correctives=(Corrective(UNIT, JAW, FULL),))


def posed(model: HeadModel, jaw: float, amount: float) -> Params:
    expr = np.zeros(model.expression_count)
    expr[UNIT] = amount
    return Params.neutral(model).replace(jaw_pose=(jaw, 0.0, 0.0), expr=expr)


@pytest.mark.parametrize(("jaw", "allowed"), [(0.0, 0.0), (0.1, 0.25), (0.4, 1.0), (0.8, 1.0), (-0.3, 0.0)])
def test_allowance_is_the_share_of_the_pose(model: HeadModel, jaw: float, allowed: float) -> None:
    assert allowance(posed(model, jaw, 1.0), model.correctives[0]) == pytest.approx(allowed, abs=1e-6)


def test_sideways_jaw_allows_nothing(model: HeadModel) -> None:
    params = Params.neutral(model).replace(jaw_pose=(0.0, 0.5, 0.2))
    assert allowance(params, model.correctives[0]) == 0.0


def test_closing_the_jaw_takes_the_corrective_along(model: HeadModel) -> None:
    settled = settle(model, posed(model, 0.1, 0.9), lead="jaw_pose")
    assert settled.expr[UNIT] == pytest.approx(0.25)
    assert settled.jaw_pose[0] == pytest.approx(0.1)


def test_moving_the_corrective_opens_the_jaw(model: HeadModel) -> None:
    settled = settle(model, posed(model, 0.1, 0.75), lead="expr")
    assert settled.expr[UNIT] == pytest.approx(0.75)
    assert settled.jaw_pose[0] == pytest.approx(0.3)


def test_what_the_pose_allows_is_left_alone(model: HeadModel) -> None:
    params = posed(model, 0.4, 0.6)
    for lead in ("", "expr", "jaw_pose"):
        assert settle(model, params, lead) is params


def test_settling_twice_changes_nothing_more(model: HeadModel) -> None:
    for lead in ("", "expr"):
        once = settle(model, posed(model, 0.13, 0.7), lead)
        assert settle(model, once, lead) == once


def test_each_eye_has_its_own_pose(tiny_model: HeadModel) -> None:
    right = replace(tiny_model, correctives=(Corrective(0, 4, (0.2, 0.0, 0.0)),))
    expr = np.eye(tiny_model.expression_count)[0]
    settled = settle(right, Params.neutral(right).replace(expr=expr), lead="expr")
    np.testing.assert_allclose(settled.eyes_pose, [0, 0, 0, 0.2, 0, 0], atol=1e-6)
    left_open = Params.neutral(right).replace(expr=expr, eyes_pose=(0.2, 0, 0, 0, 0, 0))
    assert settle(right, left_open).expr[0] == 0.0


def test_open_head_has_the_closed_mouth_as_a_corrective_of_the_jaw(head_model: HeadModel) -> None:
    names = head_model.expression_names
    (corrective,) = (c for c in head_model.correctives if names[c.expression] == "mouthClose")
    assert corrective.joint == JAW
    assert corrective.pose[0] > 0.2
