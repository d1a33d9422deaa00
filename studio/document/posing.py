"""Named poses on the document's face: one that is being chosen, its strength, and a random one.

A pose replaces the parts of the head that it touches, also where it is neutral there; where it is to be
added, it comes on top of the face. While one is being chosen its strength may change as often as the
user likes: it counts from the face before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from studio.controls.face_parts import PARTS
from studio.controls.presets import Preset, blended, mirrored, posed, refuse_unfit, told_of, within_reach
from studio.document.commands import Command, set_where_unlocked
from studio.document.control_state import controls_of
from studio.document.document import Document
from studio.document.take import stacked
from studio.flame.model import HeadModel
from studio.flame.params import Params


@dataclass(frozen=True)
class Posing:
    """A pose on its way: from the face ``before`` to ``aim``, or ``aim`` on top of it."""

    __hash__ = None  # type: ignore[assignment]

    name: str
    model: HeadModel
    before: Params
    aim: Params
    adds: bool = False
    notice: str = ""  # what of it comes back otherwise on this model

    def at(self, strength: float) -> Params:
        """The face at ``strength``, 0 being the one before and 1 the whole pose."""
        if not self.adds:
            return blended(self.model, self.before, self.aim, strength)
        part = Params.zeros(len(self.aim.shape), len(self.aim.expr)).lerp(self.aim, strength)
        return within_reach(self.model, stacked(self.before, part), self.before)


def begin(
    document: Document,
    preset: Preset,
    parts: Collection[str] = PARTS,
    *,
    adds: bool = False,
    flipped: bool = False,
    before: Params | None = None,
) -> Posing:
    """``preset`` over the face at the time cursor.

    Args:
        document: whose face.
        preset: the pose.
        parts: of the head that may change.
        adds: come on top of the face instead of replacing parts of it.
        flipped: left and right swapped.
        before: a face to begin from instead.

    Raises:
        StudioError: the pose means nothing on the document's model.

    """
    model = document.model
    before = document.params if before is None else before
    refuse_unfit(preset, model)
    used = mirrored(preset, model) if flipped else preset
    start = Params.zeros(len(before.shape), len(before.expr)) if adds else before
    notice = told_of(preset, model)
    aim = posed(used, model, start, parts, controls_of(document))
    return Posing(preset.name, model, before, aim, adds, notice)


def show(document: Document, posing: Posing, strength: float, gesture: int | None = None) -> Command:
    """Show ``posing`` at ``strength``, except for what is locked; the step says how strong it is."""
    name = posing.name if strength == 1.0 else f"{posing.name} {round(100.0 * strength)} %"
    return set_where_unlocked(document, name, posing.at(strength), gesture=gesture)
