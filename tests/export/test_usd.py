"""USD files as pxr reads them back."""

from __future__ import annotations

import errno
import shutil
import sys
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest

from studio.export.usd import UsdJob
from studio.jobs.job import JobCancelled, Progress
from studio.storage.errors import StudioError
from tests.export.moving import moving_head, surfaces

pxr = pytest.importorskip("pxr", reason="there is no usd-core for this Python")


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.mark.parametrize("ending", ["usdc", "usda", "usd"])
def test_points_of_every_frame_come_back(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pxr import Usd, UsdGeom

    monkeypatch.setattr("studio.export.usd.SAVED_EVERY", 3)
    model, backend, clip = moving_head()
    path = UsdJob(backend, clip, tmp_path / f"head.{ending}", "A take").run(nowhere, never)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    stage = Usd.Stage.Open(str(path))
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert stage.GetTimeCodesPerSecond() == pytest.approx(clip.fps)
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (0, len(clip) - 1)
    assert stage.GetDefaultPrim().GetPath() == "/head"
    assert stage.GetRootLayer().customLayerData["take"] == "A take"
    assert stage.GetRootLayer().customLayerData["model"] == model.name
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/head/mesh"))
    np.testing.assert_array_equal(np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3), model.faces)
    assert mesh.GetPointsAttr().GetTimeSamples() == list(range(len(clip)))
    for frame, wanted in enumerate(surfaces(model, clip)):
        np.testing.assert_allclose(np.array(mesh.GetPointsAttr().Get(frame)), wanted, atol=1e-6)
        low, high = np.array(mesh.GetExtentAttr().Get(frame))
        np.testing.assert_allclose((low, high), (wanted.min(axis=0), wanted.max(axis=0)), atol=1e-6)
    coordinates = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st")
    assert coordinates.GetInterpolation() == "faceVarying"
    flattened = np.array(coordinates.ComputeFlattened()).reshape(-1, 3, 2)
    np.testing.assert_allclose(flattened, model.uv[model.uv_faces], atol=1e-6)


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    _, backend, clip = moving_head()
    answers = chain([False] * 4, repeat(True))
    with pytest.raises(JobCancelled):
        UsdJob(backend, clip, tmp_path / "head.usdc").run(nowhere, partial(next, answers))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pxr import Tf

    def fail(*_: object) -> None:
        usage = shutil.disk_usage(tmp_path)
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=0))
        raise Tf.ErrorException("Failed to write")

    _, backend, clip = moving_head(2)
    monkeypatch.setattr("studio.export.usd._add_frame", fail)
    with pytest.raises(StudioError, match="the disk is full") as told:
        UsdJob(backend, clip, tmp_path / "head.usdc").run(nowhere, never)
    assert isinstance(told.value.__cause__, OSError)
    assert told.value.__cause__.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_gigabytes_of_text_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, backend, clip = moving_head()
    monkeypatch.setattr("studio.export.usd.LARGEST_TEXT", 1000)
    with pytest.raises(StudioError, match=r"end the name in \.usdc"):
        UsdJob(backend, clip, tmp_path / "head.usda").run(nowhere, never)


def test_without_usd_core_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, backend, clip = moving_head(2)
    monkeypatch.setitem(sys.modules, "pxr", None)
    with pytest.raises(StudioError, match="pip install usd-core"):
        UsdJob(backend, clip, tmp_path / "head.usdc").run(nowhere, never)
    assert list(tmp_path.iterdir()) == []
