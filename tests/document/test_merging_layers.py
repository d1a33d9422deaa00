"""Two layers merged into one look the same in every frame, and keep keys that say so alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document import layer_commands as commands
from studio.document.commands import open_clip, replace_take
from studio.document.document import Document
from studio.sequence.clip import CHANNELS
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from tests.document.test_auto_key import walk

NOD = Curve.of([0, 20], [[0.0, 0.0, 0.0], [0.3, 0.1, 0.0]], turns=True)
JAW = Curve.of([5, 15], [[0.1, 0.0, 0.0], [0.3, 0.0, 0.1]], "linear", turns=True)
SMILE = Curve.of([2, 9, 16], [0.0, 1.0, 0.2])
LIFT = Curve.of([0, 18], [0.4, -0.1], "linear")
STACKS = {
    "both add": (
        Layer("A", {"rotation": NOD, "expr/3": SMILE}, blend="add"),
        Layer("B", {"rotation": NOD, "expr/3": LIFT}, blend="add", weight=0.5),
    ),
    "add over replace": (
        Layer("A", {"jaw_pose": JAW, "expr/1": SMILE}),
        Layer("B", {"jaw_pose": JAW, "expr/3": LIFT}, blend="add"),
    ),
    "replace over add": (
        Layer("A", {"jaw_pose": JAW, "expr/3": SMILE}, blend="add"),
        Layer("B", {"expr/3": LIFT, "rotation": NOD}, weight=0.7),
    ),
    "lower silent": (
        Layer("A", {"expr/3": SMILE}, muted=True),
        Layer("B", {"rotation": NOD}),
    ),
}


@pytest.fixture
def document(head_model):
    made = Document(head_model)
    open_clip(made, "Walk", walk(head_model)).apply(made)
    return made


def with_layers(document, *layers):
    document.set(takes=replace_take(document, replace(document.take, layers=layers, active_layer=1)))


def assert_same(baked, before):
    for name in CHANNELS:
        np.testing.assert_allclose(getattr(baked, name), getattr(before, name), atol=2e-6, err_msg=name)


@pytest.mark.parametrize("name", STACKS)
def test_merged_layers_look_the_same_and_undo(document, name):
    with_layers(document, *STACKS[name])
    before, layers = document.take.baked(), document.take.layers
    command = commands.merge_layer(document, 1)
    command.apply(document)
    (merged,) = document.take.layers
    assert (merged.name, merged.weight, merged.muted) == ("A", 1.0, False)
    assert_same(document.take.baked(), before)
    command.revert(document)
    assert document.take.layers == layers


def test_units_of_a_face_stay_units(document, head_model):
    axis = np.zeros(head_model.expression_count + 11)
    axis[[2, 3]], axis[-11] = 0.5, 0.2  # two components, and the jaw opens
    unit = "control/jawOpen"
    lower = Layer("A", {unit: SMILE, "jaw_pose": JAW}, {unit: axis}, blend="add")
    upper = Layer(
        "B", {unit: LIFT, "expr/3": LIFT, "jaw_pose": JAW}, {unit: axis}, blend="replace", weight=0.6
    )
    with_layers(document, lower, upper)
    before = document.take.baked()
    commands.merge_layer(document, 1).apply(document)
    (merged,) = document.take.layers
    assert unit in merged.curves
    assert_same(document.take.baked(), before)


def test_keys_that_say_it_alone_are_kept(document):
    with_layers(document, Layer("A", {"rotation": NOD}), Layer("B", {"expr/3": SMILE}))
    commands.merge_layer(document, 1).apply(document)
    (merged,) = document.take.layers
    assert merged.curves == {"rotation": NOD, "expr/3": SMILE}


def test_a_layer_over_others_goes_into_the_one_below_and_new_keys_follow_it(document):
    three = (
        Layer("A", {"rotation": NOD}),
        Layer("B", {"expr/3": SMILE}),
        Layer("C", {"expr/3": LIFT}, blend="add"),
    )
    with_layers(document, *three)
    document.set(takes=replace_take(document, replace(document.take, active_layer=2)))
    before = document.take.baked()
    commands.merge_layer(document, 2).apply(document)
    assert [layer.name for layer in document.take.layers] == ["A", "B"]
    assert document.take.layer.name == "B"
    assert_same(document.take.baked(), before)


def test_units_that_mean_something_else_in_each_layer_are_not_merged(document, head_model):
    axes = [np.zeros(head_model.expression_count + 11) for _ in range(2)]
    axes[0][1], axes[1][2] = 1.0, 1.0
    layers = [
        Layer(name, {"control/jawOpen": SMILE}, {"control/jawOpen": axis})
        for name, axis in zip("AB", axes, strict=True)
    ]
    with_layers(document, *layers)
    assert commands.why_not_merged(document.take, 1).startswith("jawOpen moves the face in another way")
    assert commands.why_not_merged(document.take, 0) == "There is no layer below to merge into."
