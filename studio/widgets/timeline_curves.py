"""The curve of a row as a picture, made column by column: what it costs depends on pixels, not on frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from studio.widgets.time_ruler import TimeRuler

_THICK = 1.3  # pixels


def column_reach(values: NDArray[np.float32], ruler: TimeRuler, columns: int) -> NDArray[np.float64]:
    """The least and the most (2, columns) of ``values`` (T,), in 0..1, in each column of the ruler.

    Whatever the values, what comes out lies within 0..1; numbers that are none are passed over. Columns
    behind the last value hold it.
    """
    last = len(values) - 1
    edges = ruler.begin + np.linspace(0.0, 1.0, columns + 1) * (ruler.stop - ruler.begin)
    held = np.clip(edges, 0.0, last)
    before = held.astype(np.intp)
    first = int(before[0])
    part = values[first : int(before[-1]) + 2]
    part = np.append(part, part[-1:])  # an index for every end
    share, before = held - before, before - first
    with np.errstate(invalid="ignore", over="ignore"):
        ends = part[before] * (1.0 - share) + part[before + 1] * share
    low, high = np.fmin(ends[:-1], ends[1:]), np.fmax(ends[:-1], ends[1:])
    starts, stops = np.ceil(held[:-1]).astype(np.intp) - first, before[1:] + 1
    inside = stops > starts
    if inside.any():
        pairs = np.stack([starts[inside], stops[inside]], axis=1).reshape(-1)
        low[inside] = np.fmin(low[inside], np.fmin.reduceat(part, pairs)[::2])
        high[inside] = np.fmax(high[inside], np.fmax.reduceat(part, pairs)[::2])
    return np.nan_to_num(np.stack([low, high])).clip(0.0, 1.0)


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
