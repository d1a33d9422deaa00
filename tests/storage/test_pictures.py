"""Pictures of ordinary formats are read and reduced; all else is refused in one sentence."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from studio.storage.errors import StudioError
from studio.storage.pictures import LARGEST_SIDE, read_picture


def _bytes(picture, kind="PNG"):
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


def _claiming(width, height):
    """The start of a PNG that says it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_ordinary_pictures_are_read_from_files_and_from_bytes(tmp_path, kind):
    picture = Image.new("RGB", (6, 4), (200, 40, 90))
    path = tmp_path / "picture"
    path.write_bytes(_bytes(picture, kind))
    for source in (path, path.read_bytes()):
        pixels = read_picture(source, "it", "RGBA")
        assert pixels.shape == (4, 6, 4)
        assert np.abs(pixels.astype(int) - (200, 40, 90, 255)).max() < 6


def test_large_pictures_are_reduced():
    pixels = read_picture(_bytes(Image.new("RGB", (2 * LARGEST_SIDE, 16))), "wide.png")
    assert pixels.shape == (8, LARGEST_SIDE, 3)


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000)])
def test_absurd_sizes_are_refused_before_they_are_decoded(size):
    with pytest.raises(StudioError, match=r"huge\.png"):
        read_picture(_claiming(*size), "huge.png")


def test_no_other_program_is_started_to_read_one(monkeypatch):
    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_args, **_named: started.append(1))
    with pytest.raises(StudioError, match=r"sky\.png cannot be read as a picture"):
        read_picture(_bytes(Image.new("RGB", (4, 4)), "EPS"), "sky.png")
    assert not started
