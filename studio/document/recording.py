"""A recorded performance as a take, in one step."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from studio.document.commands import Command, open_clip
from studio.document.document import Document
from studio.sequence.clip import Clip


def record_take(document: Document, clip: Clip) -> Command:
    """Add ``clip`` as a take called "Live 1", or the first number that is free, and show it."""
    taken = {take.name for take in document.takes}
    name = next(name for number in count(1) if (name := f"Live {number}") not in taken)
    return replace(open_clip(document, name, clip), name=f"Record {name}")
