"""A sum of basis components that is kept up to date by those whose coefficients changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

# total (N,), rows (n,), amounts (n,): adds amounts times those rows of a basis to the total.
AddRows = Callable[[Doubles, NDArray[np.int64], NDArray[np.floating]], None]


class RunningSum:
    """``base + coefficients @ basis`` (N,) in float64, whose coefficients change a few at a time.

    A fresh sum of float32 products is rounded a dozen terms at a time, some 1e-9 m of a head; changes are
    rounded in float64, so that any number of them adds nothing that float32 vertices could show.
    """

    def __init__(self, count: int, width: int, add_rows: AddRows) -> None:
        """Zero coefficients for ``count`` rows of a basis of ``width`` columns, on a base of zeros."""
        self.total: Doubles = np.zeros(width)
        self._base: Doubles | None = None
        self._coefficients = np.zeros(count)
        self._add_rows = add_rows
        self._is_stale = True

    def set_base(self, base: Doubles | None) -> None:
        """Sum from ``base`` (N,) on, which is not copied; None is zeros."""
        self._base = base
        self._is_stale = True

    def move_to(self, wanted: Doubles) -> None:
        """Make ``total`` that of the coefficients ``wanted`` (K,), by as few rows as it takes."""
        changed = np.flatnonzero(wanted != self._coefficients)
        if not (self._is_stale or changed.size):
            return
        used = np.flatnonzero(wanted)
        if self._is_stale or used.size <= changed.size:
            self.total[:] = 0.0 if self._base is None else self._base
            self._add_rows(self.total, used, wanted[used].astype(np.float32))
        else:
            self._add_rows(self.total, changed, wanted[changed] - self._coefficients[changed])
        self._coefficients[:] = wanted
        self._is_stale = False
