"""Rows of numbers from files, checked and brought to the units of a clip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS, FloatArray
from studio.sequence.keys import ALIASES
from studio.sequence.turns import from_matrices, from_rows
from studio.storage.errors import StudioError

LARGEST_ANGLE = 100.0  # radians, sixteen turns: more is a mistake of unit or a damaged file
LARGEST_DISTANCE = 1000.0  # metres
LARGEST_COEFFICIENT = 1000.0  # of shape and expression, in their own units
LIMITS = {
    **dict.fromkeys((*ALIASES["shape"], *ALIASES["expr"]), LARGEST_COEFFICIENT),
    **dict.fromkeys(ALIASES["translation"], LARGEST_DISTANCE),
}
TURNS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose")
_TWO, _FIVE = 2, 5  # eyes, joints


class GapsError(StudioError):
    """A clip with numbers that are none, which can be filled from the frames around them."""


def rows_of(values: NDArray, key: str, label: str, first: int, gaps: bool = False) -> FloatArray:
    """``values`` as (1|T, D) float32, all within the limit of ``key``; read-only unless there are gaps.

    One axis more than that may be joints of three numbers each, or the rows of a matrix.

    Args:
        values: of any real type.
        key: what they are called.
        label: what the file is called.
        first: the number of the first frame.
        gaps: let numbers that are not finite through, as NaN.

    Raises:
        GapsError: a number is not finite.
        StudioError: they are no numbers, have another shape or no frames, or one is beyond the limit.

    """
    if values.dtype.kind not in "biuf":
        raise StudioError(f"{key} in {label} does not hold numbers; choose another file.")
    flat = _flat(values)
    if flat is None:
        raise StudioError(
            f"{key} in {label} has the shape {values.shape} where (frames, components) is expected."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        rows = flat.astype(np.float32)
    if len(rows) == 0:
        raise StudioError(f"{key} in {label} has no frames; choose another file.")
    limit = LIMITS.get(key, LARGEST_ANGLE)
    if rows.size == 0 or (rows.min() >= -limit and rows.max() <= limit):  # False where one is not a number
        rows.setflags(write=False)  # a clip takes it as it is then: copies of long ones are slow
        return rows
    good = np.abs(rows) <= limit
    finite = np.isfinite(flat)
    wrong = ~good & finite if gaps else ~good
    if wrong.any():
        frame, component = np.unravel_index(int(wrong.argmax()), wrong.shape)
        value = float(flat[frame, component])
        problem = f"{value:g}, beyond ±{limit:g}," if np.isfinite(value) else "not a finite number"
        raise (StudioError if np.isfinite(value) else GapsError)(
            f"{key} in {label} is {problem} in frame {first + frame}; repair that clip or leave the frame "
            "out."
        )
    rows[~finite] = np.nan
    return rows


def _flat(values: NDArray) -> NDArray | None:
    """``values`` with one row a frame; None where their shape is another one."""
    if values.ndim == 1:
        return values[None]
    if values.ndim == 2:
        return values
    if values.ndim == 3 and values.shape[1:] in ((1, 3), (_TWO, 3), (_FIVE, 3), (3, 3)):
        return values.reshape(len(values), -1)
    return None


def joint_rows(name: str, rows: FloatArray, key: str, label: str, first: int) -> tuple[FloatArray, str]:
    """``rows`` (T, D) of the field ``name`` as axis-angle, and what was done to them.

    A joint has 3 numbers as an axis-angle vector, 6 as the first two rows of a matrix, 9 as a matrix.

    Raises:
        StudioError: they have another width, or are no rotation somewhere.

    """
    width, wanted = rows.shape[1], FIELD_WIDTHS[name]
    joints = wanted // 3
    if width == wanted:
        return rows, ""
    if name not in TURNS or width not in (6 * joints, 9 * joints):
        raise StudioError(wrong_width(label, key, width, str(wanted)))
    if width == 6 * joints:
        made = from_rows(rows.reshape(len(rows), joints, 6))
    else:
        made = from_matrices(rows.reshape(len(rows), joints, 3, 3))
    known = np.isfinite(rows).all(axis=1)
    bad = known & ~np.isfinite(made).all(axis=(1, 2))
    if bad.any():
        raise StudioError(
            f"{key} in {label} is no rotation in frame {first + int(bad.argmax())}; {width} numbers a frame "
            "are taken for parts of rotation matrices, save axis-angle vectors instead."
        )
    how = "6-D rotations" if width == 6 * joints else "matrices"
    return made.reshape(len(rows), wanted).astype(np.float32), f"{how} made axis-angle"


def wrong_width(label: str, key: str, width: int, wanted: str) -> str:
    """The sentence for rows of a width that the parameter cannot have."""
    return (
        f"{key} in {label} has {width} numbers a frame where {wanted} are expected; "
        "rotations must be axis-angle vectors."
    )
