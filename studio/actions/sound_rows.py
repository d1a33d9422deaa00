"""What can be done with the sound, as rows of the Animate menu."""

from __future__ import annotations

from studio.actions.row import Action

_NONE = "No sound yet; open one"

ACTIONS: tuple[Action, ...] = (
    Action(
        "sound.mute",
        "Mute sound",
        "Animate/Sound",
        lambda w: w.sounding.toggle_mute(),
        "mute",
        "Ctrl+Alt+M",
        "Play without the sound, or with it again",
        checkable=True,
        why_not=_NONE,
    ),
    Action(
        "sound.here",
        "Begin sound here",
        "Animate/Sound",
        lambda w: w.sounding.begin_here(),
        tip="Let the sound begin at the time cursor",
        why_not=_NONE,
    ),
    Action(
        "sound.fit",
        "Fit take to sound",
        "Animate/Sound",
        lambda w: w.sounding.fit(),
        tip="Let the take last until the sound ends",
        why_not=_NONE,
    ),
    Action(
        "sound.scrub",
        "Hear sound while scrubbing",
        "Animate/Sound",
        lambda w: w.sounding.toggle_scrubbing(),
        tip="Play a short grain where the time cursor is moved to",
        checkable=True,
    ),
    Action(
        "sound.remove",
        "Remove sound",
        "Animate/Sound",
        lambda w: w.sounding.remove(),
        tip="Have no sound; Undo brings it back",
        separator=True,
        why_not=_NONE,
    ),
)
