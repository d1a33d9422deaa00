"""Linear models of a head's texture: a mean and components, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.texture_spaces import Space

Pixels = NDArray[np.uint8]
TextureKind = Literal["open head", "FLAME texture", "AlbedoMM", "BFM albedo"]


@dataclass(frozen=True)
class TextureSource:
    """A texture model that lies in a file: what is known of it before its arrays are read.

    ``key`` is what documents call it. ``names``, ``tips`` and ``groups`` are empty where the file names
    no components; ``ranges`` (N, 2) are the lowest and highest coefficient a control offers, in sigma.
    """

    key: str
    name: str
    kind: TextureKind
    path: Path
    licence: str
    ranges: tuple[tuple[float, float], ...]
    names: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # what each component belongs to

    @property
    def count(self) -> int:
        """N."""
        return len(self.ranges)


@dataclass(frozen=True, eq=False)
class TextureComponent:
    """What one component adds to a window of the map, for a coefficient of 1.

    At row r, column c and channel k of the window that is ``steps[r] * tint[k] * whole[r, c, k]``,
    with ``whole`` (h, w, 1) standing for all three channels alike.
    """

    top: int
    left: int
    whole: NDArray[np.int16]  # (h, w, 3) or (h, w, 1)
    steps: NDArray[np.float32]  # (h,)
    tint: NDArray[np.float32]  # (3,) red, green, blue

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for array in (self.whole, self.steps, self.tint):
            array.setflags(write=False)

    @property
    def change(self) -> NDArray[np.float64]:
        """(h, w, 3), in the model's space."""
        return self.steps.astype(np.float64)[:, None, None] * self.tint.astype(np.float64) * self.whole


@dataclass(frozen=True, eq=False)
class TextureModel:
    """A texture model, immutable, row 0 at v = 0, channels red, green, blue.

    The texture is the mean plus coefficients times components, in ``space``. Values are kept as
    16-bit steps, so that 200 components of a 512-pixel map take 315 MB and differ from the file's by
    less than a 65,000th of a component's peak in a row.
    """

    source: TextureSource
    space: Space
    mean: NDArray[np.float32] | Pixels  # (H, W, 3) in ``space``; as uint8, the display values themselves
    components: tuple[TextureComponent, ...]

    def __post_init__(self) -> None:
        """Make the mean read-only."""
        self.mean.setflags(write=False)

    @property
    def shape(self) -> tuple[int, int]:
        """H and W."""
        return self.mean.shape[0], self.mean.shape[1]


def mean_values(model: TextureModel, kind: type[np.floating] = np.float64) -> NDArray:
    """The mean (H, W, 3) in the model's space, a new array of floating numbers of this ``kind``."""
    if model.mean.dtype == np.uint8:
        return model.space.from_display(np.arange(256) / 255.0).astype(kind)[model.mean]
    return model.mean.astype(kind)


def albedo(model: TextureModel, coefficients: Sequence[float]) -> NDArray[np.float64]:
    """The texture (H, W, 3) as sRGB display values 0..1, row 0 at v = 0, by the plain formula.

    Args:
        model: a texture model.
        coefficients: in sigma; those left out are 0.

    Raises:
        ValueError: there are more coefficients than components.

    """
    values = mean_values(model)
    if len(coefficients) > len(model.components):
        raise ValueError(f"{len(coefficients)} coefficients for {len(model.components)} components.")
    for coefficient, component in zip(coefficients, model.components, strict=False):
        if coefficient:
            height, width = component.whole.shape[:2]
            window = values[component.top : component.top + height, component.left : component.left + width]
            window += coefficient * component.change
    return model.space.to_display(values)
