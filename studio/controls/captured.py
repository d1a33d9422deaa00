"""Recordings of named units on a model: what a phone saw of a face, by the model's own controls."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import JAW_OPEN, MOUTH_CLOSE
from studio.controls.head_turns import NECK_SHARE
from studio.controls.named_controls import ControlSet, control_set
from studio.controls.unit_space import POSE_FIELDS
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS
from studio.sequence.adapt import on_model as numbers_on_model
from studio.sequence.clip import Clip
from studio.sequence.layout import Recording, Units
from studio.sequence.turns import from_eulers

Array = NDArray[np.float64]
POOR, POOR_TOLD = 0.5, 6  # fidelity below which a unit is told of; how many are named


def on_model(recording: Recording, model: HeadModel, label: str) -> tuple[Clip, list[str]]:
    """The clip of ``recording`` on ``model``, and sentences on what is not as recorded.

    As :func:`studio.sequence.adapt.on_model`, and named units become the parameters that the controls of
    the model make of them: units add up, and neck and root share turns of the head.

    Raises:
        StudioError: units have to be solved, and the open head that gives them cannot be read; or surfaces
        are
            of another mesh.

    """
    clip, notices = numbers_on_model(recording, model, label)
    if recording.units is None:
        return clip, notices
    controls = control_set(model)
    fields = unit_fields(controls, recording.units)
    told = _poorly_shown(controls, recording.units, model, label)
    return clip.replace(**fields), [*notices, *([told] if told else [])]


def unit_fields(controls: ControlSet, units: Units) -> dict[str, NDArray[np.float32]]:
    """The fields of a clip (T, …) that ``units`` make; names that are no unit or head turn do nothing.

    Lips close over an open jaw no farther than it is open.
    """
    space, values = controls.space, units.values.astype(np.float64)
    if JAW_OPEN in units.names and MOUTH_CLOSE in units.names:
        close, opened = units.names.index(MOUTH_CLOSE), units.names.index(JAW_OPEN)
        values[:, close] = np.minimum(values[:, close], np.maximum(values[:, opened], 0.0))
    known = [index for index, name in enumerate(units.names) if name in space.places]
    directions = space.directions[:, [space.places[units.names[index]] for index in known]]
    faces = values[:, known] @ directions.T
    widths = [space.expression_count, *(FIELD_WIDTHS[name] for name in POSE_FIELDS)]
    parts = np.split(faces.astype(np.float32), list(accumulate(widths))[:-1], axis=1)
    fields = dict(zip(("expr", *POSE_FIELDS), parts, strict=True))
    return {**fields, **_head_fields(units.names, values)}


def _head_fields(names: Sequence[str], values: Array) -> dict[str, NDArray[np.float32]]:
    """Neck and root, which share the turn of the head about one axis.

    The turn is R = R_y(turn) R_x(nod) R_z(tilt): the head tilts first, and turns last.
    """
    angles = np.zeros((len(values), 3))
    for place, name in enumerate(("headTurn", "headNod", "headTilt")):
        if name in names:
            angles[:, place] = values[:, names.index(name)]
    turn = from_eulers(angles, "YXZ")
    neck = NECK_SHARE * turn
    return {"neck_pose": neck.astype(np.float32), "rotation": (turn - neck).astype(np.float32)}


def _poorly_shown(controls: ControlSet, units: Units, model: HeadModel, label: str) -> str:
    """What to tell of units that the recording uses and the model hardly shows; empty for none."""
    space = controls.space
    poor = [
        name
        for name in units.names
        if name in units.used and name in space.places and space.fidelities[space.places[name]].score < POOR
    ]
    if not poor:
        return ""
    listed = ", ".join(poor[:POOR_TOLD]) + (", …" if len(poor) > POOR_TOLD else "")
    return f"{model.name} hardly shows {listed}, which {label} uses."
