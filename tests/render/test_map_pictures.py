from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.backends.base import Surface
from studio.flame.model import HeadModel
from studio.render.map_pictures import KINDS, picture_of, quantised
from studio.render.maps import HeadView, region_names
from studio.render.materials import region_palette
from studio.render.pinhole import PinholeCamera
from studio.storage.errors import StudioError


@pytest.fixture(scope="module")
def view(head_model: HeadModel, surface: Surface) -> HeadView:
    return HeadView.take(head_model, surface, PinholeCamera.front(head_model, (96, 96)))


def test_numbers_are_rounded_to_the_nearest_and_halves_up():
    values = np.array([0.0, 0.5, 1.0, 0.1, np.nan, -3.0, 7.0, 1.49 / 255, 1.5 / 255], np.float32)
    assert quantised(values, 255.0, np.uint8).tolist() == [0, 128, 255, 26, 0, 0, 255, 1, 2]


@pytest.mark.parametrize("space", ["camera", "world"])
def test_normals_can_be_read_back(view: HeadView, space):
    shown = view.face_index >= 0
    picture = picture_of(view, "normal", space).pixels
    assert picture.dtype == np.uint8
    read = picture[shown] / 255.0 * 2.0 - 1.0
    assert np.abs(read - view.normal(space)[shown]).max() <= 1 / 255 + 1e-6
    assert (picture[~shown] == 0).all()


def test_a_face_before_the_camera_is_the_blue_of_normal_maps(view: HeadView, head_model: HeadModel):
    nose = view.camera.project(head_model.v_template[head_model.v_template[:, 2].argmax()][None])[0]
    red, green, blue = picture_of(view, "normal").pixels[int(nose[1]), int(nose[0])]
    assert blue > 240
    assert abs(int(red) - 128) < 40
    assert abs(int(green) - 128) < 60


def test_depths_and_places_can_be_read_back_to_a_twentieth_of_a_millimetre(view: HeadView):
    shown = view.face_index >= 0
    depth = picture_of(view, "depth").pixels
    assert depth.dtype == np.uint16
    assert np.abs(depth[..., 0][shown] / 1e4 - view.depth()[shown]).max() < 5.1e-5
    assert (depth[~shown] == 0).all()
    place = picture_of(view, "position").pixels
    assert np.abs((place[shown] - 32768.0) / 1e4 - view.position()[shown]).max() < 5.1e-5


def test_texture_coordinates_can_be_read_back(view: HeadView):
    shown = view.face_index >= 0
    pixels = picture_of(view, "uv").pixels
    assert np.abs(pixels[shown][:, :2] / 65535.0 - view.uv()[shown]).max() < 1e-5
    assert (pixels[..., 2] == 0).all()


def test_regions_have_the_colours_of_the_window(view: HeadView, head_model: HeadModel):
    picture = picture_of(view, "region")
    assert picture.palette is not None
    np.testing.assert_array_equal(picture.pixels, view.region() + 1)
    names = region_names(head_model)
    for name, colour in region_palette(head_model).items():
        assert np.abs(picture.palette[names.index(name) + 1] / 255.0 - colour).max() < 0.003
        assert f"{names.index(name) + 1} {name}" in picture.meaning


@pytest.mark.parametrize("kind", KINDS)
def test_transparency_is_there_where_no_head_is(view: HeadView, kind):
    picture = picture_of(view, kind, transparent=True)
    shown = view.face_index >= 0
    if picture.palette is not None:
        alpha, largest = picture.palette[picture.pixels][..., 3], 255
    else:
        alpha, largest = picture.pixels[..., -1], np.iinfo(picture.pixels.dtype).max
    np.testing.assert_array_equal(alpha, np.where(shown, largest, 0))
    opaque = picture_of(view, kind)
    if opaque.palette is None:
        np.testing.assert_array_equal(opaque.pixels, picture.pixels[..., :-1])


def test_what_does_not_fit_is_told(view: HeadView, surface: Surface):
    far = view.camera.replace(translation=(0.0, 0.0, 7.0))
    with pytest.raises(StudioError, match=r"beyond the 6\.55 m"):
        picture_of(HeadView.take(view.model, surface, far), "depth")
    aside = replace(surface, vertices=surface.vertices + np.float32(4.0))
    moved = HeadView.take(view.model, aside, PinholeCamera.front(aside.vertices, (32, 32)))
    with pytest.raises(StudioError, match=r"beyond the 3\.28 m"):
        picture_of(moved, "position")
    many = {f"region {index}": np.array([index], np.int32) for index in range(300)}
    crowded = HeadView.take(replace(view.model, regions=many), surface, view.camera)
    with pytest.raises(StudioError, match="301 regions"):
        picture_of(crowded, "region")
