"""The curve of a row as a picture, made column by column: what it costs depends on pixels, not on frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from studio.widgets.time_ruler import TimeRuler

_THICK = 1.3  # pixels


def column_reach(values: NDArray[np.float32], ruler: TimeRuler, columns: int) -> NDArray[np.float64]:
    """The least and the most (2, columns) of ``values`` (T,), in 0..1, in each column of the ruler.

    Whatever the values, what comes out lies within 0..1: numbers that are none count as 0. Columns behind
    the last value hold it.
    """
    last = len(values) - 1
    edges = ruler.begin + np.linspace(0.0, 1.0, columns + 1) * (ruler.stop - ruler.begin)
    first, stop = max(int(edges[0]), 0), min(int(edges[-1]) + 2, last + 1)
    first = min(first, last)
    part = np.nan_to_num(values[first : max(stop, first + 1)].astype(np.float64), nan=0.0).clip(0.0, 1.0)
    ends = np.interp(edges - first, np.arange(len(part)), part)
    low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
    starts = np.clip(np.ceil(edges[:-1] - first), 0, len(part) - 1).astype(np.intp)
    stops = np.clip(np.floor(edges[1:] - first), 0, len(part) - 1).astype(np.intp)
    inside = stops >= starts
    if inside.any():
        begin, end = starts[inside], stops[inside] + 1
        padded = np.append(part, part[-1])
        pairs = np.stack([begin, end], axis=1).reshape(-1)
        low[inside] = np.minimum(low[inside], np.minimum.reduceat(padded, pairs)[::2])
        high[inside] = np.maximum(high[inside], np.maximum.reduceat(padded, pairs)[::2])
    return np.stack([low, high])


def curve_picture(
    values: NDArray[np.float32], ruler: TimeRuler, height: float, colour: str, scale: float
) -> QImage:
    """A line through ``values`` (T,), 0 below and 1 above, over the ruler's width and ``height`` pixels."""
    columns = max(round((ruler.right - ruler.left) * scale), 1)
    rows = max(round(height * scale), 1)
    low, high = column_reach(values, ruler, columns)
    thick = _THICK * scale
    room = max(rows - thick, 0.0)
    top, bottom = (1.0 - high) * room, (1.0 - low) * room + thick
    y = np.arange(rows)[:, None]
    cover = np.clip(np.minimum(y + 1.0, bottom) - np.maximum(y, top), 0.0, 1.0)
    ink = QColor(colour)
    pixels = np.empty((rows, columns, 4), np.uint8)
    for channel, value in enumerate(
        (ink.blue(), ink.green(), ink.red(), 255)
    ):  # premultiplied, little endian
        pixels[..., channel] = cover * value + 0.5
    made = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied).copy()
    made.setDevicePixelRatio(scale)
    return made
