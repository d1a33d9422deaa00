"""The keys that are chosen, and what is done with them: shared by all views of the active take's keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from weakref import ref

from PySide6.QtCore import QObject, Signal

from studio.document.document import Document
from studio.document.key_commands import edit_keys, keys_of, set_keys_at
from studio.document.take import Take
from studio.panels.panel import Push
from studio.sequence import key_edits
from studio.sequence.curves import Curve, Interpolation
from studio.sequence.key_edits import KeyEdit
from studio.sequence.key_selection import Curves, KeySelection
from studio.sequence.layers import Layer

INTERPOLATION_TITLES: Mapping[Interpolation, str] = {
    "stepped": "Stepped",
    "linear": "Linear",
    "smooth": "Smooth",
    "eased": "Eased",
    "bezier": "Bézier",
}
_Source = tuple[Layer | None, Curves]  # the layer and the camera's curves
_REMEMBERED = 64  # states of the keys whose choice comes back with Undo and Redo


class _Choice:
    """What was chosen of keys that only Undo and Redo keep."""

    def __init__(self, source: _Source, chosen: KeySelection) -> None:
        layer, self._camera = source
        self._layer = None if layer is None else ref(layer)
        self.chosen = chosen

    @property
    def is_alive(self) -> bool:
        """Whether those keys can still come back."""
        return self._layer is None or self._layer() is not None

    def is_of(self, source: _Source) -> bool:
        """Whether ``source`` are those keys."""
        layer = None if self._layer is None else self._layer()
        return self.is_alive and layer is source[0] and self._camera is source[1]


class KeyDesk(QObject):
    """Chooses keys of the document's active take, and edits those that are chosen by commands.

    Choosing is no step to undo; what was chosen comes back with the keys when an edit of them is undone.
    While one gesture lasts an edit begins each time from the keys as they were at its start.
    """

    chosen_changed = Signal()

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__()
        self._document, self._push = document, push
        self._chosen = KeySelection()
        self._source: _Source = None, {}
        self._noted: _Source = self._source  # when what is chosen was last looked at
        self._keys: Curves = {}
        self._choices: list[_Choice] = []
        self._wanted: KeySelection | None = None  # what an edit chooses that is being done
        self._gesture: int | None = None
        self._begun: tuple[Take, Curves, KeySelection] = (document.take, {}, self._chosen)
        self._held: Mapping[str, Curve] = {}
        document.changed.connect(self._on_changed)

    @property
    def keys(self) -> Curves:
        """The curves whose keys can be edited, by channel."""
        take = self._document.take
        source = (take.layer, take.camera_keys)
        if not _same(source, self._source):
            self._source, self._keys = source, keys_of(take)
        return self._keys

    @property
    def chosen(self) -> KeySelection:
        """The keys that are chosen, of those there are."""
        return self._chosen

    @property
    def can_paste(self) -> bool:
        """Whether keys were copied."""
        return bool(self._held)

    def choose(self, chosen: KeySelection) -> None:
        """Let just these keys be chosen."""
        chosen = chosen.among(self.keys)
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen_changed.emit()
        self._remember()

    def choose_all(self) -> None:
        """Choose every key."""
        self.choose(KeySelection.all_of(self.keys))

    def choose_none(self) -> None:
        """Choose no key."""
        self.choose(KeySelection())

    def invert(self) -> None:
        """Choose the keys that are not chosen."""
        self.choose(KeySelection.all_of(self.keys).without_keys(self._chosen))

    def move(self, by: float, gesture: int | None = None) -> None:
        """Bring the chosen keys ``by`` frames later than they were when the gesture began."""
        self._edit("Move keys", lambda keys, chosen: key_edits.moved(keys, chosen, by), gesture)

    def scale(self, factor: float, about: float, gesture: int | None = None, whole: bool = True) -> None:
        """Spread the chosen keys about a frame."""
        self._edit(
            "Scale keys", lambda keys, chosen: key_edits.scaled(keys, chosen, factor, about, whole), gesture
        )

    def duplicate(self, by: float, gesture: int | None = None) -> None:
        """Lay copies of the chosen keys ``by`` frames later; the copies are chosen."""
        self._edit("Duplicate keys", lambda keys, chosen: key_edits.duplicated(keys, chosen, by), gesture)

    def delete(self) -> None:
        """Delete the chosen keys."""
        self._edit("Delete keys", key_edits.deleted)

    def interpolate(self, interpolation: Interpolation) -> None:
        """Go on from the chosen keys in another way."""
        name = f"{INTERPOLATION_TITLES[interpolation]} keys"
        self._edit(name, lambda keys, chosen: key_edits.interpolated(keys, chosen, interpolation))

    def copy(self) -> None:
        """Keep the chosen keys to be pasted, into another take too."""
        if self._chosen:
            self._held = key_edits.copied(self.keys, self._chosen)

    def cut(self) -> None:
        """Keep the chosen keys to be pasted, and delete them."""
        self.copy()
        self._edit("Cut keys", key_edits.deleted)

    def paste(self) -> None:
        """Lay the keys that were copied at the time cursor; they are chosen."""
        at = float(round(self._document.position))
        self._edit("Paste keys", lambda keys, _: key_edits.pasted(keys, self._held, at))

    def set_at(self, name: str, channels: tuple[str, ...], frame: float) -> None:
        """Set keys of ``channels`` at ``frame`` to what is shown there, and choose them."""
        self._push(set_keys_at(self._document, name, channels, frame))
        self.choose(KeySelection.of((channel, frame) for channel in channels))

    def delete_at(self, channels: tuple[str, ...], frame: float) -> None:
        """Delete the keys of ``channels`` at ``frame``."""
        there = KeySelection.between(self.keys, channels, frame, frame)
        self._edit("Delete keys", lambda keys, _: key_edits.deleted(keys, there))

    def change(self, name: str, edit: Callable[[Curves, KeySelection], KeyEdit], gesture: int | None) -> None:
        """Do ``edit`` to the keys as they were when ``gesture`` began, as the step ``name``."""
        self._edit(name, edit, gesture)

    def cancel(self, gesture: int, name: str) -> None:
        """Take back what a gesture did so far; its step, called ``name``, is no more."""
        if gesture == self._gesture:
            self._edit(name, lambda keys, chosen: KeyEdit({}, chosen), gesture)

    def _edit(
        self,
        name: str,
        edit: Callable[[Curves, KeySelection], KeyEdit],
        gesture: int | None = None,
    ) -> None:
        if gesture is None or gesture != self._gesture:
            self._begun = self._document.take, self.keys, self._chosen
        self._gesture = gesture
        take, keys, chosen = self._begun
        made = edit(keys, chosen)
        self._wanted = made.chosen
        if made.changes or gesture is not None:
            self._push(edit_keys(self._document, name, take, made.changes, gesture))
        self._wanted = None
        self.choose(made.chosen)

    def _remember(self) -> None:
        """Keep what is chosen now with the keys as they are now."""
        others = [choice for choice in self._choices if choice.is_alive and not choice.is_of(self._source)]
        self._choices = [*others[-_REMEMBERED:], _Choice(self._source, self._chosen)]

    def _on_changed(self, names: frozenset[str]) -> None:
        if not names & {"takes", "active", "model"}:
            return
        keys = self.keys  # others may have asked for them already
        if _same(self._source, self._noted):
            return
        self._noted = self._source
        known = next((choice.chosen for choice in self._choices if choice.is_of(self._source)), None)
        chosen = next(one for one in (self._wanted, known, self._chosen) if one is not None).among(keys)
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen_changed.emit()


def _same(one: _Source, other: _Source) -> bool:
    return one[0] is other[0] and one[1] is other[1]
