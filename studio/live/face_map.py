"""From units and a turn of the head to the parameters of one model: a linear map, prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.controls.arkit import JAW_OPEN, LOOKS, MOUTH_CLOSE, UNITS
from studio.controls.head_turns import NECK_SHARE
from studio.controls.named_controls import ControlSet
from studio.controls.unit_space import POSE_FIELDS
from studio.flame.params import FIELD_WIDTHS, Params
from studio.live.frame import Array

_CLOSE, _OPEN = UNITS.index(MOUTH_CLOSE), UNITS.index(JAW_OPEN)
GAZE_PLACES = np.array([UNITS.index(name) for name in LOOKS])
_IS_GAZE = np.isin(np.arange(len(UNITS)), GAZE_PLACES)


@dataclass(frozen=True, eq=False)
class FaceMap:
    """What units (52,) and head (3,) do on one model."""

    expression_count: int
    face: Array  # (N, 52) of expression, jaw, eyes and eyelids; gaze is left out
    eyes: Array  # (6, 52) gaze alone

    @classmethod
    def of(cls, controls: ControlSet) -> FaceMap:
        """The map of the model that has these ``controls``."""
        space = controls.space
        directions = space.directions[:, [space.places[name] for name in UNITS]]
        start = space.expression_count + FIELD_WIDTHS["jaw_pose"]
        eyes = directions[start : start + FIELD_WIDTHS["eyes_pose"]] * _IS_GAZE
        return cls(space.expression_count, directions * ~_IS_GAZE, eyes)

    def fields(self, units: Array, head: Array, follows: tuple[bool, bool, bool]) -> dict[str, Array]:
        """The fields of parameters that ``units`` (..., 52) and ``head`` (..., 3) set, with their frames.

        ``follows`` says whether face, head and gaze are driven. Lips close over an open jaw no farther than
        it is open. Neck and root share the turn about one axis, as those of the head's controls do.
        """
        face, turn, gaze = follows
        units = np.clip(units, 0.0, 1.0)
        found: dict[str, Array] = {}
        if face:
            closed = units.copy()
            closed[..., _CLOSE] = np.minimum(units[..., _CLOSE], units[..., _OPEN])
            values = closed @ self.face.T
            found["expr"] = values[..., : self.expression_count]
            start = self.expression_count
            for name in POSE_FIELDS:
                stop = start + FIELD_WIDTHS[name]
                if name != "eyes_pose":
                    found[name] = values[..., start:stop]
                start = stop
        if gaze:
            found["eyes_pose"] = units @ self.eyes.T
        if turn:
            found["neck_pose"], found["rotation"] = NECK_SHARE * head, (1.0 - NECK_SHARE) * head
        return found

    def params(self, base: Params, units: Array, head: Array, follows: tuple[bool, bool, bool]) -> Params:
        """``base``, someone's head, with what :meth:`fields` sets for ``units`` (52,) and ``head`` (3,)."""
        return base.replace(**self.fields(units, head, follows))
