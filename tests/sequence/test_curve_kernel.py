"""The compiled loops give what NumPy gives, to the last digits."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from studio.flame import rotations
from studio.sequence import curve_segments
from studio.sequence.curve_segments import JoinedSegments
from studio.sequence.curves import INTERPOLATIONS, Curve

RANDOM = np.random.default_rng(17)
FRAMES = [-3.0, 0.0, 0.5, 2.0, 3.25, 7.0, 11.9, 12.0, 40.0]


def curves(width: int, turns: bool) -> list[Curve]:
    found = []
    for count in (1, 2, 5, 9):
        frames = np.sort(RANDOM.choice(13, count, replace=False)).astype(float)
        handles = RANDOM.normal(0, 2.0, (count, 2, 1 + width))
        kinds = RANDOM.integers(0, len(INTERPOLATIONS), count)
        curve = Curve.of(frames, RANDOM.normal(0, 0.7, (count, width)), kinds, turns)
        found.append(curve.replace(handles=handles))
    return found


@pytest.fixture
def without_kernels(monkeypatch):
    monkeypatch.setitem(sys.modules, curve_segments.KERNEL, None)
    monkeypatch.setitem(sys.modules, rotations.KERNEL, None)


@pytest.mark.parametrize(("width", "turns"), [(1, False), (3, False), (3, True)])
def test_all_curves_at_one_frame(width, turns) -> None:
    curve_segments.load_kernels()
    found = curves(width, turns)
    together = JoinedSegments([curve.segments for curve in found])
    for frame in FRAMES:
        wanted = [curve.at(np.array([frame]))[0] for curve in found]
        np.testing.assert_allclose(together.at(frame), wanted, atol=1e-10)


def test_before_the_loops_are_loaded_numpy_answers(without_kernels) -> None:
    found = curves(3, True)
    together = JoinedSegments([curve.segments for curve in found])
    for frame in FRAMES:
        np.testing.assert_array_equal(together.at(frame), [curve.at(np.array([frame]))[0] for curve in found])


def test_few_rotations(monkeypatch) -> None:
    one, other = RANDOM.normal(0, 1.2, (2, 20, 3))
    one[0], other[1], one[2] = 0.0, 0.0, other[2]
    one[3], other[3] = (np.pi - 1e-9, 0, 0), (-np.pi + 1e-9, 0, 0)
    amount = RANDOM.uniform(size=20)
    asked = (
        lambda: rotations.compose(one, other),
        lambda: rotations.relative(one, other),
        lambda: rotations.slerp(one, other, amount),
        lambda: rotations.slerp(one, other, 0.3),
    )
    rotations.load_kernels()
    fast = [ask() for ask in asked]
    monkeypatch.setitem(sys.modules, rotations.KERNEL, None)
    for quick, ask in zip(fast, asked, strict=True):
        turned = rotations.to_matrices(quick) - rotations.to_matrices(ask())
        assert np.abs(turned).max() < 1e-12
