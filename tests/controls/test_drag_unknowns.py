"""What a drag of the surface may change, and how far."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.drag_unknowns import unknowns_of, with_frozen
from studio.flame.params import Params


@pytest.fixture
def winking(head_model):
    expr = np.zeros(head_model.expression_count)
    expr[head_model.expression_names.index("eyeBlinkLeft")] = 0.6
    return Params.neutral(head_model).replace(expr=expr, eyelids=(0.1, 0.2))


def limits(unknowns, field, index):
    (place,) = unknowns.places_of(field, index)
    return unknowns.lowest[place], unknowns.highest[place]


def test_lid_and_blink_together_close_an_eye_once(head_model, winking):
    unknowns = unknowns_of(head_model, winking, "expression", ())
    low, high = limits(unknowns, "eyelids", 0)
    assert 0.1 + high == pytest.approx(1.0 - 0.6)
    assert 0.2 + limits(unknowns, "eyelids", 1)[1] == pytest.approx(1.0)
    assert 0.1 + low <= 0.0
    blink = head_model.expression_names.index("eyeBlinkLeft")
    assert limits(unknowns, "expr", blink) == pytest.approx((-0.6, 0.0))


def test_what_is_beyond_its_range_may_stay_there(head_model):
    wide = Params.neutral(head_model).replace(jaw_pose=(2.0, 0.0, 0.0))
    low, high = limits(unknowns_of(head_model, wide, "expression", ()), "jaw_pose", 0)
    assert low < -1.0
    assert high == 0.0


def test_frozen_components_are_no_unknowns_and_keep_their_values(head_model, winking):
    frozen = (("eyelids", 0), ("expr", 3), ("rotation", 0))
    unknowns = unknowns_of(head_model, winking, "expression", frozen)
    assert not len(unknowns.places_of("eyelids", 0))
    assert not len(unknowns.places_of("expr", 3))
    changed = unknowns.changed(winking, np.full(len(unknowns.reach), 0.01))
    assert changed.eyelids[0] == winking.eyelids[0]
    assert changed.expr[3] == winking.expr[3]
    assert changed.expr[4] == pytest.approx(winking.expr[4] + 0.01)
    other = Params.neutral(head_model)
    assert with_frozen(other, winking, frozen) == other.replace(eyelids=(winking.eyelids[0], 0.0))
