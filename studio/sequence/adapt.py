"""A recording on a model: what carries over, what is padded, what is left out, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from studio.flame.model import HeadModel
from studio.flame.offsets import fits, fitted
from studio.flame.params import FloatArray
from studio.flame.rotations import to_matrices
from studio.flame.skeleton import skeleton
from studio.flame.versions import (
    FLAME_2017,
    FLAME_2019,
    FLAME_2020,
    FLAME_2023,
    FLAME_2023_NO_JAW,
    FLAME_2023_OPEN,
)
from studio.sequence.clip import Clip
from studio.sequence.layout import Recording
from studio.sequence.offsets import Offsets
from studio.sequence.report import ImportReport
from studio.sequence.surface_clips import surface_clip

NAMES_TOLD = 4
UNMIXED = (FLAME_2017, FLAME_2019, FLAME_2020, FLAME_2023, FLAME_2023_NO_JAW, FLAME_2023_OPEN)
ALIKE = ({FLAME_2023, FLAME_2023_NO_JAW},)  # the same components; what differs is the jaw
Adapt = Callable[[Recording, HeadModel, str], tuple[Clip, list[str]]]


def on_model(recording: Recording, model: HeadModel, label: str) -> tuple[Clip, list[str]]:
    """The clip of ``recording`` in the sizes of ``model``, and sentences on what is not as recorded.

    Poses always carry over. Named expression components go by name. Numbered ones mean the same on
    models of one basis: shorter vectors are padded with zeros, longer ones cut. Between versions of
    FLAME they are kept with a warning; between FLAME and a model that names its components they
    are left at zero. Vertex offsets are kept on the mesh they were made for, with VHAP's teeth or without.
    """
    if recording.surfaces is not None:
        return _surface(recording, model, label)
    notices = list(recording.notices)
    same = _same_basis(recording, model)
    expr, shape = recording.channels["expr"], recording.shape
    if recording.expression_names:
        carried = _by_name(expr, recording.expression_names, model, label, notices)
        identity = _identity_of(recording, model, same, label, notices)
    elif same or not model.expression_names:
        if not same:
            notices.append(_other_version(recording, model, label))
        elif (expr.any() or shape.any()) and _is_other_release(recording, model):
            notices.append(_other_release(recording, model, label))
        carried = _resized(expr, model.expression_count, "expression", model, label, notices)
        identity = _resized(shape[None], model.shape_count, "shape", model, label, notices)[0]
    else:
        carried = np.zeros((len(expr), model.expression_count), np.float32)
        identity = np.zeros(model.shape_count, np.float32)
        if expr.any() or shape.any():
            notices.append(
                f"{label} was made for another head model than {model.name}: its poses play, its shape and "
                "expression mean something else there and are left out."
            )
    offsets = _offsets(recording.offsets, model, label, notices)
    pose = {name: rows for name, rows in recording.channels.items() if name != "expr"}
    if recording.path_start is not None:
        pose["translation"] = _path(pose, recording.path_start, identity, carried, model)
    kept = same or not model.expression_names
    clip = Clip(
        shape=identity,
        expr=carried,
        static_offset=offsets.static,
        dynamic_offset=offsets.dynamic,
        fps=recording.fps,
        model_name=recording.model_name if kept and recording.model_name else model.name,
        model_digest=recording.model_digest if kept else model.digest,
        **pose,
    )
    return clip, notices


def _surface(recording: Recording, model: HeadModel, label: str) -> tuple[Clip, list[str]]:
    """The clip of a recording of surfaces."""
    assert recording.surfaces is not None
    pose = {name: rows for name, rows in recording.channels.items() if name != "expr"}
    return surface_clip(recording.surfaces, pose, model, label, recording.fps), list(recording.notices)


def _path(
    pose: Mapping[str, FloatArray],
    start: FloatArray,
    shape: FloatArray,
    expr: FloatArray,
    model: HeadModel,
) -> FloatArray:
    """The translations (T, 3) about the root joint of a path about the origin, from where it starts.

    A vertex goes to A v + b there, and to A (v - j) + j + t here, with j the root joint: t = b + A j - j. The
    start has the root joint of the face without an expression.
    """
    found = skeleton(model)
    still = found.template[0] + found.by_shape[0][:, : len(shape)] @ shape.astype(np.float64)
    roots = still + expr.astype(np.float64) @ found.by_expression[0][:, : expr.shape[1]].T
    turns = to_matrices(pose["rotation"])
    moved = pose["translation"] + np.einsum("tij,tj->ti", turns, roots) - roots
    begun = start[3:] + to_matrices(start[:3]) @ still - still
    return (moved - begun).astype(np.float32)


def _is_other_release(recording: Recording, model: HeadModel) -> bool:
    """Whether a recording without a model's name is of a program that works with another release of FLAME."""
    made, shown = recording.version, model.version
    known = made in UNMIXED and shown in UNMIXED and not recording.model_digest
    return known and made != shown and not any({made, shown} <= alike for alike in ALIKE)


def _other_release(recording: Recording, model: HeadModel, label: str) -> str:
    return (
        f"{label} looks like {recording.report.layout}, which are made with {recording.version}, and is "
        f"shown on {model.version}: shape and expression codes of different versions do not mean the same, "
        f"so the face may differ while poses are right; open a {recording.version} model to see it as it was "
        "made."
    )


def finished_report(recording: Recording, clip: Clip, notices: list[str]) -> ImportReport:
    """The report of ``recording`` with what became of it as ``clip``: padding, cutting, and what was told."""
    report, count = recording.report, len(clip)
    taken = []
    for entry in report.taken:
        had = {"expr": recording.channels["expr"].shape[1], "shape": len(recording.shape)}.get(entry.field, 0)
        has = {"expr": clip.expr.shape[1], "shape": len(clip.shape)}.get(entry.field, 0)
        said = f"padded to {has}" if had < has else f"cut to {has}" if had > has else ""
        how = ", ".join(part for part in (entry.how, said) if part)
        taken.append(replace(entry, how=how))
    if report.taken and count > 1 and "shape" in {entry.field for entry in report.taken}:
        taken = [
            replace(entry, how=f"{entry.how}, for all frames") if entry.field == "shape" else entry
            for entry in taken
        ]
    notes = tuple(dict.fromkeys((*report.notes, *notices)))
    return replace(report, taken=tuple(taken), notes=notes, fps=clip.fps)


def _same_basis(recording: Recording, model: HeadModel) -> bool:
    """Whether the recording's numbers mean the same on ``model``, as far as the file tells."""
    if recording.model_digest:
        return recording.model_digest == model.digest
    if recording.expression_names or model.expression_names:
        width = recording.channels["expr"].shape[1]
        return recording.expression_names in ((), model.expression_names) and width == model.expression_count
    return True


def _by_name(
    expr: FloatArray, names: tuple[str, ...], model: HeadModel, label: str, notices: list[str]
) -> FloatArray:
    """``expr`` (T, E') at the places ``model`` has for ``names``."""
    places = {name: index for index, name in enumerate(model.expression_names)}
    carried = np.zeros((len(expr), model.expression_count), np.float32)
    missing = []
    for index, name in enumerate(names):
        if name in places:
            carried[:, places[name]] = expr[:, index]
        elif expr[:, index].any():
            missing.append(name)
    if missing:
        listed = ", ".join(missing[:NAMES_TOLD]) + (", …" if len(missing) > NAMES_TOLD else "")
        notices.append(
            f"{model.name} has no expression components named {listed}: of {label} the poses play, "
            "these are left out."
        )
    return carried


def _identity_of(
    recording: Recording, model: HeadModel, same: bool, label: str, notices: list[str]
) -> FloatArray:
    """The shape of a recording with named expressions."""
    if same:
        return _resized(recording.shape[None], model.shape_count, "shape", model, label, notices)[0]
    if recording.shape.any():
        notices.append(
            f"{label} was made for another head model than {model.name}; its shape is left neutral."
        )
    return np.zeros(model.shape_count, np.float32)


def _resized(
    rows: FloatArray, count: int, what: str, model: HeadModel, label: str, notices: list[str]
) -> FloatArray:
    """``rows`` (T, D) padded with zeros or cut to (T, count)."""
    width = rows.shape[1]
    if width > count and rows[:, count:].any():
        notices.append(
            f"{label} has {width} {what} components and {model.name} {count}; "
            f"those from {count + 1} on are left out."
        )
    if 0 < width < count:
        notices.append(
            f"{label} has {width} of the {count} {what} components of {model.name}; the rest are 0."
        )
    resized = np.zeros((len(rows), count), np.float32)
    resized[:, : min(width, count)] = rows[:, :count]
    return resized


def _other_version(recording: Recording, model: HeadModel, label: str) -> str:
    made_on = recording.model_name or "another model"
    made_on = f"another copy of {made_on}" if made_on == model.name else made_on
    return (
        f"{label} was made on {made_on} and is shown on {model.name}: shape and expression codes of "
        "different versions do not mean the same, so the face may differ; open that model to see it as it "
        "was."
    )


def _offsets(offsets: Offsets, model: HeadModel, label: str, notices: list[str]) -> Offsets:
    """``offsets`` for the vertices of ``model``; none where they are for another mesh."""
    count = offsets.vertex_count
    if count in (0, model.vertex_count):
        return offsets
    if not fits(count, model):
        notices.append(
            f"{label} also moves the vertices of a mesh of {count}, and {model.name} has "
            f"{model.vertex_count}: these offsets are left out."
        )
        return Offsets()
    pair = (offsets.static, offsets.dynamic)
    if any(part is not None and part[..., model.vertex_count :, :].any() for part in pair):
        notices.append(
            f"{label} also moves teeth, which {model.name} has not; add teeth to the model before opening it "
            "to see them move."
        )
    static, dynamic = (None if part is None else fitted(part, model) for part in pair)
    return Offsets(static, dynamic)
