"""What came of an operation, in words."""

from __future__ import annotations

import pytest

from studio.operations.running import operate
from studio.operations.table import operation_called
from studio.operations.telling import told_of_jitter, told_of_outcome
from tests.operations.desks import desk_of
from tests.operations.test_operations import tiny_clip


@pytest.mark.parametrize(
    ("name", "given", "lines"),
    [
        ("retime", {}, ["Nothing changes."]),
        ("reverse", {}, ["30 of 30 frames change."]),
        ("retime", {"speed": 2.0}, ["30 frames (1.20 s at 25) become 16 frames (0.64 s at 25)."]),
        (
            "split",
            {"frame": 29},
            [
                "30 frames (1.20 s at 25) become 29 frames (1.16 s at 25).",
                "The rest, 1 frame (0.04 s at 25), becomes a take of its own.",
            ],
        ),
        ("despike", {}, ["Nothing changes.", "0 spikes were mended."]),
    ],
)
def test_lengths_and_numbers_are_told(tiny_model, name, given, lines):
    clip = tiny_clip(tiny_model)
    outcome = operate(operation_called(name), clip, given, desk_of(tiny_model))
    assert told_of_outcome(clip, outcome) == lines


def test_the_jitter_of_the_mesh_comes_first():
    jaw, mesh = {"before": 2.0, "after": 0.5, "unit": "°"}, {"before": 1.25, "after": 0.4, "unit": "mm"}
    assert told_of_jitter({"jaw": jaw, "mesh": mesh}) == (
        "Jitter, a frame squared: mesh 1.25 to 0.4 mm, jaw 2 to 0.5°."
    )
