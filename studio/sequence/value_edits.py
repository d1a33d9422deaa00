"""Changing what keys say and how curves leave them, beside the edits in time of :mod:`key_edits`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import compose, relative
from studio.sequence.curve_segments import Array
from studio.sequence.curves import AFTER, BEFORE, BEZIER, Curve
from studio.sequence.key_edits import KeyEdit, moved
from studio.sequence.key_selection import Curves, KeySelection

LEAST_REACH = 0.01  # frames that a handle keeps from its key


def dragged(curves: Curves, chosen: KeySelection, by: float, rise: Mapping[str, Array]) -> KeyEdit:
    """The chosen keys ``by`` frames later, and those of the channels in ``rise`` by its numbers (W,) higher.

    Of rotations the components of the axis-angle vector are changed.
    """
    chosen = chosen.among(curves)
    raised: dict[str, Curve | None] = {}
    for name in chosen.frames:
        if name in rise and rise[name].any():
            values = curves[name].values.copy()
            values[chosen.mask(name, curves[name].frames)] += rise[name]
            raised[name] = curves[name].replace(values=values)
    higher = {name: curve for name, curve in raised.items() if curve is not None}
    if by == 0.0:
        return KeyEdit(raised, chosen)
    edit = moved({**curves, **higher}, chosen, by)
    return KeyEdit({**raised, **edit.changes}, edit.chosen)


def handle_ends(curve: Curve, axis: int, keys: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Where the handles before and after ``keys`` (K,) end, as frame and number ``axis``, (K, 2) each.

    Not a number where the segment on that side is no Bézier curve, and for other keys.
    """
    ends = []
    bent = curve.interpolation == BEZIER
    for side, beside in ((BEFORE, np.append(False, bent[:-1])), (AFTER, np.append(bent[:-1], False))):
        end = np.full((len(curve), 2), np.nan)
        places = np.flatnonzero(keys & beside)
        handle, values = curve.handles[places, side], curve.values[places]
        tips = compose(values, handle[:, 1:]) if curve.turns else values + handle[:, 1:]
        end[places] = np.stack([curve.frames[places] + handle[:, 0], tips[:, axis]], axis=1)
        ends.append(end)
    return ends[0], ends[1]


def with_handle(
    curve: Curve, key: int, side: int, frame: float, value: float, axis: int, free: bool = False
) -> Curve:
    """``curve`` with the handle of ``key`` on one side ending at ``frame`` and ``value`` of number ``axis``.

    It stays on its side of the key. The other handle keeps its length in time and turns to lie in line,
    unless ``free``.
    """
    handles = curve.handles.copy()
    way = -1.0 if side == BEFORE else 1.0
    reach = max(way * (frame - float(curve.frames[key])), LEAST_REACH)
    handles[key, side, 0] = way * reach
    start = curve.values[key]
    if curve.turns:
        tip = compose(start, handles[key, side, 1:])
        tip[axis] = value
        handles[key, side, 1:] = relative(start, tip)
    else:
        handles[key, side, 1 + axis] = value - start[axis]
    if not free:
        share = abs(handles[key, 1 - side, 0]) / reach
        turned = slice(1, None) if curve.turns else slice(1 + axis, 2 + axis)
        handles[key, 1 - side, turned] = -share * handles[key, side, turned]
    return curve.replace(handles=handles)
