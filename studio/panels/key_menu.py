"""What a right click on keys, rows and markers of the timeline offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from studio.panels.key_desk import INTERPOLATION_TITLES, KeyDesk
from studio.panels.markers import Markers
from studio.theme import current
from studio.theme.series import series_colour

_COLOURS = ("Blue", "Green", "Pink", "Olive", "Teal", "Violet")
_SWATCH = 12


def key_menu(
    parent: QWidget,
    desk: KeyDesk,
    do: Callable[[str], None],
    add_marker: Callable[[], None],
    show_all: Callable[[], None],
) -> QMenu:
    """What can be done with the keys that are chosen, and here."""
    menu = QMenu(parent)
    some = bool(desk.chosen)
    for title, name, keys, enabled in (
        ("Copy", "copy", "Ctrl+C", some),
        ("Cut", "cut", "Ctrl+X", some),
        ("Paste at the cursor", "paste", "Ctrl+V", desk.can_paste),
        ("Duplicate", "duplicate", "Shift+D", some),
        ("Delete", "delete", "Del", some),
    ):
        action = menu.addAction(f"{title}\t{keys}")
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False, name=name: do(name))
    kinds = menu.addMenu("Interpolation")
    kinds.setEnabled(some)
    for kind, title in INTERPOLATION_TITLES.items():
        action = kinds.addAction(title)
        action.triggered.connect(lambda _checked=False, kind=kind: desk.interpolate(kind))
    menu.addSeparator()
    for title, name in (
        ("Choose all keys\tA", "all"),
        ("Choose no key\tEsc", "none"),
        ("Invert\tCtrl+I", "invert"),
    ):
        action = menu.addAction(title)
        action.setEnabled(bool(desk.keys))
        action.triggered.connect(lambda _checked=False, name=name: do(name))
    menu.addSeparator()
    menu.addAction("Add marker").triggered.connect(lambda _checked=False: add_marker())
    menu.addAction("Show all of time").triggered.connect(lambda _checked=False: show_all())
    return menu


def marker_menu(parent: QWidget, markers: Markers, marker: int) -> QMenu:
    """What can be done with ``marker``."""
    menu = QMenu(parent)
    menu.addAction("Rename…").triggered.connect(lambda _checked=False: markers.rename(marker))
    colours = menu.addMenu("Colour")
    for index, title in enumerate(_COLOURS):
        action = colours.addAction(_swatch(series_colour(index, current())), title)
        action.triggered.connect(lambda _checked=False, index=index: markers.colour(marker, index))
    menu.addAction("Delete").triggered.connect(lambda _checked=False: markers.delete(marker))
    return menu


def _swatch(colour: str) -> QIcon:
    picture = QPixmap(QSize(_SWATCH, _SWATCH))
    picture.fill(QColor(colour))
    return QIcon(picture)
