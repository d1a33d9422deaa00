"""Adam (Kingma and Ba, 2015), on the few numbers that a fit seeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FIRST, SECOND, TINY = 0.9, 0.999, 1e-8


@dataclass
class Adam:
    """Running means of the gradient of each variable and of its square."""

    means: dict[str, NDArray] = field(default_factory=dict)
    squares: dict[str, NDArray] = field(default_factory=dict)
    count: int = 0

    def steps(self, slopes: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """How far each variable goes for a step size of 1, against the gradient ``slopes``."""
        self.count += 1
        found = {}
        for name, slope in slopes.items():
            mean = FIRST * self.means.get(name, 0.0) + (1.0 - FIRST) * slope
            square = SECOND * self.squares.get(name, 0.0) + (1.0 - SECOND) * slope * slope
            self.means[name], self.squares[name] = mean, square
            first, second = 1.0 - FIRST**self.count, 1.0 - SECOND**self.count
            found[name] = -(mean / first) / (np.sqrt(square / second) + TINY)
        return found
