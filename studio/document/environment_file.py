"""Light from all around out of files: panoramas, and spherical harmonics as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.document.harmonics import COUNT, project
from studio.document.look import Environment
from studio.flame.texture_spaces import to_linear
from studio.storage.arrays import read_npy, read_npz
from studio.storage.errors import UnfitFileError
from studio.storage.json_files import read_json
from studio.storage.pictures import read_picture
from studio.storage.radiance import read_radiance

NUMBERS = (".json", ".npy", ".npz")
PANORAMAS = (".hdr", ".pic", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
KEYS = ("coefficients", "sh", "lights", "light")  # of numbers in an object or npz
LARGEST = 1e5  # of a coefficient
SQUARENESS = (1.9, 2.1)  # width over height of a latitude-longitude panorama


def read_environment(path: Path) -> Environment:
    """The light that the file at ``path`` tells.

    A panorama is latitude-longitude, twice as wide as high, its middle before the face; .hdr holds
    light, other pictures sRGB. Numbers are nine, or nine of each colour, in DECA's order and scale
    (:mod:`studio.document.harmonics`).

    Raises:
        StudioError: it cannot be read, is no such file, or its numbers are not usable.
    """
    ending = path.suffix.lower()
    if ending in NUMBERS:
        coefficients = _arranged(_numbers(path, ending), path.name)
    elif ending in PANORAMAS:
        coefficients = project(_panorama(path, ending))
    elif ending == ".exr":
        raise UnfitFileError(f"{path.name}: EXR cannot be read here; save the panorama as Radiance (.hdr).")
    else:
        raise UnfitFileError(
            f"{path.name} is no panorama and no list of coefficients; choose .hdr, PNG, JPEG, .json, .npy or "
            ".npz."
        )
    return Environment(coefficients_of(coefficients), path.name)


def coefficients_of(values: NDArray[np.floating]) -> tuple[float, ...]:
    """The 27 numbers of a look from coefficients (9, 3)."""
    return tuple(round(float(value), 6) for value in values.ravel())


def parse_coefficients(text: str) -> NDArray[np.float64]:
    """Coefficients (9, 3) from 9 or 27 numbers as a user types them.

    Raises:
        StudioError: they are not 9 or 27 numbers.
    """
    words = text.replace(",", " ").replace(";", " ").replace("[", " ").replace("]", " ").split()
    try:
        values = np.array([float(word) for word in words])
    except ValueError as error:
        raise UnfitFileError("These are not all numbers; type 9 or 27 of them.") from error
    return _arranged(values, "The text")


def _panorama(path: Path, ending: str) -> NDArray[np.float32]:
    light = read_radiance(path) if ending in (".hdr", ".pic") else read_picture(path, path.name)
    height, width = light.shape[:2]
    if not SQUARENESS[0] <= width / height <= SQUARENESS[1]:
        raise UnfitFileError(
            f"{path.name} has {width} x {height} pixels; a whole panorama is twice as wide as high."
        )
    if light.dtype == np.uint8:
        return to_linear(light.astype(np.float64) / 255.0).astype(np.float32)
    if not np.isfinite(light).all():
        raise UnfitFileError(f"{path.name} holds numbers that are not finite; choose another panorama.")
    return light.astype(np.float32, copy=False)


def _numbers(path: Path, ending: str) -> Any:
    if ending == ".npy":
        return read_npy(path)
    held: Any = read_npz(path) if ending == ".npz" else read_json(path)
    if not isinstance(held, dict):
        return held
    for key in KEYS:
        if key in held:
            return held[key]
    if len(held) == 1:
        return next(iter(held.values()))
    raise UnfitFileError(f"{path.name} names no coefficients; call them {KEYS[0]}.")


def _arranged(values: Any, name: str) -> NDArray[np.float64]:
    try:
        numbers = np.squeeze(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError, OverflowError) as error:
        raise UnfitFileError(f"{name} holds something else than 9 or 27 numbers.") from error
    if numbers.size not in (COUNT, 3 * COUNT):
        raise UnfitFileError(f"{name} holds {numbers.size} numbers; 9 are needed, or 9 of each colour.")
    if not (np.isfinite(numbers).all() and np.abs(numbers).max() <= LARGEST):
        raise UnfitFileError(f"{name} holds numbers that are no light; they lie within {LARGEST:.0f}.")
    if numbers.size == COUNT:
        return np.repeat(numbers.reshape(COUNT, 1), 3, axis=1)
    return numbers.T.copy() if numbers.shape == (3, COUNT) else numbers.reshape(COUNT, 3)
