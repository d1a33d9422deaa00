"""What is shown for a while in place of the document's face: one that is driven, fitted, or a take tried."""

from __future__ import annotations

from dataclasses import dataclass

from psygnal import Signal

from studio.document.camera import Camera
from studio.document.look import Look
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.params import Params


@dataclass(frozen=True, eq=False)
class _Shown:
    owner: object
    model: HeadModel
    source: Params | Take
    look: Look | None
    camera: Camera | None


class Preview:
    """A face or a take in place of what the document shows, with a look and a camera where they differ too.

    The document itself stays as it is.

    Nothing here is saved, undone or exported. One owner shows at a time, and the newest one wins; what was
    made for another model is not shown. ``changed`` tells that something else is to be seen. Used from one
    thread.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._shown: _Shown | None = None
        self._kept: tuple[Take, float, Params] | None = None

    @property
    def owner(self) -> object | None:
        """Who shows something; None while the document is seen."""
        return None if self._shown is None else self._shown.owner

    def show(
        self,
        owner: object,
        model: HeadModel,
        source: Params | Take,
        look: Look | None = None,
        camera: Camera | None = None,
    ) -> None:
        """Show ``source``, made for ``model``: a face, or a take, which follows the time cursor.

        Without ``look`` or ``camera`` the document's own are seen.
        """
        self._shown = _Shown(owner, model, source, look, camera)
        self.changed.emit()

    def clear(self, owner: object) -> None:
        """Show the document again, where ``owner`` is the one who shows something else."""
        if self._shown is not None and self._shown.owner is owner:
            self._shown = self._kept = None
            self.changed.emit()

    def take(self, model: HeadModel) -> Take | None:
        """The take that is tried out on ``model``; None where there is none."""
        shown = self._shown_on(model)
        return shown.source if shown is not None and isinstance(shown.source, Take) else None

    def params(self, model: HeadModel, position: float) -> Params | None:
        """The face shown on ``model`` at fractional frame ``position``; None: the document's own.

        The same value while nothing changes.
        """
        shown = self._shown_on(model)
        if shown is None:
            return None
        if isinstance(shown.source, Params):
            return shown.source
        take = shown.source
        if self._kept is None or self._kept[0] is not take or self._kept[1] != position:
            self._kept = take, position, take.params(position)
        return self._kept[2]

    def look(self, model: HeadModel) -> Look | None:
        """How the head on ``model`` is drawn; None: as the document has it."""
        shown = self._shown_on(model)
        return None if shown is None else shown.look

    def camera(self, model: HeadModel) -> Camera | None:
        """Where the head on ``model`` is seen from; None: from where the document has it."""
        shown = self._shown_on(model)
        return None if shown is None else shown.camera

    def _shown_on(self, model: HeadModel) -> _Shown | None:
        shown = self._shown
        return shown if shown is not None and shown.model is model else None
