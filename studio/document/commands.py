"""Changes of the document that can be undone, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.controls.blinks import close_once
from studio.controls.correctives import settle
from studio.controls.symmetry import other_sides
from studio.document.auto_key import UnitSteps, auto_keyed
from studio.document.carry import carried_over, carried_pins, same_basis
from studio.document.control_state import ControlState
from studio.document.document import Document, Playback
from studio.document.locks import Locks, carried_locks, unlocked
from studio.document.look import Look
from studio.document.take import Take
from studio.flame.model import HeadModel, Variant
from studio.flame.params import Params
from studio.flame.variants import make_variant
from studio.sequence.clip import Clip

POSE_FIELDS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyelids", "translation")
RESETS: dict[str, tuple[str, tuple[str, ...]]] = {  # what each is called, and what it sets to neutral
    "pose": ("Reset pose", POSE_FIELDS),
    "expression": ("Reset expression", ("expr",)),
    "shape": ("Reset shape", ("shape",)),
    "all": ("Reset everything", ("shape", "expr", *POSE_FIELDS)),
}


@dataclass(frozen=True)
class Command:
    """Old and new values of document fields, under the name the Edit menu shows.

    Commands of one ``gesture`` (a drag from press to release) merge into one step.
    """

    name: str  # "Jaw open", shown as "Undo Jaw open"
    old: dict[str, Any]
    new: dict[str, Any]
    gesture: int | None = None
    source: Path | None = None  # the file that it brought in
    call: tuple[str, tuple[Any, ...], Mapping[str, Any]] | None = None  # of a script's function that does it

    def apply(self, document: Document) -> None:
        """Do it, or do it again."""
        document.set(**self.new)

    def revert(self, document: Document) -> None:
        """Take it back."""
        document.set(**self.old)

    @property
    def changes_nothing(self) -> bool:
        """Whether every new value equals the old one."""
        return all(self.old[name] is value or self.old[name] == value for name, value in self.new.items())

    def merged(self, later: Command) -> Command | None:
        """One command for both, or None where they are separate steps."""
        same = self.gesture is not None and self.gesture == later.gesture and set(self.new) == set(later.new)
        return replace(later, old=self.old) if same else None


def change(document: Document, name: str, gesture: int | None = None, **values: Any) -> Command:
    """Set document fields."""
    return Command(name, document.read(values), values, gesture)


def replace_take(document: Document, take: Take) -> tuple[Take, ...]:
    """The document's takes with ``take`` in place of the active one."""
    return (*document.takes[: document.active], take, *document.takes[document.active + 1 :])


def set_params(
    document: Document,
    name: str,
    params: Params,
    gesture: int | None = None,
    lead: str = "",
    units: UnitSteps | None = None,
) -> Command:
    """Show ``params`` at the time cursor, by the offset that holds over the whole take.

    With auto-key keys at the cursor show it instead, those of ``units`` first. Correctives are kept within
    what their pose allows, and an eye closes only once; ``lead`` says which field the user moved ("expr"
    opens the jaw for a corrective, anything else lowers the corrective; of blinks and eyelids the other one
    gives way).
    """
    return _show(document, name, _settled(document, params, lead), gesture, units)


def set_where_unlocked(
    document: Document,
    name: str,
    params: Params,
    gesture: int | None = None,
    lead: str = "",
    units: UnitSteps | None = None,
) -> Command:
    """Show ``params`` at the time cursor, except for what is locked: for all that sets many at once.

    A locked component stays as it is also where a corrective or a blink would have to give way.
    """
    before = document.params
    settled = _settled(document, unlocked(document, before, params), lead)
    return _show(document, name, unlocked(document, before, settled), gesture, units)


def _settled(document: Document, params: Params, lead: str) -> Params:
    return close_once(document.model, settle(document.model, params, lead), lead)


def _show(
    document: Document,
    name: str,
    params: Params,
    gesture: int | None = None,
    units: UnitSteps | None = None,
) -> Command:
    if document.tools.auto_key:
        name, take = f"Key {name}", auto_keyed(document.take, document.position, params, units)
    else:
        take = document.take.edited(document.position, params)
    return change(document, name, gesture, takes=replace_take(document, take))


def set_component(
    document: Document,
    name: str,
    field: str,
    index: int | list[int],
    value: float,
    gesture: int | None = None,
) -> Command:
    """Set component ``index``, or several to one value, of the parameter ``field`` ("shape", "jaw_pose", …).

    With the symmetric tool on, the components that do the same on the other side go along, unless they are
    locked. ``value`` is in the parameter's own unit: sigma, expression units, radians or metres.
    """
    moved = index if isinstance(index, list) else [index]
    values = getattr(document.params, field).copy()
    values[moved] = value
    if document.tools.symmetric:
        for other, sign in other_sides(document.model, field, moved).items():
            if (field, other) not in document.locks:
                values[other] = sign * value
    return set_params(document, name, document.params.replace(**{field: values}), gesture, lead=field)


def reset_fields(document: Document, name: str, fields: Iterable[str]) -> Command:
    """Set whole parameter fields to neutral at the time cursor, except for what is locked."""
    params = document.params
    zeros = {field: 0.0 * getattr(params, field) for field in fields}
    return set_where_unlocked(document, name, params.replace(**zeros))


def set_locks(document: Document, what: str, components: Locks, locked: bool) -> Command:
    """Lock or unlock ``components``, which the step calls ``what``."""
    locks = document.locks | components if locked else document.locks - components
    return change(document, f"{'Lock' if locked else 'Unlock'} {what}", locks=locks)


def set_look(document: Document, name: str, look: Look, gesture: int | None = None) -> Command:
    """Change how the head is drawn."""
    return change(document, name, gesture, look=look)


def set_playback(document: Document, name: str, playback: Playback, gesture: int | None = None) -> Command:
    """Change how the take is played."""
    return change(document, name, gesture, playback=playback)


def toggle_ping_pong(document: Document) -> Command:
    """Let a loop turn at its ends, or begin anew; turning on what does not loop makes it loop."""
    turns = not (document.playback.loop and document.playback.ping_pong)
    changes = {"ping_pong": True, "loop": True} if turns else {"ping_pong": False}
    return set_playback(document, "Ping-pong", document.playback.replace(**changes))


def play_between(document: Document, name: str, first: int, last: int, gesture: int | None = None) -> Command:
    """Play the frames ``first`` to ``last``; up to the end, also of a longer take, where that is the last."""
    end = len(document.take) - 1
    playback = document.playback.replace(first=first, last=None if last >= end else last)
    return set_playback(document, name, playback, gesture)


def play_from_here(document: Document) -> Command:
    """Play from the time cursor on; an end that it has passed moves one frame ahead of it."""
    frame, end = round(document.position), len(document.take) - 1
    last = max(document.play_range[1], min(frame + 1, end))
    return play_between(document, "Start playing here", frame, last)


def play_to_here(document: Document) -> Command:
    """Play up to the time cursor; a start that it has passed moves one frame behind it."""
    frame = round(document.position)
    first = min(document.play_range[0], max(frame - 1, 0))
    return play_between(document, "Stop playing here", first, frame)


def play_all(document: Document) -> Command:
    """Play every frame of the take."""
    return play_between(document, "Play everything", 0, len(document.take) - 1)


def open_clip(document: Document, name: str, clip: Clip, source: Path | None = None) -> Command:
    """Add ``clip``, of the file ``source``, as a take and make it the active one, from its first frame."""
    takes = (*document.takes, Take.of(name, clip))
    command = change(
        document, f"Open {name}", takes=takes, active=len(takes) - 1, playback=Playback(), position=0.0
    )
    return replace(command, source=source)


def use_take(document: Document, index: int) -> Command:
    """Make take ``index`` the active one; where it was B of a comparison, what was shown becomes B."""
    name, comparison = f"Show {document.takes[index].name}", document.comparison
    if comparison.kind != "off" and comparison.subject == "take" and comparison.take == index:
        comparison = comparison.replace(take=document.active)
    return change(document, name, active=index, playback=Playback(), position=0.0, comparison=comparison)


def use_model(document: Document, model: HeadModel, takes: tuple[Take, ...]) -> Command:
    """Switch to ``model`` with the document's ``takes`` already carried over to it."""
    locks = carried_locks(document.locks, document.model, model)
    controls = document.controls if same_basis(document.model, model) else ControlState()
    pins = carried_pins(document.pins, document.model, model)
    return change(
        document, f"Use {model.name}", model=model, takes=takes, locks=locks, controls=controls, pins=pins
    )


def use_variant(document: Document, name: str, variant: Variant) -> Command:
    """Show the document's model with teeth or without some parts; everything else stays.

    Raises:
        StudioError: the model cannot be shown so.

    """
    model = make_variant(document.model, variant)
    takes, _ = carried_over(document.takes, document.model, model)
    pins = carried_pins(document.pins, document.model, model)
    return change(document, name, model=model, takes=takes, pins=pins)
