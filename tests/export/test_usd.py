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


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of a file's size")
@pytest.mark.parametrize("ending", ["usdc", "usda"])
@pytest.mark.parametrize("most", [0, 3000, 20_000])
def test_a_file_that_grows_too_large(tmp_path: Path, ending: str, most: int) -> None:
    import resource

    _, backend, clip = moving_head(6)
    (tmp_path / f"head.{ending}").write_text("older")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        with pytest.raises(StudioError) as told:
            UsdJob(backend, clip, tmp_path / f"head.{ending}").run(nowhere, never)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(told.value) == (
        f"head.{ending} was not written: it grows too large for the disk; "
        "choose a smaller size or another disk."
    )
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(f"head.{ending}", "older")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "\tError in 'pxr::Write' at line 78 in file /a/b.cpp : 'Failed: No space left on device'",
            "disk is full",
        ),
        (
            "\tError in 'pxr::Write' at line 78 in file /a/b.cpp : 'It is odd'",
            r"USD failed \(It is odd\); choose",
        ),
        ("", "USD failed; choose"),
    ],
)
def test_no_innards_of_usd_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    from pxr import Tf

    def fail(*_: object) -> None:
        raise Tf.ErrorException(said)

    _, backend, clip = moving_head(2)
    monkeypatch.setattr("studio.export.usd._add_frame", fail)
    with pytest.raises(StudioError, match=sentence) as told:
        UsdJob(backend, clip, tmp_path / "head.usdc").run(nowhere, never)
    assert "pxr" not in str(told.value)
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
