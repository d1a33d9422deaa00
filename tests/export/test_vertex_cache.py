"""MDD and PC2 by readers of their own, from the descriptions of the formats."""

from __future__ import annotations

import shutil
import struct
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest

from studio.export.vertex_cache import VertexCacheJob
from studio.jobs.job import JobCancelled, Progress
from studio.storage.errors import StudioError
from tests.export.moving import moving_head, surfaces


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


def read_mdd(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Times (T,) and points (T, V, 3); everything most significant byte first."""
    frames = int.from_bytes(content[0:4], "big", signed=True)
    points = int.from_bytes(content[4:8], "big", signed=True)
    numbers = struct.unpack(f">{frames + 3 * frames * points}f", content[8:])
    return np.array(numbers[:frames]), np.array(numbers[frames:]).reshape(frames, points, 3)


def read_pc2(content: bytes) -> tuple[float, float, np.ndarray]:
    """First frame, frames a sample and points (T, V, 3); everything least significant byte first."""
    assert content[:12] == b"POINTCACHE2\x00"
    version, points = (int.from_bytes(content[at : at + 4], "little") for at in (12, 16))
    start, step = struct.unpack("<ff", content[20:28])
    samples = int.from_bytes(content[28:32], "little")
    assert version == 1
    numbers = struct.unpack(f"<{3 * samples * points}f", content[32:])
    return start, step, np.array(numbers).reshape(samples, points, 3)


def test_mdd(tmp_path: Path) -> None:
    model, backend, clip = moving_head()
    path = VertexCacheJob(backend, clip, tmp_path / "head.mdd").run(nowhere, never)
    times, points = read_mdd(path.read_bytes())
    np.testing.assert_allclose(times, np.arange(len(clip)) / clip.fps, atol=1e-7)
    np.testing.assert_allclose(points, surfaces(model, clip), atol=1e-6)


def test_pc2(tmp_path: Path) -> None:
    model, backend, clip = moving_head()
    path = VertexCacheJob(backend, clip, tmp_path / "head.pc2").run(nowhere, never)
    start, step, points = read_pc2(path.read_bytes())
    assert (start, step) == (0.0, 1.0)
    np.testing.assert_allclose(points, surfaces(model, clip), atol=1e-6)


@pytest.mark.parametrize("ending", ["mdd", "pc2"])
def test_cancelling_and_a_full_disk_leave_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    _, backend, clip = moving_head()
    path = tmp_path / f"head.{ending}"
    path.write_bytes(b"older")
    answers = chain([False] * 3, repeat(True))
    with pytest.raises(JobCancelled):
        VertexCacheJob(backend, clip, path).run(nowhere, partial(next, answers))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StudioError, match="the disk is full"):
        VertexCacheJob(backend, clip, path).run(nowhere, never)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"older"
