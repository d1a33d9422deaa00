"""Free text notes in head model files: what a file says of itself, and what the studio writes there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from studio import __version__
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError
from studio.storage.json_files import read_json
from studio.storage.paths import file_size

TOOL = "FLAME Studio"
NOTES_FILE = "notes.json"
NAMES = ("format", "version", "licence", "converted_from", "source_digest", "conversion_tool", "date")
LONGEST = 1000
LARGEST_FILE = 1 << 20


def notes_of(model: HeadModel, before: Mapping[str, str]) -> dict[str, str]:
    """The notes for a file made from ``model``.

    Args:
        model: what is written.
        before: the notes of the file it was read from; a digest of the first source in a chain of
            conversions is kept, because it tells the release.

    """
    return {
        "format": "FLAME",
        "version": _release(model),
        "licence": model.licence,
        "converted_from": model.source.name if model.source else model.name,
        "source_digest": before.get("source_digest") or model.digest,
        "conversion_tool": f"{TOOL} {__version__}",
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _release(model: HeadModel) -> str:
    """What the model is known as; a bare number says nothing without the name."""
    return f"{model.name} {model.version}" if model.version[:1].isdigit() else model.version


def is_ours(notes: Mapping[str, str]) -> bool:
    """Whether notes were written by the studio, which knew the release and the licence."""
    return notes.get("conversion_tool", "").startswith(TOOL)


def notes_among(entries: Mapping[str, Any]) -> dict[str, str]:
    """The notes among a file's entries: text, or an array of one text, under one of ``NAMES``."""
    found = {name: _text(entries[name]) for name in NAMES if name in entries}
    return {name: text for name, text in found.items() if text}


def read_notes(folder: Path) -> dict[str, str]:
    """The notes beside the arrays of a model folder; none where there are none, or they are damaged."""
    path = folder / NOTES_FILE
    try:
        entries = read_json(path) if file_size(path) <= LARGEST_FILE else None
    except StudioError:
        return {}
    return notes_among(entries) if isinstance(entries, dict) else {}


def _text(value: Any) -> str:
    """``value`` as one line; empty where it is no short text."""
    if isinstance(value, np.ndarray):
        value = value.item() if value.dtype.kind in "US" and value.size == 1 else ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return value if isinstance(value, str) and value.isprintable() and len(value) <= LONGEST else ""
