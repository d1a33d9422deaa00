"""Landmarks for the commands: the set that was asked for, and what ``info`` tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studio.flame import HeadModel, load_model
from studio.flame.companions import recognise
from studio.flame.describe import Description
from studio.flame.landmark_files import gather_landmarks
from studio.flame.landmark_sets import NEEDS, LandmarkSet, SetName, landmark_set, offered_sets
from studio.storage.errors import StudioError


def wanted_set(model: HeadModel, name: SetName | None) -> LandmarkSet | None:
    """The set that the command line names; None where it names none.

    Raises:
        StudioError: the model does not have it.

    """
    if name is None:
        return None
    marks = landmark_set(model, name)
    if marks is None:
        has = ", ".join(offered_sets(model)) or "none"
        raise StudioError(
            f"{model.name} has no {name} landmarks: that set {NEEDS[name]}; choose among what it has ({has})."
        )
    return marks


def landmark_facts(told: Description, model: Path | None) -> dict[str, Any]:
    """What ``info`` adds: the sets of a head model, or whether a landmark file fits the head model named.

    Raises:
        StudioError: a model cannot be read.

    """
    if told.kind == "model" and told.is_usable:
        loaded = load_model(told.path)
        return {"landmarks": list(offered_sets(loaded)), "notices": [*told.problems, *loaded.notices]}
    if "landmarks" in told.kind and model is not None:
        head, name = load_model(model), told.path.name
        found = gather_landmarks([(name, recognise(told.path).table)], head.faces, head.v_template)
        return {"notices": [*told.problems, *found.problems]}
    return {}
