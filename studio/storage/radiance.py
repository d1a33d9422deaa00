"""Radiance pictures (.hdr, .pic): light in shared-exponent bytes, whole rows or run by run.

The format is that of Greg Ward's Radiance ("Real Pixels", Graphics Gems II, 1991): a text header, a
line with the sizes, then rows of red, green, blue and exponent, each channel of a row in runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import DamagedFileError, StudioError, UnfitFileError
from studio.storage.paths import file_size, read_bytes

LARGEST = 512 << 20  # bytes of a file
MOST_PIXELS = 1 << 27
WIDEST = 4096  # pixels on a side; larger pictures are reduced as they are read
LONGEST_HEADER = 1 << 16
_SIZE = re.compile(rb"-Y (\d{1,6}) \+X (\d{1,6})\n")


def read_radiance(path: Path) -> NDArray[np.float32]:
    """Linear light (H, W, 3), row 0 at the top, in the file's own units divided by its exposures.

    A picture of more than 4096 pixels on a side is reduced to the means of squares of its pixels, row by row.

    Raises:
        StudioError: it cannot be read, is no Radiance picture, is too large, cut short or turned.
    """
    if file_size(path) > LARGEST:
        raise StudioError(f"{path.name} has more than {LARGEST >> 20} MiB; choose a smaller panorama.")
    data = read_bytes(path)
    header, height, width, start = _header(data, path.name)
    rows = _rows(np.frombuffer(data, dtype=np.uint8), start, height, width, path.name)
    side = -(-max(width, height) // WIDEST)
    tops, lefts = np.arange(0, height, side), np.arange(0, width, side)
    light = np.zeros((len(tops), len(lefts), 3), np.float32)
    with np.errstate(over="ignore"):  # whoever uses it looks whether it is finite
        for y, pixels in enumerate(rows):
            light[y // side] += np.add.reduceat(_light(pixels), lefts, axis=0)
        counts = np.diff(tops, append=height)[:, None] * np.diff(lefts, append=width)
        light /= counts[..., None].astype(np.float32) * np.float32(_exposure(header))
    return light


def _light(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The light (W, 3) of one row (W, 4) of red, green, blue and their common exponent."""
    scale = np.ldexp(np.float32(1.0), pixels[:, 3:].astype(np.int32) - 136)
    scale[pixels[:, 3] == 0] = 0.0
    return (pixels[:, :3].astype(np.float32) + np.float32(0.5)) * scale


def _header(data: bytes, name: str) -> tuple[bytes, int, int, int]:
    """Header, height, width, and where the pixels begin."""
    head = data[:LONGEST_HEADER]
    end = head.find(b"\n\n")
    if not head.startswith((b"#?RADIANCE", b"#?RGBE")) or end < 0:
        raise UnfitFileError(f"{name} is no Radiance picture; choose a panorama in .hdr, PNG or JPEG.")
    size = _SIZE.match(head, end + 2)
    if size is None:
        raise UnfitFileError(f"{name} is turned or has no size; save it anew with its top row first.")
    height, width = int(size.group(1)), int(size.group(2))
    if not 0 < height * width <= MOST_PIXELS:
        raise UnfitFileError(f"{name} has {width} x {height} pixels; choose one of 2 to 16000 a side.")
    if b"FORMAT=32-bit_rle_xyze" in head[:end]:
        raise UnfitFileError(f"{name} holds XYZ instead of red, green and blue; save it anew as RGBE.")
    return head[:end], height, width, size.end()


def _exposure(header: bytes) -> float:
    """The product of all exposures, 1 where a line makes no sense."""
    product = 1.0
    for line in header.splitlines():
        if line.startswith(b"EXPOSURE="):
            try:
                product *= float(line[9:])
            except ValueError:
                continue
    return product if 1e-12 < product < 1e12 else 1.0


def _rows(
    data: NDArray[np.uint8], start: int, height: int, width: int, name: str
) -> Iterator[NDArray[np.uint8]]:
    """The rows (W, 4) of pixels, in runs or of plain bytes; each is only there until the next."""
    if not (8 <= width <= 0x7FFF and data[start : start + 2].tolist() == [2, 2]):
        whole = data[start : start + height * width * 4]
        if len(whole) != height * width * 4:
            raise DamagedFileError(f"{name} is cut short; copy it again.")
        yield from whole.reshape(height, width, 4)
        return
    row, place = np.empty((4, width), dtype=np.uint8), start
    for _ in range(height):
        if data[place : place + 4].tolist() != [2, 2, width >> 8, width & 255]:
            raise DamagedFileError(f"{name} is cut short or damaged; copy it again.")
        place += 4
        for channel in row:
            place = _runs(data, place, channel, name)
        yield row.T


def _runs(data: NDArray[np.uint8], place: int, channel: NDArray[np.uint8], name: str) -> int:
    """Fill ``channel`` (W,) from runs that begin at ``place``; where they end."""
    filled, width = 0, len(channel)
    while filled < width:
        count = int(data[place]) if place < len(data) else 0
        repeated, length = count > 128, count - 128 if count > 128 else count
        needed = 1 if repeated else length
        if length == 0 or filled + length > width or place + 1 + needed > len(data):
            raise DamagedFileError(f"{name} is cut short or damaged; copy it again.")
        channel[filled : filled + length] = data[place + 1 : place + 1 + needed]
        filled += length
        place += 1 + needed
    return place
