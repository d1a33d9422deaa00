"""Texture models in published files: FLAME's texture space, AlbedoMM, and the Basel Face Model's albedo.

All are npz files with a mean (H, W, 3), components (H, W, 3, N) or the same flattened, and mostly the
texture coordinates (``vt``, ``ft``) of FLAME that they are made for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isqrt, prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.texture_model import TextureComponent, TextureKind, TextureModel, TextureSource
from studio.flame.texture_spaces import SPACES, SpaceName
from studio.flame.versions import FLAME_FACES, RESEARCH_LICENCE
from studio.storage.arrays import npz_headers, npz_parts, read_npz
from studio.storage.errors import StudioError
from studio.storage.npy import Header
from studio.storage.paths import file_size

BASEL_LICENCE = "licence of the Basel Face Model: non-commercial research only; ask where the file came from"
REACH = 3.0  # sigma
MOST_BYTES = 512 << 20  # of components in memory: 340 of 512 pixels on a side; those after them are left out
LARGEST_SIDE = 4096
MOST_COMPONENTS = 4096
LARGEST_STEP = 32767


@dataclass(frozen=True)
class Layout:
    """How one publication lays out its file; means and components of several members are added up."""

    kind: TextureKind
    name: str
    means: tuple[str, ...]
    directions: tuple[str, ...]
    scale: float  # from the file's values to the space's
    space: SpaceName
    licence: str

    @property
    def members(self) -> frozenset[str]:
        """The arrays the file must have."""
        return frozenset((*self.means, *self.directions))


LAYOUTS = (
    Layout("FLAME texture", "FLAME texture", ("mean",), ("tex_dir",), 1 / 255, "display", RESEARCH_LICENCE),
    # texture = (0.6 (diffuse + specular))^(1 / 2.2), both from the same coefficients
    Layout("AlbedoMM", "AlbedoMM", ("MU", "specMU"), ("PC", "specPC"), 0.6, "light", BASEL_LICENCE),
    Layout("BFM albedo", "BFM albedo", ("MU",), ("PC",), 1.0, "display", BASEL_LICENCE),
)


def layout_of(members: Collection[str]) -> Layout | None:
    """The layout of an npz with arrays called ``members``; None: it is no texture model."""
    return next((layout for layout in LAYOUTS if layout.members <= frozenset(members)), None)


def source_of(path: Path) -> TextureSource:
    """What the texture model at ``path`` is, by the headers of its arrays alone.

    Raises:
        StudioError: it cannot be read, is no texture model, or has arrays of wrong shapes.

    """
    headers = npz_headers(path)
    layout = layout_of(headers)
    if layout is None:
        raise StudioError(
            f"{path.name} is not a texture model: it has neither mean and tex_dir nor MU and PC; "
            "choose FLAME_texture.npz, or an albedo model for FLAME."
        )
    height, width, count = _sizes(path.name, headers, layout)
    kept = max(min(count, MOST_BYTES // (height * width * 3 * 2)), 1)
    key = f"{layout.kind}, {width}x{height}, {count} components, {file_size(path)} bytes"
    return TextureSource(key, layout.name, layout.kind, path, layout.licence, ((-REACH, REACH),) * kept)


def check_topology(path: Path) -> None:
    """Make sure that the texture model at ``path`` is one for FLAME's faces, if it says which it is for.

    Raises:
        StudioError: it is for another mesh.

    """
    headers = npz_headers(path)
    if "ft" in headers and headers["ft"].shape != (FLAME_FACES, 3):
        faces = headers["ft"].shape[0] if headers["ft"].shape else 0
        raise StudioError(
            f"{path.name} is a texture of another mesh: its ft has {faces} faces where FLAME has "
            f"{FLAME_FACES}; use the texture model that was made for FLAME."
        )


def _sizes(name: str, headers: Mapping[str, Header], layout: Layout) -> tuple[int, int, int]:
    """Height, width and number of components that the headers agree on."""
    for member in layout.members:
        if headers[member].dtype.kind != "f":
            raise StudioError(
                f"{name}: {member} holds {headers[member].dtype}, not floating numbers; get the file again."
            )
    mean, *other_means = (headers[member].shape for member in layout.means)
    height, width = _sides(name, layout.means[0], mean)
    size = height * width * 3
    for member, shape in zip(layout.means[1:], other_means, strict=True):
        if prod(shape) != size:
            raise _misfit(name, member, shape, layout.means[0], mean)
    counts = set()
    for member in layout.directions:
        shape = headers[member].shape
        count = shape[-1] if len(shape) > 1 else 0
        if not 1 <= count <= MOST_COMPONENTS or prod(shape) != size * count:
            raise _misfit(name, member, shape, layout.means[0], mean)
        counts.add(count)
    if len(counts) > 1:
        raise StudioError(
            f"{name}: {' and '.join(layout.directions)} have different numbers of components; "
            "get the file again."
        )
    return height, width, counts.pop()


def _sides(name: str, member: str, shape: tuple[int, ...]) -> tuple[int, int]:
    """Height and width of a picture that is stored as one, or flattened where it is square."""
    if len(shape) == 3 and shape[2] == 3:
        height, width = shape[:2]
    else:
        height = width = isqrt(prod(shape) // 3)
    whole = prod(shape) == height * width * 3
    if not whole or not 1 <= min(height, width) <= max(height, width) <= LARGEST_SIDE:
        raise StudioError(
            f"{name}: {member} has shape {shape}, which is no picture of up to {LARGEST_SIDE} pixels on a "
            "side in three colours; get the file again."
        )
    return height, width


def _misfit(
    name: str, member: str, shape: tuple[int, ...], other: str, wanted: tuple[int, ...]
) -> StudioError:
    return StudioError(
        f"{name}: {member} of shape {shape} does not fit {other} of shape {wanted}; get the file again."
    )


def read_published(source: TextureSource, whole: bool = True) -> TextureModel:
    """The arrays of a texture model, without components if not ``whole``.

    Takes seconds for a file of a gigabyte, which is never in memory as a whole.

    Which channel is red is told by the picture: skin is redder than it is blue.

    Raises:
        StudioError: it cannot be read or is damaged, or holds values that are no numbers.

    """
    path = source.path
    headers = npz_headers(path)
    layout = next(layout for layout in LAYOUTS if layout.kind == source.kind)
    if not layout.members <= headers.keys():
        raise StudioError(f"{path.name} is not what it was when it was found; look through the models again.")
    height, width, count = _sizes(path.name, headers, layout)
    mean = _mean(path, layout, (height, width, 3))
    is_blue_first = _is_blue_first(mean)
    rows = _rows(path, layout, width, count) if whole else None
    components = _components(rows, min(source.count, count), height, width, is_blue_first) if rows else ()
    upright = mean[::-1, :, ::-1] if is_blue_first else mean[::-1]
    return TextureModel(source, SPACES[layout.space], np.ascontiguousarray(upright, np.float32), components)


def _components(
    rows: Iterator[NDArray[np.float32]], count: int, height: int, width: int, is_blue_first: bool
) -> tuple[TextureComponent, ...]:
    """The first ``count`` components, each in one piece, as 16-bit steps of its peak in a row."""
    whole = np.empty((count, height, width, 3), np.int16)
    steps = np.empty((count, height), np.float32)
    for row, values in enumerate(rows):
        target = height - 1 - row
        ordered = values[:, ::-1, :count] if is_blue_first else values[:, :, :count]
        peaks = np.abs(ordered).max(axis=(0, 1))
        steps[:, target] = peaks / LARGEST_STEP
        whole[:, target] = np.rint(ordered / np.where(peaks > 0.0, steps[:, target], 1.0)).transpose(2, 0, 1)
    tint = np.ones(3, np.float32)
    return tuple(TextureComponent(0, 0, part, step, tint) for part, step in zip(whole, steps, strict=True))


def _mean(path: Path, layout: Layout, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    arrays = read_npz(path, layout.means)
    total = np.zeros(shape)
    for member in layout.means:
        total += _finite(path, member, np.asarray(arrays[member], np.float64)).reshape(shape)
    return total * layout.scale


def _rows(path: Path, layout: Layout, width: int, count: int) -> Iterator[NDArray[np.float32]]:
    """The components of one row of texels (W, 3, N) after the other, from the top."""
    size = width * 3 * count
    streams = [npz_parts(path, member, size) for member in layout.directions]
    for parts in zip(*streams, strict=True):
        with np.errstate(over="ignore", invalid="ignore"):
            total = sum(part.astype(np.float32) for part in parts) * np.float32(layout.scale)
        yield _finite(path, layout.directions[0], total).reshape(width, 3, count)


def _finite(path: Path, member: str, values: NDArray[Any]) -> NDArray[Any]:
    if not np.isfinite(values).all():
        raise StudioError(f"{path.name}: {member} holds values that are no numbers; get the file again.")
    return values


def _is_blue_first(mean: NDArray[np.float64]) -> bool:
    """By the middle of the map, where the face is."""
    height, width = mean.shape[:2]
    face = mean[height // 4 : height - height // 4, width // 4 : width - width // 4]
    first, _, last = face.mean(axis=(0, 1))
    return bool(last > first)
