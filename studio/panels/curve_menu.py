"""What can be done with chosen keys in the curves: by menu and by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from studio.panels.key_desk import INTERPOLATION_TITLES, KeyDesk
from studio.sequence.curves import INTERPOLATIONS
from studio.widgets.timeline_keyboard import asked_by

_FIT_KEY = Qt.Key.Key_F
_DIGITS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


def key_menu(desk: KeyDesk, fit: Callable[[], object], parent: QWidget) -> QMenu:
    """A menu over the keys of ``desk`` that deletes itself when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    has_chosen = bool(desk.chosen)
    for place, (name, title) in enumerate(INTERPOLATION_TITLES.items()):
        _add(menu, title, partial(desk.interpolate, name), f"{place + 1}", has_chosen)
    menu.addSeparator()
    _add(menu, "Copy", desk.copy, "Ctrl+C", has_chosen)
    _add(menu, "Cut", desk.cut, "Ctrl+X", has_chosen)
    _add(menu, "Paste at the time cursor", desk.paste, "Ctrl+V", desk.can_paste)
    _add(menu, "Delete", desk.delete, "Del", has_chosen)
    menu.addSeparator()
    _add(menu, "Choose all", desk.choose_all, "A", bool(desk.keys))
    _add(menu, "Choose the others", desk.invert, "Ctrl+I", bool(desk.keys))
    _add(menu, "Fit into view", fit, "F", enabled=True)
    return menu


def key_pressed(
    event: QKeyEvent, desk: KeyDesk, fit: Callable[[], object], *, only_ask: bool = False
) -> bool:
    """Do what the keys of ``event`` ask for; False where that is nothing. ``only_ask`` does nothing."""
    run = _asked(event, desk, fit)
    if run is None:
        return False
    if not only_ask:
        run()
    return True


def _asked(event: QKeyEvent, desk: KeyDesk, fit: Callable[[], object]) -> Callable[[], object] | None:
    plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if plain and key == _FIT_KEY:
        return fit
    if plain and key in _DIGITS:
        return partial(desk.interpolate, INTERPOLATIONS[_DIGITS.index(key)])
    commands: Mapping[str, Callable[[], object]] = {
        "copy": desk.copy,
        "cut": desk.cut,
        "paste": desk.paste,
        "delete": desk.delete,
        "all": desk.choose_all,
        "none": desk.choose_none,
        "invert": desk.invert,
        "duplicate": partial(_duplicate, desk),
    }
    return commands.get(asked_by(event))


def _duplicate(desk: KeyDesk) -> None:
    """Lay copies of the chosen keys right behind them."""
    span = desk.chosen.span
    if span is not None:
        desk.duplicate(span[1] - span[0] + 1.0)


def _add(menu: QMenu, title: str, run: Callable[[], object], keys: str, enabled: bool) -> QAction:
    action = menu.addAction(f"{title}\t{keys}")
    action.triggered.connect(lambda: run())
    action.setEnabled(enabled)
    return action
