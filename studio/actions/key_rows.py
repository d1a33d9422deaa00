"""What can be done with keys and markers, as rows of the Animate menu."""

from __future__ import annotations

from studio.actions.row import Action
from studio.panels.key_desk import INTERPOLATION_TITLES
from studio.sequence.curves import Interpolation

_WAYS: dict[Interpolation, str] = {
    "stepped": "Hold the value of the chosen keys up to the next one",
    "linear": "Go on from the chosen keys in equal steps",
    "smooth": "Go on from the chosen keys without a corner or an overshoot",
    "eased": "Go slowly at the chosen keys and at the next ones",
    "bezier": "Go on from the chosen keys by handles",
}


def _interpolation(kind: Interpolation) -> Action:
    return Action(
        f"interpolation.{kind}",
        INTERPOLATION_TITLES[kind],
        "Animate/Interpolation",
        lambda w: w.workspace.timeline.desk.interpolate(kind),
        tip=_WAYS[kind],
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "set_key",
        "Set key",
        "Animate",
        lambda w: w.workspace.timeline.sheet.set_key(),
        "key",
        "S",
        "Keep what is shown here: on the chosen tracks, or on all",
        separator=True,
    ),
    Action(
        "delete_keys",
        "Delete keys here",
        "Animate",
        lambda w: w.workspace.timeline.sheet.delete_here(),
        "",
        "Alt+S",
        "Drop the keys at the cursor, of the chosen tracks or of all",
    ),
    Action(
        "previous_key",
        "Previous key",
        "Animate",
        lambda w: w.workspace.timeline.sheet.go_to_key(-1),
        "key-previous",
        "Ctrl+Left",
        "Go back to where a key is",
    ),
    Action(
        "next_key",
        "Next key",
        "Animate",
        lambda w: w.workspace.timeline.sheet.go_to_key(1),
        "key-next",
        "Ctrl+Right",
        "Go ahead to where a key is",
    ),
    *(_interpolation(kind) for kind in INTERPOLATION_TITLES),
    Action(
        "add_marker",
        "Add marker",
        "Animate",
        lambda w: w.workspace.timeline.markers.add(),
        "marker",
        "M",
        "Mark this frame; on a marker, give it another name",
        separator=True,
    ),
    Action(
        "previous_marker",
        "Previous marker",
        "Animate",
        lambda w: w.workspace.timeline.markers.go(-1),
        "",
        "Ctrl+Shift+Left",
        "Go back to where a marker is",
    ),
    Action(
        "next_marker",
        "Next marker",
        "Animate",
        lambda w: w.workspace.timeline.markers.go(1),
        "",
        "Ctrl+Shift+Right",
        "Go ahead to where a marker is",
    ),
    Action(
        "take_length",
        "Take length…",
        "Animate",
        lambda w: w.workspace.timeline.ask_length(),
        tip="Let a take go on behind its clip, whose last frame holds",
    ),
)
