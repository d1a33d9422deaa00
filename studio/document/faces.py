"""Setting named controls, as commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from numpy.typing import ArrayLike

from studio.controls.arkit import other_side
from studio.controls.gaze import Gaze, look_at, with_gaze
from studio.controls.mapping_file import UnitMapping
from studio.controls.named_controls import apply_all, remembered
from studio.controls.unit_space import face_vector
from studio.document.auto_key import UnitSteps, unit_steps
from studio.document.commands import Command, change, set_params, set_where_unlocked
from studio.document.control_state import ControlState, Memory, controls_of, near_values
from studio.document.control_state import control_values as control_values
from studio.document.control_state import known_controls as known_controls
from studio.document.document import Document


def set_control(
    document: Document, name: str, value: float, gesture: int | None = None, title: str | None = None
) -> Command:
    """Set one control at the time cursor, as the user's own hand does: locks do not hold it.

    With the symmetric tool on, the control of the other side goes along. The step is called ``title``, else
    as the control is.

    Args:
        document: on whose model the control is.
        name: of the control.
        value: in its own unit: 0..1, or radians for turns of the head.
        gesture: of a drag, whose steps merge.
        title: of the step.

    Raises:
        ValueError: there is no such control, or ``value`` is not finite.
        StudioError: the controls cannot be solved.

    """
    values = {name: value}
    other = other_side(name)
    if document.tools.symmetric and other is not None:
        values[other] = value
    controls = controls_of(document)
    near = near_values(document)
    params = apply_all(controls, document.params, values, near)
    control = controls.controls[name]
    units = _unit_steps(document, values, near)
    lead = _lead(control.changes)
    command = set_params(document, title or control.title, params, gesture, lead, units)
    return _remembering(document, command, values, near)


def set_controls(
    document: Document,
    step_name: str,
    values: Mapping[str, float],
    gesture: int | None = None,
    keep_locks: bool = True,
) -> Command:
    """Set several controls at the time cursor in one step; what is locked stays where ``keep_locks``.

    Emotions add to units; units in ``values`` have the last word. What the face holds beside them stays.

    Raises:
        ValueError: there is no such control, or a value is not finite.
        StudioError: the controls cannot be solved.

    """
    near = near_values(document)
    params = apply_all(controls_of(document), document.params, values, near)
    units = _unit_steps(document, values, near)
    make = set_where_unlocked if keep_locks else set_params
    return _remembering(document, make(document, step_name, params, gesture, units=units), values, near)


def set_gaze(
    document: Document, step_name: str, gaze: Gaze, gesture: int | None = None, keep_locks: bool = False
) -> Command:
    """Let both eyes look where ``gaze`` says, lids along; what is locked stays where ``keep_locks``."""
    params = with_gaze(document.model, document.params, gaze)
    make = set_where_unlocked if keep_locks else set_params
    return make(document, step_name, params, gesture)


def look_at_point(document: Document, step_name: str, target: ArrayLike) -> Command:
    """Let both eyes look at ``target`` (3,), metres, lids along, as far as eyes go.

    Raises:
        ValueError: ``target`` is not three finite numbers.

    """
    return set_params(document, step_name, look_at(document.model, document.params, target))


def use_mapping(document: Document, mapping: UnitMapping, name: str, source: Path | None = None) -> Command:
    """Let the units of a user's own ``mapping``, called ``name``, of the file ``source``, do what it says."""
    state = ControlState(mapping, name)
    return replace(change(document, f"Use mapping {name}", controls=state), source=source)


def drop_mapping(document: Document) -> Command:
    """Go back to the model's own units."""
    name = document.controls.mapping_name
    return change(document, f"Drop mapping {name}".rstrip(), controls=ControlState())


def _unit_steps(
    document: Document, values: Mapping[str, float], near: Mapping[str, float]
) -> UnitSteps | None:
    """What ``values`` change of units that get keys of their own; None without auto-key."""
    if not document.tools.auto_key:
        return None
    return unit_steps(controls_of(document), document.params, values, near)


def _lead(changes: tuple[str, ...]) -> str:
    """The field that leads where blinks, lids and correctives have to agree with it."""
    return next((name for name in ("expr", "eyelids") if name in changes), "")


def _remembering(
    document: Document, command: Command, values: Mapping[str, float], near: Mapping[str, float]
) -> Command:
    """``command``, which sets ``values``, with what is to be remembered where units cannot be told apart."""
    controls = controls_of(document)
    if not controls.space.is_ambiguous:
        return command
    params = command.new["takes"][document.active].params(document.position)
    face = face_vector(params, document.model.expression_count)
    kept = remembered(controls, document.params, values, near)
    state = document.controls.replace(memory=Memory(tuple(face.tolist()), kept))
    return replace(
        command,
        old={**command.old, "controls": document.controls},
        new={**command.new, "controls": state},
    )
