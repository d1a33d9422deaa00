"""Blink and eyelid of one side close the eye together, but only once."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.blinks import close_once
from studio.flame.model import HeadModel
from studio.flame.params import Params
from tests.flame.plain_head import plain_head


def closed(model: HeadModel, lids: tuple[float, float], left: float, right: float = 0.0) -> Params:
    expr = np.zeros(model.expression_count)
    names = model.expression_names
    if names:
        expr[[names.index("eyeBlinkLeft"), names.index("eyeBlinkRight")]] = left, right
    else:
        expr[:2] = left, right
    return Params.neutral(model).replace(expr=expr, eyelids=lids)


@pytest.mark.parametrize(
    ("lead", "wanted_lids", "wanted_blink"),
    [("expr", (0.25, 0.9), 0.75), ("eyelids", (0.5, 0.9), 0.5), ("jaw_pose", (0.5, 0.9), 0.75)],
)
def test_the_one_that_was_not_moved_gives_way(
    head_model: HeadModel, lead: str, wanted_lids: tuple[float, float], wanted_blink: float
) -> None:
    params = closed(head_model, (0.5, 0.9), 0.75)
    assert close_once(head_model, params, lead) == closed(head_model, wanted_lids, wanted_blink)


def test_it_never_opens_further_than_its_own_share(head_model: HeadModel) -> None:
    beyond = close_once(head_model, closed(head_model, (0.3, 0.0), 1.5), "expr")
    assert beyond == closed(head_model, (0.0, 0.0), 1.5)


def test_a_wide_eye_stays_wide(head_model: HeadModel) -> None:
    params = closed(head_model, (1.4, 0.0), -0.2)
    assert close_once(head_model, params, "eyelids") == params


def test_without_names_nothing_is_known(head_model: HeadModel) -> None:
    plain = plain_head()
    params = closed(plain, (1.0, 1.0), 1.0, 1.0)
    assert close_once(plain, params, "eyelids") == params
