"""Animate menu: the time cursor and the range played."""

from __future__ import annotations

from collections.abc import Callable

from studio.actions import camera_rows, clip_rows, key_rows, layer_rows, live_rows, sound_rows
from studio.actions.row import Action
from studio.document.commands import Command, play_all, play_from_here, play_to_here, toggle_ping_pong
from studio.document.document import Document
from studio.sequence.timecode import TimeUnit


def _played(
    name: str, title: str, make: Callable[[Document], Command], icon_name: str, key: str, tip: str
) -> Action:
    return Action(name, title, "Animate", lambda w: w.push(make(w.document)), icon_name, key, tip)


def _step(name: str, title: str, frames: int, icon_name: str, key: str, tip: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.player.step(frames), icon_name, key, tip)


def _shuttle(name: str, title: str, direction: int, icon_name: str, key: str, tip: str) -> Action:
    return Action(name, title, "Animate", lambda w: w.player.shuttle(direction), icon_name, key, tip)


def _unit(unit: TimeUnit, title: str, tip: str) -> Action:
    return Action(
        f"time.{unit}",
        title,
        "Animate/Time in",
        lambda w: w.document.set(tools=w.document.tools.replace(time=unit)),
        tip=tip,
        checkable=True,
        group="time",
    )


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
    _shuttle("play_backwards", "Play backwards", -1, "play-back", "J", "Backwards, faster with each press"),
    Action("pause", "Pause", "Animate", lambda w: w.player.pause(), "pause", "K", "Stop on a whole frame"),
    _shuttle("play_forwards", "Play forwards", 1, "play-fast", "L", "Forwards, faster with each press"),
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
    Action(
        "ping_pong",
        "Ping-pong",
        "Animate",
        lambda w: w.push(toggle_ping_pong(w.document)),
        "ping-pong",
        "Ctrl+Alt+P",
        "Turn at the ends: there and back again",
        checkable=True,
    ),
    _played("mark_in", "Start playing here", play_from_here, "in-point", "I", "Play from this frame on"),
    _played("mark_out", "Stop playing here", play_to_here, "out-point", "O", "Play up to this frame"),
    _played("mark_clear", "Play everything", play_all, "", "Alt+I", "Play all frames of the take"),
    _unit("seconds", "Seconds", "Tell and type time in minutes, seconds and hundredths"),
    _unit("frames", "Frames", "Tell and type time in frames"),
    _unit("timecode", "Timecode", "Tell and type time as hours:minutes:seconds:frames"),
    *key_rows.ACTIONS,
    *layer_rows.ACTIONS,
    *camera_rows.ACTIONS,
    *clip_rows.ACTIONS,
    *sound_rows.ACTIONS,
    *live_rows.ACTIONS,
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
