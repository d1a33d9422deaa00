"""Pictures as they are meant to be seen: upright, in sRGB, of eight bits, whatever their file holds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")  # grey of more than eight bits
_CODED = ("RGB", "RGBA", "L", "CMYK", "LAB")  # modes that a colour profile may speak of
_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")


def upright(image: Image) -> Image:
    """``image`` turned and mirrored as its EXIF orientation says; itself where that says nothing."""
    from PIL import ImageOps

    try:
        if image.getexif().get(_ORIENTATION, 1) == 1:
            return image
        return ImageOps.exif_transpose(image)
    except (ValueError, TypeError, KeyError, SyntaxError, ZeroDivisionError):  # of a damaged EXIF block
        return image


def eight_bits(image: Image) -> Image:
    """``image`` with at most eight bits a channel; grey of 16 or 32 bits is scaled down, not cut off."""
    if image.mode not in _DEEP:
        return image
    from PIL import Image as Images

    values = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    top = float(values.max(initial=0))
    white = next((white for white in (1.0, 255.0, 65535.0) if top <= white), top)
    if values.dtype == np.uint16 or image.mode.startswith("I;16"):
        white = 65535.0
    scaled = np.clip(values.astype(np.float32) * np.float32(255.0 / white) + 0.5, 0.0, 255.0)
    return Images.fromarray(scaled.astype(np.uint8))


def in_srgb(image: Image) -> tuple[Image, str]:
    """``image`` with the colours that its embedded profile tells, and a notice where that is damaged.

    Without a profile, or with sRGB's own, it comes back as it is.
    """
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in _CODED:
        return image, ""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image, ""
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        if image.mode == "RGBA":
            found = _with_alpha(image, source)
        else:
            found = ImageCms.profileToProfile(image, source, _srgb(), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image, "its colour profile is damaged and was left out"
    return (image if found is None else found), ""


def _srgb() -> Any:
    from PIL import ImageCms

    return ImageCms.createProfile("sRGB")


def _with_alpha(image: Image, source: Any) -> Image | None:
    from PIL import ImageCms

    alpha = image.getchannel("A")
    found = ImageCms.profileToProfile(image.convert("RGB"), source, _srgb(), outputMode="RGB")
    if found is not None:
        found.putalpha(alpha)
    return found


def has_alpha(image: Image) -> bool:
    """Whether some of it may be seen through."""
    return image.mode in _ALPHA or "transparency" in image.info
