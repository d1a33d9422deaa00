"""Keys of named controls, from scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.controls.named_controls import numbers_of, units_of
from studio.controls.titles import sentence
from studio.document.auto_key import is_mix
from studio.document.control_state import controls_of
from studio.document.key_commands import face_channels, set_keys_at
from studio.document.key_states import channels_of
from studio.scripting.naming import one_of
from studio.sequence.channel_names import CONTROL

if TYPE_CHECKING:
    from studio.scripting.studio import Studio


def set_keys(studio: Studio, controls: Sequence[str]) -> None:
    """Set keys at the time cursor to what is shown, of ``controls``; of all that moves where none is named.

    Raises:
        StudioError: there is no such control, or controls cannot be solved.

    """
    document = studio.document
    frame = float(round(document.position))
    channels: list[str] = [] if controls else [*face_channels(document.take, frame)]
    known = controls_of(document)
    for name in controls:
        channels += _channels(studio, one_of(name, known.controls, "control"))
    what = (
        sentence(controls[0]) if len(controls) == 1 else f"{len(controls)} controls" if controls else "face"
    )
    studio.push(set_keys_at(document, f"Key {what}", tuple(dict.fromkeys(channels)), frame))


def _channels(studio: Studio, control: str) -> tuple[str, ...]:
    """The channels whose keys hold ``control``: its own where several components make it, else theirs."""
    controls = controls_of(studio.document)
    found: list[str] = []
    for name in units_of(control) or (control,):
        if name in controls.space.places and is_mix(controls.space, name):
            found.append(f"{CONTROL}{name}")
        else:
            found += channels_of(frozenset(numbers_of(controls, name)))
    return tuple(found)
