"""Pictures that are mixed step by step are those of the plain formula, however long one plays with them."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from studio.flame.texture_blend import TextureBlender
from studio.flame.texture_files import read_published, source_of
from studio.flame.texture_model import albedo
from tests.flame.texture_cases import COUNT, albedo_mm, bfm_albedo, flame_texture


@pytest.fixture(params=[flame_texture, albedo_mm, bfm_albedo])
def model(request, tmp_path):
    path = tmp_path / "texture.npz"
    np.savez(path, **request.param(np.random.default_rng(8)))
    return read_published(source_of(path))


def plain(model, coefficients):
    return albedo(model, coefficients) * 255.0


def test_any_coefficients_are_the_plain_formula(model):
    random = np.random.default_rng(1)
    blender = TextureBlender(model)
    for _ in range(20):
        coefficients = random.normal(0, 1.5, COUNT) * random.integers(0, 2, COUNT)
        np.testing.assert_allclose(blender.picture(coefficients), plain(model, coefficients), atol=0.75)


def test_ten_thousand_edits_do_not_drift(model):
    random = np.random.default_rng(2)
    blender = TextureBlender(model)
    coefficients = np.zeros(COUNT)
    for _ in range(10_000):
        coefficients[random.integers(COUNT)] = random.normal(0, 2.0)
        picture = blender.picture(coefficients)
    fresh = TextureBlender(model).picture(coefficients)
    assert np.abs(picture.astype(int) - fresh).max() <= 1
    np.testing.assert_allclose(picture, plain(model, coefficients), atol=0.75)


def test_back_to_zero_is_the_mean_itself(model):
    blender = TextureBlender(model)
    mean = blender.picture(())
    blender.picture([1.0, 2.0])
    assert blender.picture([0.0] * COUNT) is mean


def test_pictures_are_remembered_and_never_change(model):
    blender = TextureBlender(model)
    first = blender.picture([1.0])
    kept = first.copy()
    assert blender.picture([1.0, 0.0]) is first
    blender.picture([2.0])
    np.testing.assert_array_equal(first, kept)
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0


def test_too_many_coefficients(model):
    with pytest.raises(ValueError, match="8 coefficients for 7"):
        TextureBlender(model).picture([1.0] * (COUNT + 1))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_no_number_is_refused_and_leaves_the_next_picture_whole(model, value):
    blender = TextureBlender(model)
    blender.picture([0.5])
    with pytest.raises(ValueError, match="finite"):
        blender.picture([value])
    np.testing.assert_allclose(blender.picture([1.0]), plain(model, [1.0]), atol=0.75)


def test_several_threads_may_ask(model):
    blender = TextureBlender(model)
    wrong = []

    def ask(seed):
        random = np.random.default_rng(seed)
        for _ in range(60):
            coefficients = random.integers(-2, 3, COUNT)
            if np.abs(blender.picture(coefficients) - plain(model, coefficients)).max() > 0.75:
                wrong.append(coefficients)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_one_slider_of_a_published_size_is_quick(tmp_path):
    random = np.random.default_rng(3)
    arrays = {
        "mean": random.uniform(0, 255, (512, 512, 3)).astype(np.float32),
        "tex_dir": random.normal(0, 5, (512, 512, 3, 4)).astype(np.float32),
    }
    np.savez(tmp_path / "texture.npz", **arrays)
    blender = TextureBlender(read_published(source_of(tmp_path / "texture.npz")))
    blender.picture([0.1])
    times = []
    for step in range(20):
        begun = time.perf_counter()
        blender.picture([0.2 + 0.1 * step])
        times.append(time.perf_counter() - begun)
    assert np.median(times) < 0.03
