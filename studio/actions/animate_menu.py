"""Animate menu: the time cursor and the range played."""

from __future__ import annotations

from collections.abc import Callable

from studio.actions.row import Action
from studio.document.commands import Command, play_all, play_from_here, play_to_here
from studio.document.document import Document


def _played(
    name: str, title: str, make: Callable[[Document], Command], icon_name: str, key: str, tip: str
) -> Action:
    return Action(name, title, "Animate", lambda w: w.push(make(w.document)), icon_name, key, tip)


def _step(name: str, title: str, frames: int, icon_name: str, key: str, tip: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.player.step(frames), icon_name, key, tip)


def _end(name: str, title: str, end: int, icon_name: str, key: str, tip: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.go_to_end(end), icon_name, key, tip)


ACTIONS: tuple[Action, ...] = (
    Action(
        "play",
        "Play or pause",
        "Animate",
        lambda w: w.player.toggle(),
        "play",
        "Space",
        "Let time run, or stop it",
    ),
    _step("step_forward", "Next frame", 1, "step-forward", ".", "Go one frame ahead"),
    _step("step_back", "Previous frame", -1, "step-back", ",", "Go one frame back"),
    _end("first_frame", "First frame", 0, "first", "Home", "Go to the first frame played"),
    _end("last_frame", "Last frame", 1, "last", "End", "Go to the last frame played"),
    Action(
        "loop",
        "Loop",
        "Animate",
        lambda w: w.toggle_loop(),
        "loop",
        "Ctrl+L",
        "Start over at the end",
        checkable=True,
        separator=True,
    ),
    _played("mark_in", "Start playing here", play_from_here, "in-point", "I", "Play from this frame on"),
    _played("mark_out", "Stop playing here", play_to_here, "out-point", "O", "Play up to this frame"),
    _played("mark_clear", "Play everything", play_all, "", "Alt+I", "Play all frames of the take"),
    Action(
        "keep_take",
        "Keep as take B",
        "Animate",
        lambda w: w.comparing.keep(),
        "keep",
        "Ctrl+B",
        "Keep this head as a take of its own, to compare with",
        separator=True,
    ),
    Action(
        "duplicate_take",
        "Duplicate take",
        "Animate",
        lambda w: w.comparing.duplicate(),
        "copy",
        "",
        "Go on with a copy of the take",
    ),
    Action(
        "delete_take",
        "Delete take",
        "Animate",
        lambda w: w.comparing.delete(),
        "",
        "",
        "Drop the take that is shown; Undo brings it back",
    ),
)
