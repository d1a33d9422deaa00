"""Every frame as a mesh of its own, read back vertex for vertex."""

from __future__ import annotations

import errno
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest
import trimesh

from studio.export.mesh_frames import MeshFramesJob
from studio.jobs.job import JobCancelled, Progress
from studio.storage.errors import StudioError
from tests.export.moving import moving_head, surfaces


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


def read_obj(path: Path) -> tuple[np.ndarray, np.ndarray]:
    lines = [line.split() for line in path.read_text().splitlines()]
    vertices = np.array([line[1:] for line in lines if line[0] == "v"], float)
    faces = [[int(corner.split("/")[0]) - 1 for corner in line[1:]] for line in lines if line[0] == "f"]
    return vertices, np.array(faces)


def read_ply(path: Path) -> tuple[np.ndarray, np.ndarray]:
    mesh = trimesh.load(path, process=False)
    return mesh.vertices, mesh.faces


@pytest.mark.parametrize("ending", ["obj", "ply"])
def test_every_frame_in_the_models_order(tmp_path: Path, ending: str) -> None:
    model, backend, clip = moving_head()
    seen: list[Progress] = []
    MeshFramesJob(backend, clip, tmp_path / f"head_%04d.{ending}").run(seen.append, never)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [f"head_{frame:04d}.{ending}" for frame in range(len(clip))]
    for file, wanted in zip(files, surfaces(model, clip), strict=True):
        vertices, faces = read_obj(file) if ending == "obj" else read_ply(file)
        np.testing.assert_array_equal(faces, model.faces)
        np.testing.assert_allclose(vertices, wanted, atol=1e-6)
    assert [progress.done for progress in seen[-3:]] == [len(clip) - 1, len(clip), len(clip)]


def test_texture_coordinates_are_there_once(tmp_path: Path) -> None:
    model, backend, clip = moving_head(3)
    MeshFramesJob(backend, clip, tmp_path / "head_%d.obj").run(nowhere, never)
    blocks = [
        [line for line in file.read_text().splitlines() if line.startswith(("vt", "f"))]
        for file in sorted(tmp_path.iterdir())
    ]
    assert blocks[0] == blocks[1] == blocks[2]
    coordinates = np.array([line.split()[1:] for line in blocks[0] if line.startswith("vt")], float)
    np.testing.assert_allclose(coordinates, model.uv, atol=1e-7)


def test_a_missing_folder_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    _, backend, clip = moving_head(4)
    MeshFramesJob(backend, clip, tmp_path / "frames" / "%05d.ply").run(nowhere, never)
    assert len(list((tmp_path / "frames").iterdir())) == 4
    for place in ("other/%05d.obj", "head_%05d.obj"):
        answers = chain([False] * 3, repeat(True))
        with pytest.raises(JobCancelled):
            MeshFramesJob(backend, clip, tmp_path / place).run(nowhere, partial(next, answers))
    assert [entry.name for entry in tmp_path.iterdir()] == ["frames"]


def test_older_frames_stay_where_the_disk_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, backend, clip = moving_head(4)
    (tmp_path / "head_0.ply").write_bytes(b"older")
    written = []

    def fail(*_: object) -> None:
        written.append(1)
        if len(written) > 2:
            raise OSError(errno.ENOSPC, "simulated")

    monkeypatch.setattr("studio.export.mesh.write_ply", fail)
    with pytest.raises(StudioError, match="was not written: the disk is full"):
        MeshFramesJob(backend, clip, tmp_path / "head_%d.ply").run(nowhere, never)
    assert [entry.name for entry in tmp_path.iterdir()] == ["head_0.ply"]
    assert (tmp_path / "head_0.ply").read_bytes() == b"older"


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    _, backend, clip = moving_head(2)
    with pytest.raises(StudioError, match="does not exist"):
        MeshFramesJob(backend, clip, tmp_path / "none" / "frames" / "%05d.obj").run(nowhere, never)
    with pytest.raises(StudioError, match=r"\.obj or \.ply"):
        MeshFramesJob(backend, clip, tmp_path / "%05d.fbx").run(nowhere, never)
