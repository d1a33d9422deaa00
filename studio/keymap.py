"""Which keys do which action: what the studio comes with, and what the user made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from studio.settings import Settings

_SEPARATOR = "; "  # between the keys of one action, as Qt writes lists of them


def keys_of(text: str) -> tuple[str, ...]:
    """The key sequences in ``text``, like "Ctrl+Shift+Z; Ctrl+Y", each in Qt's portable spelling."""
    found = (QKeySequence(part).toString() for part in text.split(_SEPARATOR) if part.strip())
    return tuple(dict.fromkeys(keys for keys in found if keys))


def shown_keys(keys: Iterable[str]) -> str:
    """Key sequences as this system writes them, one after the other."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(one).toString(native) for one in keys)


_RESERVED = {
    "Esc": "closes and cancels",
    "Tab": "goes from control to control",
    "Return": "presses and takes what is chosen",
    "Enter": "presses and takes what is chosen",
}


def _collide(first: str, second: str) -> bool:
    """Whether two key sequences are the same, or one is the beginning of the other."""
    one, other = QKeySequence(first), QKeySequence(second)
    none = QKeySequence.SequenceMatch.NoMatch
    return one.matches(other) != none or other.matches(one) != none


@dataclass(frozen=True)
class Binding:
    """An action and its keys."""

    id: str
    title: str
    menu: str  # "View/Shading"
    keys: tuple[str, ...]
    usual: tuple[str, ...]  # that the studio comes with

    @property
    def is_changed(self) -> bool:
        """Whether the user made something else of it."""
        return self.keys != self.usual


class Keymap(QObject):
    """Gives the actions of a window their keys and remembers those that the user changed."""

    changed = Signal(str)  # id of the action whose keys are others now

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._own = {name: keys_of(text) for name, text in settings.shortcuts.items()}
        self._usual: dict[str, tuple[str, ...]] = {}
        self._titles: dict[str, str] = {}
        self._menus: dict[str, str] = {}
        self._tips: dict[str, str] = {}
        self._actions: dict[str, QAction] = {}
        self._reserved = dict(_RESERVED)

    def reserve(self, keys: str, what: str) -> None:
        """Let no action have ``keys``, which do ``what``, like "opens the File menu"."""
        self._reserved[keys] = what

    def reserved(self, keys: str) -> str:
        """What ``keys`` do that no action can have; empty where one can."""
        return self._reserved.get(keys, "")

    def add(self, action: QAction, menu: str, tip: str, usual: str) -> None:
        """Give ``action``, called by its object name, its keys, and let its hint tell them."""
        name = action.objectName()
        self._actions[name], self._titles[name] = action, action.text().replace("&", "")
        self._menus[name], self._tips[name] = menu, tip
        self._usual[name] = keys_of(usual)
        self._apply(name)

    def bindings(self) -> list[Binding]:
        """Every action with its keys, in the order of the menus."""
        return [
            Binding(name, self._titles[name], self._menus[name], self.keys(name), self._usual[name])
            for name in self._actions
        ]

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of action ``name``."""
        return self._own.get(name, self._usual[name])

    def holder(self, keys: str) -> Binding | None:
        """The action that ``keys`` belong to, or would get in the way of: one begins with the other."""
        bindings = self.bindings()
        return next((one for one in bindings if any(_collide(keys, own) for own in one.keys)), None)

    def set_keys(self, name: str, keys: Iterable[str]) -> None:
        """Let ``keys`` alone do action ``name``."""
        own = keys_of(_SEPARATOR.join(keys))
        if own == self._usual[name]:
            self._own.pop(name, None)
        else:
            self._own[name] = own
        self._save()
        self._apply(name)

    def take_over(self, name: str, keys: str) -> None:
        """Give ``keys`` to action ``name``, and take them and what is in their way from every other."""
        while (holder := self.holder(keys)) is not None and holder.id != name:
            self.set_keys(holder.id, [own for own in holder.keys if not _collide(keys, own)])
        self.set_keys(name, (*self.keys(name), keys))

    def reset(self, name: str) -> None:
        """Give action ``name`` the keys that the studio comes with, which others may have got meanwhile."""
        self.set_keys(name, ())
        for keys in self._usual[name]:
            self.take_over(name, keys)

    def reset_all(self) -> None:
        """Give every action the keys that the studio comes with."""
        own, self._own = self._own, {}
        self._save()
        for name in own.keys() & self._actions.keys():
            self._apply(name)

    def _save(self) -> None:
        self._settings.shortcuts = {name: _SEPARATOR.join(keys) for name, keys in self._own.items()}

    def _apply(self, name: str) -> None:
        action, keys = self._actions[name], self.keys(name)
        action.setShortcuts([QKeySequence(one) for one in keys])
        tip = self._tips[name]
        action.setToolTip(f"{tip} ({shown_keys(keys)})" if keys else tip)
        action.setStatusTip(tip)
        self.changed.emit(name)
