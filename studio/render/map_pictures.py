"""Maps as pictures that can be looked at and read back: what each number of a pixel means stands here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.render.maps import HeadView, Space, region_names
from studio.render.materials import UNNAMED as UNNAMED_COLOUR
from studio.render.materials import region_palette
from studio.storage.errors import StudioError

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

KINDS = ("normal", "depth", "position", "region", "uv")
STEP = 1e-4  # metres a step of depths and positions
MIDDLE = 1 << 15  # the step of position 0
MOST_REGIONS = 255


@dataclass(frozen=True, eq=False)
class MapPicture:
    """Pixels as :func:`studio.storage.png.png_bytes` takes them, and what they mean."""

    pixels: Pixels
    meaning: str
    palette: NDArray[np.uint8] | None = None


def picture_of(view: HeadView, kind: str, space: Space = "camera", transparent: bool = False) -> MapPicture:
    """The map ``kind`` of KINDS as a picture.

    Where there is no head everything is 0; with ``transparent`` there is an alpha channel too.

    - normal: RGB of 8 bits, ``n = 2 c / 255 - 1``, rounded to nearest; x, y, z in ``space``.
    - depth: grey of 16 bits, steps of 0.1 mm along the camera's axis.
    - position: RGB of 16 bits, ``p = (c - 32768) 0.1 mm`` in the world.
    - region: a palette, the number being one more than that in a region map; the colours are those of the
      regions mode.
    - uv: RGB of 16 bits, ``u = R / 65535``, ``v = G / 65535`` upwards, B 0.

    Raises:
        StudioError: the model has no texture coordinates or too many regions, or the head is farther than
            16 bits reach.
    """
    if kind == "region":
        return _region_picture(view, transparent)
    shown = view.face_index >= 0
    if kind == "normal":
        frame = "right, up, towards the camera" if space == "camera" else "+X, +Y, +Z of the model"
        normals = view.normal(space)
        normals *= np.float32(0.5)
        normals += np.float32(0.5)
        pixels: Pixels = quantised(normals, 255.0, np.uint8)
        meaning = f"Unit normals along {frame}; n = 2 c / 255 - 1."
    elif kind == "depth":
        pixels = _in_steps(view.depth()[..., None], 0)
        meaning = "Metres along the camera's axis = c / 10000; 0 is no head."
    elif kind == "position":
        pixels = _in_steps(view.position(), MIDDLE)
        meaning = "Metres in the world = (c - 32768) / 10000."
    else:
        pixels = quantised(view.uv(), 65535.0, np.uint16)
        pixels = np.concatenate([pixels, np.zeros_like(pixels[..., :1])], axis=2)
        meaning = "u = R / 65535 and v = G / 65535, v up."
    pixels[~shown] = 0
    if transparent:
        alpha = shown[..., None].astype(pixels.dtype) * np.iinfo(pixels.dtype).max
        pixels = np.concatenate([pixels, alpha], axis=2)
    return MapPicture(pixels, meaning)


def quantised(values: NDArray[np.float32], largest: float, kind: type) -> Pixels:
    """Values of 0..1 as whole numbers of 0 to ``largest``, rounded to nearest, halves up; NaN is 0."""
    scaled = np.nan_to_num(values)
    scaled *= np.float32(largest)
    scaled += np.float32(0.5)
    np.floor(scaled, out=scaled)
    return np.clip(scaled, 0.0, largest, out=scaled).astype(kind)


def _in_steps(metres: NDArray[np.float32], middle: int) -> NDArray[np.uint16]:
    steps = np.nan_to_num(metres.astype(np.float64), copy=False)
    steps /= STEP
    steps += middle + 0.5
    np.floor(steps, out=steps)
    if steps.size and not 0.0 <= float(steps.min()) <= float(steps.max()) <= 65535.0:
        reach = (65535 - middle) * STEP
        raise StudioError(
            f"The head is beyond the {reach:.2f} m that a 16-bit picture holds; write an .npz file instead."
        )
    return steps.astype(np.uint16)


def _region_picture(view: HeadView, transparent: bool) -> MapPicture:
    names = region_names(view.model)
    if len(names) > MOST_REGIONS:
        raise StudioError(
            f"{view.model.name} has {len(names)} regions, too many for a picture; write an .npz file instead."
        )
    colours = [(0.0, 0.0, 0.0), UNNAMED_COLOUR, *region_palette(view.model).values()]
    palette = quantised(np.array(colours, dtype=np.float32), 255.0, np.uint8)
    if transparent:
        opaque = np.full((len(palette), 1), 255, dtype=np.uint8)
        opaque[0] = 0
        palette = np.concatenate([palette, opaque], axis=1)
    listed = ", ".join(f"{index + 1} {name}" for index, name in enumerate(names))
    return MapPicture((view.region() + 1).astype(np.uint8), f"0 no head, {listed}.", palette.astype(np.uint8))
