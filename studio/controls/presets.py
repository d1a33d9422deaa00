"""Poses with a name: what one holds, what it makes of a face, and how it is taken from one.

A preset holds values of named controls, so that it works on any head, and may also hold the exact
parameters of the head that it was made on, so that there it comes back to the digit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import BLINKS, UNITS, mirrored_name
from studio.controls.face_parts import (
    FACE,
    FIELDS_OF,
    PART_OF,
    PARTS,
    Part,
    expression_places,
    in_order,
)
from studio.controls.head_turns import AXES
from studio.controls.named_controls import MIRRORED_SIGN, ControlSet, apply_all, control_set, read
from studio.controls.symmetry import flipped
from studio.flame.model import HeadModel
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.storage.errors import UnfitFileError

STRONGEST = 1.5  # of a preset: beyond 1 it is overdone
LEAST = 5e-4  # of a control; less is noise of the reading
DIGITS = 4
_HELD = ("neck_pose", "jaw_pose", "eyes_pose", "eyelids")  # stay within what a body can, however strong


@dataclass(frozen=True)
class Exact:
    """The parameters that a preset was taken from, and the model that they belong to."""

    model: str  # its name
    digest: str
    params: Params

    __hash__ = None  # type: ignore[assignment]

    def fits(self, model: HeadModel) -> bool:
        """Whether the numbers mean the same on ``model``."""
        sizes = len(self.params.shape), len(self.params.expr)
        return (model.original.digest, model.shape_count, model.expression_count) == (self.digest, *sizes)


@dataclass(frozen=True)
class Preset:
    """A pose of some parts of a head: of these parts, controls that are not named are neutral."""

    __hash__ = None  # type: ignore[assignment]

    name: str
    parts: tuple[Part, ...]
    controls: Mapping[str, float] = field(default_factory=dict)  # units 0..1, head turns in radians
    tags: tuple[str, ...] = ()
    author: str = ""
    note: str = ""
    exact: Exact | None = None
    unknown: Mapping[str, Any] = field(default_factory=dict)  # fields of other versions, kept

    def replace(self, **changes: Any) -> Preset:
        """The same preset with some fields changed."""
        return replace(self, **changes)


def preset_of(
    model: HeadModel, params: Params, name: str, parts: Collection[str], controls: ControlSet | None = None
) -> Preset:
    """The face ``params`` of ``model`` as a preset of ``parts``; nothing of the others is in it.

    Args:
        model: of the face.
        params: the face.
        name: what the preset is called.
        parts: those that it touches.
        controls: what names the face, where a user's own mapping changes that.

    Raises:
        StudioError: the controls of the model cannot be solved.

    """
    values = read(controls or control_set(model.original), params)
    if all(unit in model.expression_names for unit in BLINKS):
        for side in ("Left", "Right"):
            values[f"eyeBlink{side}"] += values.get(f"eyelid{side}", 0.0)
    chosen = in_order(parts)
    named = {
        unit: round(values[unit], DIGITS)
        for unit in (*UNITS, *AXES)
        if PART_OF[unit] in chosen and abs(values[unit]) >= LEAST
    }
    own = _with_exact(params, Params.neutral(model), chosen, model)
    if expression_places(model) is None and set(FACE) & set(chosen):
        own = own.replace(expr=params.expr, jaw_pose=params.jaw_pose, eyelids=params.eyelids)
    return Preset(name, chosen, named, exact=Exact(model.name, model.original.digest, own))


def mirrored(preset: Preset, model: HeadModel) -> Preset:
    """``preset`` with the left side's values on the right and the other way round.

    Its exact parameters go along where they are those of ``model``, and are left out where they are not.
    """
    controls = {
        mirrored_name(name): MIRRORED_SIGN.get(name, 1.0) * value for name, value in preset.controls.items()
    }
    exact = preset.exact
    if exact is None or not exact.fits(model):
        return preset.replace(controls=controls, exact=None)
    return preset.replace(controls=controls, exact=replace(exact, params=flipped(model, exact.params)))


def posed(
    preset: Preset,
    model: HeadModel,
    before: Params,
    parts: Collection[str] = PARTS,
    controls: ControlSet | None = None,
) -> Params:
    """``before`` with those parts of ``preset`` that are among ``parts`` as the preset has them.

    All else stays. On the head that it was made on the numbers come back exactly; on another one, and where
    only some parts of a face without names are wanted, the named controls are set. With the whole face
    wanted, what the controls do not express goes to neutral too.

    Args:
        preset: the pose.
        model: of the face.
        before: the face.
        parts: those that may change.
        controls: what the named controls do, where a user's own mapping changes that.

    Raises:
        StudioError: it holds nothing that means anything on ``model``.

    """
    refuse_unfit(preset, model)
    chosen = in_order(set(preset.parts) & set(parts))
    exact = preset.exact if preset.exact is not None and preset.exact.fits(model) else None
    whole = set(FACE) <= set(chosen)
    places = expression_places(model)
    if exact is not None and (whole or places is not None or not set(FACE) & set(chosen)):
        return _with_exact(exact.params, before, chosen, model)
    cleared = _cleared(before, chosen, model)
    values = {name: preset.controls.get(name, 0.0) for name, part in PART_OF.items() if part in chosen}
    shown = apply_all(controls or control_set(model.original), cleared, values) if values else cleared
    shown = within_reach(model, shown, before)
    return shown.replace(shape=exact.params.shape) if exact and "identity" in chosen else shown


def refuse_unfit(preset: Preset, model: HeadModel) -> None:
    """Say why nothing of ``preset`` can be shown on ``model``.

    Raises:
        UnfitFileError: it holds only the components of another basis.

    """
    exact = preset.exact
    if exact is not None and not preset.controls and not exact.fits(model) and _says_something(exact.params):
        raise UnfitFileError(
            f"{preset.name} holds only components of {exact.model}, which mean something else on "
            f"{model.name}; open that model first, or save the pose there with its face."
        )


def _says_something(params: Params) -> bool:
    return bool(params.expr.any() or params.shape.any())


def told_of(preset: Preset, model: HeadModel) -> str:
    """A sentence on what of ``preset`` comes back otherwise on ``model``; empty where nothing does."""
    exact = preset.exact
    if exact is None or exact.fits(model):
        return ""
    lost = " Its identity is left out." if "identity" in preset.parts and exact.params.shape.any() else ""
    return f"{preset.name} was saved on {exact.model}: on {model.name} its face controls are used.{lost}"


def blended(model: HeadModel, before: Params, after: Params, strength: float) -> Params:
    """The face at ``strength`` of the way from ``before`` to ``after``, which may go beyond it.

    Joints turn on the sphere. Beyond 1 neck, jaw, eyes and lids stop where a body does, unless one of the
    two faces is farther already.
    """
    shown = before.lerp(after, strength)
    return shown if 0.0 <= strength <= 1.0 else within_reach(model, shown, before, after)


def within_reach(model: HeadModel, shown: Params, *known: Params) -> Params:
    """``shown`` with joints, lids and blinks within their ranges, or as far as one of ``known`` has them."""
    held: dict[str, NDArray[Any]] = {}
    for field_name in _HELD:
        ends = np.stack([*FIELD_RANGES[field_name].T, *(getattr(face, field_name) for face in known)])
        held[field_name] = np.clip(getattr(shown, field_name), ends.min(axis=0), ends.max(axis=0))
    expr = shown.expr.copy()
    for name in BLINKS:
        if name in model.expression_names:
            place = model.expression_names.index(name)
            allowed = [0.0, 1.0, *(float(face.expr[place]) for face in known)]
            expr[place] = min(max(float(expr[place]), min(allowed)), max(allowed))
    return shown.replace(expr=expr, **held)


def _with_exact(exact: Params, before: Params, chosen: Collection[Part], model: HeadModel) -> Params:
    """``before`` with the ``chosen`` parts of ``exact``, parameters of the same model."""
    fields: dict[str, Any] = {name: getattr(exact, name) for part in chosen for name in FIELDS_OF[part]}
    if set(FACE) <= set(chosen):
        return before.replace(expr=exact.expr, **fields)
    expr = before.expr.copy()
    for part, indices in (expression_places(model) or {}).items():
        if part in chosen:
            expr[list(indices)] = exact.expr[list(indices)]
    return before.replace(expr=expr, **fields)


def _cleared(before: Params, chosen: Collection[Part], model: HeadModel) -> Params:
    """``before`` with the ``chosen`` parts neutral, as far as parameters belong to one part."""
    fields: dict[str, Any] = {
        name: 0.0 * getattr(before, name) for part in chosen if part != "identity" for name in FIELDS_OF[part]
    }
    places = expression_places(model)
    if set(FACE) <= set(chosen):
        return before.replace(expr=0.0 * before.expr, **fields)
    if places is None:
        # jaw and lids are moved along with components here: their units take them back
        return before.replace(
            **{name: fields[name] for name in fields if name not in ("jaw_pose", "eyelids")}
        )
    expr = before.expr.copy()
    for part in chosen:
        expr[list(places.get(part, ()))] = 0.0
    return before.replace(expr=expr, **fields)
