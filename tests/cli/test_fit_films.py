"""The command ``fit`` on films: a clip and its camera, a frame set right later, and a film of the fit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from studio.export.fits.film import PANEL
from studio.fitting.video.film import frames_of, open_film
from studio.fitting.video.frame import read_frame
from tests.cli.shell import answer, run
from tests.fitting.video.films import FOCAL, film_of

AWAY = np.array([14.0, -8.0])  # pixels


def fit(*words: object) -> int:
    return run("fit", *words, "--model", "open_head", "--recipe", "landmarks", "--focal", FOCAL, "--json")


@pytest.fixture
def film(tmp_path):
    """A film with landmarks of its first frame beside it, which are wrong."""
    found = film_of(tmp_path, 4)
    np.save(found.path.with_suffix(".npy"), found.points[0] + AWAY)
    return found


def test_a_frame_is_set_right_on_what_was_fitted_and_the_fit_is_filmed(tmp_path, film, capsys):
    out = tmp_path / "out"
    assert fit(film.path, "-o", out) == 0
    (before,) = answer(capsys)["fits"]
    assert before["frames"] == 4
    places = [read_frame(path).state.camera.place for path in sorted((out / "film_frames").glob("0*.npz"))]
    right = tmp_path / "right.npy"
    np.save(right, film.points[2])
    assert fit(film.path, "-o", out, "--correct", f"2={right}", "--save-video") == 0
    (after,) = answer(capsys)["fits"]
    clip = np.load(out / "film.npz")
    assert len(clip["expr"]) == 4
    frames = [read_frame(path) for path in sorted((out / "film_frames").glob("0*.npz"))]
    pixel = 0.75 / FOCAL
    moved = [
        np.linalg.norm(np.subtract(frame.state.camera.place, place)[:2]) / pixel
        for frame, place in zip(frames, places, strict=True)
    ]
    assert moved[2] > 8.0
    assert moved[3] > 5.0
    assert len(json.loads((out / "film_camera.json").read_text())["errors"]) == 4
    panels = list(frames_of(open_film(out / "film_fit.mp4")))
    assert len(panels) == 4
    assert panels[0].shape[:2] == (2 * PANEL, 3 * PANEL)
    assert str(out / "film_fit.mp4") in after["files"]


@pytest.mark.parametrize(
    ("word", "told"), [("9=right.npy", "the frames 0 to 3"), ("2=nowhere.npy", "nowhere.npy")]
)
def test_what_cannot_be_corrected_is_told(tmp_path, film, capsys, monkeypatch, word, told):
    monkeypatch.chdir(tmp_path)
    np.save(tmp_path / "right.npy", film.points[2])
    assert fit(film.path, "-o", tmp_path / "out", "--correct", word) != 0
    assert told in json.loads(capsys.readouterr().out)["error"]


def test_a_correction_is_a_frame_and_a_file(tmp_path, capsys):
    assert fit("film.mp4", "-o", tmp_path, "--correct", "two.npy") != 0
    assert "FRAME=FILE" in capsys.readouterr().err
