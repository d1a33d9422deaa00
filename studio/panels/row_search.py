"""Finding rows by what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from studio.widgets.group import Group
from studio.widgets.row_list import RowList
from studio.widgets.slider_scale import SliderScale

Part = tuple[QWidget, RowList]
"""A group and the rows in it, or rows alone."""


def list_matching(parts: Sequence[Part], text: str) -> int:
    """List the rows of ``parts`` that ``text`` names, and say how many; a group's title names all in it."""
    wanted = text.strip().lower()
    found = 0
    for part, rows in parts:
        in_title = isinstance(part, Group) and wanted in part.title.lower()
        rows.list_only(_everything if in_title else partial(_matches, wanted=wanted))
        part.setVisible(bool(rows.listed))
        found += len(rows.listed)
        if wanted and isinstance(part, Group):
            part.set_unfolded(True)
    return found


def go_to_first(parts: Sequence[Part]) -> None:
    """Give the focus to the first row that is listed."""
    for _, rows in parts:
        if rows.listed:
            rows.focus_row(rows.listed[0])
            return


def nothing_called(text: str) -> str:
    """What is said where no row matches."""
    return f"Nothing here is called “{text.strip()}”."


def _everything(_scale: SliderScale) -> bool:
    return True


def _matches(scale: SliderScale, wanted: str) -> bool:
    """Whether ``wanted`` is in the row's label; a mere number is the label's own number."""
    if wanted.isdecimal():
        return scale.label.rpartition(" ")[2] == wanted
    return wanted in scale.label.lower() or wanted in scale.tip.lower()
