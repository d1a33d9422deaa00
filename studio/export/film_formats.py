"""The formats that films are saved in, and what each of them can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from studio.export.pictures import PICTURES, WITH_ALPHA

NUMBERED = re.compile(r"%0?(\d*)d")


@dataclass(frozen=True)
class FilmFormat:
    """One way to save a film."""

    key: str  # as options name it
    ending: str  # with its point; empty: a folder
    title: str  # in lists
    kind: str  # in file dialogs, before the pattern
    transparent: bool = False
    sound: str = ""  # its codec for people; empty: it carries none
    even: bool = False  # its sides are even
    lossy: bool = True  # whether a quality can be chosen


FORMATS = (
    FilmFormat("mp4", ".mp4", "MP4 · H.264", "MP4 film", sound="AAC", even=True),
    FilmFormat("webm", ".webm", "WebM · VP9", "WebM film", transparent=True, sound="Opus"),
    FilmFormat(
        "mov", ".mov", "MOV · ProRes 4444", "ProRes 4444 film", transparent=True, sound="PCM", lossy=False
    ),
    FilmFormat("gif", ".gif", "GIF", "Animated GIF", lossy=False),
    FilmFormat("webp", ".webp", "WebP", "Animated WebP", transparent=True),
    FilmFormat("frames", "", "PNG frames", "Folder of PNG frames", transparent=True, lossy=False),
)
FILMS = tuple(entry.ending for entry in FORMATS if entry.ending)
_BY_ENDING = {entry.ending: entry for entry in FORMATS}
_BY_KEY = {entry.key: entry for entry in FORMATS}


def format_called(key: str) -> FilmFormat:
    """The format of FORMATS that options call ``key``.

    Raises:
        KeyError: there is none.

    """
    return _BY_KEY[key]


def is_numbered(path: Path) -> bool:
    """Whether the name has a place for the frame's number, as "head_%05d.png"."""
    return NUMBERED.search(path.name) is not None


def has_alpha(path: Path) -> bool:
    """Whether frames in the format of ``path`` can be transparent."""
    if is_numbered(path):
        return PICTURES.get(path.suffix.lower()) in WITH_ALPHA
    return path.suffix.lower() in _BY_ENDING and _BY_ENDING[path.suffix.lower()].transparent


def has_sound(path: Path) -> bool:
    """Whether a film in the format of ``path`` carries sound."""
    found = None if is_numbered(path) else _BY_ENDING.get(path.suffix.lower())
    return found is not None and bool(found.sound)


def why_silent(path: Path) -> str:
    """The notice for a film with sound in a format that carries none."""
    shape = path.suffix[1:].upper() or "PNG frames"
    shape = {"WEBP": "WebP", "GIF": "GIF"}.get(shape, f"{shape} pictures" if is_numbered(path) else shape)
    carries = "carry" if shape.endswith("s") else "carries"
    return f"{path.name} is silent: {shape} {carries} no sound; MP4, WebM and MOV do."


def film_size(path: Path, size: tuple[int, int]) -> tuple[int, int]:
    """``size`` as the format of ``path`` needs it: mp4 has even sides."""
    found = None if is_numbered(path) else _BY_ENDING.get(path.suffix.lower())
    if found is None or not found.even:
        return size
    return (size[0] + size[0] % 2, size[1] + size[1] % 2)
