"""Edit menu: undo and what was done."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "undo",
        "Undo",
        "Edit",
        lambda w: w.history.stack.undo(),
        "undo",
        "Ctrl+Z",
        "Take back the last step",
        toolbar=True,
        why_not="Nothing to undo",
    ),
    Action(
        "redo",
        "Redo",
        "Edit",
        lambda w: w.history.stack.redo(),
        "redo",
        "Ctrl+Shift+Z; Ctrl+Y",
        "Do again what was taken back",
        toolbar=True,
        why_not="Nothing to redo",
    ),
    Action(
        "history",
        "History",
        "Edit",
        lambda w: w.workspace.show_history(),
        "history",
        "Ctrl+H",
        "List every step by name, to go back to any of them",
    ),
    Action(
        "copy_script",
        "Copy everything as Python",
        "Edit",
        lambda w: w.copies.script(),
        "",
        "",
        "A script that makes all this from a new document",
    ),
    Action(
        "console",
        "Python console",
        "Edit",
        lambda w: w.workspace.show_console(),
        "console",
        "F12",
        "Python at work on what you see",
    ),
)
