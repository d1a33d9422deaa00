"""Points on the surface of a clip's heads, in files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from studio.export.points import PointsJob, region_mask
from studio.flame.model import HeadModel
from studio.flame.sampling import BLOCK, sample_surface
from studio.jobs.job import JobCancelled, Progress
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture
def clip(tiny_model: HeadModel) -> Clip:
    """Three frames that move along x."""
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.zeros((3, width), np.float32) for name, width in widths.items()}
    channels["translation"][:, 0] = (0.0, 1.0, 2.0)
    return Clip(shape=np.zeros(6, np.float32), fps=24.0, **channels)


@pytest.fixture
def backend_with_regions(backend: Any) -> Any:
    regions = {"top": np.arange(30, dtype=np.int32), "none": np.array([0], np.int32)}
    return type(backend)(replace(backend.model, regions=regions))


def stored(job: PointsJob) -> dict[str, np.ndarray]:
    with np.load(job.run(nowhere, never), allow_pickle=False) as arrays:
        return dict(arrays)


def test_the_file_holds_the_points_of_the_frame(tmp_path: Path, backend: Any, clip: Clip) -> None:
    found = stored(PointsJob(backend, clip, tmp_path / "p.npz", BLOCK + 7, seed=5, frame=1))
    surface = backend.forward(clip.frame(1))
    wanted = sample_surface(surface.vertices, backend.model.faces, BLOCK + 7, 5, surface.normals)
    for name in ("position", "normal", "face_index", "barycentric"):
        np.testing.assert_array_equal(found[name], getattr(wanted, name))
        assert found[name].dtype == getattr(wanted, name).dtype
    assert (int(found["seed"]), int(found["frame"]), float(found["fps"])) == (5, 1, 24.0)
    assert "Free for tests" in str(found["licence"])


def test_points_ride_on_the_surface_through_the_clip(tmp_path: Path, backend: Any, clip: Clip) -> None:
    found = stored(PointsJob(backend, clip, tmp_path / "p.npz", 50, all_frames=True))
    assert found["position"].shape == found["normal"].shape == (3, 50, 3)
    assert (found["face_index"].shape, found["barycentric"].shape) == ((50,), (50, 3))
    corners = backend.model.faces[found["face_index"]]
    for index in range(3):
        vertices = backend.forward(clip.frame(index)).vertices.astype(np.float64)
        exact = np.einsum("nc,nck->nk", found["barycentric"].astype(np.float64), vertices[corners])
        np.testing.assert_allclose(found["position"][index], exact, atol=2e-7)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path, backend: Any, clip: Clip) -> None:
    files = [PointsJob(backend, clip, tmp_path / f"{n}.npz", 99, seed=3).run(nowhere, never) for n in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_cloud_for_other_programs(tmp_path: Path, backend: Any, clip: Clip) -> None:
    path = PointsJob(backend, clip, tmp_path / "p.ply", 300, seed=2, frame=2).run(nowhere, never)
    cloud = trimesh.load(path)
    wanted = stored(PointsJob(backend, clip, tmp_path / "p.npz", 300, seed=2, frame=2))
    np.testing.assert_array_equal(cloud.vertices, wanted["position"])
    raw = cloud.metadata["_ply_raw"]["vertex"]["data"]
    np.testing.assert_array_equal(np.stack([raw["nx"], raw["ny"], raw["nz"]], 1), wanted["normal"])


def test_points_stay_on_the_regions_asked_for(tmp_path: Path, backend_with_regions: Any, clip: Clip) -> None:
    backend = backend_with_regions
    found = stored(PointsJob(backend, clip, tmp_path / "p.npz", 500, regions=("top",)))
    assert backend.model.faces[found["face_index"]].max() < 30
    both = region_mask(backend.model, ("top", "none"))
    np.testing.assert_array_equal(both, region_mask(backend.model, ("top",)))
    assert region_mask(backend.model, ()) is None


def test_no_points_are_a_file_too(tmp_path: Path, backend: Any, clip: Clip) -> None:
    found = stored(PointsJob(backend, clip, tmp_path / "p.npz", 0))
    assert found["position"].shape == (0, 3)
    PointsJob(backend, clip, tmp_path / "p.ply", 0).run(nowhere, never)
    assert b"element vertex 0\n" in (tmp_path / "p.ply").read_bytes()


@pytest.mark.parametrize(
    ("words", "name", "changes"),
    [
        ("points cannot be saved to .obj", "p.obj", {}),
        ("can hold one frame only", "p.ply", {"all_frames": True}),
        ("has no region nose; its regions are none, top", "p.npz", {"regions": ("top", "nose")}),
        ("no surface to draw points from", "p.npz", {"regions": ("none",)}),
        ("its folder does not exist", "x/p.npz", {}),
        ("points cannot be drawn", "p.npz", {"count": -1}),
    ],
)
def test_what_cannot_be_is_told_and_leaves_nothing(
    tmp_path: Path, backend_with_regions: Any, clip: Clip, words: str, name: str, changes: dict[str, Any]
) -> None:
    job = PointsJob(backend_with_regions, clip, tmp_path / name, **({"count": 5} | changes))
    with pytest.raises(StudioError, match=words):
        job.run(nowhere, never)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["p.npz", "p.ply"])
def test_cancelling_half_way_leaves_nothing(tmp_path: Path, backend: Any, clip: Clip, name: str) -> None:
    asked = iter([False, True])
    with pytest.raises(JobCancelled):
        PointsJob(backend, clip, tmp_path / name, 2 * BLOCK).run(nowhere, lambda: next(asked))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "all_frames"), [("p.npz", False), ("p.npz", True), ("p.ply", False)])
def test_progress_reaches_its_end(
    tmp_path: Path, backend: Any, clip: Clip, name: str, all_frames: bool
) -> None:
    steps: list[Progress] = []
    PointsJob(backend, clip, tmp_path / name, 10, all_frames=all_frames).run(steps.append, never)
    assert steps[-1].done == steps[-1].total
