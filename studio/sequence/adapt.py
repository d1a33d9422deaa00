"""A recording on a model: what carries over, what is padded, what is left out, and who is told."""

from __future__ import annotations

import numpy as np

from studio.flame.model import HeadModel
from studio.flame.offsets import fits, fitted
from studio.flame.params import FloatArray
from studio.sequence.clip import Clip
from studio.sequence.layout import Recording
from studio.sequence.offsets import Offsets

NAMES_TOLD = 4


def on_model(recording: Recording, model: HeadModel, label: str) -> tuple[Clip, list[str]]:
    """The clip of ``recording`` in the sizes of ``model``, and sentences on what is not as recorded.

    Poses always carry over. Named expression components go by name. Numbered ones mean the same on
    models of one basis: shorter vectors are padded with zeros, longer ones cut. Between versions of
    FLAME they are kept with a warning; between FLAME and a model that names its components they
    are left at zero. Vertex offsets are kept on the mesh they were made for, with VHAP's teeth or without.
    """
    notices = list(recording.notices)
    same = _same_basis(recording, model)
    expr, shape = recording.channels["expr"], recording.shape
    if recording.expression_names:
        carried = _by_name(expr, recording.expression_names, model, label, notices)
        identity = _identity_of(recording, model, same, label, notices)
    elif same or not model.expression_names:
        if not same:
            notices.append(_other_version(recording, model, label))
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
    kept = same or not model.expression_names
    clip = Clip(
        shape=identity,
        expr=carried,
        static_offset=offsets.static,
        dynamic_offset=offsets.dynamic,
        fps=recording.fps,
        model_name=recording.model_name if kept and recording.model_name else model.name,
        model_digest=recording.model_digest if kept else model.digest,
        **{name: rows for name, rows in recording.channels.items() if name != "expr"},
    )
    return clip, notices


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
        "different versions do not mean the same, so the face may differ."
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
