"""What a user can choose about an export, as immutable values."""

from __future__ import annotations

from dataclasses import dataclass

from studio.export.film_formats import FORMATS
from studio.export.pictures import QUALITY
from studio.render.shot import LARGEST

PICTURE_FORMATS = ("png", "jpeg", "webp")
FILM_FORMATS = tuple(entry.key for entry in FORMATS)  # frames: a folder of numbered PNG files
MESH_FORMATS = ("obj", "ply")
LARGEST_SIDE = LARGEST  # pixels

Size = tuple[int, int]  # width, height in pixels


@dataclass(frozen=True)
class PictureOptions:
    """A still picture. ``samples`` a pixel: 1 (none), 4, 9 or 16; ``format`` of PICTURE_FORMATS."""

    size: Size = (1920, 1080)
    samples: int = 4
    transparent: bool = False
    format: str = "png"


@dataclass(frozen=True)
class TurntableOptions:
    """One full turn around the head, which plays if asked; ``format`` of FILM_FORMATS."""

    seconds: float = 4.0
    fps: float = 30.0
    size: Size = (1280, 720)
    samples: int = 4
    transparent: bool = False
    format: str = "mp4"
    playing: bool = False  # the take plays, over and over, while the head turns
    quality: int = QUALITY  # 1..100


@dataclass(frozen=True)
class SheetOptions:
    """A page of components: ``size`` and ``samples`` of each head, ``sigma`` from the middle."""

    size: Size = (300, 360)
    samples: int = 9
    count: int = 10
    sigma: float = 2.0


@dataclass(frozen=True)
class FilmOptions:
    """The take as it is seen; ``format`` of FILM_FORMATS."""

    size: Size = (1280, 720)
    samples: int = 4
    format: str = "mp4"
    transparent: bool = False
    fps: float | None = None  # frames a second; None: the take's
    whole: bool = False  # all frames, also those that are not played
    sound: bool = True  # where there is one and the format carries it
    quality: int = QUALITY  # 1..100
