"""Controls are solved behind the window's back: newest model wins, and what goes wrong is one sentence."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

import studio.control_solver as control_solver
from studio.control_solver import ControlSolver
from studio.controls.mapping_file import UnitMapping
from studio.document.document import Document, new_take
from studio.document.faces import use_mapping
from studio.panels.face_panel import FacePanel
from studio.storage.errors import StudioError
from studio.undo import History
from tests.controls.second_heads import rotated_head

WAIT = 60_000


def fresh(seed: int):
    return replace(rotated_head(seed=seed), digest=f"{seed:064d}")


@pytest.fixture
def held(monkeypatch):
    """Solving waits until this event is set; it tells which models were solved."""
    gate, solve = threading.Event(), control_solver.solve_controls
    gate.solved = []

    def slow(model, state):
        gate.wait(30.0)
        gate.solved.append(model.digest)
        return solve(model, state)

    monkeypatch.setattr(control_solver, "solve_controls", slow)
    yield gate
    gate.set()


def test_a_change_of_the_model_begins_by_itself(qtbot, head_model):
    document = Document(head_model)
    solver = ControlSolver(document)
    assert solver.controls is not None
    model = fresh(101)
    with qtbot.waitSignal(solver.ready, timeout=WAIT):
        document.set(model=model, takes=(new_take(model),))
        assert solver.controls is None
    assert solver.controls is not None


def test_while_one_is_solved_the_next_one_waits_its_turn_and_is_told_alone(qtbot, held):
    first, second = fresh(102), fresh(103)
    document = Document(first)
    solver = ControlSolver(document)
    told = []
    solver.ready.connect(lambda: told.append(document.model.digest))
    solver.solve()
    solver.solve()
    document.set(model=second, takes=(new_take(second),))
    held.set()
    qtbot.waitUntil(lambda: told == [second.digest], timeout=WAIT)
    assert held.solved.count(second.digest) == 1
    assert solver.controls is not None


def test_a_mapping_is_measured_too(qtbot, head_model):
    document = Document(head_model)
    solver = ControlSolver(document)
    with qtbot.waitSignal(solver.ready, timeout=WAIT):
        use_mapping(document, UnitMapping(("cheekPuff",), np.ones((1, 2))), "mine.npz").apply(document)
    assert solver.controls.controls["cheekPuff"].fidelity.score < 1.0


def test_what_goes_wrong_stands_in_place_of_the_rows(qtbot, shown_panel, monkeypatch):
    def broken(*_):
        raise StudioError("open_head.npz cannot be read; install the studio again.")

    monkeypatch.setattr(control_solver, "solve_controls", broken)
    document = Document(fresh(104))
    panel = shown_panel(FacePanel(document, History(document).push))
    wanted = "open_head.npz cannot be read; install the studio again."
    qtbot.waitUntil(lambda: panel._state.text() == wanted, timeout=WAIT)
    assert panel._state.isVisible()
    assert not panel._scroll.isVisible()


@pytest.fixture
def shown_panel(qtbot):
    def show(panel):
        panel.resize(340, 640)
        qtbot.addWidget(panel)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return show
