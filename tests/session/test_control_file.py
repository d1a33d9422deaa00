"""Mappings and remembered units in a session: whole round trips, older files, and nonsense left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.controls.mapping_file import UnitMapping
from studio.document.control_state import ControlState, Memory
from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.session.control_file import controls_from, told_of_controls
from studio.session.on_model import open_session
from studio.session.state import State
from studio.session.writing import write_session

MAPPING = {"name": "mine.npz", "units": [["jawOpen", [1.0, 0.0]], ["cheekPuff", [0.0, -2.5]]]}
MEMORY = {"face": [0.0] * 15, "values": [["jawOpen", 0.5]]}


def test_a_mapping_comes_back(tiny_model: HeadModel, tmp_path: Path) -> None:
    matrix = np.random.default_rng(2).normal(size=(2, 3))
    state = State.of(Document(tiny_model))
    controls = ControlState(UnitMapping(("jawOpen", "mouthPucker"), matrix), "mine.csv")
    path = tmp_path / "face.flame"
    write_session(path, replace(state, controls=controls))
    opened = open_session(path, [tiny_model], tiny_model)
    mapping = opened.state.controls.mapping
    assert mapping is not None
    assert mapping.names == ("jawOpen", "mouthPucker")
    np.testing.assert_array_equal(mapping.matrix, matrix)
    assert opened.state.controls.mapping_name == "mine.csv"
    assert not opened.notices


def test_a_mapping_that_was_dropped_does_not_come_back(tiny_model: HeadModel, tmp_path: Path) -> None:
    state = State.of(Document(tiny_model))
    path = tmp_path / "face.flame"
    write_session(
        path, replace(state, controls=ControlState(UnitMapping(("jawOpen",), np.ones((1, 2))), "m"))
    )
    opened = open_session(path, [tiny_model], tiny_model)
    write_session(path, replace(opened.state, controls=ControlState()), opened.kept)
    assert open_session(path, [tiny_model], tiny_model).state.controls == ControlState()


def test_plain_and_back() -> None:
    faults: list[str] = []
    state = controls_from(json.loads(json.dumps({"mapping": MAPPING, "memory": MEMORY})), 4, faults)
    assert not faults
    assert state.memory == Memory((0.0,) * 15, {"jawOpen": 0.5})
    assert told_of_controls(state) == {"mapping": MAPPING, "memory": MEMORY}
    assert controls_from({}, 4, faults) == ControlState()
    assert not faults


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ([], "controls"),
        ({"mapping": 3}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": []}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["smirk", [1.0]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [1.0]], ["jawOpen", [1.0]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [1.0]], ["cheekPuff", []]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [1.0] * 5]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [float("nan")]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [10**400]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [["jawOpen", [True]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"units": [[["jawOpen"], [1.0]]]}}, "controls.mapping"),
        ({"mapping": MAPPING | {"name": 7}}, "controls.mapping"),
        ({"memory": MEMORY | {"face": [0.0] * 3}}, "controls.memory"),
        ({"memory": MEMORY | {"values": [["jawOpen", "wide"]]}}, "controls.memory"),
        ({"memory": MEMORY | {"values": {"jawOpen": 1.0}}}, "controls.memory"),
    ],
)
def test_nonsense_is_named_and_left_out(given: object, fault: str) -> None:
    faults: list[str] = []
    assert controls_from(given, 4, faults) == ControlState()
    assert faults == [fault]
