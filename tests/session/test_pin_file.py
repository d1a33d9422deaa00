"""Pins in a session: whole round trips, older files, and nonsense left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.controls.handles import Handle, Pin, pin, surface_handle
from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.session.on_model import open_session
from studio.session.pin_file import pins_from, told_of_pins
from studio.session.state import State
from studio.session.writing import write_session

PIN = {"name": "Chin", "vertices": [3, 7], "weights": [0.25, 0.75], "radius": 0.0, "target": [0.1, -0.2, 0.3]}


def test_pins_come_back(tiny_model: HeadModel, tmp_path: Path) -> None:
    pins = (
        pin(surface_handle(tiny_model, 4, (1, 2, 4), "Landmark 30"), (0.01, 1 / 3, -0.2)),
        pin(Handle((1, 2, 3), (0.5, 0.25, 0.25), radius=0.02), (0, 0, 0)),
    )
    path = tmp_path / "face.flame"
    write_session(path, replace(State.of(Document(tiny_model)), pins=pins))
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.pins == pins
    assert not opened.notices
    write_session(path, replace(opened.state, pins=()), opened.kept)
    assert open_session(path, [tiny_model], tiny_model).state.pins == ()


def test_pins_for_another_mesh_are_told_and_left_out(tiny_model: HeadModel, tmp_path: Path) -> None:
    path = tmp_path / "face.flame"
    write_session(
        path,
        replace(State.of(Document(tiny_model)), pins=(Pin(Handle((62,), (1.0,)), (0.0, 0.0, 0.0)),)),
    )
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.pins == ()
    assert opened.notices == ("Pins in face.flame are for another mesh and were left out.",)
    assert not opened.is_whole


def test_plain_and_back() -> None:
    faults: list[str] = []
    pins = pins_from(json.loads(json.dumps([PIN])), faults)
    assert pins == (Pin(Handle((3, 7), (0.25, 0.75), "Chin"), (0.1, -0.2, 0.3)),)
    assert told_of_pins(pins) == [PIN]
    assert pins_from([], faults) == ()
    assert not faults


@pytest.mark.parametrize(
    "given",
    [
        {"pins": []},
        7,
        [3],
        [PIN | {"name": 3}],
        [PIN | {"vertices": [3]}],
        [PIN | {"vertices": []}],
        [PIN | {"vertices": [3, -1]}],
        [PIN | {"vertices": [3, 1.0]}],
        [PIN | {"vertices": [3, 10**30]}],
        [PIN | {"weights": [0.5, 0.1]}],
        [PIN | {"weights": [float("nan"), 1.0]}],
        [PIN | {"weights": [10**400, 1.0]}],
        [PIN | {"target": [0.0, 0.0]}],
        [PIN | {"target": [0.0, float("inf"), 0.0]}],
        [PIN | {"target": [True, 0.0, 0.0]}],
        [PIN | {"radius": "wide"}],
        [PIN] * 1001,
    ],
)
def test_nonsense_is_told_and_left_out(given: object) -> None:
    faults: list[str] = []
    assert pins_from(given, faults) == ()
    assert faults == ["pins"]


def test_what_is_good_beside_nonsense_is_kept() -> None:
    faults: list[str] = []
    assert len(pins_from([PIN, None, PIN | {"name": "Nose"}], faults)) == 2
    assert faults == ["pins"]
