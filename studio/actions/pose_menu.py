"""Pose menu: back to neutral, and what is kept from it."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action("reset_pose", "Reset pose", "Pose", lambda w: w.reset("pose"), "reset", ""),
    Action("reset_expression", "Reset expression", "Pose", lambda w: w.reset("expression")),
    Action("reset_shape", "Reset shape", "Pose", lambda w: w.reset("shape")),
    Action("reset_appearance", "Reset appearance", "Pose", lambda w: w.reset_appearance()),
    Action("reset_all", "Reset everything", "Pose", lambda w: w.reset("all"), "", "Ctrl+0"),
    Action(
        "unlock_all",
        "Unlock everything",
        "Pose",
        lambda w: w.unlock_all(),
        "lock-open",
        tip="Open the locks of all sliders",
        separator=True,
    ),
)
