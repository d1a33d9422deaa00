"""Help menu: finding commands and keys, first steps, and about the studio."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "palette",
        "Find a command…",
        "Help",
        lambda w: w.show_palette(),
        "search",
        "Ctrl+Shift+P",
        "Find any command by a part of its name",
    ),
    Action(
        "shortcuts",
        "Keyboard shortcuts…",
        "Help",
        lambda w: w.show_shortcuts(),
        "keyboard",
        "Ctrl+Alt+K; Ctrl+/",
        "See and change the keys of every command",
    ),
    Action(
        "first_steps",
        "First steps",
        "Help",
        lambda w: w.first_steps.show(),
        tip="Tell what to try first and where FLAME goes",
    ),
    Action(
        "about",
        "About FLAME Studio",
        "Help",
        lambda w: w.show_about(),
        "about",
        tip="Version, papers and licences",
        separator=True,
    ),
)
