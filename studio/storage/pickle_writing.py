"""Writing arrays and text as the pickle that Python 2 would have written, without running any code.

The layout is that of protocol 2 (PEP 307) with arrays as raw byte strings, as published model files
have them: Python 3 reads it with ``pickle.load(stream, encoding="latin1")`` and any NumPy, Python 2
as it is. Nothing in it names a module that only newer versions of NumPy have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from studio.storage.errors import StudioError

PROTOCOL = b"\x80\x02"
LARGEST_STRING = 2**31 - 1  # bytes; lengths are signed in protocol 2
CODES = {"f": "f8", "i": "i8", "u": "u4"}

Value = NDArray[Any] | str | int | Mapping[str, Any]


def write_pickle(stream: IO[bytes], entries: Mapping[str, Value]) -> None:
    """Write ``entries`` as one dict: float, signed and unsigned arrays, text, integers, dicts of these.

    Arrays are written in C order, little-endian, as float64, int64 and uint32, which are the types of
    the published files. The same entries give the same bytes.

    Raises:
        StudioError: an array has more than 2 GiB.
        TypeError: a value is none of the above.
        OverflowError: an unsigned number needs more than 32 bits, a signed one more than 31.

    """
    stream.write(PROTOCOL)
    _write_value(stream, entries)
    stream.write(b".")


def _write_value(stream: IO[bytes], value: Any) -> None:
    if isinstance(value, np.ndarray):
        _write_array(stream, value)
    elif isinstance(value, str):
        stream.write(_text(value))
    elif isinstance(value, int):
        stream.write(_integer(value))
    elif isinstance(value, Mapping):
        stream.write(b"}(")
        for key, entry in value.items():
            stream.write(_text(key))
            _write_value(stream, entry)
        stream.write(b"u")
    else:
        raise TypeError(f"{type(value).__name__} is not written into pickles")


def _write_array(stream: IO[bytes], array: NDArray[Any]) -> None:
    """``numpy.core.multiarray._reconstruct(ndarray, (0,), "b")`` and its state."""
    code = CODES.get(array.dtype.kind)
    if code is None:
        raise TypeError(f"arrays of {array.dtype} are not written into pickles")
    values = np.asarray(array, f"<{code}", order="C")
    if not np.array_equal(values, array):
        raise OverflowError(f"numbers of {array.dtype} do not fit into {code}")
    if values.nbytes > LARGEST_STRING:
        raise StudioError(
            f"An array of {values.nbytes / 2**30:.1f} GiB is too large for a pickle; "
            "choose .npz or .safetensors."
        )
    stream.write(b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n")
    stream.write(_integer(0) + b"\x85" + _bytes(b"b") + b"\x87R")
    stream.write(b"(" + _integer(1) + _shape(values.shape))
    stream.write(b"cnumpy\ndtype\n" + _text(code) + b"\x89\x88\x87R")
    stream.write(b"(" + _integer(3) + _text("<") + b"NNN" + _integer(-1) * 2 + _integer(0) + b"tb")
    stream.write(b"\x89T" + values.nbytes.to_bytes(4, "little"))
    stream.write(values.data)
    stream.write(b"tb")


def _shape(shape: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(_integer(length) for length in shape) + b"t"


def _integer(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def _text(value: str) -> bytes:
    encoded = value.encode("utf-8")
    return b"X" + len(encoded).to_bytes(4, "little") + encoded


def _bytes(value: bytes) -> bytes:
    return b"U" + len(value).to_bytes(1, "little") + value
