"""Which FLAME release a model is, and under what licence it comes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from studio.flame.notes import is_ours

RESEARCH_LICENCE = (
    "FLAME model licence of MPI-IS: non-commercial scientific research only, see https://flame.is.tue.mpg.de"
)
OPEN_LICENCE = "CC BY 4.0, FLAME 2023 Open, MPI-IS, see https://flame.is.tue.mpg.de"
RINGNET_LICENCE = "MIT, RingNet; a copy from another project comes under that project's licence"
UNKNOWN_LICENCE = "unknown; ask where the file came from"

FLAME_2017 = "FLAME 2017"
FLAME_2019 = "FLAME 2019"
FLAME_2020 = "FLAME 2020"
FLAME_2023 = "FLAME 2023"
FLAME_2023_NO_JAW = "FLAME 2023 (no jaw)"
FLAME_2023_OPEN = "FLAME 2023 Open"
UNKNOWN_FLAME = "FLAME, release unknown"
UNKNOWN_HEAD = "a head in the FLAME layout"

FLAME_VERTICES = 5023
FLAME_FACES = 9976

# First and last characters of the SHA-256 sums that users of the files have published.
DIGESTS = (
    ("efcd14cc", "725b", FLAME_2020),
    ("8fb1af0d", "7fa0", FLAME_2023),
    ("e75a0990", "7623", FLAME_2023_OPEN),
)

# Read from top to bottom: the longer names come first.
NAME_HINTS = (
    ("2023_open", FLAME_2023_OPEN),
    ("2023open", FLAME_2023_OPEN),
    ("2023_no_jaw", FLAME_2023_NO_JAW),
    ("2023", FLAME_2023),
    ("2020", FLAME_2020),
    ("2019", FLAME_2019),
    ("2017", FLAME_2017),
)


def version_of(digest: str, tables: Mapping[str, Any], source: Path, notes: Mapping[str, str]) -> str:
    """The release: by digest, else by keys only one release has, else by the names as a hint.

    A file that the studio converted is told by the digest of its source, and by what it was known as.

    Args:
        digest: SHA-256 of the file in hex, or empty.
        tables: the file's arrays and other entries by key; ``v_template`` among them.
        source: the file; its own and its folder's name are hints.
        notes: free text notes of the file.

    """
    ours = is_ours(notes)
    for known in (digest, notes.get("source_digest", "") if ours else ""):
        for first, last, version in DIGESTS:
            if known.startswith(first) and known.endswith(last):
                return version
    if ours and notes.get("version"):
        return notes["version"]
    if "supr_expression_metadata" in tables:
        return FLAME_2023_OPEN
    if len(tables["v_template"]) != FLAME_VERTICES:
        return UNKNOWN_HEAD
    return hinted_version(source, notes)


def hinted_version(source: Path, notes: Mapping[str, str]) -> str:
    """A guess at the release by what the file says of itself, its name, and its folder's name."""
    for text in (*notes.values(), source.name, source.parent.name):
        for hint, version in NAME_HINTS:
            if hint in text.lower():
                return version
    return UNKNOWN_FLAME


def licence_of(version: str, notes: Mapping[str, str] = MappingProxyType({})) -> str:
    """The licence under which a release is given out, as one line for people.

    A file that the studio converted says so itself: ``notes``.
    """
    if is_ours(notes) and notes.get("licence"):
        return notes["licence"]
    if version == FLAME_2023_OPEN:
        return OPEN_LICENCE
    if version == UNKNOWN_HEAD:
        return UNKNOWN_LICENCE
    return RESEARCH_LICENCE
