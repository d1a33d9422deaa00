"""Arrays of MLX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mlx.core as mx
import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Precision
from studio.backends.decoding import ArrayLibrary
from studio.fitting.gradient.arrays import Arrays, Cost, Gradient
from studio.storage.errors import StudioError


def make_arrays(device: str, precision: Precision) -> Arrays:
    """MLX on ``device``.

    Raises:
        StudioError: ``precision`` is float64, which MLX does not have in full.

    """
    if precision == "float64":
        raise StudioError("MLX has no full float64; choose PyTorch.")
    stream = mx.gpu if device == "gpu" else mx.cpu

    def gradient(cost: Cost, variables: Mapping[str, NDArray]) -> Gradient:
        with mx.stream(stream):
            leaves = {name: _upload(values) for name, values in variables.items()}
            (_, others), slopes = mx.value_and_grad(cost)(leaves)
            mx.eval(others, slopes)
        return {name: _read(value) for name, value in others.items()}, {
            name: _read(value) for name, value in slopes.items()
        }

    def upload(values: NDArray) -> mx.array:
        with mx.stream(stream):
            return _upload(values)

    return Arrays(
        ArrayLibrary(mx, upload, lambda whole: mx.stop_gradient(whole).astype(mx.int32)),
        np.dtype(precision),
        lambda columns, index: mx.take(columns, index, axis=1),
        _add_up,
        mx.stop_gradient,
        _read,
        gradient,
    )


def _upload(values: NDArray) -> mx.array:
    """Floats as float32, integers as indices; evaluated, so that it serves every thread."""
    array = mx.array(values.astype(np.float32 if values.dtype.kind == "f" else np.int32))
    mx.eval(array)
    return array


def _read(values: Any) -> NDArray:
    return np.array(values)


def _add_up(columns: mx.array, index: mx.array, count: int) -> mx.array:
    return mx.zeros((columns.shape[0], count)).at[:, index].add(columns)
