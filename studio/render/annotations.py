"""Lines, words and the scale over a picture, as plain data in its pixels: comparison and measurements."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.document.camera import Camera
from studio.flame.measures import Dimension
from studio.render.camera import project
from studio.render.colour_scale import colour_scale, scale_ends
from studio.render.extras import Extras

Point = tuple[float, float]  # from the upper left corner
Anchor = Literal["left", "middle", "right"]
Colour = tuple[int, int, int]  # sRGB
Size = tuple[int, int]  # width, height

INK: Colour = (244, 245, 247)
GROUND: Colour = (23, 25, 29)
DIMENSION: Colour = (255, 214, 120)
TEXT = 12.0  # units high
_USUAL_HEIGHT = 720  # of a picture whose unit is one pixel
_TICK = 5.0  # half the stroke at the end of a dimension line
_LABEL_BELOW = 26.0  # from the labels of A and B to the lower border
_BAR = (14.0, 0.34)  # width in units, height as a share of the picture's
_BAR_RIGHT, _BAR_BELOW = 22.0, 46.0
_TICKS = 5
_LONGEST = 28  # characters of a name


@dataclass(frozen=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    width: float
    colour: Colour = INK


@dataclass(frozen=True)
class Words:
    """A word on a dark field, vertically centred on its place."""

    place: Point
    text: str
    size: float  # of the font, pixels
    anchor: Anchor = "middle"  # which point of the field lies on the place
    colour: Colour = INK


@dataclass(frozen=True, eq=False)
class Bar:
    """An upright bar of colours, the first one lowest."""

    corner: Point  # upper left
    size: Point
    colours: NDArray[np.uint8]  # (N, 3) sRGB


Mark = Line | Words | Bar


def picture_unit(size: Size) -> float:
    """Pixels of one unit in a picture of ``size``, so that words have the same share of every picture."""
    return max(size[1] / _USUAL_HEIGHT, 0.25)


def annotations_of(extras: Extras, camera: Camera, size: Size, unit: float) -> tuple[Mark, ...]:
    """What lies over a picture of ``size`` seen by ``camera``, the lowest first; words are ``unit`` large."""
    marks: list[Mark] = []
    if extras.comparison.dimensions and extras.measured is not None and extras.wiped is None:
        for dimension in extras.measured.dimensions:
            marks += _dimension(dimension, camera, size, unit)
    if extras.wiped is not None:
        marks += _wipe(extras, size, unit)
    if extras.heat is not None:
        marks += _scale(extras, size, unit)
    return tuple(marks)


def _wipe(extras: Extras, size: Size, unit: float) -> list[Mark]:
    x, low = float(extras.edge(size[0])), size[1] - _LABEL_BELOW * unit
    marks: list[Mark] = [Line((x, 0.0), (x, float(size[1])), 1.5 * unit)]
    aside = 10.0 * unit
    places: tuple[tuple[str, str, float, Anchor], ...] = (
        ("A", extras.names[0], x - aside, "right"),
        ("B", extras.names[1], x + aside, "left"),
    )
    for letter, name, place, anchor in places:
        if name and 4.0 * aside < place < size[0] - 4.0 * aside:
            marks.append(Words((place, low), f"{letter}  {_short(name)}", TEXT * unit, anchor))
    return marks


def _scale(extras: Extras, size: Size, unit: float) -> list[Mark]:
    comparison = extras.comparison
    signed = comparison.distance == "normal"
    low, high = scale_ends(signed, comparison.farthest)
    width, height = _BAR[0] * unit, round(_BAR[1] * size[1])
    left, top = size[0] - _BAR_RIGHT * unit - width, size[1] - _BAR_BELOW * unit - height
    marks: list[Mark] = [Bar((left, top), (width, float(height)), colour_scale(signed))]
    for index in range(_TICKS):
        share = index / (_TICKS - 1)
        text = tick_text(low + share * (high - low), high - low, signed)
        y = top + (1.0 - share) * height
        marks.append(Line((left - 4.0 * unit, y), (left, y), unit))
        marks.append(Words((left - 6.0 * unit, y), text, 0.9 * TEXT * unit, "right"))
    title = f"mm to {_short(extras.names[1])}"
    marks.append(Words((left + width, size[1] - 0.5 * _BAR_BELOW * unit), title, 0.9 * TEXT * unit, "right"))
    return marks


def tick_text(value: float, span: float, signed: bool) -> str:
    """A number of a scale that is ``span`` millimetres long, with as many decimals as tell it from others."""
    decimals = max(0, 1 - math.floor(math.log10(max(span, 1e-9) / (_TICKS - 1))))
    text = f"{value:.{min(decimals, 4)}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return f"+{text}" if signed and value > 0.0 else text


def _dimension(dimension: Dimension, camera: Camera, size: Size, unit: float) -> list[Mark]:
    ends = project(np.stack([dimension.start, dimension.end]), camera, size)
    if (ends[:, 2] <= 0.0).any():
        return []
    start, end = ends[:, :2]
    length = float(np.hypot(*(end - start)))
    if length < 1.0:
        return []
    across = np.array([-(end - start)[1], (end - start)[0]]) / length * _TICK * unit
    lines: list[Mark] = [_line(start, end, unit)]
    lines += [_line(place - across, place + across, unit) for place in (start, end)]
    right, down = ((end - start) / length).tolist()
    text, size_of_text = f"{dimension.value:.1f} mm", 0.9 * TEXT * unit
    if abs(right) >= abs(down):
        anchor: Anchor = "left" if right > 0.0 else "right"
        place = float(end[0]) + math.copysign(2.0 * _TICK * unit, right), float(end[1])
    else:
        anchor = "middle"
        place = float(end[0]), float(end[1]) + math.copysign(3.5 * _TICK * unit, down)
    return [*lines, Words(place, text, size_of_text, anchor, DIMENSION)]


def _line(start: NDArray[np.float64], end: NDArray[np.float64], unit: float) -> Line:
    (a, b), (c, d) = start.tolist(), end.tolist()
    return Line((a, b), (c, d), 1.5 * unit, DIMENSION)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
