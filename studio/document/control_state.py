"""What the document knows of named controls beside the parameters, and what the controls say of its face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from studio.controls.mapping_file import UnitMapping
from studio.controls.named_controls import ControlSet, control_set, is_at_hand, read, with_mapping
from studio.controls.unit_space import face_vector
from studio.document.carry import Units, asks_for_units
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.params import Params

if TYPE_CHECKING:
    from studio.document.document import Document

SAME_FACE = 1e-4  # of any number of a face, which float32 storage may move


@dataclass(frozen=True)
class Memory:
    """The units that were set on one face: by them it is read where a basis cannot tell units apart."""

    face: tuple[float, ...] = ()  # expression, jaw_pose, eyes_pose, eyelids
    values: Mapping[str, float] = field(default_factory=dict)  # of units, by name


@dataclass(frozen=True)
class ControlState:
    """A mapping of the user's own with the name of its file, and what was set by controls last."""

    __hash__ = None  # type: ignore[assignment]

    mapping: UnitMapping | None = None
    mapping_name: str = ""
    memory: Memory = field(default_factory=Memory)

    def replace(self, **changes: object) -> ControlState:
        """The same state with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class _Reading:
    """The values of all controls, and what they were read from."""

    controls: ControlSet
    params: Params
    state: ControlState
    values: Mapping[str, float]


_mapped: WeakKeyDictionary[HeadModel, WeakKeyDictionary[UnitMapping, ControlSet]] = WeakKeyDictionary()
_mapping_lock = Lock()
_readings: WeakKeyDictionary[Document, _Reading] = WeakKeyDictionary()


def solve_controls(model: HeadModel, state: ControlState) -> ControlSet:
    """The controls of ``model`` with the mapping of ``state``; solved within seconds, once; on any thread.

    Raises:
        StudioError: the open head cannot be read, or the mapping is for more components than the model has.

    """
    original = model.original
    if state.mapping is None:
        return control_set(original)
    with _mapping_lock:
        known = _mapped.setdefault(original, WeakKeyDictionary())
        if state.mapping not in known:
            plain = control_set(original)
            known[state.mapping] = with_mapping(plain, state.mapping, original, state.mapping_name)
        return known[state.mapping]


def units_between(
    takes: tuple[Take, ...], old: HeadModel, state: ControlState, new: HeadModel
) -> Units | None:
    """The units by which ``takes`` of model ``old``, with the mapping of ``state``, go over to ``new``.

    None where they are not needed. Waits where units have to be solved first, up to seconds.

    Raises:
        StudioError: as :func:`solve_controls`.

    """
    if not asks_for_units(takes, old, new):
        return None
    return solve_controls(old, state).space, solve_controls(new, ControlState()).space


def controls_of(document: Document) -> ControlSet:
    """The controls of the document's model, with the user's own mapping where there is one.

    Waits where they have to be solved first, up to seconds; :func:`known_controls` does not.

    Raises:
        StudioError: as :func:`solve_controls`.

    """
    return solve_controls(document.model, document.controls)


def known_controls(document: Document) -> ControlSet | None:
    """The controls of the document's model where they are at hand; None where they are still to be solved."""
    model, state = document.model.original, document.controls
    if state.mapping is not None:
        return _mapped.get(model, WeakKeyDictionary()).get(state.mapping)
    return control_set(model) if is_at_hand(model) else None


def near_values(document: Document) -> Mapping[str, float]:
    """The units that the face at the time cursor was made of, as far as they are remembered."""
    memory = document.controls.memory
    if not memory.values:
        return {}
    face = face_vector(document.params, document.model.expression_count)
    same = len(face) == len(memory.face) and np.allclose(face, memory.face, rtol=0.0, atol=SAME_FACE)
    return memory.values if same else {}


def control_values(document: Document) -> Mapping[str, float]:
    """The value of every control at the time cursor, by name; kept until face or controls change.

    As :func:`studio.controls.named_controls.read`; waits as :func:`controls_of` does.

    Raises:
        StudioError: as :func:`solve_controls`.

    """
    controls, params, state = controls_of(document), document.params, document.controls
    last = _readings.get(document)
    if last is None or last.params is not params or last.state is not state or last.controls is not controls:
        last = _Reading(controls, params, state, read(controls, params, near_values(document)))
        _readings[document] = last
    return last.values
