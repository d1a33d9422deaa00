from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.commands import (
    open_clip,
    reset_fields,
    set_component,
    set_locks,
    set_where_unlocked,
    use_model,
)
from studio.document.document import Document, new_take
from studio.document.locks import carried_locks, hold_back, reset_texture, unlocked, without_texture
from studio.document.look import Texture
from studio.flame.model import Corrective
from studio.flame.params import Params
from studio.sequence.clip import Clip


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


def test_locked_components_stay_and_all_others_change(document, tiny_model):
    random = np.random.default_rng(3)
    old, new = (
        Params.neutral(tiny_model).replace(shape=random.normal(size=6), jaw_pose=random.normal(size=3))
        for _ in range(2)
    )
    document.set(locks=frozenset({("shape", 1), ("shape", 4), ("jaw_pose", 0)}))
    kept = unlocked(document, old, new)
    np.testing.assert_array_equal(kept.shape, np.where([0, 1, 0, 0, 1, 0], old.shape, new.shape))
    np.testing.assert_array_equal(kept.jaw_pose, [old.jaw_pose[0], *new.jaw_pose[1:]])


def test_nothing_is_copied_without_locks(document, tiny_model):
    new = Params.neutral(tiny_model)
    assert unlocked(document, document.params, new) is new


def test_a_lock_is_a_step_and_can_be_taken_back(document):
    told = []
    document.changed.connect(told.append)
    command = set_locks(document, "Jaw open", frozenset({("jaw_pose", 0)}), locked=True)
    assert command.name == "Lock Jaw open"
    command.apply(document)
    assert document.locks == {("jaw_pose", 0)}
    command.revert(document)
    assert not document.locks
    assert told == [{"locks"}, {"locks"}]


def test_locking_twice_changes_nothing(document):
    lock = frozenset({("jaw_pose", 0)})
    set_locks(document, "Jaw open", lock, locked=True).apply(document)
    assert set_locks(document, "Jaw open", lock, locked=True).changes_nothing


def test_a_reset_keeps_what_is_locked_also_in_a_clip(document, tiny_model):
    frames = np.linspace(0.1, 0.3, 5)[:, None] * np.ones(3)
    neutral = Clip.still(Params.neutral(tiny_model), model_name="tiny", model_digest="00" * 32)
    clip = Clip(
        **{
            n: np.repeat(getattr(neutral, n), 5, axis=0)
            for n in ("expr", "rotation", "neck_pose", "eyes_pose", "translation")
        },
        shape=neutral.shape,
        jaw_pose=frames,
    )
    open_clip(document, "Jaw", clip).apply(document)
    document.set(position=2.0, locks=frozenset({("jaw_pose", 0)}))
    reset_fields(document, "Reset pose", ("jaw_pose",)).apply(document)
    np.testing.assert_allclose(document.params.jaw_pose, [0.2, 0.0, 0.0], atol=1e-6)
    assert hold_back(document, ("jaw_pose",))
    assert not hold_back(document, ("shape",))


def test_a_hand_on_the_row_still_moves_what_is_locked(document):
    document.set(locks=frozenset({("shape", 0)}))
    set_component(document, "Shape 1", "shape", 0, 2.0).apply(document)
    assert document.params.shape[0] == 2.0


def test_a_locked_corrective_does_not_give_way(tiny_model):
    document = Document(replace(tiny_model, correctives=(Corrective(2, 2, (0.4, 0.0, 0.0)),)))
    set_component(document, "Mouth close", "expr", 2, 0.5).apply(document)
    document.set(locks=frozenset({("expr", 2)}))
    reset_fields(document, "Reset pose", ("jaw_pose",)).apply(document)
    assert not document.params.jaw_pose.any()
    assert document.params.expr[2] == 0.5


def test_locks_of_named_components_follow_their_names(tiny_model):
    old = replace(tiny_model, expression_names=("a", "b", "c", "d"))
    new = replace(
        tiny_model,
        digest="11" * 32,
        expression_names=("d", "e", "b", "f"),
        expressiondirs=tiny_model.expressiondirs[..., ::-1].copy(),
    )
    locks = frozenset({("expr", 1), ("expr", 2), ("expr", 3), ("shape", 0), ("jaw_pose", 2), ("texture", 1)})
    assert carried_locks(locks, old, new) == {("expr", 2), ("expr", 0), ("jaw_pose", 2)}
    assert carried_locks(locks, old, replace(old)) == locks


def test_switching_the_model_carries_locks_in_the_same_step(document, tiny_model):
    document.set(locks=frozenset({("expr", 3), ("jaw_pose", 2)}))
    smaller = replace(
        tiny_model,
        digest="11" * 32,
        expressiondirs=tiny_model.expressiondirs[..., :2].copy(),
        expression_ranges=tiny_model.expression_ranges[:2].copy(),
    )
    command = use_model(document, smaller, (new_take(smaller),))
    command.apply(document)
    assert document.locks == {("jaw_pose", 2)}
    set_where_unlocked(document, "Anything", Params.neutral(smaller)).apply(document)
    command.revert(document)
    assert document.locks == {("expr", 3), ("jaw_pose", 2)}


def test_a_locked_coefficient_of_the_texture_survives_a_reset(document):
    document.set(look=document.look.replace(texture=Texture("skin", (1.0, 2.0, 3.0))))
    assert reset_texture(document) == Texture("skin")
    document.set(locks=frozenset({("texture", 1), ("shape", 0)}))
    assert reset_texture(document) == Texture("skin", (0.0, 2.0, 0.0))
    assert without_texture(document.locks) == {("shape", 0)}
