"""Help menu: finding commands, and about the studio."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action("palette", "Find a command…", "Help", lambda w: w.show_palette(), "search", "Ctrl+Shift+P"),
    Action("about", "About FLAME Studio", "Help", lambda w: w.show_about(), "about"),
)
