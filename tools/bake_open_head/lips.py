"""Closing the lips of the template: the mean face leaves them a fraction of a millimetre apart."""

from __future__ import annotations

import numpy as np

from .source import Array, Indices

SHIFT_MIDDLE, SHIFT_SIDES = 0.0003, 0.0013  # metres each lip moves towards the other
REACH = 0.008  # metres from the line between the lips over which the shift fades


def close_lips(template: Array, unit: Array, lips: Indices, mirror: Indices) -> Array:
    """Displacements (V, 3) that press the lips of ``template`` together along the line where they meet.

    Args:
        template: (V, 3).
        unit: (V, 3) what opens the jaw: it tells the lower lip from the upper.
        lips: vertices of the lips and of the mouth behind them.
        mirror: (V,) the vertex on the other side.
    """
    drop = -0.5 * (unit[lips, 1] + unit[mirror[lips], 1])
    lower = drop > 0.5 * np.percentile(drop, 95.0)
    points = template[lips]
    front = points[:, 2] > 0.058
    upper_edge = points[front & ~lower][:, 1].min()
    lower_edge = points[front & lower][:, 1].max()
    line = 0.5 * (upper_edge + lower_edge)
    near = np.clip(1.0 - np.abs(points[:, 1] - line) / REACH, 0.0, 1.0) * front
    shift = SHIFT_MIDDLE + (SHIFT_SIDES - SHIFT_MIDDLE) * np.clip(np.abs(points[:, 0]) / 0.010, 0.0, 1.0)
    displacement = np.zeros_like(template)
    displacement[lips, 1] = shift * near * np.where(lower, 1.0, -1.0)
    # the painted mask that names the lips is not quite the same on both sides
    return 0.5 * (displacement + displacement[mirror] * (-1.0, 1.0, 1.0))
