"""What a fit to a scan is given, and what it comes to, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.locks import Locks
from studio.fitting.scans.measuring import ScanDistances
from studio.fitting.scans.scan import Picks, Placement, Scan
from studio.flame.model import HeadModel
from studio.flame.params import Params

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ScanProblem:
    """A scan with landmarks, and the head that is to become it.

    A scan that has the model's vertices needs no landmarks; a scan without points is fitted by its landmarks
    alone.
    """

    model: HeadModel
    scan: Scan
    picks: Picks
    locks: Locks = frozenset()
    start: Params | None = None  # what is locked is as it is here; None: neutral
    offset: bool = False  # a smooth offset of every vertex at the end


@dataclass(frozen=True, eq=False)
class ScanFit:
    """What a fit to a scan came to. The head stands upright at its usual place; the scan is laid onto it."""

    params: Params
    vertices: Array  # (V, 3) metres, of ``params``
    placement: Placement  # of the scan, in the head's metres
    distances: ScanDistances
    landmarks: NDArray[np.float32]  # (K,) millimetres, by which the landmarks miss
    history: tuple[float, ...]  # millimetres that points or landmarks typically miss, by iteration
    seconds: float
    notices: tuple[str, ...] = ()
