"""Putting poses on the face from a panel: which is on its way, and what a change of strength means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.controls.face_parts import PARTS, Part
from studio.controls.presets import Preset
from studio.document.commands import Command
from studio.document.document import Document
from studio.document.posing import Posing, begin, show
from studio.flame.params import VECTORS, Params
from studio.panels.panel import Push
from studio.widgets.gesture import next_gesture

_SEEN = 1e-5  # of a parameter


@dataclass(frozen=True)
class Manner:
    """How poses are put on the face."""

    parts: tuple[Part, ...] = PARTS  # that may change
    adds: bool = False  # on top of the face instead of in its place
    flipped: bool = False  # left and right swapped


class Mark:
    """Remembers the face of a document, to tell whether somebody else has changed it since."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: tuple[object, object, int, float] | None = None

    def set(self) -> None:
        """The face is as it should be."""
        document = self._document
        self._seen = document.takes, document.model, document.active, document.position

    def clear(self) -> None:
        """Forget it."""
        self._seen = None

    @property
    def holds(self) -> bool:
        """Whether the face is the one that was remembered."""
        document = self._document
        if self._seen is None:
            return False
        takes, model, active, position = self._seen
        same = takes is document.takes and model is document.model
        return same and (active, position) == (document.active, document.position)


class Applying:
    """One pose after the other, each a step of its own.

    As long as nobody else changes the face, another strength changes the step just made, and another
    pose, chosen in the same manner, begins from the face before: so that looking through the library
    leaves nothing of the poses that were looked at.
    """

    def __init__(self, document: Document, push: Push) -> None:
        self._document = document
        self._push = push
        self._posing: Posing | None = None
        self._manner = Manner()
        self._gesture = 0
        self._showing = False
        self._mark = Mark(document)

    @property
    def is_live(self) -> bool:
        """Whether the face is as the last pose left it."""
        return self._posing is not None and self._mark.holds

    @property
    def is_showing(self) -> bool:
        """Whether the face is being changed just now, by a pose."""
        return self._showing

    def choose(self, preset: Preset, manner: Manner, strength: float) -> str:
        """Put ``preset`` on the face in a step of its own; a sentence for the user, mostly empty.

        Raises:
            StudioError: the pose means nothing on this model.

        """
        goes_on = self.is_live and manner == self._manner and not manner.adds
        before = self._posing.before if goes_on and self._posing else None
        posing = begin(
            self._document, preset, manner.parts, adds=manner.adds, flipped=manner.flipped, before=before
        )
        self._posing, self._manner, self._gesture = posing, manner, next_gesture()
        self._show(strength)
        held = self._document.locks and _differ(posing.at(strength), self._document.params)
        return posing.notice or ("Locked sliders kept their values." if held else "")

    def strengthen(self, strength: float) -> None:
        """Show the pose on its way at ``strength``, in the same step; nothing where there is none."""
        if self.is_live:
            self._show(strength)

    def _show(self, strength: float) -> None:
        assert self._posing is not None
        command: Command = show(self._document, self._posing, strength, self._gesture)
        self._showing = True
        try:
            self._push(command)
        finally:
            self._showing = False
        self._mark.set()


def _differ(wanted: Params, shown: Params) -> bool:
    """Whether one could see that a face is not the one that was wanted."""
    pairs = ((getattr(wanted, name), getattr(shown, name)) for name in VECTORS)
    return any(bool(np.any(np.abs(one - other) > _SEEN)) for one, other in pairs)
