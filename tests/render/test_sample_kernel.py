"""Samples filtered down to pixels, beside the formula in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from studio.render.sample_kernel import filter_samples


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_pixels_are_the_means_of_their_samples_with_straight_alpha(factor):
    random = np.random.default_rng(factor)
    alpha = random.integers(0, 256, (6 * factor, 8 * factor, 1))
    alpha[: 2 * factor], alpha[2 * factor : 3 * factor] = 0, 255
    colour = random.integers(0, 256, (6 * factor, 8 * factor, 3)) * alpha // 255
    samples = np.concatenate([colour, alpha], axis=2).astype(np.uint8)[::-1]  # as OpenGL gives them
    pixels = np.empty((6, 8, 4), np.uint8)
    filter_samples(samples, factor, pixels)
    blocks = samples.reshape(6, factor, 8, factor, 4).astype(np.float64)
    mean = np.floor(blocks.mean(axis=(1, 3)) + 0.5)
    assert np.array_equal(pixels[..., 3], mean[..., 3])
    opaque = np.maximum(mean[..., 3:], 1.0)
    wanted = np.minimum(np.where(mean[..., 3:] < 255, mean[..., :3] * 255.0 / opaque, mean[..., :3]), 255.0)
    assert np.abs(pixels[..., :3] - wanted).max() <= 0.5 + 1e-6


def test_a_part_of_a_picture_is_written_in_place():
    picture = np.zeros((4, 6, 4), np.uint8)
    filter_samples(np.full((4, 4, 4), 255, np.uint8), 2, picture[1:3, 2:4])
    assert picture[1:3, 2:4].min() == 255
    assert picture.sum() == 4 * 4 * 255
