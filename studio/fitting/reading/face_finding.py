"""Faces in a photo, by OpenCV's cascade (Viola and Jones, CVPR 2001) on the photo at a smaller size."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.observation import Box
from studio.fitting.reading.opencv import opencv

SIZES = (640, 1600)  # pixels of the longer side that are searched; the larger where the smaller has no face
SMALLEST = 0.04  # of a face, as a share of the smaller side
MOST = 200  # faces that are told
TURNS = (30.0, -30.0, 90.0, -90.0, 180.0)  # degrees that the photo is turned by where no face is upright
_SCALE, _NEIGHBOURS = 1.1, 3
_SURE = 4.0  # the cascade's own measure, below which a face in a turned photo is not believed
_UPRIGHT, _PROFILE = "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"

Found = tuple[float, Box]  # how sure, and where


def find_faces(pixels: NDArray, thorough: bool = True) -> tuple[Box, ...]:
    """Boxes around the faces in a photo (H, W, 3) sRGB, the surest and largest first; maybe none.

    A box reaches from the middle of the forehead to below the lips or the chin, and about from ear to ear.
    Faces are looked for upright from the front, then in profile, then in the photo turned.

    Args:
        pixels: the photo.
        thorough: False: only upright ones from the front that are large enough, which takes a tenth of
            a second.

    Raises:
        StudioError: OpenCV is not installed.

    """
    for side in SIZES if thorough else SIZES[:1]:
        grey, scale = _reduced(pixels, side)
        found = _upright(grey)
        if thorough:
            found = found or _in_profile(grey) or _turned(grey)
        if found or scale == 1.0:
            break
    found.sort(key=lambda one: -one[0])
    whole = pixels.shape[1], pixels.shape[0]
    return tuple(_clipped([part * scale for part in box], whole) for _, box in found[:MOST])


def _reduced(pixels: NDArray, side: int) -> tuple[NDArray[np.uint8], float]:
    """The photo in grey of even brightness, its longer side at most ``side``, and what it was divided by."""
    cv2 = opencv()
    height, width = pixels.shape[:2]
    scale = max(1.0, max(height, width) / side)
    if scale > 1.0:
        size = max(round(width / scale), 1), max(round(height / scale), 1)
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if pixels.dtype != np.uint8:
        pixels = np.clip(pixels * 255.0 + 0.5, 0.0, 255.0).astype(np.uint8)
    return cv2.equalizeHist(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)), scale


@lru_cache(maxsize=4)
def _cascade(name: str) -> Any:
    cv2 = opencv()
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))


def _seen(grey: NDArray[np.uint8], name: str) -> list[Found]:
    least = max(int(SMALLEST * min(grey.shape)), 20)
    boxes, _, sure = _cascade(name).detectMultiScale3(
        grey, _SCALE, _NEIGHBOURS, 0, (least, least), outputRejectLevels=True
    )
    found = []
    for (left, top, width, height), weight in zip(boxes, np.ravel(sure), strict=True):
        rank = float(weight) * float(np.sqrt(width * height))
        found.append((rank, (float(left), float(top), float(left + width), float(top + height))))
    return found


def _upright(grey: NDArray[np.uint8]) -> list[Found]:
    return _seen(grey, _UPRIGHT)


def _in_profile(grey: NDArray[np.uint8]) -> list[Found]:
    """The cascade knows faces that look to one side; those that look to the other are in the mirror."""
    width = grey.shape[1]
    mirrored = _seen(np.ascontiguousarray(grey[:, ::-1]), _PROFILE)
    back = [(rank, (width - box[2], box[1], width - box[0], box[3])) for rank, box in mirrored]
    found = [*_seen(grey, _PROFILE), *back]
    return [one for one in found if one[0] > _SURE * (one[1][2] - one[1][0])]


def _turned(grey: NDArray[np.uint8]) -> list[Found]:
    """The faces of the turned photo that has the surest one."""
    cv2 = opencv()
    height, width = grey.shape
    best: list[Found] = []
    for turn in TURNS:
        matrix = cv2.getRotationMatrix2D((0.5 * width, 0.5 * height), turn, 1.0)
        cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
        across, down = int(height * sin + width * cos), int(height * cos + width * sin)
        matrix[:, 2] += (0.5 * (across - width), 0.5 * (down - height))
        found = _seen(cv2.warpAffine(grey, matrix, (across, down)), _UPRIGHT)
        found = [one for one in found if one[0] > _SURE * (one[1][2] - one[1][0])]
        if found and max(found)[0] > max(best, default=(0.0,))[0]:
            back = cv2.invertAffineTransform(matrix)
            best = [(rank, _box_back(box, back)) for rank, box in found]
    return best


def _box_back(box: Box, back: NDArray[np.float64]) -> Box:
    """A box of the same size around the same point of the photo before it was turned."""
    left, top, right, bottom = box
    x, y = back[:, :2] @ (0.5 * (left + right), 0.5 * (top + bottom)) + back[:, 2]
    half_width, half_height = 0.5 * (right - left), 0.5 * (bottom - top)
    return (
        float(x - half_width),
        float(y - half_height),
        float(x + half_width),
        float(y + half_height),
    )


def _clipped(box: list[float], size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    return max(left, 0.0), max(top, 0.0), min(right, float(size[0])), min(bottom, float(size[1]))
