"""What survives a switch of models."""

from __future__ import annotations

import dataclasses

import numpy as np

from studio.document.carry import carried_over, same_basis
from studio.document.document import new_take
from studio.flame.params import Params


def posed(model, **values):
    take = new_take(model)
    return take.edited(0.0, Params.neutral(model).replace(**values))


def test_the_same_basis_in_another_file_keeps_everything(tiny_model):
    copy = dataclasses.replace(tiny_model, name="copy", digest="ff" * 32)
    assert same_basis(tiny_model, copy)
    takes = (posed(tiny_model, shape=np.arange(6.0), jaw_pose=(0.2, 0, 0)),)
    carried, notice = carried_over(takes, tiny_model, copy)
    assert carried[0].params(0.0) == takes[0].params(0.0)
    assert notice == ""


def test_another_basis_keeps_the_pose_and_says_what_it_left(tiny_model):
    other = dataclasses.replace(tiny_model, name="other", shapedirs=tiny_model.shapedirs[:, :, :4].copy())
    takes = (posed(tiny_model, shape=np.ones(6), jaw_pose=(0.2, 0, 0), eyes_pose=(0.1,) * 6),)
    carried, notice = carried_over(takes, tiny_model, other)
    params = carried[0].params(0.0)
    assert params.shape.shape == (4,)
    assert not params.shape.any()
    np.testing.assert_allclose(params.jaw_pose, (0.2, 0, 0), atol=1e-7)
    np.testing.assert_allclose(params.eyes_pose, 0.1, atol=1e-7)
    assert "other" in notice


def test_components_with_the_same_name_are_carried(tiny_model):
    named = dataclasses.replace(tiny_model, expression_names=("a", "b", "c", "d"))
    other = dataclasses.replace(
        tiny_model, expressiondirs=tiny_model.expressiondirs[:, :, :2] * 2, expression_names=("c", "a")
    )
    carried, _ = carried_over((posed(named, expr=(1, 2, 3, 4)),), named, other)
    np.testing.assert_array_equal(carried[0].params(0.0).expr, (3, 1))


def test_a_pose_alone_is_carried_without_a_notice(tiny_model):
    other = dataclasses.replace(tiny_model, shapedirs=tiny_model.shapedirs * 2)
    _, notice = carried_over((posed(tiny_model, neck_pose=(0, 0.3, 0)),), tiny_model, other)
    assert notice == ""
