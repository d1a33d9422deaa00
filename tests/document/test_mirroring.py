from __future__ import annotations

import numpy as np
import pytest

from studio.controls.symmetry import flipped
from studio.document.commands import open_clip, set_component, set_params
from studio.document.document import Document
from studio.document.mirroring import flip_face, mirror_face, toggle_symmetric
from studio.flame.params import VECTORS, Params
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip

LEFT, RIGHT = "mouthSmileLeft", "mouthSmileRight"


@pytest.fixture
def document(head_model):
    return Document(head_model)


def places(model, *names):
    return [model.expression_names.index(name) for name in names]


def test_flip_and_back(document, head_model):
    left, right = places(head_model, LEFT, RIGHT)
    set_component(document, "Smile", "expr", left, 0.8).apply(document)
    set_component(document, "Turn", "neck_pose", 1, 0.5).apply(document)
    before = document.params
    flip = flip_face(document)
    assert flip.name == "Flip face"
    flip.apply(document)
    assert document.params.expr[left] == 0.0
    assert document.params.expr[right] == np.float32(0.8)
    assert document.params.neck_pose[1] == -0.5
    again = flip_face(document)
    again.apply(document)
    assert document.params == before
    again.revert(document)
    flip.revert(document)
    assert document.params == before


def test_a_neutral_head_has_nothing_to_flip(document):
    assert flip_face(document).changes_nothing
    assert mirror_face(document, "left").changes_nothing


def test_mirror_names_its_way_and_leaves_what_is_locked(document, head_model):
    left, right = places(head_model, LEFT, RIGHT)
    document.set(locks=frozenset({("expr", right)}))
    expr = np.zeros(head_model.expression_count)
    frown_left, frown_right = places(head_model, "mouthFrownLeft", "mouthFrownRight")
    expr[[left, frown_left]] = 0.6
    params = Params.neutral(head_model).replace(expr=expr)
    set_params(document, "Face", params, lead="expr").apply(document)
    step = mirror_face(document, "left")
    assert step.name == "Mirror left to right"
    assert mirror_face(document, "right").name == "Mirror right to left"
    step.apply(document)
    assert document.params.expr[frown_right] == np.float32(0.6)
    assert document.params.expr[right] == 0.0
    assert document.params.expr[left] == np.float32(0.6)


def test_a_slider_moves_both_sides_while_the_tool_is_symmetric(document, head_model):
    left, right = places(head_model, LEFT, RIGHT)
    toggle_symmetric(document)
    set_component(document, "Smile", "expr", left, 0.7).apply(document)
    assert document.params.expr[left] == document.params.expr[right] == np.float32(0.7)
    set_component(document, "Eyelid left", "eyelids", 0, 0.4).apply(document)
    np.testing.assert_allclose(document.params.eyelids, (0.4, 0.4))
    set_component(document, "Look", "eyes_pose", 4, 0.2).apply(document)
    np.testing.assert_allclose(document.params.eyes_pose, (0.0, -0.2, 0.0, 0.0, 0.2, 0.0))
    set_component(document, "Jaw", "jaw_pose", 1, 0.1).apply(document)
    np.testing.assert_allclose(document.params.jaw_pose, (0.0, 0.1, 0.0))
    set_component(document, "Shape", "shape", 3, 1.0).apply(document)
    assert np.count_nonzero(document.params.shape) == 1
    toggle_symmetric(document)
    set_component(document, "Smile", "expr", left, 0.1).apply(document)
    assert document.params.expr[right] == np.float32(0.7)


def test_the_other_side_stays_where_it_is_locked(document, head_model):
    left, right = places(head_model, LEFT, RIGHT)
    document.set(locks=frozenset({("expr", left), ("expr", right)}))
    toggle_symmetric(document)
    set_component(document, "Smile", "expr", left, 0.7).apply(document)
    assert document.params.expr[left] == np.float32(0.7)
    assert document.params.expr[right] == 0.0


def test_a_whole_clip_flips_with_what_was_changed_on_top(head_model):
    document = Document(head_model)
    path = example_path("look_around")
    assert path is not None
    clip, _ = read_clip(path, head_model)
    open_clip(document, "Look around", clip).apply(document)
    set_component(document, "Turn", "neck_pose", 1, 0.4).apply(document)
    before = [document.take.params(position) for position in (0.0, 7.5, 20.0)]
    step = flip_face(document)
    step.apply(document)
    for params, position in zip(before, (0.0, 7.5, 20.0), strict=True):
        after = document.take.params(position)
        expected = flipped(head_model, params)
        for name in VECTORS:
            np.testing.assert_allclose(getattr(after, name), getattr(expected, name), atol=1e-5)
    flip_face(document).apply(document)
    np.testing.assert_allclose(document.take.clip.eyes_pose, clip.eyes_pose, atol=1e-6)


def test_what_is_locked_is_not_flipped(document, head_model):
    document.set(locks=frozenset({("neck_pose", 1)}))
    set_component(document, "Turn", "neck_pose", 1, 0.5).apply(document)
    set_component(document, "Eyelid left", "eyelids", 0, 0.4).apply(document)
    flip_face(document).apply(document)
    assert document.params.neck_pose[1] == 0.5
    np.testing.assert_allclose(document.params.eyelids, (0.0, 0.4))
