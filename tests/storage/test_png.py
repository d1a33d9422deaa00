from __future__ import annotations

import io
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from studio.storage.png import png_bytes

RANDOM = np.random.default_rng(1)


def eights(*shape):
    return RANDOM.integers(0, 256, shape, dtype=np.uint8)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (2, "LA"), (3, "RGB"), (4, "RGBA")])
def test_eight_bits_are_read_back(channels, mode):
    pixels = eights(7, 5, channels)
    image = opened(png_bytes(pixels, {}))
    assert image.mode == mode
    np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)


def test_sixteen_bits_of_grey_are_read_back():
    pixels = RANDOM.integers(0, 65536, (9, 4), dtype=np.uint16)
    np.testing.assert_array_equal(np.asarray(opened(png_bytes(pixels, {}))), pixels)


@pytest.mark.parametrize(("channels", "form"), [(2, "ya16be"), (3, "rgb48be"), (4, "rgba64be")])
def test_sixteen_bits_of_colour_are_read_back_by_another_reader(channels, form):
    pixels = RANDOM.integers(0, 65536, (6, 8, channels), dtype=np.uint16)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "png_pipe", "-i", "-", "-pix_fmt", form]
    raw = subprocess.run(
        [*command, "-f", "rawvideo", "-"], input=png_bytes(pixels, {}), capture_output=True, check=True
    ).stdout
    np.testing.assert_array_equal(np.frombuffer(raw, ">u2").reshape(pixels.shape), pixels)


@pytest.mark.parametrize("width", [3, 4])
def test_a_palette_keeps_numbers_and_colours(width):
    indices, palette = eights(5, 6) % 7, eights(7, width)
    image = opened(png_bytes(indices, {}, palette))
    assert image.mode == "P"
    np.testing.assert_array_equal(np.asarray(image), indices)
    np.testing.assert_array_equal(np.asarray(image.convert("RGBA"))[..., :width], palette[indices])


def test_notes_are_kept_in_any_script_and_the_bytes_are_the_same_every_time():
    content = png_bytes(eights(2, 2), {"Copyright": "CC0 — ñ 漢", "Software": "x"})
    image = opened(content)
    assert image.text == {"Copyright": "CC0 — ñ 漢", "Software": "x"}  # type: ignore[attr-defined]
    pixels = eights(3, 3)
    assert png_bytes(pixels, {}) == png_bytes(pixels.copy(), {})
