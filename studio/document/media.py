"""A picture or sound that the document refers to, or carries along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
        """What it is called."""
        return Path(self.path).name
