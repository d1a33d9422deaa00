"""Commands that compare two heads, and those that make and drop the takes to compare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.document.commands import Command, change, set_look
from studio.document.comparison import Comparison, Kind
from studio.document.document import Document, Playback
from studio.document.moment import why_no_other
from studio.document.take import Take
from studio.flame.params import Params
from studio.sequence.clip import Clip

_KIND_NAMES: dict[Kind, str] = {
    "off": "Compare nothing",
    "wipe": "Compare by wipe",
    "distance": "Distance to the other take",
}
KEPT = "Take B"


def set_comparison(document: Document, name: str, gesture: int | None = None, **changes: object) -> Command:
    """Change how A and B are compared."""
    return change(document, name, gesture, comparison=document.comparison.replace(**changes))


def compare(document: Document, kind: Kind) -> Command:
    """Compare in another way; where no other take is chosen, with the one that was opened last."""
    comparison = with_other_take(document).replace(kind=kind)
    return change(document, _KIND_NAMES[kind], comparison=comparison)


def with_other_take(document: Document) -> Comparison:
    """The document's comparison with a B where it has none and there is another take."""
    comparison, takes, active = document.comparison, document.takes, document.active
    others = [index for index in range(len(takes)) if index != active]
    if not why_no_other(comparison, takes, active) or not others:
        return comparison
    return comparison.replace(take=others[-1])


def swap_takes(document: Document) -> Command:
    """Show B, and compare it with what was shown; only where B is another take that is there."""
    comparison = document.comparison.replace(take=document.active)
    return change(
        document,
        "Swap A and B",
        active=document.comparison.take,
        comparison=comparison,
        playback=Playback(),
        position=0.0,
    )


def keep_take(document: Document) -> Command:
    """Keep the head at the time cursor as a still of its own, B, and go on with the active take."""
    model, take = document.model, document.take
    still = Clip.still(document.params, take.clip.fps, model.name, model.digest)
    takes = (*document.takes, Take.of(_free_name(document), still))
    comparison = document.comparison.replace(subject="take", take=len(takes) - 1)
    return change(document, "Keep as take B", takes=takes, comparison=comparison)


def compare_with(document: Document, name: str, params: Params) -> Command:
    """Add the head of ``params`` as a still called ``name``, and compare the one that is shown with it."""
    model, comparison = document.model, document.comparison
    still = Clip.still(params, document.take.clip.fps, model.name, model.digest)
    takes = (*document.takes, Take.of(name, still))
    kind = "wipe" if comparison.kind == "off" else comparison.kind
    comparison = comparison.replace(kind=kind, subject="take", take=len(takes) - 1)
    return change(document, f"Compare with {name}", takes=takes, comparison=comparison)


def duplicate_take(document: Document) -> Command:
    """Add the active take once more, with its changes, and show the copy."""
    take = document.take
    takes = (*document.takes, replace(take, name=f"{take.name} copy"))
    return change(document, f"Duplicate {take.name}", takes=takes, active=len(takes) - 1)


def delete_take(document: Document, index: int) -> Command:
    """Drop take ``index``; the one before it is shown where it was the active one.

    Raises:
        ValueError: it is the only one, or not there.

    """
    takes, active, comparison = document.takes, document.active, document.comparison
    if len(takes) < 2 or not 0 <= index < len(takes):
        raise ValueError("The only take of a document cannot be deleted.")
    values: dict[str, Any] = {"takes": (*takes[:index], *takes[index + 1 :])}
    if index == active:
        values |= {"playback": Playback(), "position": 0.0}
    if index <= active:
        values["active"] = max(active - 1, 0)
    if index == comparison.take:
        kind = "off" if comparison.subject == "take" else comparison.kind
        values["comparison"] = comparison.replace(take=0, kind=kind)
    elif index < comparison.take:
        values["comparison"] = comparison.replace(take=comparison.take - 1)
    return change(document, f"Delete {takes[index].name}", **values)


def set_onion(document: Document, name: str, gesture: int | None = None, **changes: object) -> Command:
    """Change how neighbouring frames are shown."""
    look = document.look
    return set_look(document, name, look.replace(onion=look.onion.replace(**changes)), gesture)


def toggle_onion(document: Document) -> Command:
    """Show neighbouring frames as ghosts, or not."""
    return set_onion(document, "Onion skin", shown=not document.look.onion.shown)


def _free_name(document: Document) -> str:
    taken = {take.name for take in document.takes}
    names = [KEPT, *(f"{KEPT} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
