"""Operations that put a clip on another head, or take it from a surface, as rows of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import FRAMES_AT_A_TIME
from studio.document.carry import carried_over
from studio.document.control_state import ControlState, units_between
from studio.document.take import Take
from studio.operations.mesh_files import read_vertices
from studio.operations.names import named
from studio.operations.row import Desk, Operation, Outcome, Parameter, Settings
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import check_offsets
from studio.sequence.operations.values import retargeted
from studio.sequence.operations.vertex_fit import (
    JOINTS,
    FitSettings,
    checked_vertices,
    fit_identity,
    fit_sequence,
)
from studio.storage.errors import StudioError

NEUTRAL = "neutral"
JOINT_CHOICES = (
    ("neck,jaw", "Neck and jaw"),
    ("jaw", "Jaw"),
    ("root,jaw", "Head and jaw"),
    ("root,neck,jaw", "Head, neck and jaw"),
    ("neck,jaw,eyes", "Neck, jaw and eyes"),
    ("root,neck,jaw,eyes", "All"),
    ("none", "None"),
)


def _retarget(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    name = settings["identity"]
    if name in ("", NEUTRAL):
        return Outcome(retargeted(clip, np.zeros(len(clip.shape), np.float32)))
    other = desk.clip_called(name)
    return Outcome(retargeted(clip, other.shape, other.static_offset))


def _transfer(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    if not settings["to"]:
        raise StudioError("Name the head model that the clip is transferred to.")
    model = desk.load_model(settings["to"])
    take = Take.of("", clip)
    units = units_between((take,), desk.model, ControlState(), model)
    (made,), notice = carried_over((take,), desk.model, model, units)
    told = notice.removesuffix("Undo brings them back.").strip()
    labelled = made.clip.replace(model_name=model.name, model_digest=model.digest)
    return Outcome(labelled, None, {"to": model.name}, (told,) if told else ())


def _vertices_to_parameters(clip: Clip, settings: Settings, desk: Desk) -> Outcome:
    model = desk.model
    vertices, notices = _surfaces(clip, settings["vertices"], desk)
    joints = tuple(name for name in JOINTS if name in settings["joints"].split(","))
    shape, facts = _identity(clip, settings, vertices, desk, notices)
    fitting = FitSettings(joints, settings["place"], settings["eyelids"], settings["smoothness"] * 0.001)
    fps = settings["fps"] or clip.fps
    static = clip.static_offset if settings["identity"] == "clip" else None
    found = fit_sequence(model, vertices, shape, fitting, fps, static, desk.step)
    facts |= {**found.told(), "frame_mm": [round(float(error), 5) for error in found.frame_mm]}
    return Outcome(found.clip, None, facts, tuple(notices))


def _surfaces(clip: Clip, path: str, desk: Desk) -> tuple[NDArray, list[str]]:
    """The vertices (T, V, 3) in metres of the file ``path``, else those of ``clip``."""
    if not path:
        check_offsets(clip)
        backend = desk.backend()
        surfaces = backend.stream(block.batch() for block in clip.blocks(FRAMES_AT_A_TIME))
        return np.concatenate([part.vertices.copy() for part in surfaces]), []
    vertices, notice = checked_vertices(desk.model, read_vertices(Path(path)), Path(path).name)
    return vertices, [notice] if notice else []


def _identity(
    clip: Clip, settings: Settings, vertices: NDArray, desk: Desk, notices: list[str]
) -> tuple[NDArray, dict[str, object]]:
    """The shape that the frames are fitted with, and how well it is that of the relaxed head."""
    model, how = desk.model, settings["identity"]
    if settings["template"]:
        path = Path(settings["template"])
        frames, notice = checked_vertices(model, read_vertices(path), path.name)
        notices += [notice] if notice else []
        head = frames[0]
    elif how == "clip":
        return clip.shape, {}
    elif how == "first":
        head = vertices[0]
    else:
        head = vertices.mean(axis=0, dtype=np.float64)
    shape, error = fit_identity(model, head)
    return shape, {"identity_mm": round(error, 6)}


ROWS: tuple[Operation, ...] = (
    Operation(
        *named("retarget"),
        _retarget,
        "whole",
        (
            Parameter(
                "identity",
                "Head of",
                "clip",
                NEUTRAL,
                "A clip of the person, or neutral for the model's mean head",
            ),
        ),
    ),
    Operation(
        *named("transfer"),
        _transfer,
        "whole",
        (Parameter("to", "To", "model", "", "The head model it is for"),),
    ),
    Operation(
        *named("vertices_to_parameters"),
        _vertices_to_parameters,
        "whole",
        (
            Parameter(
                "vertices",
                "Vertices",
                "file",
                "",
                "An npy of (frames, vertices, 3); without it the surfaces of the clip, offsets included",
            ),
            Parameter(
                "template",
                "Template",
                "file",
                "",
                "The relaxed head of the person as npy, obj or ply: the shape is fitted to it",
            ),
            Parameter(
                "identity",
                "Shape",
                "choice",
                "clip",
                "Whose shape it is, where there is no template",
                choices=(
                    ("clip", "The clip's"),
                    ("first", "Of the first frame"),
                    ("mean", "Of the mean frame"),
                ),
            ),
            Parameter("joints", "Joints", "choice", "neck,jaw", "Which joints turn", choices=JOINT_CHOICES),
            Parameter("place", "Place", "switch", False, "Let the head move, too"),
            Parameter("eyelids", "Eyelids", "switch", False, "Let the eyelids close, too"),
            Parameter(
                "smoothness",
                "Restraint",
                "number",
                0.001,
                "What a component at its end costs; more keeps faces nearer to neutral",
                high=10.0,
                unit="mm",
                decimals=4,
            ),
            Parameter("fps", "Frames a second", "number", 0.0, "Of the vertices; 0: the clip's", high=1000.0),
        ),
        long=True,
    ),
)
