"""The controls that people know, on any head model: what there is, what each says of a face, and setting one.

The 52 ARKit units are directions among expression, jaw, eyes and eyelids (:mod:`unit_space`): those that a
model names, or that are a pose, are its own; the others are solved from its basis (:mod:`solving`). Emotions
are combinations of units, head turns are shared between neck and root, eyelids are the model's own. All of
them only read and write parameters, so that they agree with whoever moves components directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from types import MappingProxyType
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import GROUP_OF, JAW_OPEN, JAW_OPEN_ANGLE, LOOKS, MOUTH_CLOSE, UNITS
from studio.controls.emotions import EMOTIONS
from studio.controls.head_turns import AXES, head_range, head_value, with_head_value
from studio.controls.mapping_file import UnitMapping
from studio.controls.titles import sentence
from studio.controls.unit_space import (
    EXACT,
    POSE_FIELDS,
    POSE_WIDTH,
    Fidelity,
    UnitSpace,
    unit_values,
    with_directions,
    with_unit_values,
)
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS, Params
from studio.storage.errors import UnfitFileError

Array = NDArray[np.float64]

EYELIDS = ("eyelidLeft", "eyelidRight")
JAW_SIDEWAYS = "jawSideways"  # + to the subject's left
# What a mirror does to the values of controls that have no other side; all others keep their sign.
MIRRORED_SIGN = MappingProxyType({"headTurn": -1.0, "headTilt": -1.0, JAW_SIDEWAYS: -1.0})
JAW_SIDES = ("jawLeft", "jawRight")


@dataclass(frozen=True)
class Control:
    """One control: what it is called, where it is found, how far it goes, and which parameters it changes."""

    name: str
    title: str
    group: str
    lowest: float
    highest: float
    changes: tuple[str, ...]  # fields of Params
    fidelity: Fidelity = EXACT


@dataclass(frozen=True, eq=False)
class ControlSet:
    """The controls of one model, in the order in which they are shown."""

    controls: Mapping[str, Control]
    space: UnitSpace

    @cached_property
    def emotion_reading(self) -> Array:
        """What unit values (52,) are multiplied by to know the emotions (7,) in them: least squares."""
        mixes = np.array([[mix.get(name, 0.0) for mix in EMOTIONS.values()] for name in self.space.names])
        return np.linalg.pinv(mixes)


_sets: WeakKeyDictionary[HeadModel, ControlSet] = WeakKeyDictionary()
_solving = Lock()


def control_set(model: HeadModel) -> ControlSet:
    """The controls of ``model``: at once where it names its units, else solved within a second; kept.

    May be called on any thread; one that asks while another solves waits for it.

    Raises:
        StudioError: units have to be solved, and the open head that gives them cannot be read.

    """
    if model not in _sets:
        with _solving:
            if model not in _sets:
                _sets[model] = assembled(_unit_space(model), has_eyelids=model.eyelids is not None)
    return _sets[model]


def is_at_hand(model: HeadModel) -> bool:
    """Whether :func:`control_set` gives the controls of ``model`` at once."""
    return model in _sets or not set(UNITS) - _own_directions(model).keys()


def with_mapping(controls: ControlSet, mapping: UnitMapping, model: HeadModel, label: str) -> ControlSet:
    """``controls`` of ``model`` in which the units of a user's own ``mapping`` do what it says.

    A mapping of fewer components than the model's is one of the first components, as shorter codes are.
    Its fidelity is measured as that of solved units is.

    Args:
        controls: as :func:`control_set` gives them.
        mapping: from a file.
        model: whose components it names.
        label: what the file is called in front of people.

    Raises:
        StudioError: the mapping is for more components than the model has.

    """
    count, width = model.expression_count, mapping.matrix.shape[1]
    if width > count:
        raise UnfitFileError(
            f"{label} maps to {width} expression components, and {model.name} has {count}; "
            "use the mapping made for this model."
        )
    directions = np.zeros((count + POSE_WIDTH, len(mapping.names)))
    directions[:width] = mapping.matrix.T
    from studio.controls.solving import UnitSolver  # for heads without names only

    solver = UnitSolver(model)
    fidelities = tuple(
        solver.fidelity(name, direction) for name, direction in zip(mapping.names, directions.T, strict=True)
    )
    space = with_directions(
        replace(controls.space, metric=solver.metric), mapping.names, directions, fidelities
    )
    return assembled(space, has_eyelids=model.eyelids is not None)


def assembled(space: UnitSpace, has_eyelids: bool) -> ControlSet:
    """The controls over the units of ``space``."""
    found = [
        Control(name, sentence(name), "Head", *head_range(name), ("neck_pose", "rotation")) for name in AXES
    ]
    found += [
        Control(name, sentence(name), "Emotions", 0.0, 1.0, _changes(space, mix), _weakest(space, mix))
        for name, mix in EMOTIONS.items()
    ]
    if has_eyelids:
        found += [Control(name, sentence(name), "Eyes", 0.0, 1.0, ("eyelids",)) for name in EYELIDS]
    sideways = dict.fromkeys(JAW_SIDES, 1.0)
    found.append(
        Control(
            JAW_SIDEWAYS,
            sentence(JAW_SIDEWAYS),
            "Jaw",
            -1.0,
            1.0,
            _changes(space, sideways),
            _weakest(space, sideways),
        )
    )
    for name, fidelity in zip(space.names, space.fidelities, strict=True):
        found.append(
            Control(name, sentence(name), GROUP_OF[name], 0.0, 1.0, _changes(space, {name: 1.0}), fidelity)
        )
    return ControlSet({control.name: control for control in found}, space)


def units_of(name: str) -> tuple[str, ...]:
    """The units that the control ``name`` moves: itself, where it is one; none where it is a pose."""
    if name in EMOTIONS:
        return tuple(EMOTIONS[name])
    if name == JAW_SIDEWAYS:
        return JAW_SIDES
    return (name,) if name in GROUP_OF else ()


def numbers_of(controls: ControlSet, name: str) -> tuple[tuple[str, int], ...]:
    """The single numbers, as field of Params and index, that a unit, a head turn or an eyelid moves.

    Empty for what is a mix of units, and for units that do nothing on this model.
    """
    if name in AXES:
        return (("neck_pose", AXES[name]), ("rotation", AXES[name]))
    if name in EYELIDS:
        return (("eyelids", EYELIDS.index(name)),)
    if name not in controls.space.places:
        return ()
    places = np.flatnonzero(controls.space.directions[:, controls.space.places[name]])
    return tuple(_number_at(controls.space, int(place)) for place in places)


def _number_at(space: UnitSpace, place: int) -> tuple[str, int]:
    """The field and index of a number of the face (N,)."""
    start = space.expression_count
    if place < start:
        return "expr", place
    for field in POSE_FIELDS:
        if place < start + FIELD_WIDTHS[field]:
            return field, place - start
        start += FIELD_WIDTHS[field]
    raise IndexError(place)


def read(controls: ControlSet, params: Params, near: Mapping[str, float] | None = None) -> dict[str, float]:
    """The value of every control in ``params``; what no control can express is in none of them.

    Units and emotions are least squares, and may lie beyond their ranges where the face does; where several
    readings explain a face as well, it is the one nearest to the units in ``near`` (:func:`remembered`).
    Head turns are in radians.
    """
    values = unit_values(controls.space, params, near)
    by_name = dict(zip(controls.space.names, values.tolist(), strict=True))
    by_name |= dict(zip(EMOTIONS, (controls.emotion_reading @ values).tolist(), strict=True))
    by_name |= dict(zip(EYELIDS, params.eyelids.tolist(), strict=True))
    by_name |= {name: head_value(params, name) for name in AXES}
    by_name[JAW_SIDEWAYS] = by_name[JAW_SIDES[0]] - by_name[JAW_SIDES[1]]
    return {name: by_name[name] for name in controls.controls}


def apply(
    controls: ControlSet, params: Params, name: str, value: float, near: Mapping[str, float] | None = None
) -> Params:
    """``params`` with control ``name`` at ``value``; only its own contribution changes, all else is kept.

    But closing the mouth over the jaw opens the jaw as far as that needs, and closing the jaw takes it back.

    What it is now is told as by :func:`read`.

    Raises:
        ValueError: there is no such control, or ``value`` is not finite.

    """
    return apply_all(controls, params, {name: value}, near)


def apply_all(
    controls: ControlSet, params: Params, values: Mapping[str, float], near: Mapping[str, float] | None = None
) -> Params:
    """``params`` with several controls set; emotions add to units, units in ``values`` have the last word.

    Raises:
        ValueError: there is no such control, or a value is not finite.

    """
    units = wanted_units(controls, params, values, near)
    for name, value in values.items():
        if name in AXES:
            params = with_head_value(params, name, value)
        elif name in EYELIDS:
            lids = params.eyelids.copy()
            lids[EYELIDS.index(name)] = value
            params = params.replace(eyelids=lids)
    return with_unit_values(controls.space, params, units, near) if units else params


def remembered(
    controls: ControlSet, params: Params, values: Mapping[str, float], near: Mapping[str, float] | None = None
) -> dict[str, float]:
    """What the next :func:`read` should be near to, as ``values`` are set on ``params`` by :func:`apply_all`.

    On a basis of few components several units make the same face: so each keeps the value that it was given.

    Raises:
        ValueError: as :func:`apply_all`.

    """
    now = dict(zip(controls.space.names, unit_values(controls.space, params, near).tolist(), strict=True))
    return now | wanted_units(controls, params, values, near)


def wanted_units(
    controls: ControlSet, params: Params, values: Mapping[str, float], near: Mapping[str, float] | None
) -> dict[str, float]:
    """The units that ``values`` of controls set on ``params``, and what they come to.

    Raises:
        ValueError: there is no such control, or a value is not finite.

    """
    for name, value in values.items():
        if name not in controls.controls:
            raise ValueError(f"There is no control named {name!r}.")
        if not np.isfinite(value):
            raise ValueError(f"The value of {name} must be finite, not {value}.")
    now = unit_values(controls.space, params, near)
    units = _with_emotions(controls, now, {name: value for name, value in values.items() if name in EMOTIONS})
    if JAW_SIDEWAYS in values:
        sideways = values[JAW_SIDEWAYS]
        units |= dict(zip(JAW_SIDES, (max(sideways, 0.0), max(-sideways, 0.0)), strict=True))
    units |= {name: value for name, value in values.items() if name in controls.space.places}
    return units | _over_open_jaw(units, dict(zip(controls.space.names, now.tolist(), strict=True)))


def _over_open_jaw(units: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """What goes along with ``units``: lips close over an open jaw no farther than it is open."""
    if MOUTH_CLOSE in units and JAW_OPEN in units:
        return {}
    if MOUTH_CLOSE in units and units[MOUTH_CLOSE] > max(now[JAW_OPEN], 0.0):
        return {JAW_OPEN: units[MOUTH_CLOSE]}
    if JAW_OPEN in units and now[MOUTH_CLOSE] > max(units[JAW_OPEN], 0.0):
        return {MOUTH_CLOSE: max(units[JAW_OPEN], 0.0)}
    return {}


def _with_emotions(controls: ControlSet, now: Array, emotions: Mapping[str, float]) -> dict[str, float]:
    """What units at ``now`` (52,) come to as ``emotions`` take these values: those that they touch."""
    held = dict(zip(EMOTIONS, controls.emotion_reading @ now, strict=True))
    units: dict[str, float] = {}
    for name, value in emotions.items():
        for unit, weight in EMOTIONS[name].items():
            before = units.get(unit, float(now[controls.space.places[unit]]))
            units[unit] = before + (value - held[name]) * weight
    return units


def _unit_space(model: HeadModel) -> UnitSpace:
    """The units of ``model``, its own where it has them."""
    size = model.expression_count + POSE_WIDTH
    own = _own_directions(model)
    missing = tuple(name for name in UNITS if name not in own)
    directions = np.stack([own.get(name, np.zeros(size)) for name in UNITS], axis=1)
    space = UnitSpace(UNITS, directions, np.eye(size), (EXACT,) * len(UNITS))
    if not missing:
        return space
    from studio.controls.solving import UnitSolver  # for heads without names only

    solver = UnitSolver(model)
    solved = solver.solve(missing)
    return with_directions(
        replace(space, metric=solver.metric), missing, solved.directions, solved.fidelities
    )


def _own_directions(model: HeadModel) -> dict[str, Array]:
    """Directions (N,) of the units that ``model`` names, and of those that are poses of every model."""
    count = model.expression_count
    axes = np.eye(count + POSE_WIDTH)
    own = {name: axes[count + 3 + component] * angle for name, (component, angle) in LOOKS.items()}
    named = {name: axes[place] for place, name in enumerate(model.expression_names) if name in GROUP_OF}
    if named:
        own[JAW_OPEN] = axes[count] * JAW_OPEN_ANGLE
    return own | named


def _changes(space: UnitSpace, units: Mapping[str, float]) -> tuple[str, ...]:
    """The fields of Params that these units touch."""
    touched = np.abs(space.directions[:, [space.places[name] for name in units]]).max(axis=1) > 0.0
    edges = np.cumsum([space.expression_count, *(FIELD_WIDTHS[name] for name in POSE_FIELDS)])[:-1]
    parts = np.split(touched, edges)
    return tuple(name for name, part in zip(("expr", *POSE_FIELDS), parts, strict=True) if part.any())


def _weakest(space: UnitSpace, units: Mapping[str, float]) -> Fidelity:
    """The fidelity of the unit that comes out worst."""
    return min((space.fidelities[space.places[name]] for name in units), key=lambda found: found.score)
