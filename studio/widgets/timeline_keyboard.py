"""What the keyboard does with keys while the timeline has it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_STANDARD = {
    "copy": QKeySequence.StandardKey.Copy,
    "cut": QKeySequence.StandardKey.Cut,
    "paste": QKeySequence.StandardKey.Paste,
    "all": QKeySequence.StandardKey.SelectAll,
}
_KEYS: Mapping[Qt.Key, str] = {
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Backspace: "delete",
    Qt.Key.Key_Up: "next",
    Qt.Key.Key_Down: "previous",
    Qt.Key.Key_Escape: "none",
    Qt.Key.Key_A: "all",
    Qt.Key.Key_Plus: "nearer",
    Qt.Key.Key_Equal: "nearer",
    Qt.Key.Key_Minus: "farther",
}
_CHORDS: Mapping[tuple[Qt.KeyboardModifier, Qt.Key], str] = {
    (Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_D): "duplicate",
    (Qt.KeyboardModifier.AltModifier, Qt.Key.Key_A): "none",
    (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_I): "invert",
    (Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Plus): "nearer",
    (Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Home): "whole",
}
_PAD = Qt.KeyboardModifier.KeypadModifier


def asked_by(event: QKeyEvent) -> str:
    """What the keys of ``event`` ask for, like "copy"; empty where they ask for nothing here."""
    for name, keys in _STANDARD.items():
        if event.matches(keys):
            return name
    modifiers, key = event.modifiers() & ~_PAD, Qt.Key(event.key())
    if modifiers == Qt.KeyboardModifier.NoModifier:
        return _KEYS.get(key, "")
    return _CHORDS.get((modifiers, key), "")
