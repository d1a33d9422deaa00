"""Curves with very many keys at one frame: what a change of a key costs depends on no other key."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from studio.sequence.curve_segments import KERNEL, Array
from studio.sequence.curves import Curve

TOGETHER = 20_000  # keys of a layer up to which its curves are laid together whenever one of them changes
_FEW = 1000  # keys of a curve that are prepared as they come
_PATIENCE = 8  # frames that are asked for before a layer counts as one that stays
_AROUND = 2  # keys on both sides of a segment that it follows from


class ManyKeys:
    """The values of C curves at one frame.

    A curve that is new is looked at around the frame alone. Where more and more frames are asked for, its
    segments are prepared, one curve for each frame, so that no frame waits for all of them.
    """

    def __init__(self, curves: Sequence[Curve]) -> None:
        self._curves = tuple(curves)
        self._asked = 0

    def at(self, frame: float) -> Array:
        """The values (C, W) at ``frame``."""
        self._asked += 1
        waiting = (curve for curve in self._curves if not _is_prepared(curve))
        if self._asked > _PATIENCE and (curve := next(waiting, None)) is not None:
            _ = curve.segments
        return np.concatenate([_value_at(curve, frame) for curve in self._curves])


def _is_prepared(curve: Curve) -> bool:
    return len(curve) <= _FEW or "segments" in vars(curve)


def _value_at(curve: Curve, frame: float) -> Array:
    """The value (1, W) of ``curve`` at ``frame``."""
    if not _is_prepared(curve):
        return around(curve, frame).at(np.array([frame]))
    kernel = sys.modules.get(KERNEL)
    if kernel is None or not getattr(kernel, "READY", False):
        return curve.at(np.array([frame]))
    out = np.empty((1, curve.width))
    counts = np.zeros(1, np.int64), np.array([len(curve)], np.int64)
    kernel.values_at(frame, *counts, *curve.segments.rows, curve.turns, out)
    return out


def around(curve: Curve, frame: float) -> Curve:
    """The keys of ``curve`` from which its value at ``frame`` follows."""
    place = int(np.searchsorted(curve.frames, frame, side="right")) - 1
    low, high = max(place - _AROUND, 0), place + _AROUND + 2
    names = ("frames", "values", "interpolation", "handles")
    return curve.replace(**{name: getattr(curve, name)[low:high] for name in names})
