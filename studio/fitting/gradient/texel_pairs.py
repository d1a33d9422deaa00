"""Which texels of the skin lie beside one another, and which show the same point of both sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.fitting.gradient.appearance import Appearance
from studio.fitting.gradient.arrays import Arrays
from studio.fitting.gradient.costs import Neighbours
from studio.fitting.texels import texels_of
from studio.flame.model import HeadModel


def neighbours_of(arrays: Arrays, model: HeadModel, look: Appearance) -> Neighbours:
    """The pairs of ``look``, in ``arrays``."""
    side = look.side
    number = np.full(side * side, -1, np.int64)
    number[look.places] = np.arange(len(look.places))
    grid = number.reshape(side, side)
    beside = [(grid[:, :-1].ravel(), grid[:, 1:].ravel()), (grid[:-1].ravel(), grid[1:].ravel())]
    first, second = (np.concatenate(part) for part in zip(*beside, strict=True))
    here, there = _mirrored(model, number, side)
    return Neighbours(*(arrays.upload(part) for part in (*_both(first, second), *_both(here, there))))


def offset_values(look: Appearance, offset: NDArray[np.float32] | None) -> NDArray[np.float64]:
    """An albedo offset (R, R, 3) at the texels (3, M) of ``look``; 0 without one of its size."""
    values = np.zeros((3, len(look.places)))
    if offset is not None and offset.shape == (look.side, look.side, 3):
        values[:] = offset.reshape(-1, 3)[look.places].T
    return values


def offset_picture(look: Appearance, values: NDArray[np.float64]) -> NDArray[np.float32]:
    """The albedo offset (R, R, 3) with ``values`` (3, M) at the texels of ``look``."""
    picture = np.zeros((look.side * look.side, 3), np.float32)
    picture[look.places] = values.T
    return picture.reshape(look.side, look.side, 3)


def _mirrored(model: HeadModel, number: NDArray[np.int64], side: int) -> tuple[NDArray, NDArray]:
    texels = texels_of(model, side)
    rows, columns = (np.clip(np.rint(part), 0, side - 1).astype(np.intp) for part in texels.mirrored)
    return number[texels.places], number[rows * side + columns]


def _both(first: NDArray, second: NDArray) -> tuple[NDArray, NDArray]:
    there = (first >= 0) & (second >= 0)
    return first[there], second[there]
