"""Operations on clips whose vertices stay in their file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.flame.params import Params
from studio.operations.row import Outcome
from studio.operations.running import operate
from studio.operations.table import operation_called
from studio.operations.telling import told_of_outcome
from studio.sequence.clip import Clip
from studio.sequence.layers import held
from studio.sequence.operations.despiking import despiked
from studio.sequence.operations.jitter import jitter
from studio.sequence.operations.joining import joined, looped
from studio.sequence.operations.one_euro import euro_smoothed
from studio.sequence.operations.parts import check_numbers, within
from studio.sequence.operations.smoothing import smoothed
from studio.sequence.operations.timing import delayed, retimed, reversed_in_time, split, trimmed
from studio.sequence.vertex_rows import VertexRows
from studio.storage.errors import StudioError
from tests.operations.desks import desk_of

COUNT, VERTICES = 40, 20
OFFSETS = ["offsets"]


def huge_clip(asked: list[int]) -> Clip:
    """3 GiB of vertices in a file, which notes how many frames it is asked for."""
    count, vertices = 52_000, 5023

    def read(start: int, stop: int) -> np.ndarray:
        asked.append(stop - start)
        return np.zeros((stop - start, vertices, 3), np.float32)

    rows = VertexRows(read, count, vertices)
    rows.source = "huge.npy"
    return held(Clip.still(Params.zeros(3, 4), 25.0), count).replace(dynamic_offset=rows.as_array())


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


@pytest.mark.parametrize(
    "operation",
    [
        lambda clip: smoothed(clip, OFFSETS, 5, 2),
        lambda clip: delayed(clip, OFFSETS, 2.5),
        lambda clip: joined(clip, trimmed(clip, 0, 3), 2)[0],
        lambda clip: joined(trimmed(clip, 0, 20_000), trimmed(clip, 0, 20_000), 2)[0],
        lambda clip: looped(clip, 8),
        lambda clip: retimed(clip, 2.0),
        lambda clip: retimed(trimmed(clip, 0, 9_999), 0.2),
        lambda clip: operate(operation_called("retime"), clip, {"speed": 2.0}, desk_of(None), (5, 9)).clip,
        lambda clip: operate(operation_called("mirror"), clip, {}, desk_of(None)).clip,
        reversed_in_time,
    ],
    ids=["smooth", "delay", "join", "joined", "loop", "retime", "slow", "part", "mirror", "reverse"],
)
def test_what_would_not_fit_in_memory_is_refused_and_not_read(operation: Callable[[Clip], Clip]) -> None:
    asked: list[int] = []
    with pytest.raises(StudioError, match=r"huge\.npy would take .* GiB of memory.*; trim the clip first"):
        operation(huge_clip(asked))
    assert sum(asked) < 10


def test_what_leaves_vertices_alone_or_cuts_them_reads_none() -> None:
    asked: list[int] = []
    clip = huge_clip(asked)
    whole = trimmed(clip, 0, len(clip) - 1)
    assert whole == clip
    assert told_of_outcome(clip, Outcome(whole)) == ["Nothing changes."]
    for made in (smoothed(clip, ["jaw"], 5, 2), delayed(clip, ["jaw"], 2.5), *split(clip, 26_000)):
        assert isinstance(made.dynamic_offset, VertexRows)
    assert jitter(clip) == {}
    assert sum(asked) == 0


def test_clips_in_files_are_compared_by_what_is_in_them(moved: np.ndarray) -> None:
    still = held(Clip.still(Params.zeros(3, 4), 25.0), COUNT)
    first, second, other = (
        still.replace(
            dynamic_offset=VertexRows(
                lambda start, stop, of=of: of[start:stop], COUNT, VERTICES, in_memory=100
            )
        )
        for of in (moved, moved.copy(), np.concatenate([moved[:-1], moved[:1]]))
    )
    assert first == second == still.replace(dynamic_offset=moved)
    assert first != other
    assert told_of_outcome(first, Outcome(other)) == ["1 of 40 frames change."]
