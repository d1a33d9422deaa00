"""The words in a picture: what they say, how they are written, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Caption
from studio.document.occasion import Occasion

Pixels = NDArray[np.uint8]

FONT = Path("util", "fonts", "data", "OpenSans-Regular.ttf")  # of vispy
MARGIN = 1.0  # between the words and the picture's border, in letter heights
LINE = 1.3  # from line to line, in letter heights
OUTLINE = 0.075  # width of the dark line around letters, in letter heights
SMALLEST = 8  # pixels of a letter's height
LINES, CHARACTERS = 6, 200  # of which more are left out
OUTLINE_COLOUR = (18, 20, 23)
OUTLINE_ALPHA = 215
PLACEHOLDERS = ("take", "frame", "time", "model")
_PLACE = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_MEASURED = 64  # pixels of a letter's height at which the room that words take is measured


@dataclass(frozen=True, eq=False)
class Words:
    """A caption as pixels, and where they stand in the picture."""

    pixels: Pixels  # (h, w, 4) sRGB, premultiplied
    left: int  # pixels from the picture's left border
    top: int


def caption_text(caption: Caption, occasion: Occasion, model_name: str) -> str:
    """The words of ``caption`` with what stands for something filled in; all else stays as it is."""
    minutes, seconds = divmod(max(occasion.seconds, 0.0), 60.0)
    values = (occasion.take, str(occasion.frame), f"{int(minutes)}:{seconds:05.2f}", model_name)
    filled = dict(zip(PLACEHOLDERS, values, strict=True))
    text = _PLACE.sub(lambda place: filled[place[1]], caption.text)
    lines = [line[:CHARACTERS].rstrip() for line in text.splitlines()[:LINES]]
    return "\n".join(lines).strip("\n")


def words_of(caption: Caption, occasion: Occasion, model_name: str, size: tuple[int, int]) -> Words | None:
    """``caption`` in a picture of ``size`` pixels, smaller where it would not fit; None without words."""
    text = caption_text(caption, occasion, model_name)
    if not text.strip():
        return None
    height = max(min(round(caption.letter_height * size[1]), _tallest(text, size)), SMALLEST)
    align = "right" if "right" in caption.corner else "left" if "left" in caption.corner else "center"
    pixels = _written(text, height, caption.colour, align)
    margin = round(MARGIN * height)
    room = (size[0] - pixels.shape[1], size[1] - pixels.shape[0])
    left = {"left": margin, "right": room[0] - margin, "center": room[0] // 2}[align]
    top = margin if caption.corner.startswith("top") else room[1] - margin
    return Words(pixels, left, top)


@lru_cache(maxsize=8)
def _tallest(text: str, size: tuple[int, int]) -> int:
    """The height of letters, in pixels, at which ``text`` just fits into a picture of ``size``."""
    font, lines = _font(_MEASURED), text.split("\n")
    longest = max(font.getlength(line) for line in lines) / _MEASURED
    return int(min(size[0] / (longest + 2.0 * MARGIN), size[1] / (LINE * len(lines) + 2.0 * MARGIN)))


@lru_cache(maxsize=8)
def _written(text: str, height: int, colour: tuple[float, float, float], align: str) -> Pixels:
    from PIL import Image, ImageDraw

    font = _font(height)
    outline = max(round(OUTLINE * height), 1)
    ascent, descent = font.getmetrics()
    lines = text.split("\n")
    lengths = [round(font.getlength(line)) for line in lines]
    width = max(lengths) + 2 * outline + 2
    tall = ascent + descent + round(LINE * height) * (len(lines) - 1) + 2 * outline
    around, ink = (Image.new("L", (width, tall)) for _ in range(2))
    for index, (line, length) in enumerate(zip(lines, lengths, strict=True)):
        room = width - length - 2 * outline
        left = outline + {"left": 0, "right": room, "center": room // 2}[align]
        place = (left, outline + ascent + index * round(LINE * height))
        ImageDraw.Draw(around).text(place, line, 255, font, anchor="ls", stroke_width=outline)
        ImageDraw.Draw(ink).text(place, line, 255, font, anchor="ls")
    halo = np.asarray(around, dtype=np.float64)[..., None] / 255.0 * (OUTLINE_ALPHA / 255.0)
    letters = np.asarray(ink, dtype=np.float64)[..., None] / 255.0
    alpha = letters + halo * (1.0 - letters)
    rgb = letters * np.array(colour) * 255.0 + halo * (1.0 - letters) * np.array(OUTLINE_COLOUR)
    pixels = np.rint(np.concatenate([rgb, alpha * 255.0], axis=2)).astype(np.uint8)
    pixels.setflags(write=False)
    return pixels


def _font(height: int) -> Any:
    """Open Sans, which comes with vispy, or where that is missing Pillow's own: the same on every machine."""
    from PIL import ImageFont

    package = find_spec("vispy")
    places = package.submodule_search_locations if package is not None else None
    try:
        return ImageFont.truetype(str(Path((places or [""])[0]) / FONT), height)
    except OSError:
        return ImageFont.load_default(height)


def draw_caption(colours: NDArray[np.float32], words: Words, left: int, top: int, pixel: int) -> None:
    """Compose ``words`` over premultiplied ``colours`` (h, w, 4), in place.

    Args:
        colours: samples of a window of the picture.
        words: of the picture.
        left: where the window begins, in samples.
        top: the same from above.
        pixel: samples along one pixel of the picture.
    """
    height, width = colours.shape[:2]
    rows = (top + np.arange(height)) // pixel - words.top
    columns = (left + np.arange(width)) // pixel - words.left
    mine = (
        np.flatnonzero((rows >= 0) & (rows < words.pixels.shape[0])),
        np.flatnonzero((columns >= 0) & (columns < words.pixels.shape[1])),
    )
    if not (len(mine[0]) and len(mine[1])):
        return
    part = words.pixels[rows[mine[0]][:, None], columns[mine[1]]].astype(np.float32) / np.float32(255.0)
    place = np.ix_(*mine)
    colours[place] = colours[place] * (1.0 - part[..., 3:]) + part
