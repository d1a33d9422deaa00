"""Arrays as accessors over one buffer, and a GLB file of both (glTF 2.0, chapters 3.6 and 4.4)."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError

FLOAT, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT = 5126, 5121, 5123, 5125
VERTICES, TRIANGLES = 34962, 34963  # what a buffer view is for
_COMPONENTS = {"f4": FLOAT, "u1": UNSIGNED_BYTE, "u2": UNSIGNED_SHORT, "u4": UNSIGNED_INT}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}

MAGIC, VERSION = b"glTF", 2
JSON_CHUNK, BINARY_CHUNK = b"JSON", b"BIN\x00"
LARGEST = (1 << 32) - 1  # bytes that the header of a file can tell
ALIGNMENT = 4

Json = dict[str, Any]


class Binary:
    """Arrays one after the other, and how the JSON names them."""

    def __init__(self) -> None:
        self.views: list[Json] = []
        self.accessors: list[Json] = []
        self._parts: list[bytes] = []
        self.length = 0

    def add(self, values: NDArray, purpose: int | None = None, bounded: bool = False) -> int:
        """The accessor of ``values`` (N,) or (N, K), of float32 or unsigned integers.

        Args:
            values: of which K is 1, 2, 3, 4 or 16.
            purpose: VERTICES or TRIANGLES; None for what no picture is drawn from.
            bounded: say the lowest and the highest value, which positions and times need.

        """
        rows = values.reshape(len(values), -1)
        accessor = self._accessor(rows)
        accessor["bufferView"] = self.view(rows.tobytes(), purpose)
        if bounded:
            accessor |= bounds(rows)
        return self._named(accessor)

    def add_sparse(self, places: NDArray[np.intp], values: NDArray[np.float32], count: int) -> int:
        """The accessor of ``count`` rows, ``values`` (N, K) at ``places`` (N,), ascending, and 0 elsewhere.

        With the bounds that positions need.
        """
        accessor = self._accessor(values) | {"count": count}
        whole = values if len(places) == count else np.concatenate([values, np.zeros((1, 3), np.float32)])
        accessor |= bounds(whole)
        if len(places):
            indices = places.astype(index_type(count))
            accessor["sparse"] = {
                "count": len(places),
                "indices": {
                    "bufferView": self.view(indices.tobytes()),
                    "componentType": _COMPONENTS[indices.dtype.str[1:]],
                },
                "values": {"bufferView": self.view(values.tobytes())},
            }
        return self._named(accessor)

    def view(self, content: bytes, purpose: int | None = None) -> int:
        """A buffer view of ``content``."""
        view: Json = {"buffer": 0, "byteOffset": self.length, "byteLength": len(content)}
        if purpose is not None:
            view["target"] = purpose
        self.views.append(view)
        padded = content + bytes(-len(content) % ALIGNMENT)
        self._parts.append(padded)
        self.length += len(padded)
        return len(self.views) - 1

    def _accessor(self, rows: NDArray) -> Json:
        component = _COMPONENTS[rows.dtype.str[1:]]
        return {"componentType": component, "count": len(rows), "type": _KINDS[rows.shape[1]]}

    def _named(self, accessor: Json) -> int:
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def write(self, stream: IO[bytes], document: Json) -> int:
        """Write a GLB of ``document`` with these arrays; gives its size in bytes.

        Raises:
            StudioError: it would be larger than a GLB can be.

        """
        whole = document | {
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": self.length}],
        }
        text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % ALIGNMENT)
        total = 12 + 8 + len(text) + 8 + self.length
        if total > LARGEST:
            raise StudioError(
                f"The GLB would take {total / 2**30:.1f} GiB, and 4 GiB is the most it can; "
                "choose fewer targets or a shorter take."
            )
        stream.write(struct.pack("<4sII", MAGIC, VERSION, total))
        stream.write(struct.pack("<I4s", len(text), JSON_CHUNK) + text)
        stream.write(struct.pack("<I4s", self.length, BINARY_CHUNK))
        for part in self._parts:
            stream.write(part)
        return total


def bounds(rows: NDArray) -> Json:
    """The lowest and the highest value of each column, as an accessor has them."""
    return {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}


def index_type(count: int) -> np.dtype:
    """The smallest type of indices into ``count`` rows; the highest value of 16 bits means no row."""
    return np.dtype("<u2" if count <= 0xFFFF else "<u4")
