"""Edit menu: undo and what was done."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action("undo", "Undo", "Edit", lambda w: w.history.stack.undo(), "undo", "Ctrl+Z", toolbar=True),
    Action("redo", "Redo", "Edit", lambda w: w.history.stack.redo(), "redo", "Ctrl+Shift+Z", toolbar=True),
    Action(
        "history",
        "History",
        "Edit",
        lambda w: w.workspace.show_history(),
        "history",
        "Ctrl+H",
        "Every step by name; choose one to go there",
    ),
)
