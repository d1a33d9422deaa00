"""What the frames of a fitted film miss: under the cursor, on average, the worst, and after a session."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.film_errors import UNKNOWN, error_at, errors_of, mean_error, worst_frames
from studio.document.take import Take
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.session.take_arrays import arrays_of, take_of

ERRORS = (0.5, float("nan"), 0.7, 2.5, 2.4, 0.6, 0.5, 1.5)


@pytest.fixture
def take(tiny_model):
    params = Params.neutral(tiny_model)
    clip = Clip.still(params, 12.0, tiny_model.name, tiny_model.digest)
    rows = {
        name: np.repeat(getattr(clip, name), len(ERRORS), axis=0)
        for name in ("expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation", "eyelids")
    }
    return Take.of("film", clip.replace(**rows)).with_fit_errors(errors_of(ERRORS))


def test_frames_tell_what_they_miss(take):
    assert error_at(take, 2.6) == 2.5
    assert error_at(take, 1.0) is None
    assert error_at(take, 8.0) is None
    assert mean_error(take) == pytest.approx(np.nanmean(ERRORS))
    assert worst_frames(take, 3) == (3, 7)
    assert worst_frames(Take.of("other", take.clip), 3) == ()
    assert mean_error(Take.of("other", take.clip)) is None


def test_they_stay_with_the_take_in_a_file(take):
    again = take_of("film", arrays_of(take), "film")
    assert again.fit_errors == take.fit_errors
    assert again.fit_errors[1] == UNKNOWN


@pytest.mark.parametrize("told", [np.zeros(3), np.array(["a"] * len(ERRORS)), np.zeros((len(ERRORS), 2))])
def test_those_of_other_frames_are_left_out(take, told):
    assert take_of("film", {**arrays_of(take), "fit_errors": told}, "film").fit_errors == ()
