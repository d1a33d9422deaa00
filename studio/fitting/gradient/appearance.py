"""The albedo of the skin by its texture model, at the texels that the skin shows."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.gradient.arrays import Arrays
from studio.fitting.state import GREY
from studio.flame.model import HeadModel
from studio.flame.texture_model import TextureModel, TextureSource, mean_values
from studio.flame.texture_spaces import GAMMA, SpaceName
from studio.flame.textures import PLAIN, read_texture, source_called
from studio.render.rasterizer import find_visible

SIDE = 256  # texels of the albedo, at least
KEPT = 2
WIDER = 2  # texels around the skin's


@dataclass(frozen=True, eq=False)
class Appearance:
    """Mean and K components at the M texels of the skin, in the space in which they add up.

    Texel ``number`` (R * R,) of a texture with row 0 at v = 0; texels without skin are numbered 0.
    """

    key: str  # of the texture model; empty: none
    space: SpaceName
    side: int  # R
    number: NDArray[np.int64]
    places: NDArray[np.intp]  # (M,) row * R + column
    mean: NDArray[np.float32]  # (3, M)
    basis: NDArray[np.float32]  # (K, 3M)
    ranges: NDArray[np.float64]  # (K, 2) of the coefficients, in sigma

    @property
    def count(self) -> int:
        """K."""
        return len(self.basis)

    def values(self, mean: Any, basis: Any, coefficients: Any) -> Any:
        """The texture (3, M) of ``coefficients`` (K,) in its space; ``mean`` and ``basis`` uploaded."""
        return mean if not self.count else mean + (coefficients[None] @ basis).reshape(3, -1)

    def albedo(self, arrays: Arrays, mean: Any, basis: Any, coefficients: Any) -> Any:
        """The albedo (3, M) of ``coefficients`` (K,) in linear light; ``mean`` and ``basis`` uploaded."""
        return to_light(arrays.xp, self.values(mean, basis, coefficients), self.space)


def to_light(xp: Any, values: Any, space: SpaceName) -> Any:
    """Linear light of values in which components add up; see :mod:`studio.flame.texture_spaces`.

    Beyond the ends of the space a little slope is left, so that a fit finds back.
    """
    if space == "absorption":
        ratio = xp.exp(xp.clip(values, -15.0, 9.0))
        return 1.0 / (1.0 + ratio + xp.sqrt(ratio * (ratio + 2.0)))
    within = xp.clip(values, 0.0, 1.0)
    shown = within + 0.01 * (values - within)
    if space == "light":
        shown = xp.clip(shown, 1e-6, 2.0) ** (1.0 / GAMMA)
    high = ((xp.clip(shown, 0.04045, 2.0) + 0.055) / 1.055) ** 2.4
    return xp.where(shown <= 0.04045, shown / 12.92, high)


def to_display(xp: Any, values: Any, space: SpaceName) -> Any:
    """Display values of values in which components add up; those of the space "display" are not cut."""
    if space == "display":
        return values
    if space == "light":
        return xp.clip(values, 1e-6, 2.0) ** (1.0 / GAMMA)
    light = xp.clip(to_light(xp, values, space), 0.0031308, 1.0)
    return 1.055 * light ** (1.0 / 2.4) - 0.055


def appearance_of(
    model: HeadModel,
    key: str,
    count: int,
    skin: NDArray[np.bool_],
    side: int = SIDE,
    nearest: bool = False,
) -> Appearance:
    """What the skin of ``model`` looks like by its texture called ``key``, or by the first it has.

    Args:
        model: the head model.
        key: of a texture; :data:`PLAIN` for the model's own picture.
        count: components at most.
        skin: (F,) whether a face is skin.
        side: texels across, at least, where the texture has as many.
        nearest: single texels of the texture are taken, not means of them.

    Raises:
        StudioError: a file of the texture is missing or damaged.

    """
    source = source_called(model, key)
    if model.uv is None or model.uv_faces is None or source is None:
        return _even(model)
    name, values, components = _small(model, source, count, side, nearest)
    side = len(values)
    places, number = _skin_texels(model, skin, side)
    chosen = values.reshape(-1, 3)[places].T
    basis = components.reshape(len(components), side * side, 3)[:, places].transpose(0, 2, 1)
    ranges = np.array(source.ranges[: len(components)], np.float64).reshape(-1, 2)
    flat = np.ascontiguousarray(basis.reshape(len(components), 3 * len(places)))
    return Appearance(source.key, name, side, number, places, np.ascontiguousarray(chosen), flat, ranges)


def _even(model: HeadModel) -> Appearance:
    """One albedo all over."""
    nothing = np.zeros((0, 12), np.float32)
    mean = np.full((3, 4), GREY, np.float32)
    places = np.arange(4)
    return Appearance(PLAIN, "light", 2, np.arange(4), places, mean, nothing, np.zeros((0, 2)))


_kept: OrderedDict[tuple[object, ...], tuple[SpaceName, NDArray, NDArray]] = OrderedDict()


def _small(
    model: HeadModel, source: TextureSource, count: int, side: int, nearest: bool
) -> tuple[SpaceName, NDArray[np.float32], NDArray[np.float32]]:
    """Space, mean (R, R, 3) and components (K, R, R, 3) of a texture averaged to about ``side``."""
    at = source.key, source.path, model.albedo, count, side, nearest
    if at not in _kept:
        wanted = replace(source, ranges=source.ranges[:count])
        texture = read_texture(wanted, model)
        texture = replace(texture, components=texture.components[:count])
        _kept[at] = _averaged(texture, side, nearest)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(at)
    return _kept[at]


def _averaged(
    texture: TextureModel, side: int, nearest: bool
) -> tuple[SpaceName, NDArray[np.float32], NDArray[np.float32]]:
    height, width = texture.shape
    block = max(min(height, width) // side, 1)
    small = min(height, width) // block
    mean = _in_blocks(mean_values(texture, np.float32)[: small * block, : small * block], block, nearest)
    components = np.zeros((len(texture.components), small, small, 3), np.float32)
    for index, part in enumerate(texture.components):
        rows, columns = part.whole.shape[:2]
        change = part.steps[:, None, None] * part.tint * part.whole.astype(np.float32)
        above, before = part.top % block, part.left % block
        padded = np.zeros((-(-(above + rows) // block) * block, -(-(before + columns) // block) * block, 3))
        padded[above : above + rows, before : before + columns] = change
        means = _in_blocks(padded, block, nearest)
        top, left = part.top // block, part.left // block
        target = components[index, top : top + len(means), left : left + means.shape[1]]
        target[:] = means[: len(target), : target.shape[1]]
    return texture.space.name, mean, components


def _in_blocks(values: NDArray, block: int, nearest: bool) -> NDArray[np.float32]:
    """Means over blocks, or the texel at the upper left of each, as it is seen; row 0 is the lowest."""
    if nearest:
        return np.asarray(values[block - 1 :: block, ::block], np.float32)
    parts = values.reshape(len(values) // block, block, -1, block, 3)
    return np.asarray(parts.mean(axis=(1, 3)), np.float32)


def _skin_texels(
    model: HeadModel, skin: NDArray[np.bool_], side: int
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Texels (M,) of the skin and a few around it, and the number (R * R,) of each."""
    assert model.uv is not None
    assert model.uv_faces is not None
    across, up = 2.0 * model.uv.astype(np.float64).T - 1.0
    clip = np.column_stack([across, -up, np.zeros(len(across)), np.ones(len(across))])
    shown = find_visible(clip, model.uv_faces, side, side).faces
    inside = (shown >= 0) & skin[np.maximum(shown, 0)]
    for _ in range(WIDER):
        wider = inside.copy()
        wider[1:] |= inside[:-1]
        wider[:-1] |= inside[1:]
        wider[:, 1:] |= wider[:, :-1].copy()
        wider[:, :-1] |= wider[:, 1:].copy()
        inside = wider
    places = np.flatnonzero(inside.ravel())
    number = np.zeros(side * side, np.int64)
    number[places] = np.arange(len(places))
    return places, number
