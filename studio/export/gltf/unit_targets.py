"""A face over time as named units, and what of it no unit says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.unit_space import UnitSpace, values_in
from studio.export.gltf.motion import FRAMES_AT_A_TIME, Motion
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check

Array = NDArray[np.float64]

LEAST = 1e-7  # metres by which a unit moves some vertex without a joint, or it is none for the skin
TURNS = 9  # numbers of jaw and eyes in the vector of a face, before the two eyelids


@dataclass(frozen=True, eq=False)
class UnitReading:
    """K units that move the skin of V vertices, over T frames."""

    names: tuple[str, ...]  # K
    directions: NDArray[np.float32]  # (V, 3, K) metres, joints apart
    values: Array  # (T, K)
    turned: tuple[str, ...]  # units that only turn joints
    rest: Array  # (T, E) of the expression that the units leave
    lid_rest: Array  # (T, 2) of the eyelids


def read_units(
    model: HeadModel, motion: Motion, space: UnitSpace, progress: Report, cancelled: Cancelled
) -> UnitReading:
    """The units of ``space`` in every frame of ``motion``.

    A unit is a direction among expression, jaw, eyes and eyelids. Joints turn in the skeleton whatever the
    units say, so that a target has only what a unit does to the skin.

    Raises:
        JobCancelled: it was asked to stop.

    """
    count = space.expression_count
    values = _values(space, motion, progress, cancelled)
    expression, lids = space.directions[:count], space.directions[count + TURNS :]
    moved = np.tensordot(model.expressiondirs, expression, 1)
    if model.eyelids is not None:
        moved = moved + np.tensordot(model.eyelids, lids, 1)
    on_skin = np.abs(moved).max(axis=(0, 1)) > LEAST
    turning = np.abs(space.directions[count : count + TURNS]).max(axis=0) > 0.0
    names = np.array(space.names)
    said = values * on_skin
    return UnitReading(
        names=tuple(names[on_skin].tolist()),
        directions=moved[:, :, on_skin].astype(np.float32),
        values=values[:, on_skin],
        turned=tuple(names[~on_skin & turning].tolist()),
        rest=motion.expr - said @ expression.T,
        lid_rest=motion.eyelids - said @ lids.T,
    )


def _values(space: UnitSpace, motion: Motion, progress: Report, cancelled: Cancelled) -> Array:
    """How much of each unit (T, 52) the face holds, frame by frame."""
    pose = motion.pose[:, 6:]  # jaw, left eye, right eye
    faces = np.concatenate([motion.expr, pose, motion.eyelids], axis=1).astype(np.float64)
    values = np.empty((len(motion), len(space.names)))
    for frame, face in enumerate(faces):
        if frame % FRAMES_AT_A_TIME == 0:
            check(cancelled)
            progress(Progress(frame, len(motion), "Reading the units of the face"))
        values[frame] = values_in(space, face)
    return values
