"""One moment of a performer, as every source tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.arkit import UNITS

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FaceFrame:
    """The 52 units and the turn of the head at one time."""

    time: float  # seconds on the clock of this machine
    units: Array  # (52,) 0..1, in the order of UNITS
    head: Array  # (3,) axis-angle in radians, as the head stands: zero looks straight ahead


Sink = Callable[[FaceFrame], None]  # is given frames on the thread of the source

NO_UNITS: Array = np.zeros(len(UNITS))
NO_UNITS.setflags(write=False)
