"""What the cost of a fit needs of an array library beyond the functions that torch and mlx spell alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Precision

if TYPE_CHECKING:
    from studio.backends.base import Backend
    from studio.backends.decoding import ArrayLibrary

Variables = Mapping[str, Any]
Cost = Callable[[Variables], tuple[Any, Mapping[str, Any]]]
Gradient = tuple[dict[str, NDArray], dict[str, NDArray]]


@dataclass(frozen=True, eq=False)
class Arrays:
    """One array library on one device, in one precision.

    ``take(columns (C, R), index (N,))`` gives columns (C, N); ``add_up(columns (C, N), index (N,), count)``
    sums those with the same index, (C, count). Each is the other's derivative.
    """

    library: ArrayLibrary  # namespace, upload, to_index; uploads floats and indices
    dtype: np.dtype  # of floats
    take: Callable[[Any, Any], Any]
    add_up: Callable[[Any, Any, int], Any]
    hold: Callable[[Any], Any]  # the same values, for which nothing is derived
    read: Callable[[Any], NDArray]
    gradient: Callable[[Cost, Mapping[str, NDArray]], Gradient]
    """``gradient(cost, variables)`` -> what else ``cost`` gave, as NumPy, and the derivatives of its first
    value by each variable."""

    @property
    def xp(self) -> Any:
        """The namespace: torch or mlx.core."""
        return self.library.namespace

    def upload(self, values: NDArray) -> Any:
        """Floats in this precision, whole numbers as indices."""
        return self.library.upload(np.ascontiguousarray(values))


def arrays_of(backend: Backend, precision: Precision = "float32") -> Arrays:
    """The array library of ``backend``, on its device.

    Raises:
        StudioError: the device has no float64.

    """
    module = import_module(f"studio.fitting.gradient.{backend.name}_arrays")
    made: Arrays = module.make_arrays(backend.device, precision)
    return made
