"""Photos as a fit sees them: every pixel, upright, in sRGB, with what the camera says of its lens."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import focal_of_lens
from studio.fitting.video.film import first_frame, is_film
from studio.storage.errors import StudioError
from studio.storage.paths import file_size
from studio.storage.pictures import FORMATS, MOST_PIXELS
from studio.storage.upright import eight_bits, has_alpha, in_srgb, upright

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PHOTO = 512 << 20  # bytes of a file
SMALLEST_SIDE = 16  # pixels; in less nobody finds a face
BEHIND = (128, 128, 128)  # sRGB that is seen through transparent parts
_EXIF = 0x8769  # where the camera's own entries begin; the next are their numbers
_LENS, _LENS_35, _WIDTH, _HEIGHT, _DENSITY, _UNIT = 37386, 41989, 40962, 40963, 41486, 41488
_MM_OF_UNIT = {2: 25.4, 3: 10.0, 4: 1.0}
_SHORTEST, _LONGEST = 0.2, 20.0  # focal lengths that make sense, in diagonals of the photo


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright photo."""

    name: str
    pixels: NDArray[np.uint8]  # (H, W, 3) sRGB, read-only
    focal: float | None = None  # pixels, where the file tells it
    notices: tuple[str, ...] = ()  # sentences on what was not as it should be

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[1], self.pixels.shape[0]


def read_photo(source: Path | bytes, name: str = "") -> NDArray[np.uint8]:
    """The pixels (H, W, 3) of a photo; the rest of :func:`open_photo` left out.

    Raises:
        StudioError: as there.

    """
    return open_photo(source, name).pixels


def open_photo(source: Path | bytes, name: str = "") -> Photo:
    """A photo, upright by its EXIF orientation, at its full size, in sRGB by its colour profile.

    Grey, palettes, CMYK and 16 bits become eight bits of RGB. Behind what is transparent is mid grey, so
    that neither black nor white is taken for a shadow or a light. Of several pictures in a file the first,
    and of a film its first frame.

    Args:
        source: its file, or the bytes of one.
        name: what errors call it; empty: as its file is called.

    Raises:
        StudioError: it is missing, no picture, cut short, or has an absurd number of pixels.

    """
    from PIL import Image, UnidentifiedImageError

    name = name or (source.name if isinstance(source, Path) else "The photo")
    if isinstance(source, Path) and is_film(source):
        return Photo(name, first_frame(source))
    if isinstance(source, Path):
        file_size(source, LARGEST_PHOTO)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes that are allowed here, and of odd EXIF blocks
            with Image.open(stream, formats=FORMATS) as image:
                _check_size(image, name)
                focal = _focal(image)
                pixels, notice = _pixels(image)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StudioError(
            f"{name} cannot be read as a photo ({_reason(error)}); choose another one."
        ) from error
    except MemoryError:
        raise StudioError(f"{name} needs more memory than there is; choose a smaller photo.") from None
    pixels.setflags(write=False)
    return Photo(name, pixels, focal, (f"{name}: {notice}.",) if notice else ())


def _reason(error: BaseException) -> str:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "its format is not known"
    return str(error).rstrip(".") or "it is damaged"


def _check_size(image: Image, name: str) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise StudioError(
            f"{name} has {image.width} x {image.height} pixels, more than {MOST_PIXELS // 1_000_000} "
            "million; choose a smaller photo."
        )
    if min(image.size) < SMALLEST_SIDE:
        raise StudioError(f"{name} has only {image.width} x {image.height} pixels; choose a larger photo.")


def _pixels(image: Image) -> tuple[NDArray[np.uint8], str]:
    """(H, W, 3), and a notice."""
    from PIL import Image as Images

    clear = has_alpha(image)
    shown, notice = in_srgb(eight_bits(upright(image)))
    if clear:
        over = Images.new("RGBA", shown.size, (*BEHIND, 255))
        shown = Images.alpha_composite(over, shown.convert("RGBA"))
    return np.asarray(shown if shown.mode == "RGB" else shown.convert("RGB")), notice


def _focal(image: Image) -> float | None:
    """The focal length in pixels that the camera noted; None where it did not, or the photo was cropped."""
    try:
        exif = image.getexif().get_ifd(_EXIF)
    except (ValueError, TypeError, KeyError, SyntaxError, OSError):
        return None
    taken = _number(exif, _WIDTH), _number(exif, _HEIGHT)
    if all(taken) and not _same_shape(image.size, taken):
        return None
    diagonal = math.hypot(*image.size)
    focal = focal_of_lens(_number(exif, _LENS_35), *image.size)
    if not focal and taken[0]:
        density = _number(exif, _DENSITY) / _MM_OF_UNIT.get(int(_number(exif, _UNIT)) or 2, math.inf)
        focal = _number(exif, _LENS) * density * max(image.size) / max(taken)
    return focal if _SHORTEST * diagonal <= focal <= _LONGEST * diagonal else None


def _same_shape(size: tuple[int, int], taken: tuple[float, float]) -> bool:
    """Whether ``size`` is that of the whole picture, turned or reduced."""
    ratio, original = max(size) / min(size), max(taken) / min(taken)
    return abs(ratio / original - 1.0) < 0.01


def _number(exif: Any, tag: int) -> float:
    """The entry ``tag`` as a number; 0 where there is none, or nonsense."""
    try:
        value = float(exif.get(tag, 0.0))
    except (ValueError, TypeError, ZeroDivisionError):
        return 0.0
    return value if math.isfinite(value) and value > 0.0 else 0.0
