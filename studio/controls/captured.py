"""Recordings of named units on a model: what a phone saw of a face, by the model's own controls."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from studio.controls.head_turns import AXES, NECK_SHARE, head_range
from studio.controls.named_controls import ControlSet, control_set
from studio.controls.unit_space import POSE_FIELDS
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS
from studio.sequence.adapt import on_model as numbers_on_model
from studio.sequence.clip import Clip
from studio.sequence.layout import Recording, Units

Array = NDArray[np.float64]
POOR, POOR_TOLD = 0.5, 6  # fidelity below which a unit is told of; how many are named


def on_model(recording: Recording, model: HeadModel, label: str) -> tuple[Clip, list[str]]:
    """The clip of ``recording`` on ``model``, and sentences on what is not as recorded.

    As :func:`studio.sequence.adapt.on_model`, and named units become the parameters that the controls of
    the model make of them: units add up, head turns are shared between neck and root.

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
    """The fields of a clip (T, …) that ``units`` make; names that are no unit or head turn do nothing."""
    space, values = controls.space, units.values.astype(np.float64)
    known = [index for index, name in enumerate(units.names) if name in space.places]
    directions = space.directions[:, [space.places[units.names[index]] for index in known]]
    faces = values[:, known] @ directions.T
    widths = [space.expression_count, *(FIELD_WIDTHS[name] for name in POSE_FIELDS)]
    parts = np.split(faces.astype(np.float32), list(accumulate(widths))[:-1], axis=1)
    fields = dict(zip(("expr", *POSE_FIELDS), parts, strict=True))
    return {**fields, **_head_fields(units.names, values)}


def _head_fields(names: Sequence[str], values: Array) -> dict[str, NDArray[np.float32]]:
    """Neck and root, which share turns as :func:`studio.controls.head_turns.with_head_value` has them."""
    neck, root = np.zeros((len(values), 3)), np.zeros((len(values), 3))
    for index, name in enumerate(names):
        if name in AXES:
            axis = AXES[name]
            neck[:, axis] = np.clip(NECK_SHARE * values[:, index], *head_range(name))
            root[:, axis] = values[:, index] - neck[:, axis]
    return {"neck_pose": neck.astype(np.float32), "rotation": root.astype(np.float32)}


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
