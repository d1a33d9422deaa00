"""What is done with a photo, as Python that does the same."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.document.fit_commands import Fitted, use_fit
from studio.document.look import Texture
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.photo_mask import as_media
from studio.document.photo_points import moved, of_places
from studio.document.reference_commands import (
    FaceSeen,
    choose_face,
    remove_photo,
    set_mask,
    set_points,
    show_photo,
    use_photo,
)
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.scripting.recall import script_of
from tests.scripting.test_recall import Desk, assert_same, run


@pytest.fixture
def desk(tmp_path):
    noise = np.random.default_rng(2).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    desk = Desk(load_open_head())
    path = tmp_path / "noise.png"
    desk.push(use_photo(desk.document, Media(str(path)), path))
    return desk


def test_opening_a_photo_is_a_short_call(desk):
    assert desk.code()[0].startswith("studio.open(")
    assert "noise.png" in desk.code()[0]


def test_a_script_places_points_and_paints_as_the_hand_did(desk):
    document = desk.document
    points = of_places((float(i), 0.5 * i) for i in range(68))
    desk.push(choose_face(document, FaceSeen((1.0, 2.0, 30.0, 40.0))))
    desk.push(set_points(document, "Place the points", points))
    desk.push(set_points(document, "Move nose tip", moved(points, [30], (1.5, -2.0))))
    desk.push(show_photo(document, "wipe"))
    assert_same(run(script_of(document, desk.steps)).document, document)
    desk.push(remove_photo(document))
    assert_same(run(script_of(document, desk.steps)).document, document)


def test_a_fit_is_copied_with_its_exact_numbers(desk):
    document = desk.document
    camera = PhotoCamera(80, 60, "perspective", 1.0 / 3.0 * 900.0, 0.0, 40.1, 30.7, (0.1 / 3.0, 0.02, -0.9))
    light = tuple(np.random.default_rng(3).normal(size=27).tolist())
    head = Params.random(document.model, seed=8).replace(rotation=(0.1, 1.0 / 7.0, 0.0))
    texture = Texture(document.model.textures[0].key, (1.0 / 3.0, -0.25))
    desk.push(use_fit(document, Fitted(head, camera, texture, light), 1.3, "noise.png"))
    again = run(script_of(document, desk.steps))
    assert_same(again.document, document)
    assert again.document.params == document.params
    assert again.document.reference.camera == camera
    assert again.document.look.environment.coefficients == light


def test_a_painted_mask_is_told_or_said_to_be_left_out(desk):
    desk.push(set_mask(desk.document, "Paint the mask", as_media(np.full((60, 80), 255, np.uint8))))
    code = desk.code()[-1]
    assert code.startswith(("# Paint the mask", "studio.set('Paint the mask'"))
