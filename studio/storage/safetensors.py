"""Arrays in safetensors files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.storage.errors import DamagedFileError
from studio.storage.paths import cannot_read, file_size

LONGEST_TABLE = 100 << 20


@dataclass(frozen=True, eq=False)
class Tensors:
    """The arrays of a safetensors file by name, and its free text notes."""

    arrays: dict[str, np.ndarray]
    metadata: dict[str, str]


def is_safetensors(start: bytes, size: int) -> bool:
    """Whether a file of ``size`` bytes that begins with ``start`` looks like safetensors."""
    length = int.from_bytes(start[:8], "little")
    return 2 <= length <= min(size - 8, LONGEST_TABLE) and start[8:9] == b"{"


def read_safetensors(path: Path) -> Tensors:
    """Every array of ``path``.

    Raises:
        StudioError: it cannot be read, is cut short, or its table does not fit its data.

    """
    return _read(path, with_arrays=True)


def safetensors_names(path: Path) -> frozenset[str]:
    """The names of the arrays in ``path``, from its table alone; none if the file is damaged.

    Raises:
        StudioError: it cannot be read.

    """
    try:
        return frozenset(_read(path, with_arrays=False).arrays)
    except DamagedFileError:
        return frozenset()


def _read(path: Path, with_arrays: bool) -> Tensors:
    from safetensors import SafetensorError, safe_open

    file_size(path)
    nothing = np.empty(0)
    try:
        with safe_open(path, framework="numpy") as stream:
            arrays = {key: stream.get_tensor(key) if with_arrays else nothing for key in stream.keys()}  # noqa: SIM118
            return Tensors(arrays, dict(stream.metadata() or {}))
    except OSError as error:
        raise cannot_read(path, error) from None
    except (SafetensorError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise DamagedFileError(
            f"{path.name} is cut short, is not a safetensors file, or is of a type NumPy does not have; "
            "get the file again."
        ) from error
