"""A fit becomes one step, which leaves alone what is locked and takes that move."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.commands import open_clip, replace_take
from studio.document.document import FIELDS, Document
from studio.document.fit_commands import Fitted, fitted_look, use_fit
from studio.document.look import Look, Texture
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.reference_commands import remove_photo, set_reference, use_photo
from studio.fitting.present import present_state
from studio.fitting.projection import project
from studio.flame.params import Params
from studio.render.pinhole import PinholeCamera
from studio.sequence.clip import Clip

CAMERA = PhotoCamera(640, 480, "perspective", 800.0, cx=320.0, cy=240.0, place=(0.01, -0.02, -0.7))
LIGHT = tuple(0.1 * number for number in range(27))


@pytest.fixture
def document(tiny_model) -> Document:
    return Document(tiny_model)


def fitted(model, **more) -> Fitted:
    params = Params.neutral(model)
    shape = np.arange(1.0, 1.0 + len(params.shape))
    return Fitted(params.replace(shape=shape, rotation=(0.0, 0.3, 0.0)), CAMERA, **more)


def test_the_head_the_look_and_both_cameras_come_and_go_in_one_step(document, tiny_model):
    document.set(look=document.look.replace(exposure=0.7))
    before = document.read(FIELDS)
    found = fitted(tiny_model, texture=Texture("", (1.0, -2.0)), light=LIGHT)
    command = use_fit(document, found, 1.5, "Anna.jpg")
    assert command.name == "Fit to Anna.jpg"
    command.apply(document)
    assert document.params.shape == pytest.approx(found.params.shape)
    assert document.params.rotation == pytest.approx((0.0, 0.3, 0.0))
    assert len(document.takes) == 1
    assert document.look.texture.coefficients == (1.0, -2.0)
    assert document.look.environment.coefficients == LIGHT
    assert document.look.environment.name == "Anna.jpg"
    light = document.look.light
    assert light.strength == light.ambient == light.fill.strength == light.rim.strength == 0.0
    assert document.look.exposure == 0.0
    assert document.reference.camera == CAMERA
    assert document.camera == CAMERA.orbit(1.5)
    command.revert(document)
    assert document.read(FIELDS) == before


def test_the_canvas_shows_the_head_where_the_photo_has_it(document, tiny_model):
    use_fit(document, fitted(tiny_model), 640 / 480).apply(document)
    points = np.random.default_rng(1).uniform(-0.1, 0.1, (5, 3))
    shown = PinholeCamera.from_orbit(document.camera, CAMERA.size).project(points)
    assert shown[:, :2] == pytest.approx(project(CAMERA, points)[0], abs=1e-6)


def test_without_skin_and_light_the_look_stays(document, tiny_model):
    look = document.look.replace(mode="shaded")
    assert fitted_look(look, fitted(tiny_model), "photo") is look
    assert fitted_look(Look(mode="normals"), fitted(tiny_model, light=LIGHT), "photo").mode == "textured"


def test_what_is_locked_stays(document, tiny_model):
    document.set(locks=frozenset({("shape", 1)}))
    use_fit(document, fitted(tiny_model), 1.0).apply(document)
    assert document.params.shape[0] == pytest.approx(1.0)
    assert document.params.shape[1] == 0.0


def test_a_take_that_moves_stays_as_it_is(document, tiny_model):
    still = Clip.still(Params.neutral(tiny_model))
    two = {
        name: np.repeat(getattr(still, name), 2, 0) for name in ("expr", "rotation", "neck_pose", "jaw_pose")
    }
    two |= {"eyes_pose": np.zeros((2, 6)), "translation": np.zeros((2, 3)), "eyelids": np.zeros((2, 2))}
    open_clip(document, "Walk", still.replace(**two)).apply(document)
    before = document.take
    command = use_fit(document, fitted(tiny_model), 1.0, "Anna.jpg")
    command.apply(document)
    assert document.takes[-2] is before
    assert document.take.name == "Anna"
    assert document.params.rotation == pytest.approx((0.0, 0.3, 0.0))
    command.revert(document)
    assert document.take is before


def test_another_photo_and_none_keep_the_recipe_and_what_is_held(document):
    chosen = {"recipe": "Mine", "recipe_text": "text", "held": "shape,light"}
    set_reference(document, "Recipe", wipe=0.3, **chosen).apply(document)
    use_photo(document, Media("/photos/Anna.jpg")).apply(document)
    kept = document.reference
    assert {name: getattr(kept, name) for name in chosen} == chosen
    assert kept.wipe == 0.3
    remove_photo(document).apply(document)
    kept = document.reference
    assert {name: getattr(kept, name) for name in chosen} == chosen
    assert not kept


def test_a_fit_goes_on_from_where_the_head_was_moved_to(document, tiny_model):
    use_fit(document, fitted(tiny_model), 1.5).apply(document)
    moved = document.params.replace(translation=(0.03, 0.02, -0.1))
    document.set(takes=replace_take(document, document.take.edited(document.position, moved)))
    state = present_state(document)
    assert state.camera.place == pytest.approx((0.04, 0.0, -0.8), abs=1e-6)
    assert not state.params.translation.any()
