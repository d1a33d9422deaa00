"""Segments of any kind as Bézier curves, whose handles can be drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import relative
from studio.sequence.curves import AFTER, BEFORE, BEZIER, LINEAR, Curve


def bent(curve: Curve, keys: NDArray[np.bool_]) -> Curve:
    """``curve`` with Bézier segments after ``keys`` (K,), of the shape they had as far as it is a cubic."""
    if len(curve) < 2:
        return curve.replace(interpolation=np.where(keys, BEZIER, curve.interpolation))
    handles, segments = curve.handles.copy(), curve.segments
    places = np.flatnonzero(keys[:-1] & (curve.interpolation[:-1] != BEZIER))
    first, second = segments.first[places], segments.second[places]
    start, end = curve.values[places], curve.values[places + 1]
    after = relative(start, first) if curve.turns else first - start
    before = relative(end, second) if curve.turns else second - end
    straight = (curve.interpolation[places] == LINEAR)[:, None]
    way = relative(start, end) if curve.turns else end - start
    back = relative(end, start) if curve.turns else start - end
    handles[places, AFTER, 0] = segments.first_frame[places] - curve.frames[places]
    handles[places, AFTER, 1:] = np.where(straight, way / 3.0, after)
    handles[places + 1, BEFORE, 0] = segments.second_frame[places] - curve.frames[places + 1]
    handles[places + 1, BEFORE, 1:] = np.where(straight, back / 3.0, before)
    codes = np.where(keys, BEZIER, curve.interpolation)
    return curve.replace(handles=handles, interpolation=codes)
