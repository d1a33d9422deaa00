"""A frame that is set right by hand draws the frames beside it along."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fitting.observation import Landmarks2D
from studio.fitting.recipe_file import shipped_recipe
from studio.fitting.video.correcting import corrected
from studio.fitting.video.job import VideoFitJob
from studio.fitting.video.stages import film_stages
from studio.fitting.video.store import Store
from studio.fitting.video.tracking import Tracker
from studio.flame.open_head import load_open_head
from tests.fitting.video.films import FOCAL, RATE, backend, film_of, job_of

AWAY = np.array([18.0, -9.0])  # pixels by which a tracker went astray


@pytest.fixture
def frames(tmp_path):
    """The frames of a film whose landmarks went astray from the third on, and the truth."""
    film = film_of(tmp_path, 5)

    def astray(number, _):
        if number < 2:
            return film.landmarks(number, _)
        return Landmarks2D(film.points[number] + AWAY, np.ones(68))

    job: VideoFitJob = job_of(film.path, astray, tmp_path / "frames")
    job.run(lambda _: None, lambda: False)
    found = Store(tmp_path / "frames").read()
    return film, [frame.replace(given=frame.number < 2) for frame in found]


def test_a_corrected_frame_is_right_and_takes_its_neighbours_along(frames):
    film, before = frames
    recipe = film_stages(shipped_recipe("Landmarks only"))
    tracker = Tracker(load_open_head(), backend(), recipe, FOCAL, RATE)
    after = corrected(tracker, before, 3, film.landmarks(3, None))

    def missed(frame):
        return np.linalg.norm(tracker.points(frame.state) - film.points[frame.number], axis=1).mean()

    assert missed(before[3]) > 10.0
    assert missed(after[3]) < 1.5
    assert missed(after[4]) < 0.4 * missed(before[4])
    assert missed(after[2]) < 0.4 * missed(before[2])
    assert after[1] is before[1]
