"""Animate menu: the time cursor and the range played."""

from __future__ import annotations

from collections.abc import Callable

from studio.actions.row import Action
from studio.document.commands import Command, play_all, play_from_here, play_to_here
from studio.document.document import Document


def _played(name: str, title: str, make: Callable[[Document], Command], icon_name: str, key: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.push(make(w.document)), icon_name, key)


ACTIONS: tuple[Action, ...] = (
    Action("play", "Play or pause", "Animate", lambda w: w.player.toggle(), "play", "Space"),
    Action("step_forward", "Next frame", "Animate", lambda w: w.player.step(1), "step-forward", "."),
    Action("step_back", "Previous frame", "Animate", lambda w: w.player.step(-1), "step-back", ","),
    Action("first_frame", "First frame", "Animate", lambda w: w.go_to_end(0), "first", "Home"),
    Action("last_frame", "Last frame", "Animate", lambda w: w.go_to_end(1), "last", "End"),
    Action(
        "loop", "Loop", "Animate", lambda w: w.toggle_loop(), "loop", "Ctrl+L", checkable=True, separator=True
    ),
    _played("mark_in", "Start playing here", play_from_here, "in-point", "I"),
    _played("mark_out", "Stop playing here", play_to_here, "out-point", "O"),
    _played("mark_clear", "Play everything", play_all, "", "Alt+I"),
)
