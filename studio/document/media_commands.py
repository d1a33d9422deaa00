"""Embedding pictures and sounds, referring to them, and finding missing ones again, as commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from studio.document.commands import Command, change
from studio.document.document import SETTINGS, Document
from studio.document.media import Media, media_in, read_media, with_media
from studio.storage.errors import StudioError


def all_media(document: Document) -> tuple[Media, ...]:
    """Every picture and sound of ``document``, each once."""
    found = (media for name in SETTINGS for media in media_in(getattr(document, name)))
    return tuple(dict.fromkeys(found))


def missing_media(document: Document) -> tuple[Media, ...]:
    """Those that refer to files that are not there."""
    return tuple(media for media in all_media(document) if media.is_missing)


def embed_media(document: Document) -> Command:
    """Carry every picture and sound along.

    Raises:
        StudioError: a file is missing, unreadable or too large.

    """
    return _changed(
        document, "Embed pictures and sounds", lambda media: replace(media, content=read_media(media))
    )


def refer_media(document: Document, written: Mapping[Media, str]) -> Command:
    """Leave pictures and sounds in files of their own: where each was, or where it was ``written``."""
    return _changed(
        document,
        "Refer to pictures and sounds",
        lambda media: Media(written.get(media, media.path)) if media.is_embedded else media,
    )


def locate_media(document: Document, places: Mapping[str, str]) -> Command:
    """Let references to the files ``places`` names go to where they are now."""
    names = {Media(path).name for path in places}
    name = f"Locate {names.pop()}" if len(names) == 1 else "Locate missing files"
    return _changed(
        document,
        name,
        lambda media: media if media.is_embedded else Media(places.get(media.path, media.path)),
    )


def is_where_it_was(media: Media) -> bool:
    """Whether the file that ``media`` was embedded from is still there, with the same content."""
    try:
        return bool(media.path) and read_media(Media(media.path)) == media.content
    except StudioError:
        return False


def _changed(document: Document, name: str, change_one: Callable[[Media], Media]) -> Command:
    values = {
        field: with_media(getattr(document, field), change_one)
        for field in SETTINGS
        if any(True for _ in media_in(getattr(document, field)))
    }
    return change(document, name, **values)
