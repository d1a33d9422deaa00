from __future__ import annotations

from itertools import pairwise

import pytest

from studio.widgets.time_ruler import TimeRuler


def test_frames_and_pixels_are_inverse():
    ruler = TimeRuler(121, 100.0, 700.0)
    assert ruler.x(0) == 100.0
    assert ruler.x(120) == 700.0
    assert ruler.frame(ruler.x(36)) == pytest.approx(36)
    assert ruler.frame(-50.0) == 0.0
    assert ruler.frame(5000.0) == 120.0


@pytest.mark.parametrize(("count", "spacing"), [(11, 1), (121, 10), (1000, 100), (100_000, 10_000), (1, 1)])
def test_labels_are_round_and_far_enough_apart(count, spacing):
    ruler = TimeRuler(count, 0.0, 720.0)
    assert ruler.spacing(60.0) == spacing
    places = [ruler.x(frame) for frame in ruler.ticks(60.0)]
    assert all(b - a >= 59.9 for a, b in pairwise(places))
