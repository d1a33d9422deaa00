from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.controls.handles import Handle, pin, surface_handle
from studio.document.carry import carried_pins, lost_pins_notice
from studio.document.commands import use_model, use_variant
from studio.document.document import Document
from studio.document.pins import add_pin, move_pin, remove_pin, remove_pins
from studio.flame.model import Variant
from studio.flame.params import frozen

THERE = (0.0, 0.1, 0.02)


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


@pytest.fixture
def chin(tiny_model):
    return surface_handle(tiny_model, 3, (1, 1, 1), "Landmark 8")


def test_pins_come_move_go_and_come_back(document, tiny_model, chin):
    nose = surface_handle(tiny_model, 9, (1, 0, 0))
    steps = []
    for make in (
        lambda: add_pin(document, chin, THERE),
        lambda: add_pin(document, nose, (0, 0, 0)),
        lambda: move_pin(document, 0, (0, 1, 0)),
        lambda: remove_pin(document, 0),
        lambda: remove_pins(document),
    ):
        steps.append(make())
        steps[-1].apply(document)
    assert [step.name for step in steps] == [
        "Pin landmark 8",
        "Pin point",
        "Move the pin of landmark 8",
        "Unpin landmark 8",
        "Remove all pins",
    ]
    counts = []
    for step in reversed(steps):
        counts.append(len(document.pins))
        step.revert(document)
    assert counts == [0, 1, 2, 2, 1]
    assert document.pins == ()


def test_one_handle_has_one_pin(document, chin):
    add_pin(document, chin, THERE).apply(document)
    add_pin(document, chin, (1, 2, 3)).apply(document)
    assert [entry.target for entry in document.pins] == [(1.0, 2.0, 3.0)]


def test_a_drag_of_a_pin_is_one_step(document, chin):
    add_pin(document, chin, THERE).apply(document)
    first = move_pin(document, 0, (0, 0, 1), gesture=4)
    first.apply(document)
    merged = first.merged(move_pin(document, 0, (0, 0, 2), gesture=4))
    assert merged is not None
    merged.revert(document)
    assert document.pins[0].target == THERE


def test_what_cannot_be_pinned_is_refused(document, chin):
    with pytest.raises(ValueError, match="finite"):
        add_pin(document, chin, (np.nan, 0, 0))
    with pytest.raises(ValueError, match="another mesh"):
        add_pin(document, Handle((99,), (1.0,)), THERE)
    with pytest.raises(IndexError):
        move_pin(document, 0, THERE)


def test_pins_stay_on_the_same_mesh_only(document, tiny_model, chin):
    add_pin(document, chin, THERE).apply(document)
    same = replace(tiny_model, digest="11" * 32, name="same")
    other = replace(tiny_model, digest="22" * 32, name="other", faces=tiny_model.faces[:, [1, 2, 0]].copy())
    assert carried_pins(document.pins, tiny_model, same) == document.pins
    assert lost_pins_notice(document.pins, tiny_model, same) == ""
    told = lost_pins_notice(document.pins, tiny_model, other)
    assert told == "Pins were set on the mesh of tiny and were taken out. Undo brings them back."
    step = use_model(document, other, document.takes)
    step.apply(document)
    assert document.pins == ()
    step.revert(document)
    assert len(document.pins) == 1


def test_pins_stay_where_they_are_as_parts_are_hidden(head_model):
    document = Document(head_model)
    add_pin(document, surface_handle(head_model, 3, (1, 1, 1)), THERE).apply(document)
    pins = document.pins
    use_variant(document, "Hide the ears", Variant(without=frozenset({"ears"}))).apply(document)
    assert len(document.model.faces) < len(head_model.faces)
    assert document.pins == pins


def test_pins_on_added_teeth_go_with_the_teeth(tiny_model, chin):
    template = np.concatenate([tiny_model.v_template, [[0.0, 0.0, 0.1]]])
    toothed = replace(tiny_model, v_template=frozen(template), base=tiny_model)
    pins = (pin(chin, THERE), pin(Handle((62,), (1.0,)), THERE))
    assert carried_pins(pins, toothed, tiny_model) == pins[:1]
