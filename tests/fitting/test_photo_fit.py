"""A photo is read, fitted and measured in one job, and goes on from a head that is there."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.backends import create_backend
from studio.document.commands import set_params
from studio.document.document import Document
from studio.document.fit_commands import use_fit
from studio.document.photo_camera import PhotoCamera, lens_of_focal
from studio.fitting.observation import Landmarks2D, Observation
from studio.fitting.photo_fit import PhotoFitJob, fitted_of
from studio.fitting.present import present_state
from studio.fitting.projection import project
from studio.fitting.recipe_edits import stage_alone
from studio.fitting.recipe_file import shipped_recipe
from studio.fitting.recipe_text import recipe_from_text
from studio.fitting.state import FitState
from studio.fitting.watch import FitWatch
from studio.flame.params import Params
from studio.scripting import Studio
from studio.storage.errors import StudioError

CAMERA = PhotoCamera(400, 500, "perspective", 1400.0, cx=200.0, cy=250.0, place=(0.01, 0.0, -0.9))


@pytest.fixture(scope="module")
def backend(head_model):
    return create_backend("torch", head_model, "cpu")


@pytest.fixture(scope="module")
def photo(head_model, backend) -> Observation:
    """A head that is turned, open-mouthed and of its own shape, seen by ``CAMERA``."""
    params = Params.neutral(head_model)
    shape = np.zeros_like(params.shape)
    shape[:3] = (1.5, -1.0, 0.5)
    params = params.replace(shape=shape, rotation=(0.05, 0.25, 0.0), jaw_pose=(0.15, 0.0, 0.0))
    points, _ = project(CAMERA, backend.forward(params).landmarks)
    pixels = np.full((500, 400, 3), 128, np.uint8)
    return Observation("photo.png", pixels, Landmarks2D(points, np.ones(68)), focal=CAMERA.focal)


def job(model, backend, photo, recipe=None, **more) -> PhotoFitJob:
    return PhotoFitJob(model, lambda: photo, recipe or shipped_recipe("landmarks"), lambda: backend, **more)


def run(job):
    return job.run(lambda _: None, lambda: False)


def test_landmarks_are_met_and_the_error_is_told(head_model, backend, photo):
    watch = FitWatch()
    found = run(job(head_model, backend, photo, tell=watch.hear))
    assert found.measures.landmarks < 0.01
    assert found.measures.iterations == len(found.fit.history) == len(watch.take().iterations)
    assert found.fitted.params.rotation == pytest.approx((0.05, 0.25, 0.0), abs=0.06)
    assert found.fitted.texture is found.fitted.light is None


def test_locked_components_stay_as_they_are(head_model, backend, photo):
    kept = Params.neutral(head_model).replace(jaw_pose=(0.05, 0.0, 0.0))
    locks = frozenset({("jaw_pose", index) for index in range(3)} | {("shape", 0)})
    found = run(job(head_model, backend, photo, locks=locks, kept=kept))
    assert found.fitted.params.jaw_pose == pytest.approx((0.05, 0.0, 0.0))
    assert found.fitted.params.shape[0] == 0.0
    assert found.fitted.params.shape[1] != 0.0


def test_it_goes_on_from_the_head_of_the_document(head_model, backend, photo):
    document = Document(head_model)
    first = run(job(head_model, backend, photo))
    use_fit(document, first.fitted, 1.0, "photo.png").apply(document)
    further = run(
        job(
            head_model,
            backend,
            photo,
            stage_alone(shipped_recipe("landmarks"), 1),
            begin=present_state(document),
        )
    )
    assert further.fit.history[0].total <= 1.05 * first.fit.history[-1].total
    assert further.measures.landmarks < 0.01


def test_a_head_that_was_moved_goes_on_from_where_it_is_seen(head_model):
    document = Document(head_model)
    document.set(reference=document.reference.replace(camera=CAMERA))
    set_params(document, "x", document.params.replace(translation=(0.1, 0.0, -0.2))).apply(document)
    state = present_state(document)
    assert state.camera.place == pytest.approx((0.11, 0.0, -1.1))
    assert not state.params.translation.any()


def test_skin_and_light_are_taken_where_they_were_sought(head_model):
    state = FitState(Params.neutral(head_model), CAMERA, texture=np.array([0.5, 0.0, 1.0, 0.0]))
    fitted = fitted_of(state, shipped_recipe("photometric"))
    assert fitted.texture.coefficients == (0.5, 0.0, 1.0)
    assert len(fitted.light) == 27
    assert fitted.light[0] == pytest.approx(state.light[0, 0], rel=1e-5)


def test_a_script_fits_in_one_step(head_model, photo, tmp_path):
    path = tmp_path / "anna.png"
    Image.fromarray(photo.pixels).save(path)
    np.save(tmp_path / "points.npy", photo.landmarks.points)
    studio = Studio(head_model, backend="torch", device="cpu")
    lens = lens_of_focal(CAMERA.focal, 400, 500)
    measures = studio.fit(path, landmarks=tmp_path / "points.npy", recipe="landmarks", lens=lens)
    assert measures.landmarks < 0.01
    assert studio.steps == ["Fit to anna.png"]
    reference = studio.document.reference
    assert reference.recipe == "Landmarks only"
    assert len(reference.points) == 68
    assert reference.camera.size == (400, 500)
    shape = studio.params.shape
    (tmp_path / "short.toml").write_text(
        '[[stage]]\nmoves = ["place"]\niterations = 2\nweights = {landmarks = 1}\n'
    )
    studio.fit(recipe=tmp_path / "short.toml")
    assert studio.steps == ["Fit to anna.png"] * 2
    assert studio.document.reference.recipe == "short"
    assert not np.array_equal(studio.params.shape, shape)
    with pytest.raises(StudioError, match="did you mean 'Landmarks only'"):
        studio.fit(recipe="landmark")


def test_a_recipe_written_by_hand_from_the_docs_works_the_first_time(head_model, backend, photo):
    docs = (Path(__file__).parents[2] / "docs" / "fitting.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", docs, re.DOTALL)
    recipe = recipe_from_text(text, "mine.toml")
    few = recipe.replace(stages=tuple(stage.replace(iterations=3) for stage in recipe.stages))
    found = run(job(head_model, backend, photo, few))
    assert not found.fit.warning
    assert found.measures.iterations == 6
    assert np.isfinite([done.total for done in found.fit.history]).all()
    assert found.fitted.texture is not None
    assert len(found.fitted.light) == 27


def test_the_head_moves_before_there_is_a_backend(head_model, backend, photo):
    moved = threading.Event()

    def make():
        assert moved.wait(60.0), "least squares waited for a backend"
        return backend

    begun = PhotoFitJob(
        head_model, lambda: photo, shipped_recipe("landmarks"), make, tell=lambda *_: moved.set()
    )
    assert run(begun).measures.landmarks < 0.01


def test_a_backend_that_cannot_be_made_ends_the_fit_with_its_reason(head_model, photo):
    def make():
        raise StudioError("There is no such device.")

    with pytest.raises(StudioError, match="no such device"):
        run(PhotoFitJob(head_model, lambda: photo, shipped_recipe("landmarks"), make))
