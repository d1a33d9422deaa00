"""Photos of every ordinary kind come out upright, in sRGB and with their lens; all else gets one sentence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.fitting.reading.photos import BEHIND, open_photo, read_photo
from studio.storage.errors import StudioError
from studio.storage.pictures import read_picture

ORIENTATION, EXIF = 0x0112, 0x8769


def file_of(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def corners() -> Image.Image:
    """40 x 24: red at the top left, green at the top right, blue at the bottom left."""
    pixels = np.full((24, 40, 3), 255, np.uint8)
    pixels[:12, :20], pixels[:12, 20:], pixels[12:, :20] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    return Image.fromarray(pixels)


def exif_of(orientation: int = 1, **lens: object) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    numbers = {
        "lens": 37386,
        "lens_35": 41989,
        "width": 40962,
        "height": 40963,
        "density": 41486,
        "unit": 41488,
    }
    for name, value in lens.items():
        exif.get_ifd(EXIF)[numbers[name]] = value
    return exif


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM"])
def test_ordinary_kinds_are_read(kind):
    pixels = read_photo(file_of(corners(), kind), "it")
    assert pixels.shape == (24, 40, 3)
    assert pixels.dtype == np.uint8
    assert np.abs(pixels[2, 2].astype(int) - (255, 0, 0)).max() < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(orientation):
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = corners().transpose(back[orientation]) if orientation in back else corners()
    data = file_of(lying, "PNG", exif=exif_of(orientation))
    assert np.array_equal(read_photo(data), np.asarray(corners()))
    assert np.array_equal(read_picture(data, "it"), np.asarray(corners()))


@pytest.mark.parametrize(
    "deep",
    [
        Image.fromarray(np.full((20, 20), 128 * 257, np.uint16)),
        Image.fromarray(np.full((20, 20), 128 * 257, np.int32)),
        Image.fromarray(np.full((20, 20), 128 / 255, np.float32)),
    ],
    ids=["16 bits", "32 bits", "float"],
)
def test_grey_of_many_bits_is_scaled_down_not_cut_off(deep):
    assert np.array_equal(np.unique(read_photo(file_of(deep, "TIFF"))), [128])


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_other_kinds_of_colour_become_rgb(mode):
    kind = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    pixels = read_photo(file_of(Image.new("RGB", (20, 20), (255, 255, 255)).convert(mode), kind))
    assert pixels.shape == (20, 20, 3)
    assert pixels.min() > 250


def test_mid_grey_is_behind_what_is_transparent():
    picture = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 10, 20))
    for kind in ("PNG", "WEBP"):
        pixels = read_photo(file_of(picture, kind))
        assert np.abs(pixels[5, 15].astype(int) - BEHIND).max() <= 2
        assert np.abs(pixels[5, 4].astype(int) - (255, 0, 0)).max() <= 4


def test_transparent_palettes_are_seen_through():
    picture = Image.new("P", (20, 20), 1)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    assert tuple(read_photo(file_of(picture, transparency=1))[0, 0]) == BEHIND


def test_colours_follow_the_embedded_profile():
    picture = Image.new("LAB", (20, 20), (128, 180, 140))
    shown = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    pixels = read_photo(file_of(picture, "TIFF", icc_profile=profile))
    assert np.abs(pixels[0, 0].astype(int) - np.asarray(shown)[0, 0]).max() <= 1


def test_a_damaged_profile_is_told_and_left_out():
    photo = open_photo(file_of(corners(), icc_profile=b"no profile" * 20), "me.png")
    assert np.array_equal(photo.pixels, np.asarray(corners()))
    assert photo.notices == ("me.png: its colour profile is damaged and was left out.",)


def focal_of(size=(400, 300), **lens) -> float | None:
    return open_photo(file_of(Image.new("RGB", size), "JPEG", exif=exif_of(**lens))).focal


def test_the_lens_gives_the_focal_length_in_pixels():
    assert focal_of(lens_35=50) == pytest.approx(50.0 / 43.2666 * 500.0, rel=1e-4)
    assert focal_of() is None
    assert focal_of(lens_35=50, width=4000, height=3000) == pytest.approx(577.8, abs=0.1)


def test_a_cropped_photo_does_not_tell_its_lens():
    assert focal_of(lens_35=50, width=4000, height=4000) is None


def test_the_density_of_the_sensor_tells_it_too():
    # 40 mm on a sensor of 100 pixels a mm, the photo reduced to a tenth
    assert focal_of(lens=40.0, density=2540.0, unit=2, width=4000, height=3000) == pytest.approx(400.0)


@pytest.mark.parametrize("lens_35", [0, 1, 65535])
def test_a_lens_that_makes_no_sense_is_not_believed(lens_35):
    assert focal_of(lens_35=lens_35) is None


def claiming(width: int, height: int) -> bytes:
    """The start of a PNG that says it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + b"\0\0\xff\xffIDAT"
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (claiming(12_000, 12_000), "12000 x 12000 pixels"),
        (claiming(60_000, 60_000), r"big\.png"),
        (b"", "its format is not known"),
        (b"no picture at all", "its format is not known"),
        (file_of(Image.new("RGB", (4, 4)), "EPS"), "its format is not known"),
        (file_of(Image.effect_noise((200, 200), 60), "JPEG")[:4000], "truncated"),
        (file_of(Image.effect_noise((200, 200), 60), "PNG")[:9000], "big"),
        (file_of(Image.new("RGB", (8, 300))), "only 8 x 300 pixels"),
    ],
)
def test_what_is_no_whole_photo_is_refused_in_one_sentence(data, told):
    with pytest.raises(StudioError, match=told) as problem:
        open_photo(data, "big.png")
    assert str(problem.value).startswith("big.png ")
    assert str(problem.value).endswith("photo.") or str(problem.value).endswith("choose another one.")


def test_a_missing_photo_is_told(tmp_path):
    with pytest.raises(StudioError, match=r"me\.jpg does not exist"):
        open_photo(tmp_path / "me.jpg")


def test_fifty_megapixels_are_read_whole():
    photo = open_photo(file_of(Image.new("RGB", (8660, 5774), (10, 200, 30)), "JPEG", exif=exif_of(6)))
    assert photo.size == (5774, 8660)
