"""A picture or sound that the document refers to, or carries along."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any, TypeVar

from studio.storage.errors import StudioError
from studio.storage.paths import cannot_read, file_size

T = TypeVar("T")

LARGEST = 256 << 20  # bytes of one picture or sound


@dataclass(frozen=True)
class Media:
    """A file by reference, or with its content.

    ``content`` holds the bytes of an embedded file, whose ``path`` then only says where it was; without
    it the file at ``path`` is read each time. No path and no content: nothing was chosen.
    """

    path: str = ""
    content: bytes | None = None

    def __bool__(self) -> bool:
        """Whether there is a file."""
        return bool(self.path) or self.content is not None

    @property
    def name(self) -> str:
        """What it is called, also where it was chosen on another system."""
        return PureWindowsPath(self.path).name or "a picture or sound"

    @property
    def is_embedded(self) -> bool:
        """Whether it is carried along."""
        return self.content is not None

    @property
    def is_missing(self) -> bool:
        """Whether it refers to a file that is not there."""
        return bool(self.path) and self.content is None and not is_there(self.path)


def is_there(path: str) -> bool:
    """Whether ``path`` is a file here; another computer, which would be called, is not asked."""
    return not is_elsewhere(path) and os.path.isfile(path)


def is_elsewhere(path: str) -> bool:
    """Whether ``path`` names a file on another computer, as Windows writes it, in either kind of slash."""
    return path[:2].replace("/", "\\") == "\\\\"


def refuse_elsewhere(media: Media) -> None:
    """Ask no other computer: a file from a stranger might name one to see who opens it.

    Raises:
        StudioError: its file is on another computer.

    """
    if media.content is None and is_elsewhere(media.path):
        raise StudioError(f"{media.name} is on another computer; copy it to this one and choose it again.")


def read_media(media: Media) -> bytes:
    """The bytes of the picture or sound.

    Raises:
        StudioError: nothing was chosen, or its file is missing, unreadable, too large or on another
            computer.

    """
    if media.content is not None:
        return media.content
    if not media.path:
        raise StudioError("No picture or sound was chosen; choose a file.")
    refuse_elsewhere(media)
    path = Path(media.path)
    if file_size(path) > LARGEST:
        raise StudioError(f"{path.name} is larger than {LARGEST >> 20} MiB; choose a smaller file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise cannot_read(path, error) from None


def media_in(value: Any) -> Iterator[Media]:
    """Every picture and sound that stands in ``value``, a frozen dataclass or a tuple of any depth."""
    if isinstance(value, Media):
        if value:
            yield value
    elif is_dataclass(value):
        for entry in fields(value):
            yield from media_in(getattr(value, entry.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from media_in(entry)


def with_media(value: T, change: Callable[[Media], Media]) -> T:
    """``value`` with ``change`` done to every picture and sound in it; ``value`` itself without any."""
    if not any(True for _ in media_in(value)):
        return value
    if isinstance(value, Media):
        return change(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(with_media(entry, change) for entry in value)  # type: ignore[return-value]
    parts = {
        entry.name: with_media(getattr(value, entry.name), change)
        for entry in fields(value)  # type: ignore[arg-type]
    }
    return replace(value, **parts)  # type: ignore[type-var]
