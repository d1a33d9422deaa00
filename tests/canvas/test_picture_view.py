"""The canvas without OpenGL while its picture is not yet of the canvas's shape."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from studio.canvas.picture_view import PictureView


def disc(width, height, radius):
    """A red disc on blue."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    painter = QPainter(image)
    painter.setPen(QColor("red"))
    painter.setBrush(QColor("red"))
    painter.drawEllipse(image.rect().center(), radius, radius)
    painter.end()
    return image


def shown(view, image):
    """Which pixels of ``view`` are red."""
    view.widget.image = image
    pixels = view.read().astype(int)
    return pixels[..., 0] > pixels[..., 2]


def test_a_picture_of_another_shape_is_not_squeezed_and_one_of_its_shape_fills_it(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    view = PictureView(parent)
    try:
        view.widget.resize(300, 200)
        rows, columns = np.nonzero(shown(view, disc(50, 200, 10)))
        assert 0.95 < np.ptp(columns) / np.ptp(rows) < 1.05
        rows, columns = np.nonzero(shown(view, disc(149, 100, 30)))
        assert abs(np.ptp(rows) - 120) <= 3
        assert abs(rows.mean() - 99.5) < 1.5
        assert abs(columns.mean() - 149.5) < 1.5
    finally:
        view.close()
