"""The difference from the photo: its colours, and a thread that goes on when one picture goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject

from studio.canvas.photo_difference import DifferenceMaker, Differing, difference

PHOTO = np.full((4, 6, 3), 100, np.uint8)


class Drawn:
    """A renderer that fails ``faults`` times, and then draws a grey head on the left half."""

    def __init__(self, faults: int = 0) -> None:
        self.faults = faults

    def render(self, _shot, _cancelled):
        self.faults -= 1
        if self.faults >= 0:
            raise RuntimeError("no memory left")
        head = np.zeros((4, 6, 4), np.uint8)
        head[:, :3] = (151, 151, 151, 255)
        return head


def test_only_what_the_head_covers_counts():
    found = difference(Drawn().render(None, None), PHOTO)
    assert found.mean == pytest.approx(51.0 / 255.0)
    assert (found.colours[:, :3, 3] == 255).all()
    assert (found.colours[:, 3:, 3] < 255).all()


def test_the_thread_outlives_a_picture_that_fails(qtbot):
    renderer, parent = Drawn(faults=1), QObject()
    maker = DifferenceMaker(lambda: renderer, parent)
    wanted = Differing(None, PHOTO, 0, 0)
    try:
        with qtbot.waitSignal(maker.failed, timeout=20_000) as told:
            maker.ask(wanted)
        assert "no memory left" in told.args[0]
        with qtbot.waitSignal(maker.made, timeout=20_000) as made:
            maker.ask(wanted)
        assert made.args[0].mean == pytest.approx(0.2)
    finally:
        maker.stop()
