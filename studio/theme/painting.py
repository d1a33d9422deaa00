"""Drawing into pictures, safely."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPainter, QPixmap


@contextmanager
def painting(picture: QPixmap) -> Iterator[QPainter]:
    """A painter on ``picture`` that has ended after the block, also where drawing fails.

    A picture that goes before its painter takes the whole process along.
    """
    painter = QPainter(picture)
    try:
        yield painter
    finally:
        painter.end()
