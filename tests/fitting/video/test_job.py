"""A head is followed through films of which every frame is known; what goes wrong with films is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from studio.fitting.projection import project
from studio.fitting.video.job import VideoFitJob
from studio.jobs.job import JobCancelled
from studio.storage.errors import StudioError
from tests.fitting.video.films import RATE, backend, film_of, job_of


def run(job: VideoFitJob, progress=lambda _: None, cancelled=lambda: False):
    return job.run(progress, cancelled)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return film_of(tmp_path_factory.mktemp("film"))


def missed(fit, film) -> np.ndarray:
    """What the clip's own landmarks miss of the true ones in each frame (T,), in outer-eye distances."""
    decode = backend()
    found = []
    for number, points in enumerate(film.points):
        marks = decode.forward(fit.clip.frame(number)).landmarks
        off = np.linalg.norm(project(fit.camera, marks)[0] - points, axis=1).mean()
        found.append(off / np.linalg.norm(points[36] - points[45]))
    return np.array(found)


def test_one_camera_and_one_identity_show_every_frame(film):
    fit = run(job_of(film.path, film.landmarks))
    assert len(fit.clip) == len(film.points)
    assert fit.clip.fps == pytest.approx(RATE, rel=0.01)
    assert missed(fit, film).max() < 0.012
    assert (fit.errors < 1.2).all()
    assert fit.notices == ()
    smiles = np.flatnonzero(film.params[-1].expr)
    assert fit.clip.expr[-1, smiles].mean() > fit.clip.expr[0, smiles].mean() + 0.1
    np.testing.assert_allclose(fit.clip.rotation[-1, 1], film.params[-1].rotation[1], atol=0.03)


def test_landmarks_of_the_first_frame_are_enough_for_a_head_that_moves_slowly(film):
    fit = run(job_of(film.path, film.first_landmarks))
    assert missed(fit, film).max() < 0.05


def test_a_killed_fit_goes_on_after_its_finished_frames(film, tmp_path):
    folder = tmp_path / "frames"
    code = "import sys; from tests.fitting.video.films import fit_in_folder; fit_in_folder(*sys.argv[1:])"
    np.save(tmp_path / "points.npy", film.points)
    command = [sys.executable, "-c", code, str(film.path), str(folder), str(tmp_path / "points.npy")]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    while process.poll() is None and not (folder / "000001.npz").exists():
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait(30.0)
    finished = len(list(folder.glob("0*.npz")))
    assert finished >= 2
    asked = []

    def landmarks(number, pixels):
        asked.append(number)
        return film.landmarks(number, pixels)

    fit = run(job_of(film.path, landmarks, folder))
    assert asked == list(range(finished, len(film.points)))
    assert missed(fit, film).max() < 0.012


def test_a_folder_of_another_fit_is_left_alone(film, tmp_path):
    folder = tmp_path / "frames"
    with pytest.raises(JobCancelled):
        run(job_of(film.path, film.landmarks, folder), cancelled=lambda: True)
    other = film_of(tmp_path, 2)
    with pytest.raises(StudioError, match="another fit"):
        run(job_of(other.path, other.landmarks, folder))


def test_a_film_that_ends_early_gives_the_frames_that_are_there(tmp_path):
    film = film_of(tmp_path, 12)
    content = film.path.read_bytes()
    film.path.write_bytes(content[: len(content) * 2 // 3])
    fit = run(job_of(film.path, film.landmarks))
    assert 1 <= len(fit.clip) < 10
    assert "ends early" in fit.notices[0]


@pytest.mark.parametrize("content", [b"", b"no film at all" * 100])
def test_what_is_no_film_is_told(tmp_path, content):
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"film\.mp4"):
        run(job_of(path, lambda *_: None))


def test_without_landmarks_of_the_first_frame_nothing_begins(film):
    with pytest.raises(StudioError, match="no landmarks"):
        run(job_of(film.path, lambda *_: None))
