"""Steps of the history as Python: the shortest call that does the same, else the exact one.

A call counts as the same only where doing it on a document of its own gives every value of the step,
to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.document.commands import RESETS, Command
from studio.document.control_state import control_values, known_controls
from studio.document.document import FIELDS, Document
from studio.flame.model import HeadModel
from studio.flame.params import VECTORS, Params
from studio.scripting.calls import Call
from studio.scripting.layering import calls_of
from studio.scripting.naming import key_of, model_name
from studio.scripting.packing import OFFSET, number, tell_values
from studio.scripting.studio import Studio
from studio.scripting.values import difference, tell
from studio.session.plain import to_plain
from studio.storage.errors import StudioError

_SETTINGS = ("look", "playback", "comparison", "sound")  # with a function of their own
_LAST = ("camera", "position")  # what is no step is told at the end of a script

Values = Mapping[str, Any]  # all fields of a document


@dataclass(frozen=True)
class Past:
    """A document as it was at its first state, and the steps since."""

    first: Values
    steps: tuple[Command, ...]

    @classmethod
    def of(cls, document: Document, steps: Sequence[Command]) -> Past:
        """The past of ``document``, to which ``steps`` were done."""
        first = document.read(FIELDS)
        for step in reversed(steps):
            first |= step.old
        return cls(first, tuple(steps))

    def before(self, index: int) -> Values:
        """All fields before step ``index``."""
        values = dict(self.first)
        for step in self.steps[:index]:
            values |= step.new
        return values

    def calls(self, indices: Iterable[int]) -> list[str]:
        """The steps ``indices`` as Python, in the order in which they were done."""
        return [code_of(self.steps[index], self.before(index)) for index in sorted(indices)]


def script_of(document: Document, steps: Sequence[Command]) -> str:
    """A script that makes ``document``, to which ``steps`` were done, from a new one."""
    past = Past.of(document, steps)
    past = Past({**past.first, "position": 0.0}, past.steps)  # where the script is until its last line
    model = past.first["model"]
    name = model_name(model)
    lines = ["from studio.scripting import Studio", ""]
    on = _remark(f"on {model.name}")
    lines.append(f"studio = Studio({name!r})" if name else f"studio = Studio()  {on}")
    new = _new_values(model.original)
    beginning = {
        key: past.first[key] for key in FIELDS if key not in _LAST and not _same(new, past.first, key)
    }
    if beginning:
        lines.append(code_of(Command("Beginning", {key: new[key] for key in beginning}, beginning), new))
    lines += past.calls(range(len(past.steps)))
    lines.append(Call("camera", (), to_plain(document.camera)).code())
    if document.position:
        lines.append(Call("go_to", (document.position,)).code())
    return "\n".join(lines) + "\n"


def code_of(command: Command, before: Values) -> str:
    """``command``, done to a document whose fields were ``before``, as Python."""
    for call in _candidates(command, before):
        if _does(call, command, before):
            return call.code()
    try:
        return Call("set", (command.name,), tell(before, command.new)).code()
    except StudioError as error:
        return _remark(f"{command.name}: {error}")


def _remark(text: str) -> str:
    """``text`` as a comment of one line: the name of a file may hold a line break, and code after it."""
    return "# " + " ".join(text.split())


def _new_values(model: HeadModel) -> dict[str, Any]:
    return Document(model).read(FIELDS)


def _same(one: Values, other: Values, key: str) -> bool:
    if key == "model":
        first, second = one[key], other[key]
        return bool(first is second or (first.digest, first.variant) == (second.digest, second.variant))
    return bool(one[key] is other[key] or one[key] == other[key])


def _does(call: Call, command: Command, before: Values) -> bool:
    """Whether ``call`` gives what ``command`` gives, and leaves the rest as it was."""
    studio = Studio(before["model"])
    studio.document.set(**before)
    with suppress(StudioError, ValueError, TypeError, KeyError, IndexError, OSError):
        call.run(studio)
        wanted = {**before, **command.new}
        got = studio.document.read(FIELDS)
        return all(_same(got, wanted, key) for key in FIELDS if key not in _LAST)
    return False


def _candidates(command: Command, before: Values) -> Iterator[Call]:
    """Calls that may do what ``command`` does, the most telling first."""
    new = command.new
    if command.call is not None:
        yield Call(*command.call)
    if command.source is not None:
        yield Call("open", (str(command.source),))
    if "takes" in new and set(new) <= {"takes", "controls"}:
        yield from _of_params(command, before)
        yield from _of_control(command, before)
    if set(new) == {"takes"} and len(new["takes"]) == len(before["takes"]):
        takes, active = before["takes"], before["active"]
        yield from calls_of(takes[active], new["takes"][active], before["model"])
    if "model" in new:
        yield from _of_model(new["model"], before["model"])
    if "active" in new and "takes" not in new:
        yield Call("use_take", (new["active"],))
    if set(new) == {"locks"}:
        yield from _of_locks(before["model"], before["locks"], new["locks"])
    for field in _SETTINGS:
        if set(new) == {field}:
            yield Call(field, (), difference(to_plain(before[field]), to_plain(new[field])))


def _of_model(new: HeadModel, old: HeadModel) -> Iterator[Call]:
    if new.original.digest != old.original.digest:
        yield Call("use_model", (model_name(new),))
    variant: dict[str, Any] = {"teeth": True} if new.variant.teeth else {}
    if new.variant.without:
        variant["without"] = sorted(new.variant.without)
    yield Call("use_variant", (), variant)


def _of_params(command: Command, before: Values) -> Iterator[Call]:
    takes, active, position = command.new["takes"], before["active"], before["position"]
    if len(takes) != len(before["takes"]) or not 0 <= active < len(takes):
        return
    model: HeadModel = before["model"]
    old, new = before["takes"][active].params(position), takes[active].params(position)
    told = tell_values(old, new, model)
    if not told or OFFSET in told:
        return
    for group, (name, fields) in RESETS.items():
        if name == command.name and set(told) <= set(fields):
            yield Call("reset", (group,))
    if len(told) == 1:
        yield from _of_component(next(iter(told)), old, new, model)
    yield Call("set_params", (command.name,), told)


def _of_control(command: Command, before: Values) -> Iterator[Call]:
    """The control that has the name of the step, at the value that it has after it."""
    after = Document(before["model"])
    after.set(**{**before, **command.new})
    controls = known_controls(after)
    for name, control in controls.controls.items() if controls else ():
        if control.title == command.name:
            value = control_values(after)[name]
            yield from (Call("set_control", (name, rounded)) for rounded in (round(value, 4), value))


def _of_component(field: str, old: Params, new: Params, model: HeadModel) -> Iterator[Call]:
    before, after = getattr(old, field), getattr(new, field)
    changed = np.flatnonzero(before != after)
    values = {number(after[index]) for index in changed}
    if len(values) != 1 or len(changed) > 4:
        return
    which = [key_of(model, field, int(index)) for index in changed]
    yield Call("set_component", (field, which[0] if len(which) == 1 else which, values.pop()))


def _of_locks(
    model: HeadModel, old: frozenset[tuple[str, int]], new: frozenset[tuple[str, int]]
) -> Iterator[Call]:
    added, removed = sorted(new - old), sorted(old - new)
    entries = added or removed
    fields = {field for field, _ in entries}
    if (added and removed) or len(fields) != 1 or not fields <= set(VECTORS):
        return
    field = fields.pop()
    which = tuple(key_of(model, field, index) for _, index in entries)
    yield Call("lock" if added else "unlock", (field, *which))
