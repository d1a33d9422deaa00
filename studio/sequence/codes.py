"""Codes of networks in pickles, npy objects, files of PyTorch and MATLAB: dicts of arrays of any depth."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.sequence.keys import ALL_KEYS, KEYS, left_out
from studio.sequence.producers import Facts
from studio.sequence.report import Dropped
from studio.storage.arrays import read_npy
from studio.storage.errors import DamagedFileError, StudioError
from studio.storage.paths import file_size, read_start
from studio.storage.restricted_pickle import read_pickle
from studio.storage.torch_archive import read_torch

LARGEST_CODES = 256 << 20  # bytes of a pickle that is looked into for codes
LARGEST_MAT = 1 << 30  # bytes that the arrays of a MATLAB file may unpack to
MODEL_WORDS = (b"v_template", b"shapedirs", b"lmk_face_idx", b"lmk_faces_idx", b"tex_dir")
MAT_START = b"MATLAB 5.0 MAT-file"
MAT_CLASSES = frozenset(
    ("double", "single", "logical", *(f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)))
)
MESH_KEYS = ("verts", "vertices", "vertice", "prediction")  # where whole surfaces stand
_DEEPEST = 3


def says_model(path: Path) -> bool:
    """Whether the pickle at ``path`` names what a head model or a file beside one has."""
    if file_size(path) > LARGEST_CODES:
        return True
    with path.open("rb") as stream:
        tail = b""
        while block := stream.read(1 << 20):
            if any(word in tail + block for word in MODEL_WORDS):
                return True
            tail = block[-32:]
    return False


def is_mat(path: Path) -> bool:
    """Whether the file at ``path`` is MATLAB's, of version 5 to 7."""
    return read_start(path, len(MAT_START)) == MAT_START


def read_value(path: Path, container: str) -> Any:
    """What a pickle, an npy with an object, a file of PyTorch or of MATLAB holds.

    Raises:
        StudioError: it cannot be read, is damaged, or asks for anything but arrays and plain containers.

    """
    if container == "pickle":
        return read_pickle(path)
    if container == "zip":
        return read_torch(path)
    if container == "npy":
        return read_npy(path)
    return read_mat(path)


def read_mat(path: Path) -> dict[str, NDArray]:
    """The arrays of numbers in a MATLAB file of version 5 to 7, by name.

    Raises:
        StudioError: it cannot be read, is damaged, or would unpack to an absurd size.

    """
    from scipy.io import loadmat, whosmat

    file_size(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = [entry for entry in whosmat(path) if entry[2] in MAT_CLASSES]
            size = sum(8 * int(np.prod(shape, dtype=np.float64)) for _, shape, _ in told)
            if size > LARGEST_MAT:
                raise StudioError(
                    f"{path.name} would unpack to {size / 2**30:.1f} GiB; save the parameters alone."
                )
            content = loadmat(path, variable_names=[name for name, _, _ in told])
    except StudioError:
        raise
    except Exception as error:  # its reader fails in many ways on damaged files
        raise DamagedFileError(f"{path.name} is no whole MATLAB file; get the file again.") from error
    return {name: values for name, values in content.items() if isinstance(values, np.ndarray)}


def flattened(value: Any, depth: int = _DEEPEST) -> dict[str, Any]:
    """The entries of nested dicts by their paths, "flame/exp"; numbers as arrays."""
    found: dict[str, Any] = {}
    if not isinstance(value, Mapping):
        return found
    for key, entry in value.items():
        name = key.decode("latin1") if isinstance(key, bytes) else str(key)
        if isinstance(entry, Mapping) and depth > 1:
            found |= {f"{name}/{inner}": part for inner, part in flattened(entry, depth - 1).items()}
        else:
            found[name] = entry
    return found


def arrays_of(value: Any, label: str) -> tuple[dict[str, NDArray], Facts]:
    """The parameters in nested dicts by their own names, and what is said of the others.

    Of two entries of one name the one nearer to the top is taken.

    Raises:
        StudioError: a parameter does not hold numbers.

    """
    entries = flattened(value)
    arrays: dict[str, NDArray] = {}
    names: dict[str, str] = {}
    others: list[str] = []
    twice: list[Dropped] = []
    for path in sorted(entries, key=lambda path: path.count("/")):
        key, entry = path.rpartition("/")[2], entries[path]
        if key not in ALL_KEYS or entry is None:
            others.append(path)
        elif key in arrays:
            twice.append(Dropped(path, f"the same as {names[key]}"))
        else:
            arrays[key], names[key] = _array(entry, path, label), path
    return arrays, Facts(names=names, dropped=(*left_out(others, ()), *twice))


def _array(entry: Any, key: str, label: str) -> NDArray:
    try:
        values = np.asarray(entry)
    except ValueError:
        raise StudioError(f"{key} in {label} has rows of different lengths; repair the file.") from None
    if values.dtype.kind not in "biufU":
        raise StudioError(f"{key} in {label} does not hold numbers; choose another file.")
    return values


def holds_codes(value: Any) -> bool:
    """Whether nested dicts hold parameters of a head, or whole surfaces."""
    names = {path.rpartition("/")[2] for path in flattened(value)}
    return not KEYS.isdisjoint(names) or not names.isdisjoint(MESH_KEYS)
