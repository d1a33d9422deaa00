"""How much a clip trembles: the root mean square of the second difference, in people's units."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import FRAMES_AT_A_TIME, Backend
from studio.flame.rotations import relative
from studio.sequence.clip import Clip
from studio.sequence.operations.parts import FIELD_OF, PARTS, channel_rows

Array = NDArray[np.float64]

MOST_FRAMES = 2000  # of a clip that are looked at for what the mesh does, in even stretches
_STRETCH = 100
_UNITS = {"translation": ("mm", 1000.0), "offsets": ("mm", 1000.0)}
_TURNS = ("jaw", "neck", "head", "eyes")


def unit_of(part: str) -> str:
    """What the jitter of ``part`` is counted in, a frame squared: "°", "mm", or nothing for units."""
    return "°" if part in _TURNS else _UNITS.get(part, ("", 1.0))[0]


def jitter(clip: Clip, parts: Collection[str] = PARTS) -> dict[str, float]:
    """The root mean square second difference of each part that moves at all, a frame squared.

    Of a rotation it is the difference between the turns from frame to frame, in degrees: 0 for a steady
    turn. Lengths are in millimetres, all else in its own units. Empty below three frames.
    """
    if len(clip) < 3:
        return {}
    told = {}
    for part, rows in channel_rows(clip, [part for part in PARTS if part in parts]):
        if part in _TURNS:
            steps = relative(rows[:-1], rows[1:])
            told[part] = float(np.rad2deg(np.sqrt(_mean_square(np.diff(steps, axis=0), axes=(2,)))))
        else:
            kept = rows[:, rows.any(axis=0)] if FIELD_OF[part] == "expr" else rows
            if kept.size:
                scale = _UNITS.get(part, ("", 1.0))[1]
                told[part] = scale * float(np.sqrt(np.mean(np.diff(kept.astype(np.float64), 2, axis=0) ** 2)))
    return {part: value for part, value in told.items() if value > 0.0}


def _mean_square(values: Array, axes: tuple[int, ...]) -> float:
    return float(np.mean((values**2).sum(axis=axes)))


def mesh_jitter(clip: Clip, backend: Backend) -> float:
    """The root mean square second difference of all vertices, in millimetres a frame squared.

    Of a clip longer than :data:`MOST_FRAMES`, stretches that are spread evenly over it are looked at.
    Below three frames it is 0.
    """
    total, count = 0.0, 0
    for stretch in _stretches(clip):
        surfaces = backend.stream(block.batch() for block in stretch.blocks(FRAMES_AT_A_TIME))
        vertices = np.concatenate([part.vertices.copy() for part in surfaces])
        shaking = np.diff(vertices, 2, axis=0)
        total += float(np.einsum("tvc,tvc->", shaking, shaking, dtype=np.float64))
        count += shaking.shape[0] * shaking.shape[1]
    return 1000.0 * float(np.sqrt(total / count)) if count else 0.0


def _stretches(clip: Clip) -> list[Clip]:
    if len(clip) < 3:
        return []
    if len(clip) <= MOST_FRAMES:
        starts = range(0, max(len(clip) - 2, 1), _STRETCH)
    else:
        starts = np.linspace(0, len(clip) - _STRETCH - 2, MOST_FRAMES // _STRETCH).astype(int).tolist()
    parts = (clip.part(start, min(start + _STRETCH + 2, len(clip))) for start in starts)
    return [part for part in parts if len(part) >= 3]
