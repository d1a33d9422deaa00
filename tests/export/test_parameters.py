from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.export.parameters import ForwardJob, ParametersJob
from studio.flame.landmark_names import IBUG
from studio.flame.landmark_sets import LandmarkSet
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import JobCancelled, Progress
from studio.sequence.clip import Clip
from studio.sequence.files import read_clip
from studio.storage.errors import StudioError


def nowhere(_: Progress) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


@pytest.fixture
def clip(tiny_model: HeadModel) -> Clip:
    random = np.random.default_rng(5)
    count = 7
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: random.normal(0, 0.2, (count, width)) for name, width in widths.items()}
    return Clip(shape=random.normal(size=6), fps=30.0, **channels)


def test_parameters_come_back(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    path = ParametersJob(tiny_model, clip, tmp_path / "clip.npz").run(nowhere, never)
    back, notices = read_clip(path, tiny_model)
    assert back == clip.replace(model_name="tiny", model_digest=tiny_model.digest)
    assert notices == []


def test_single_frame(tmp_path: Path, tiny_model: HeadModel) -> None:
    still = Clip.still(Params.neutral(tiny_model).replace(jaw_pose=(0.3, 0.0, 0.0)))
    path = ParametersJob(tiny_model, still, tmp_path / "frame.npz").run(nowhere, never)
    with np.load(path) as stored:
        assert stored["expr"].shape == (1, 4)
        assert stored["jaw_pose"][0, 0] == pytest.approx(0.3)


def test_forward_pass_of_every_frame(tmp_path: Path, backend: Any, clip: Clip) -> None:
    path = ForwardJob(backend, clip, tmp_path / "out.npz").run(nowhere, never)
    with np.load(path) as stored:
        for index, params in enumerate(clip.frames()):
            np.testing.assert_array_equal(stored["vertices"][index], backend.forward(params).vertices)
            np.testing.assert_array_equal(stored["joints"][index], backend.forward(params).joints)
        assert stored["landmarks"].shape == (7, 0, 3)
        assert stored["contour_row"].tolist() == [1] * 7
        assert stored["fps"] == 30.0
        assert "Free for tests" in str(stored["licence"])


def test_contour_sign_reaches_the_backend(tmp_path: Path, backend: Any, clip: Clip) -> None:
    path = ForwardJob(backend, clip, tmp_path / "out.npz", "flame_pytorch").run(nowhere, never)
    with np.load(path) as stored:
        assert stored["contour_row"].tolist() == [2] * 7


def test_the_landmarks_that_are_asked_for(tmp_path: Path, backend: Any, clip: Clip) -> None:
    faces = backend.model.faces[None, :68]
    weights = np.random.default_rng(3).dirichlet(np.ones(3), (1, 68)).astype(np.float32)
    marks = LandmarkSet("fixed68", IBUG, faces, weights)
    path = ForwardJob(backend, clip, tmp_path / "out.npz", marks=marks).run(nowhere, never)
    with np.load(path) as stored:
        corners = stored["vertices"].astype(float)[:, faces[0]]
        assert stored["landmarks"].dtype == np.float32
        np.testing.assert_allclose(
            stored["landmarks"], np.einsum("tlck,lc->tlk", corners, weights[0]), atol=1e-6
        )
        np.testing.assert_array_equal(stored["landmark_index"], np.arange(68))


def test_cancelling_half_way_leaves_nothing(
    tmp_path: Path, backend: Any, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.backends.base.FRAMES_AT_A_TIME", 2)
    asked = iter([False, False, False, True])
    with pytest.raises(JobCancelled):
        ForwardJob(backend, clip, tmp_path / "out.npz").run(nowhere, lambda: next(asked))
    assert list(tmp_path.iterdir()) == []


def test_only_npz(tmp_path: Path, tiny_model: HeadModel, backend: Any, clip: Clip) -> None:
    for job in (
        ParametersJob(tiny_model, clip, tmp_path / "clip.fbx"),
        ForwardJob(backend, clip, tmp_path / "out.npy"),
    ):
        with pytest.raises(StudioError, match=r"\.npz"):
            job.run(nowhere, never)


def test_disk_too_small_for_the_vertices_is_told_at_once(
    tmp_path: Path, backend: Any, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"total": 10**9, "free": 1000}))
    with pytest.raises(StudioError, match="disk is full"):
        ForwardJob(backend, clip, tmp_path / "out.npz").run(nowhere, never)
