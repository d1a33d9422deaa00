"""Commands that add, change and remove the sound of a document."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.document.commands import Command, change, replace_take
from studio.document.document import Document
from studio.document.media import Media
from studio.document.sound import SoundTrack
from studio.document.take import LONGEST_TAKE, Take

_SLACK = 1e-6  # of a frame, which rounding may add


def use_sound(
    document: Document, media: Media, source: Path | None = None, seconds: float | None = None
) -> Command:
    """Let ``media`` be what is heard, where the sound before it was, if there was one.

    A still, which cannot be played, lasts as long as the sound where its ``seconds`` are known.
    """
    name = f"Replace {document.sound.media.name}" if document.sound else f"Add {media.name}"
    sound = document.sound.replace(media=media)
    values: dict[str, Any] = {"sound": sound}
    if seconds is not None and len(document.take) == 1:
        values["takes"] = _fitted(document, sound.offset + seconds)
    return replace(change(document, name, **values), source=source)


def set_sound(document: Document, name: str, gesture: int | None = None, **changes: object) -> Command:
    """Change where the sound lies or how loud it is; steps of one ``gesture`` are merged."""
    return change(document, name, gesture, sound=document.sound.replace(**changes))


def begin_here(document: Document) -> Command:
    """Let the sound begin at the time cursor."""
    return set_sound(document, "Begin sound here", offset=document.position / document.take.fps)


def fit_take(document: Document, seconds: float) -> Command:
    """Let the active take last until a sound of ``seconds`` has ended; no frame of its clip goes."""
    takes = _fitted(document, document.sound.offset + seconds)
    return change(document, "Fit take to sound", takes=takes, playback=document.playback.replace(last=None))


def toggle_mute(document: Document) -> Command:
    """Mute the sound, or let it be heard again."""
    muted = not document.sound.muted
    return set_sound(document, "Mute sound" if muted else "Unmute sound", muted=muted)


def remove_sound(document: Document) -> Command:
    """Have no sound."""
    return change(document, f"Remove {document.sound.media.name}", sound=SoundTrack())


def _fitted(document: Document, seconds: float) -> tuple[Take, ...]:
    """The takes, the active one of which goes on until ``seconds``."""
    take = document.take
    frames = min(max(math.ceil(seconds * take.fps - _SLACK), 1), LONGEST_TAKE)
    longer = replace(take, length=frames if frames > len(take.clip) else 0)
    return replace_take(document, longer)
