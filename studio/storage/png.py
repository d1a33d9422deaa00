"""PNG files of 8 or 16 bits a channel, or with a palette; Pillow has no 16-bit colours."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # channels: grey, grey and alpha, RGB, RGBA
INDEXED = 3
UP = 2  # the filter that stores differences to the row above


def png_bytes(
    pixels: NDArray[np.uint8] | NDArray[np.uint16],
    text: Mapping[str, str],
    palette: NDArray[np.uint8] | None = None,
    effort: int = 6,
) -> bytes:
    """The content of a PNG file (W3C recommendation "Portable Network Graphics", second edition).

    Args:
        pixels: (H, W) or (H, W, C) with 1 to 4 channels: grey, grey and alpha, RGB, RGBA; uint8, or uint16
            for 16 bits a channel.
        text: notes by keyword, in any script.
        palette: (N, 3) or, with alpha, (N, 4) uint8; ``pixels`` (H, W) uint8 are then its rows.
        effort: how hard to compress, 0 to 9.
    """
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    kind = COLOUR_TYPES[channels] if palette is None else INDEXED
    depth = 8 * pixels.dtype.itemsize
    chunks = [_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))]
    if palette is not None:
        chunks.append(_chunk(b"PLTE", palette[:, :3].tobytes()))
        if palette.shape[1] == 4:
            chunks.append(_chunk(b"tRNS", palette[:, 3].tobytes()))
    for keyword, note in text.items():
        chunks.append(_chunk(b"iTXt", keyword.encode("latin-1") + b"\x00\x00\x00\x00\x00" + note.encode()))
    rows = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder(">")).view(np.uint8)
    rows = rows.reshape(height, -1)
    filtered = np.empty((height, rows.shape[1] + 1), dtype=np.uint8)
    filtered[:, 0] = UP if palette is None else 0
    filtered[:, 1:] = rows
    if palette is None:
        filtered[1:, 1:] -= rows[:-1]
    chunks.append(_chunk(b"IDAT", zlib.compress(filtered.tobytes(), effort)))
    return SIGNATURE + b"".join(chunks) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
