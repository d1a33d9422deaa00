"""A waveform as a picture: how far a sound swings in each column of pixels."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

LEAST = 1.0  # pixels of the line of a sound that is silent


class Wave(Protocol):
    """What is known of a sound to draw it."""

    @property
    def seconds(self) -> float:
        """How long it is."""

    @property
    def highest(self) -> float:
        """The largest swing to either side."""

    def swing(self, seconds: NDArray[np.float64]) -> NDArray[np.float32]:
        """Lowest and highest value (n, 2) between neighbouring moments of ``seconds`` (n + 1), ascending."""


def coverage(swing: NDArray[np.float32], height: int, gain: float = 1.0) -> NDArray[np.float32]:
    """How much of each pixel (height, n) lies within ``swing`` (n, 2) times ``gain``; 1 reaches the edges."""
    middle = height / 2.0
    reach = max(middle - 0.5, 0.0)
    top = middle - np.clip(swing[:, 1] * gain, -1.0, 1.0) * reach
    bottom = middle - np.clip(swing[:, 0] * gain, -1.0, 1.0) * reach
    thin = np.maximum(LEAST - (bottom - top), 0.0) / 2.0
    top, bottom = top - thin, bottom + thin
    rows = np.arange(height, dtype=np.float32)[:, None]
    covered: NDArray[np.float32] = np.clip(np.minimum(rows + 1.0, bottom) - np.maximum(rows, top), 0.0, 1.0)
    return covered.astype(np.float32)


def wave_picture(
    wave: Wave, begin: float, end: float, size: tuple[int, int], colour: QColor, gain: float = 1.0
) -> QImage:
    """The part of ``wave`` from ``begin`` to ``end`` seconds, in ``size`` (w, h) pixels of the screen.

    The loudest moment of the sound fills the height where ``gain`` is 1; there is nothing before its
    beginning and behind its end.
    """
    width, height = size
    edges = np.linspace(begin, end, width + 1)
    level = gain / max(wave.highest, 1e-6)
    covered = coverage(wave.swing(edges), height, level)
    covered[:, (edges[1:] <= 0.0) | (edges[:-1] >= wave.seconds)] = 0.0
    pixels = np.empty((height, width, 4), np.uint8)
    for channel, value in enumerate((colour.blue(), colour.green(), colour.red(), 255)):
        pixels[..., channel] = np.rint(covered * value)
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # of its own: the array goes


def paint_wave(
    painter: QPainter, rect: QRectF, wave: Wave, begin: float, end: float, colour: QColor, gain: float = 1.0
) -> None:
    """Draw :func:`wave_picture` into ``rect``, sharp on every screen."""
    scale = painter.device().devicePixelRatioF()
    size = max(round(rect.width() * scale), 1), max(round(rect.height() * scale), 1)
    image = wave_picture(wave, begin, end, size, colour, gain)
    image.setDevicePixelRatio(scale)
    painter.drawImage(rect.topLeft(), image)
