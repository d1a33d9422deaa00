"""Layers are added, ordered, left out and laid into the clip by steps that undo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document import layer_commands as commands
from studio.document.commands import open_clip, replace_take
from studio.document.document import Document
from studio.flame.rotations import compose, slerp
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from tests.document.test_auto_key import walk


@pytest.fixture
def document(head_model):
    """A walk with a nod over it that adds, and a half-weighted turn of the jaw over both."""
    made = Document(head_model)
    open_clip(made, "Walk", walk(head_model)).apply(made)
    nod = Curve.of([0, 20], [[0.0, 0.0, 0.0], [0.3, 0.1, 0.0]], "linear", turns=True)
    jaw = Curve.of([5, 15], [[0.1, 0.0, 0.0], [0.3, 0.0, 0.1]], "linear", turns=True)
    layers = (
        Layer("Nod", {"rotation": nod, "expr/3": Curve.of([0, 10], [0.0, 1.0], "linear")}, blend="add"),
        Layer("Jaw", {"jaw_pose": jaw}, blend="replace", weight=0.5),
    )
    made.set(takes=replace_take(made, replace(made.take, layers=layers, active_layer=1)))
    return made


def names(document):
    return [layer.name for layer in document.take.layers]


def test_layers_blend_as_slow_formulas_say(document):
    clip, baked = document.take.clip, document.take.baked()
    for frame in (0, 7, 20):
        share = frame / 20.0
        nod = slerp(np.zeros(3), np.array([0.3, 0.1, 0.0]), share)
        expected = compose(clip.rotation[frame], nod)
        np.testing.assert_allclose(baked.rotation[frame], expected, atol=1e-6)
        amount = min(max((frame - 5.0) / 10.0, 0.0), 1.0)
        key = slerp(np.array([0.1, 0.0, 0.0]), np.array([0.3, 0.0, 0.1]), amount)
        np.testing.assert_allclose(baked.jaw_pose[frame], slerp(clip.jaw_pose[frame], key, 0.5), atol=1e-6)
        assert baked.expr[frame, 3] == pytest.approx(min(frame / 10.0, 1.0))


def test_baking_all_layers_changes_nothing_that_is_seen(document):
    before = document.take.baked()
    command = commands.bake_layers(document, 1)
    command.apply(document)
    assert document.take.layers == ()
    assert document.take.baked() == before
    command.revert(document)
    assert names(document) == ["Nod", "Jaw"]


def test_baking_the_lowest_leaves_those_above(document):
    before = document.take.baked()
    commands.bake_layers(document, 0).apply(document)
    assert names(document) == ["Jaw"]
    assert document.take.active_layer == 0
    np.testing.assert_allclose(document.take.baked().jaw_pose, before.jaw_pose, atol=1e-6)
    np.testing.assert_allclose(document.take.baked().rotation, before.rotation, atol=1e-6)


def test_a_new_layer_comes_over_the_active_one_and_gets_keys(document):
    commands.use_layer(document, 0).apply(document)
    commands.add_layer(document).apply(document)
    assert names(document) == ["Nod", "Keys", "Jaw"]
    assert document.take.layer.name == "Keys"
    assert document.take.layer.blend == "add"


def test_a_copy_has_a_name_of_its_own(document):
    commands.duplicate_layer(document, 0).apply(document)
    assert names(document) == ["Nod", "Nod 2", "Jaw"]
    assert document.take.layers[1].curves["rotation"] == document.take.layers[0].curves["rotation"]
    commands.rename_layer(document, 1, "Jaw").apply(document)
    assert names(document) == ["Nod", "Jaw 2", "Jaw"]
    commands.rename_layer(document, 1, "  ").apply(document)
    assert names(document) == ["Nod", "Keys", "Jaw"]


@pytest.mark.parametrize(("place", "left", "active"), [(0, ["Jaw"], 0), (1, ["Nod"], 0)])
def test_a_deleted_layer_leaves_another_active(document, place, left, active):
    command = commands.delete_layer(document, place)
    command.apply(document)
    assert names(document) == left
    assert document.take.active_layer == active
    command.revert(document)
    assert names(document) == ["Nod", "Jaw"]
    assert document.take.layer.name == "Jaw"


def test_layers_change_places_and_the_active_one_goes_along(document):
    command = commands.move_layer(document, 1, 0)
    assert command.name == "Move Jaw down"
    command.apply(document)
    assert names(document) == ["Jaw", "Nod"]
    assert document.take.layer.name == "Jaw"
    commands.move_layer(document, 0, 9).apply(document)
    assert names(document) == ["Nod", "Jaw"]


def test_muted_and_soloed_layers_are_left_out(document):
    clip = document.take.clip
    commands.mute_layer(document, 1).apply(document)
    np.testing.assert_array_equal(document.take.baked().jaw_pose, clip.jaw_pose)
    commands.solo_layer(document, 1).apply(document)
    assert [layer.muted for layer in document.take.layers] == [True, False]
    np.testing.assert_allclose(document.take.baked().rotation, clip.rotation, atol=1e-7)
    assert commands.is_solo(document.take, 1)
    commands.solo_layer(document, 1).apply(document)
    assert [layer.muted for layer in document.take.layers] == [False, False]
