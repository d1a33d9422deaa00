"""Masks of skin for a photo, from pictures and arrays of every kind that tools of faces write."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.storage.arrays import read_npy, read_npz
from studio.storage.errors import StudioError, UnfitFileError
from studio.storage.json_files import parse_json
from studio.storage.kind import sniff
from studio.storage.npy import MAGIC, parse_npy
from studio.storage.paths import file_size, read_bytes
from studio.storage.pictures import FORMATS, MOST_PIXELS
from studio.storage.upright import eight_bits, upright

if TYPE_CHECKING:
    from PIL.Image import Image

Mask = NDArray[np.float32]

# What the parts of a head are called in label images of CelebAMask-HQ, by their numbers
CELEB = (
    *("background", "skin", "nose", "eye_g", "l_eye", "r_eye", "l_brow", "r_brow", "l_ear", "r_ear"),
    *("mouth", "u_lip", "l_lip", "hair", "hat", "ear_r", "neck_l", "neck", "cloth"),
)
# The parts on which the head is seen: neither glasses, hair, hats, earrings and necklaces, nor clothes
SEEN = frozenset(
    (
        *("skin", "face", "nose", "mouth", "lips", "u_lip", "l_lip", "imouth", "inner_mouth", "neck"),
        *("eye", "l_eye", "r_eye", "le", "re", "brow", "l_brow", "r_brow", "lb", "rb", "eyes", "brows"),
        *("ear", "l_ear", "r_ear", "ears", "facial_skin", "upper_lip", "lower_lip", "llip", "ulip"),
        *("left_eye", "right_eye", "left_eyebrow", "right_eyebrow", "left_brow", "right_brow"),
        *("left_ear", "right_ear", "forehead", "chin", "cheek"),
    )
)
CLASS_FILES = ("classes.txt", "labels.txt", "classes.json", "labels.json", "id2label.json", "config.json")
_SOFT = 15.0  # the most of FFHQ's soft masks
_SHAPES_DIFFER = 0.02  # of what may be called the same shape, as a share
_LARGEST = 1 << 30  # bytes of a file
_LEAST = 1e-4  # share of the photo that a mask marks at least


@dataclass(frozen=True, eq=False)
class MaskFound:
    """How sure it is, for each pixel of a photo, that skin of the head is seen there."""

    values: Mask  # (H, W) 0..1, read-only
    notices: tuple[str, ...] = ()  # sentences on what was not as it should be


def read_mask(
    source: Path | bytes, size: tuple[int, int], name: str = "", classes: Sequence[str] | None = None
) -> MaskFound:
    """The mask for a photo of ``size`` (width, height), upright as the photo is.

    Pictures may be grey, have alpha, or be label images, in which the parts of the head have numbers; arrays
    may be yes and no, 0..1, 0..255, FFHQ's soft 0..15, or labels. What labels mean is told by ``classes``,
    else by a list of classes beside the file, else it is CelebAMask-HQ's.

    Args:
        source: PNG or another picture, npy or npz; or the bytes of a picture or npy.
        size: of the upright photo.
        name: what errors call it; empty: as its file is called.
        classes: names of the parts by number.

    Raises:
        StudioError: it cannot be read, is no mask, marks nothing, or has another shape than the photo.

    """
    name = name or (source.name if isinstance(source, Path) else "The mask")
    if classes is None and isinstance(source, Path):
        classes = _classes_beside(source)
    notices: list[str] = []
    array, labels = _content(source, name)
    values = _meant(array, labels, classes, name, notices)
    values = _sized(values, size, name, notices)
    if values.mean() < _LEAST:
        raise UnfitFileError(f"{name} marks no skin; paint the mask, or choose another one.")
    values.setflags(write=False)
    return MaskFound(values, tuple(notices))


def _content(source: Path | bytes, name: str) -> tuple[NDArray, bool]:
    """The numbers (H, W) of a mask, and whether they are places in a palette."""
    if isinstance(source, bytes):
        if source.startswith(MAGIC):
            return _plane(parse_npy(source, name), name), False
        return _picture(source, name)
    file_size(source, _LARGEST)
    kind = sniff(source)
    if kind.container == "npy":
        return _plane(read_npy(source), name), False
    if kind.container == "npz":
        arrays = [value for value in read_npz(source).values() if np.ndim(value) in (2, 3, 4)]
        if len(arrays) != 1:
            raise UnfitFileError(f"{name} holds {len(arrays)} arrays that may be masks; keep one of them.")
        return _plane(arrays[0], name), False
    return _picture(read_bytes(source), name)


def _plane(value: Any, name: str) -> NDArray:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise UnfitFileError(f"{name} holds no numbers; choose another mask.")
    array = array.squeeze()
    if array.ndim == 3:  # channels first or last; of several the last, alpha, or all alike
        array = np.moveaxis(array, int(np.argmin(array.shape)), -1)[..., -1]
    if array.ndim != 2:
        raise UnfitFileError(f"{name} has the shape {np.shape(value)}, not that of a picture.")
    if array.size > MOST_PIXELS:
        raise UnfitFileError(f"{name} has more pixels than a photo may have; choose another mask.")
    return array


def _picture(data: bytes, name: str) -> tuple[NDArray, bool]:
    from PIL import Image as Images

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Images.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise UnfitFileError(
                        f"{name} has more pixels than a photo may have; choose another mask."
                    )
                return _channel(upright(image), name)
    except (OSError, SyntaxError, ValueError, Images.DecompressionBombError) as error:
        raise StudioError(f"{name} cannot be read as a mask ({error}); choose another one.") from error


def _channel(image: Image, name: str) -> tuple[NDArray, bool]:
    """What of a picture is the mask: places in a palette, alpha where that says anything, or grey."""
    if image.mode == "P" and "transparency" not in image.info:
        places = np.asarray(image)
        grey = np.asarray(image.convert("RGB"))
        if np.ptp(grey, axis=2).max() > 8 or len(np.unique(places)) > 2:
            return places, True
        return grey[..., 0], False
    if image.mode in ("RGBA", "LA", "PA", "P"):
        shown = np.asarray(image.convert("RGBA"))
        if shown[..., 3].min() < 255:
            return shown[..., 3], False
        return _grey(shown[..., :3], name), False
    if image.mode in ("1", "L") or image.mode.startswith("I") or image.mode == "F":
        plain = eight_bits(image) if image.mode != "1" else image.convert("L")
        if image.mode.startswith("I") and int(np.asarray(image).max()) < len(CELEB):
            return np.asarray(image), False
        return np.asarray(plain), False
    return _grey(np.asarray(image.convert("RGB")), name), False


def _grey(colours: NDArray[np.uint8], name: str) -> NDArray:
    if int(np.ptp(colours, axis=2).max()) > 64:
        raise UnfitFileError(
            f"{name} is a coloured picture, not a mask; save the mask in grey, white where skin is seen, or "
            "as numbers of classes."
        )
    return colours[..., 1]


def _meant(
    array: NDArray, palette: bool, classes: Sequence[str] | None, name: str, notices: list[str]
) -> Mask:
    """``array`` as 0..1."""
    if array.dtype.kind == "b":
        return array.astype(np.float32)
    whole = array.dtype.kind in "iu"
    if not whole:
        array = np.nan_to_num(array.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    top, distinct = float(array.max(initial=0)), _distinct(array)
    labels = palette or (whole and (classes is not None or distinct > 2) and 1 < top < len(CELEB))
    if labels and not palette and classes is None and _is_soft(array, top):
        labels = False
    if labels:
        return _of_labels(array, classes, name, notices)
    for most in (1.0, _SOFT, 255.0, 65535.0):
        if top <= most:
            return np.clip(array.astype(np.float32) / np.float32(most), 0.0, 1.0)
    raise UnfitFileError(f"{name} has values up to {top:g}; a mask has 0..1 or 0..255.")


def _distinct(array: NDArray) -> int:
    """How many values there are, as far as it matters."""
    return len(np.unique(array[:: max(array.shape[0] // 512, 1), :: max(array.shape[1] // 512, 1)]))


def _is_soft(array: NDArray, top: float) -> bool:
    """Whether whole numbers are shares of 15: nearly all nothing or all, and a seam of what is between."""
    between = (array > 0) & (array < _SOFT)
    return top == _SOFT and float(between.mean()) < 0.5 * float((array == _SOFT).mean())


def _of_labels(array: NDArray, classes: Sequence[str] | None, name: str, notices: list[str]) -> Mask:
    known = CELEB if classes is None else tuple(classes)
    top = int(array.max(initial=0))
    if top >= len(known):
        raise UnfitFileError(
            f"{name} has a class {top} where {len(known)} are known; put a list of its classes, one a line, "
            "beside it as classes.txt."
        )
    if classes is None:
        notices.append(
            f"{name} was read as classes of CelebAMask-HQ; put a list of its own beside it as classes.txt "
            "where it has others."
        )
    seen = np.array([_plain_name(one) in SEEN for one in known])
    return seen[np.clip(array, 0, len(known) - 1).astype(np.intp)].astype(np.float32)


def _plain_name(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _classes_beside(path: Path) -> tuple[str, ...] | None:
    """The names of the classes in a list beside a mask, or in the folder above; None without one."""
    for folder in (path.parent, path.parent.parent):
        for file in CLASS_FILES:
            beside = folder / file
            if beside.is_file() and beside.stat().st_size < 1 << 20:
                names = _classes(read_bytes(beside), file)
                if names:
                    return names
    return None


def _classes(data: bytes, name: str) -> tuple[str, ...] | None:
    """Names in order: one a line, perhaps behind a number, or JSON of a list or of numbers to names."""
    if not name.endswith(".json"):
        lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines() if line.strip()]
        return tuple(line.split(maxsplit=1)[-1] if line[0].isdigit() else line for line in lines) or None
    value = parse_json(data, name)
    if isinstance(value, dict):
        value = value.get("id2label", value)
    if isinstance(value, dict):
        numbered = {int(key): str(entry) for key, entry in value.items() if _is_number(str(key))}
        if not numbered or max(numbered) > 1000:
            return None
        return tuple(numbered.get(number, "") for number in range(max(numbered) + 1))
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return tuple(value) or None
    return None


def _is_number(key: str) -> bool:
    return key.isdecimal() and len(key) < 6


def _sized(values: Mask, size: tuple[int, int], name: str, notices: list[str]) -> Mask:
    """``values`` at the photo's size."""
    height, width = values.shape
    if (width, height) == size:
        return np.ascontiguousarray(values)
    wanted = size[0] / size[1]
    if abs(width / height / wanted - 1.0) > _SHAPES_DIFFER and abs(width - height * wanted) > 1.5:
        raise UnfitFileError(
            f"{name} is of {width} x {height} pixels and the photo of {size[0]} x {size[1]}, which is "
            "another shape; make the mask of this photo."
        )
    from PIL import Image as Images

    notices.append(f"{name} is of {width} x {height} pixels: it was scaled to the photo.")
    scaled = Images.fromarray(values).resize(size, Images.Resampling.BILINEAR)
    return np.clip(np.asarray(scaled, np.float32), 0.0, 1.0)
