"""Operations on clips whose vertices stay in their file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.sequence.layers import held
from studio.sequence.operations.despiking import despiked
from studio.sequence.operations.joining import joined, looped
from studio.sequence.operations.one_euro import euro_smoothed
from studio.sequence.operations.parts import check_numbers, within
from studio.sequence.operations.smoothing import smoothed
from studio.sequence.operations.timing import delayed, retimed, reversed_in_time, trimmed
from studio.sequence.vertex_rows import VertexRows

COUNT, VERTICES = 40, 20
OFFSETS = ["offsets"]


@pytest.fixture
def moved() -> np.ndarray:
    steps = np.random.default_rng(0).normal(0.0, 0.001, (COUNT, VERTICES, 3))
    return np.cumsum(steps, axis=0).astype(np.float32)


@pytest.mark.parametrize(
    "operation",
    [
        lambda clip: smoothed(clip, OFFSETS, 5, 2),
        lambda clip: euro_smoothed(clip, OFFSETS, 1.0, 0.5),
        lambda clip: despiked(clip, OFFSETS, 15, 4.0, 2)[0],
        lambda clip: within(clip, smoothed(clip, OFFSETS, 5, 2), 10, 20),
        lambda clip: delayed(clip, OFFSETS, 2.5),
        lambda clip: joined(clip, clip, 6)[0],
        lambda clip: looped(clip, 8),
        lambda clip: retimed(clip, 0.7),
        lambda clip: trimmed(clip, 3, 30),
        reversed_in_time,
    ],
    ids=["smooth", "one-euro", "despike", "within", "delay", "join", "loop", "retime", "trim", "reverse"],
)
def test_they_are_what_they_are_in_memory(moved: np.ndarray, operation: Callable[[Clip], Clip]) -> None:
    rows = VertexRows(lambda start, stop: moved[start:stop], COUNT, VERTICES, in_memory=100)
    still = held(Clip.still(Params.zeros(3, 4), 25.0), COUNT)
    assert isinstance(rows.as_array(), VertexRows)
    filed, known = still.replace(dynamic_offset=rows.as_array()), still.replace(dynamic_offset=moved)
    check_numbers(filed)
    np.testing.assert_allclose(
        np.asarray(operation(filed).dynamic_offset), operation(known).dynamic_offset, atol=1e-7
    )
