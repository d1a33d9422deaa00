from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.export.maps import MapsJob
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import JobCancelled, Progress
from studio.render.map_pictures import picture_of
from studio.render.maps import HeadView
from studio.render.pinhole import PinholeCamera
from studio.sequence.clip import CHANNELS, Clip
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture
def clip(tiny_model: HeadModel) -> Clip:
    """Five frames in which the head moves aside."""
    still = Clip.still(Params.neutral(tiny_model))
    channels = {name: np.repeat(getattr(still, name), 5, axis=0) for name in CHANNELS}
    translation = np.zeros((5, 3))
    translation[:, 0] = np.arange(5) * 0.01
    return Clip(shape=still.shape, fps=30.0, **{**channels, "translation": translation})


@pytest.fixture
def camera(tiny_model: HeadModel) -> PinholeCamera:
    return PinholeCamera.front(tiny_model, (40, 30))


def job(backend: Any, clip: Clip, camera: PinholeCamera, path: Path, **options: Any) -> MapsJob:
    return MapsJob(backend, clip, camera, path, **options)


def test_a_picture_is_the_map_of_its_frame(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera
) -> None:
    path = tmp_path / "a.png"
    steps: list[Progress] = []
    assert job(backend, clip, camera, path, frame=3, space="world").run(steps.append, never) == path
    view = HeadView.take(backend.model, backend.forward(clip.frame(3)), camera)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), picture_of(view, "normal", "world").pixels)
        assert "Free for tests" in image.text["Copyright"]
        assert "Unit normals" in image.text["Description"]
    assert (steps[-1].done, steps[-1].total) == (1, 1)


@pytest.mark.parametrize("threads", [1, 2, None])
@pytest.mark.parametrize("ending", ["png", "npz"])
def test_every_frame_goes_to_its_number(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera, threads: int | None, ending: str
) -> None:
    steps: list[Progress] = []
    job(backend, clip, camera, tmp_path / f"m_%03d.{ending}", threads=threads).run(steps.append, never)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        f"m_{index:03d}.{ending}" for index in range(5)
    ]
    assert [step.done for step in steps] == list(range(6))
    for index, path in enumerate(sorted(tmp_path.iterdir())):
        view = HeadView.take(backend.model, backend.forward(clip.frame(index)), camera)
        if ending == "png":
            with Image.open(path) as image:
                np.testing.assert_array_equal(np.asarray(image), picture_of(view, "normal").pixels)
        else:
            with np.load(path) as stored:
                np.testing.assert_array_equal(stored["depth"], view.depth())


def test_an_npz_holds_every_map_and_the_camera(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera
) -> None:
    path = tmp_path / "a.npz"
    job(backend, clip, camera.in_convention("opengl"), path).run(nowhere, never)
    view = HeadView.take(backend.model, backend.forward(clip.frame(0)), camera)
    with np.load(path) as stored:
        for name in ("normal", "depth", "position", "region", "face_index", "barycentric"):
            wanted = getattr(view, name)
            np.testing.assert_array_equal(stored[name], wanted() if callable(wanted) else wanted)
        assert "uv" not in stored
        assert stored["region_names"].tolist() == ["unnamed"]
        np.testing.assert_array_equal(stored["K"], camera.intrinsics)
        np.testing.assert_array_equal(stored["world_to_camera"], camera.world_to_camera)
        assert str(stored["convention"]) == "opencv"
        shown = stored["face_index"] >= 0
        points = (
            stored["position"][shown] @ stored["world_to_camera"][:3, :3].T + stored["world_to_camera"][:3, 3]
        )
        pixels = points @ stored["K"].T
        rows, columns = np.nonzero(shown)
        np.testing.assert_allclose(pixels[:, 0] / pixels[:, 2], columns + 0.5, atol=0.02)
        np.testing.assert_allclose(pixels[:, 1] / pixels[:, 2], rows + 0.5, atol=0.02)
        np.testing.assert_allclose(points[:, 2], stored["depth"][shown], atol=1e-6)


@pytest.mark.parametrize("name", ["a.png", "a.npz", "a_%05d.png"])
def test_cancelled_leaves_nothing(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera, name: str
) -> None:
    with pytest.raises(JobCancelled):
        job(backend, clip, camera, tmp_path / name).run(nowhere, lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_it_stops_within_a_second_while_a_frame_is_drawn(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, stop = threading.Event(), threading.Event()
    monkeypatch.setattr("studio.export.maps.picture_of", lambda *_: release.wait(30))
    threading.Timer(0.1, stop.set).start()
    began = time.perf_counter()
    with pytest.raises(JobCancelled):
        job(backend, clip, camera, tmp_path / "a_%d.png").run(nowhere, stop.is_set)
    assert time.perf_counter() - began < 1.0
    release.set()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_told_before_the_work(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "forward", lambda *_: pytest.fail("worked"))
    wrong = [("a.jpg", r"\.png or \.npz"), ("no/a.png", "folder does not exist")]
    for name, words in wrong:
        with pytest.raises(StudioError, match=words):
            job(backend, clip, camera, tmp_path / name).run(nowhere, never)
    with pytest.raises(StudioError, match="12 GiB of memory at 8192x8192"):
        job(backend, clip, camera.resized(8192, 8192), tmp_path / "a.npz").run(nowhere, never)


def test_a_map_that_the_model_lacks_leaves_nothing(
    tmp_path: Path, backend: Any, clip: Clip, camera: PinholeCamera
) -> None:
    for name in ("a.png", "a_%d.png"):
        with pytest.raises(StudioError, match="no texture coordinates"):
            job(backend, clip, camera, tmp_path / name, kind="uv").run(nowhere, never)
    assert list(tmp_path.iterdir()) == []
