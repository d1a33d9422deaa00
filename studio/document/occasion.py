"""What is shown, in words that a caption can say."""

from __future__ import annotations

from dataclasses import dataclass

from studio.document.document import Document


@dataclass(frozen=True)
class Occasion:
    """A frame of a take."""

    take: str = ""
    frame: int = 0  # from 0
    seconds: float = 0.0  # from the take's start


def occasion_of(document: Document) -> Occasion:
    """The occasion at the time cursor of ``document``."""
    frame = round(document.position)
    return Occasion(document.take.name, frame, frame / document.take.clip.fps)
