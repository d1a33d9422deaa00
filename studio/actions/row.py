"""One row of the action table: a thing that a user can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studio.window import StudioWindow

Run = Callable[["StudioWindow"], Any]


@dataclass(frozen=True)
class Action:
    """One thing a user can do."""

    id: str
    title: str
    menu: str
    run: Run
    icon: str = ""
    shortcut: str = ""  # several are divided by "; "
    tip: str = ""  # what it does, in one phrase
    toolbar: bool = False
    checkable: bool = False  # shows whether something is on
    group: str = ""  # of checkable actions, of which one is on
    separator: bool = False  # a line above it in its menu
    starts_job: bool = False  # not offered while another job runs
    why_not: str = ""  # why it is not offered when it is not, in a phrase
