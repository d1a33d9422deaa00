"""A head follows a film in the window: begun, cancelled and gone on with, used, told of and taken back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from studio.document.document import FIELDS
from studio.document.film_errors import worst_frames
from studio.document.media import Media
from studio.document.photo_camera import lens_of_focal
from studio.document.reference import PhotoPoint
from studio.document.reference_commands import set_reference, use_photo
from studio.fitting.projection import project
from studio.fitting.video import keeping
from studio.fitting.video.film import frames_of, open_film
from tests.fitting.video.films import FOCAL, SIDE, film_of
from tests.panels.hands import press
from tests.windows import WAIT, shown_window


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return film_of(tmp_path_factory.mktemp("film"), 5)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where finished frames are kept."""
    monkeypatch.setattr(keeping, "films_folder", lambda: tmp_path / "films")
    return tmp_path / "films"


@pytest.fixture
def window(qapp, qtbot, head_model, folder, monkeypatch):
    monkeypatch.setattr("studio.fitting.video.window_job.landmarker_file", lambda _: None)
    with shown_window(qapp, qtbot, head_model) as found:
        found.workspace.show_dock("Fit")
        found.push(set_reference(found.document, "Recipe", recipe="Landmarks only"))
        yield found


def begun(window, film):
    """The film is the reference, with points on its first frame."""
    points = tuple(PhotoPoint(float(x), float(y)) for x, y in film.points[0])
    window.push(use_photo(window.document, Media(str(film.path))))
    lens = lens_of_focal(FOCAL, SIDE, SIDE)
    window.push(set_reference(window.document, "Points", points=points, lens=float(lens)))


def wait_for_end(window, qtbot):
    qtbot.waitUntil(lambda: not window.fitting.films.running, timeout=8 * WAIT)


def panel(window):
    return window.workspace.late.fit


def texts(window):
    return " ".join(label.text() for label in panel(window).findChildren(QLabel) if label.isVisible())


def test_a_film_becomes_a_take_in_one_step_and_tells_how_well_it_fits(window, qtbot, film):
    document = window.document
    begun(window, film)
    before = document.read(FIELDS)
    press(panel(window), "Fit to film…")
    assert window.fitting.films.running
    wait_for_end(window, qtbot)
    assert window.history.stack.undoText() == "Fit to film.mp4"
    assert window.notices.text == ""
    take = document.take
    assert take.name == "film"
    assert len(take) == len(take.fit_errors) == 5
    qtbot.waitUntil(lambda: window.result.params == document.params, timeout=WAIT)
    seen, _ = project(document.reference.camera, window.result.surface.landmarks)
    eyes = np.linalg.norm(film.points[0, 36] - film.points[0, 45])
    assert np.linalg.norm(seen - film.points[0], axis=1).mean() < 0.015 * eyes
    assert "in frame 0 is" in texts(window)
    worst = worst_frames(take, 1)[0]
    press(panel(window), f"Go to frame {worst}")
    assert document.position == worst
    assert f"in frame {worst} is {take.fit_errors[worst]:.1f} % of the eye distance" in texts(window)
    window.history.stack.undo()
    assert document.read(FIELDS) == before
    assert "of the eye distance" not in texts(window)


def test_a_fit_that_was_cancelled_goes_on_where_it_was(window, qtbot, film, folder):
    begun(window, film)
    press(panel(window), "Fit to film…")
    qtbot.waitUntil(lambda: len(list(folder.rglob("00000*.npz"))) >= 2, timeout=8 * WAIT)
    window.jobs.cancel()
    wait_for_end(window, qtbot)
    assert len(window.document.takes) == 1
    (first, *_), (kept,) = sorted(folder.rglob("000000.npz")), folder.iterdir()
    written = first.stat().st_mtime_ns
    told = []
    window.jobs.progressed.connect(lambda step: told.append(step.done))
    press(panel(window), "Fit to film…")
    wait_for_end(window, qtbot)
    assert window.document.take.name == "film"
    assert list(folder.iterdir()) == [kept]
    assert min(done for done in told if done) > 1
    assert first.stat().st_mtime_ns >= written


def test_without_landmarks_the_first_frame_is_shown_to_place_them(window, qtbot, film, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(film.path), ""))
    press(panel(window), "Fit to film…")
    assert not window.fitting.films.running
    qtbot.waitUntil(lambda: window.document.reference.picture == Media(str(film.path)), timeout=WAIT)
    qtbot.waitUntil(lambda: window.photos.showing.photo is not None, timeout=WAIT)
    assert window.photos.showing.photo.size == (SIDE, SIDE)


def test_the_frame_under_the_cursor_is_seen_behind_the_head(window, qtbot, film):
    begun(window, film)
    press(panel(window), "Fit to film…")
    wait_for_end(window, qtbot)
    showing = window.photos.showing
    qtbot.waitUntil(lambda: showing.photo is not None and showing.is_through, timeout=WAIT)
    frames = [frame.astype(np.float64) for frame in frames_of(open_film(film.path))]  # counted, not sought
    for number in (4, 0):
        window.document.set(position=float(number))
        qtbot.waitUntil(lambda number=number: showing.seen.frame == number, timeout=WAIT)
        off = [np.abs(showing.seen.shown - frame).mean() for frame in frames]
        assert int(np.argmin(off)) == number
    assert showing.photo.frame == 0
