"""Commands that add, change and remove the sound of a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.document.commands import Command, change
from studio.document.document import Document
from studio.document.media import Media
from studio.document.sound import SoundTrack


def use_sound(document: Document, media: Media, source: Path | None = None) -> Command:
    """Let ``media`` be what is heard, where the sound before it was, if there was one."""
    name = f"Replace {document.sound.media.name}" if document.sound else f"Add {media.name}"
    return _changed(document, name, document.sound.replace(media=media), source=source)


def set_sound(document: Document, name: str, gesture: int | None = None, **changes: object) -> Command:
    """Change where the sound lies or how loud it is; steps of one ``gesture`` are merged."""
    return _changed(document, name, document.sound.replace(**changes), gesture)


def toggle_mute(document: Document) -> Command:
    """Mute the sound, or let it be heard again."""
    muted = not document.sound.muted
    return set_sound(document, "Mute sound" if muted else "Unmute sound", muted=muted)


def remove_sound(document: Document) -> Command:
    """Have no sound."""
    return _changed(document, f"Remove {document.sound.media.name}", SoundTrack())


def _changed(
    document: Document, name: str, sound: SoundTrack, gesture: int | None = None, source: Path | None = None
) -> Command:
    return replace(change(document, name, gesture, sound=sound), source=source)
