"""Pose menu: the tools on the canvas, back to neutral, left and right, and what is kept from bulk changes."""

from __future__ import annotations

from studio.actions.pointer_rows import POINTER
from studio.actions.row import Action
from studio.document.mirroring import flip_face, mirror_face, toggle_symmetric

ACTIONS: tuple[Action, ...] = (
    *POINTER,
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
        "symmetric",
        "Symmetric editing",
        "Pose",
        lambda w: toggle_symmetric(w.document),
        "symmetry",
        "X",
        "What is done on one side of the face is done on the other, too",
        checkable=True,
        separator=True,
    ),
    Action(
        "flip_face",
        "Flip face",
        "Pose",
        lambda w: w.push(flip_face(w.document)),
        "flip",
        "Ctrl+Alt+F",
        "Exchange left and right in the whole take, gaze and turn of the head too",
    ),
    Action(
        "mirror_left",
        "Mirror left to right",
        "Pose",
        lambda w: w.push(mirror_face(w.document, "left")),
        "",
        "Ctrl+Alt+R",
        "Give both sides what the subject's left side has",
    ),
    Action(
        "mirror_right",
        "Mirror right to left",
        "Pose",
        lambda w: w.push(mirror_face(w.document, "right")),
        "",
        "Ctrl+Alt+L",
        "Give both sides what the subject's right side has",
    ),
    Action(
        "mapping",
        "Use mapping…",
        "Pose",
        lambda w: w.files.ask_mapping(),
        tip="Take the units of the face from a file of your own: a row of components for each",
        separator=True,
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
