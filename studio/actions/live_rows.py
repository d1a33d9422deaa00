"""The head driven live, as rows of the Animate menu."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "live_panel",
        "Live panel",
        "Animate/Live",
        lambda w: w.workspace.show_dock("Live"),
        tip="Choose what drives the head: a phone, a webcam or a film",
        separator=True,
    ),
    Action(
        "live",
        "Follow the performer",
        "Animate/Live",
        lambda w: w.driving.head.toggle(),
        "live",
        "Ctrl+Alt+D",
        "Let the head follow a phone, a webcam or a film, or stop",
        checkable=True,
    ),
    Action(
        "live_neutral",
        "Calibrate neutral",
        "Animate/Live",
        lambda w: w.driving.head.calibrate(),
        "head",
        "Ctrl+Alt+N",
        "Take the performer's face of the next second for neutral",
    ),
    Action(
        "live_record",
        "Record performance",
        "Animate/Live",
        lambda w: w.driving.head.toggle_recording(),
        "record",
        "Ctrl+Alt+T",
        "Keep what the head does live as a new take, or end the recording",
    ),
)
