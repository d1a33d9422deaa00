"""Pose menu: back to neutral, and what is kept from it."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "reset_pose",
        "Reset pose",
        "Pose",
        lambda w: w.reset("pose"),
        "reset",
        tip="Turn head, jaw and eyes straight ahead",
    ),
    Action(
        "reset_expression",
        "Reset expression",
        "Pose",
        lambda w: w.reset("expression"),
        tip="Relax the face",
    ),
    Action(
        "reset_shape",
        "Reset shape",
        "Pose",
        lambda w: w.reset("shape"),
        tip="Go back to the mean head",
    ),
    Action(
        "reset_appearance",
        "Reset appearance",
        "Pose",
        lambda w: w.reset_appearance(),
        tip="Go back to the mean skin",
    ),
    Action(
        "reset_all",
        "Reset everything",
        "Pose",
        lambda w: w.reset("all"),
        "",
        "Ctrl+0",
        "Go back to the mean head, relaxed and straight ahead",
    ),
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
