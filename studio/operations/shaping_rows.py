"""Operations on what faces do, as rows of the table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.controls.named_controls import control_set
from studio.controls.symmetry import flipped_clip
from studio.flame.eyelids import NAMES as BLINKS
from studio.flame.model import HeadModel
from studio.operations.names import named
from studio.operations.numbers import number_called
from studio.operations.row import Desk, Operation, Outcome, Parameter, Settings
from studio.operations.timing_rows import parts_parameter
from studio.sequence.clip import Clip
from studio.sequence.operations.liveliness import LIMITS, Liveliness, enlivened
from studio.sequence.operations.parts import check_offsets
from studio.sequence.operations.values import added, scaled


def _offset(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    number = number_called(desk.model, settings["number"])
    return Outcome(added(clip, number.field, number.index, settings["amount"] * number.scale))


def _scale(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    return Outcome(scaled(clip, settings["parts"], settings["factor"], settings["about"]))


def _mirror(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    check_offsets(clip)
    return Outcome(flipped_clip(desk.model, clip))


def _enliven(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    model, wanted = desk.model, Liveliness(**settings)
    names = model.expression_names
    own = [names.index(name) if name in names else None for name in BLINKS]
    if model.eyelids is not None or not wanted.blinks:
        return Outcome(enlivened(clip, wanted, own=own))
    return Outcome(enlivened(clip, wanted, _blink_directions(model), own))


def _blink_directions(model: HeadModel) -> NDArray[np.float64]:
    """What of the expression (2, E) closes each eye of a model without eyelids of its own."""
    space = control_set(model.original).space
    return space.directions[: model.expression_count, [space.places[name] for name in BLINKS]].T


ROWS: tuple[Operation, ...] = (
    Operation(
        *named("offset"),
        _offset,
        "frames",
        (
            Parameter(
                "number", "Number", "channel", "jaw_pose/0", "Such as jaw_pose/0 or expr/mouthSmileLeft"
            ),
            Parameter(
                "amount",
                "Amount",
                "number",
                0.0,
                "Degrees for turns, millimetres for the place, else units",
                low=-1000.0,
                high=1000.0,
            ),
        ),
    ),
    Operation(
        *named("scale"),
        _scale,
        "frames",
        (
            parts_parameter("What is scaled"),
            Parameter("factor", "Factor", "number", 1.0, "Below 1 is less", low=-10.0, high=10.0),
            Parameter(
                "about",
                "About",
                "choice",
                "neutral",
                "What stays as it is",
                choices=(("neutral", "Neutral"), ("mean", "The mean over time")),
            ),
        ),
    ),
    Operation(*named("mirror"), _mirror, "frames"),
    Operation(
        *named("enliven"),
        _enliven,
        "frames",
        (
            Parameter(
                "seed", "Seed", "whole", 0, "Another number gives other motion", low=0, high=2_147_483_647
            ),
            Parameter(
                "blinks",
                "Blinks",
                "number",
                17.0,
                "People blink 17 times a minute at rest, 26 talking, 4.5 reading; 0 is none",
                high=LIMITS["blinks"],
                unit="/min",
                decimals=1,
            ),
            Parameter(
                "saccades",
                "Saccades",
                "number",
                40.0,
                "Quick small turns of the eyes; 0 is none",
                high=LIMITS["saccades"],
                unit="/min",
                decimals=1,
            ),
            Parameter(
                "eye_degrees",
                "Size of saccades",
                "number",
                1.5,
                "Their mean",
                high=LIMITS["eye_degrees"],
                unit="°",
                decimals=1,
            ),
            Parameter(
                "head_degrees",
                "Sway of the head",
                "number",
                0.8,
                "Nod and turn from the middle, on the whole; 0 is none",
                high=LIMITS["head_degrees"],
                unit="°",
                decimals=1,
            ),
        ),
    ),
)
