"""Pictures in files: PNG, JPEG and WebP, with a note of the head model's licence inside."""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from studio.export.target import check_format, check_target
from studio.export.watched import watched
from studio.jobs.job import Cancelled
from studio.render.shot import never
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
WITH_ALPHA = ("PNG", "WEBP")

QUALITY = 92  # of 100, where the user does not say
GAMMA = 45455  # of sRGB in PNG's hundred-thousandths, for readers that do not know it by name
EXIF_DESCRIPTION = 0x010E
EXIF_COPYRIGHT = 0x8298


def check_picture(path: Path, transparent: bool) -> str:
    """The format that ``path`` asks for: "PNG", "JPEG" or "WEBP".

    Raises:
        StudioError: it is none of these, cannot be transparent, or cannot be written there.

    """
    form = PICTURES[check_format(path, PICTURES, "a picture")]
    if transparent and form not in WITH_ALPHA:
        raise StudioError(f"{path.name}: {form} has no transparency; choose PNG or WebP, or a background.")
    check_target(path)
    return form


def write_picture(
    path: Path, pixels: NDArray[np.uint8], note: str, quality: int = QUALITY, cancelled: Cancelled = never
) -> None:
    """Write ``pixels`` (H, W, 4), sRGB with straight alpha, in the format of the name of ``path``.

    The alpha channel is kept where the format has one and some pixel is not opaque. ``quality``
    (1..100) is for JPEG and WebP; WebP at 100 is lossless.

    Raises:
        JobCancelled: ``cancelled`` answered yes; nothing is written.
        StudioError: the name asks for no picture format, or it cannot be written.

    """
    form = check_picture(path, transparent=False)

    def encoded() -> bytes:
        memory = io.BytesIO()
        encode(memory, form, pixels, note, quality)
        return memory.getvalue()

    write_atomically(path, lambda stream: stream.write(watched(encoded, cancelled)))


def encode(
    stream: IO[bytes],
    form: str,
    pixels: NDArray[np.uint8],
    note: str,
    quality: int = QUALITY,
    effort: int = 6,
) -> None:
    """Encode one picture onto ``stream``; ``effort`` (0..9) is how hard PNG compresses."""
    import imageio.v3 as iio

    keep_alpha = form in WITH_ALPHA and bool((pixels[..., 3] < 255).any())
    image = np.ascontiguousarray(pixels if keep_alpha else pixels[..., :3])
    options = _options(form, note, quality, effort)
    iio.imwrite(stream, image, plugin="pillow", extension=f".{form.lower()}", **options)


def exif(note: str) -> bytes:
    """``note`` as the description and the copyright of an EXIF block."""
    from PIL import Image

    block = Image.Exif()
    block[EXIF_DESCRIPTION] = note
    block[EXIF_COPYRIGHT] = note
    return block.tobytes()


def _options(form: str, note: str, quality: int, effort: int) -> dict[str, Any]:
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_itxt("Copyright", note)
        text.add_text("Software", "FLAME Studio")
        text.add(b"sRGB", b"\x00")  # rendering intent: perceptual
        text.add(b"gAMA", GAMMA.to_bytes(4, "big"))
        return {"pnginfo": text, "compress_level": effort}
    if form == "JPEG":
        return {"quality": quality, "subsampling": 0 if quality >= 90 else 2, "exif": exif(note)}
    return {"quality": quality, "lossless": quality >= 100, "method": 4, "exif": exif(note)}
