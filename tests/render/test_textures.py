"""Textures that a look chooses, in pictures of both renderers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from vispy.visuals.shaders.program import ModularProgram

from studio.document.look import Look, Texture
from studio.document.media import Media
from studio.flame.texture_files import source_of
from studio.flame.textures import PICTURE, PLAIN
from studio.render.texture import read_albedo
from studio.storage.errors import StudioError
from studio.storage.png import png_bytes
from tests.flame.texture_cases import flame_texture
from tests.render.heads import covered

RENDERERS = ["gl_renderer", "cpu_renderer"]


@pytest.fixture(params=RENDERERS)
def renderer(request):
    return request.getfixturevalue(request.param)


def textured(shot, *coefficients, key="open head"):
    return replace(shot, look=Look(texture=Texture(key, coefficients)))


@pytest.fixture
def foreign(shot, tmp_path):
    """The head with a texture from a file and no picture of its own."""
    np.savez(tmp_path / "texture.npz", **flame_texture(np.random.default_rng(5)))
    source = source_of(tmp_path / "texture.npz")
    model = replace(shot.model, albedo=None, textures=(source,))
    return replace(shot, model=model), source


def brightness(image):
    return image[..., :3][covered(image)].mean()


def test_darker_skin_is_a_darker_picture_and_back_is_back(renderer, shot):
    plain = renderer.render(shot)
    dark = renderer.render(textured(shot, 2.5))
    assert brightness(dark) < 0.7 * brightness(plain)
    np.testing.assert_array_equal(renderer.render(shot), plain)


def test_both_renderers_agree(gl_renderer, cpu_renderer, shot):
    wanted = replace(textured(shot, 1.5, 0.5, 0.0, 0.0, 0.0, 2.0), samples=9)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.5


def test_the_plain_picture_is_the_shipped_one(renderer, shot):
    plain = renderer.render(textured(shot, key=PLAIN))
    assert np.abs(plain.astype(int) - renderer.render(shot)).mean() < 0.1


def test_coefficients_of_another_texture_are_not_used(renderer, shot):
    np.testing.assert_array_equal(renderer.render(textured(shot, 3.0, key="other")), renderer.render(shot))


def test_a_texture_from_a_file_needs_no_picture_of_the_model(renderer, foreign):
    shot, source = foreign
    mean = renderer.render(shot)
    moved = renderer.render(textured(shot, 3.0, 3.0, key=source.key))
    without = renderer.render(textured(shot, key=PLAIN))
    assert np.abs(moved.astype(int) - mean)[..., :3].mean() > 1.0
    assert np.abs(without.astype(int) - mean)[..., :3].mean() > 1.0
    np.testing.assert_array_equal(renderer.render(shot), mean)


def test_a_file_that_went_away_is_told_each_time_but_only_where_it_is_shown(renderer, foreign):
    shot, source = foreign
    source.path.unlink()
    wanted = textured(shot, 1.0, key=source.key)
    for _ in range(2):
        with pytest.raises(StudioError, match=r"texture\.npz"):
            renderer.render(wanted)
    clay = replace(wanted, look=wanted.look.replace(mode="shaded"))
    assert covered(renderer.render(clay)).any()


def test_moving_a_component_links_no_shader(gl_renderer, shot, monkeypatch):
    gl_renderer.render(shot)
    built = []
    build = ModularProgram._build
    monkeypatch.setattr(ModularProgram, "_build", lambda self: (built.append(self), build(self)))
    for step in range(4):
        gl_renderer.render(textured(shot, 0.3 * step))
    assert not built


def test_the_same_choice_is_the_same_object(head_model):
    texture = Texture("open head", (0.7,))
    assert read_albedo(head_model, texture) is read_albedo(head_model, Texture("open head", (0.7, 0.0)))


def own(height=64):
    """A picture that is red above and green below."""
    pixels = np.zeros((height, height, 3), np.uint8)
    pixels[: height // 2, :, 0], pixels[height // 2 :, :, 1] = 200, 200
    return Texture(PICTURE, (), Media("mine.png", png_bytes(pixels, {})))


def test_a_picture_of_the_users_own_is_shown_with_its_last_row_at_the_foot(shot):
    picture = read_albedo(shot.model, own())
    assert picture[0, 0].tolist() == [0, 200, 0]
    assert picture[-1, 0].tolist() == [200, 0, 0]
    assert read_albedo(shot.model, own()) is picture


def test_a_picture_of_the_users_own_colours_the_head(shot, renderer):
    green = np.zeros((32, 32, 3), np.uint8)
    green[..., 1] = 180
    look = Look(texture=Texture(PICTURE, (), Media("mine.png", png_bytes(green, {}))))
    image = renderer.render(replace(shot, look=look))
    colour = image[covered(image)][:, :3].astype(float).mean(axis=0)
    assert colour[1] > 3.0 * max(colour[0], colour[2])


def test_a_missing_picture_of_the_users_own_is_named(shot):
    with pytest.raises(StudioError, match=r"lost\.png"):
        read_albedo(shot.model, Texture(PICTURE, (), Media("/nowhere/lost.png")))
