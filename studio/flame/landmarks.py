"""The 68 landmarks: their counts, and the contour row by yaw."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.rotations import to_matrices

ContourSign = Literal["screen", "flame_pytorch"]

STATIC_COUNT = 51
CONTOUR_COUNT = 17
FULL_COUNT = CONTOUR_COUNT + STATIC_COUNT
CONTOUR_ROWS = 79
LARGEST_YAW = 39


def contour_row(rotation: ArrayLike, neck_pose: ArrayLike, sign: ContourSign = "screen") -> NDArray[np.intp]:
    """The row of the contour table for a head pose, in float64.

    With R = R_root R_neck the yaw is a = atan2(-R[2,0], hypot(R[0,0], R[1,0])) in degrees, rounded
    half to even and cut at 39 degrees. Row 0 is frontal, 1..39 are +1..+39 degrees, 40..78 are
    -1..-39 degrees (RingNet's table; Sanyal et al. 2019).

    Args:
        rotation: root axis-angle (3,) or (T, 3), radians.
        neck_pose: neck axis-angle, broadcast against ``rotation``.
        sign: "screen" takes +a, the row nearest to the silhouette seen from +Z; "flame_pytorch"
            takes -a, as that code does.

    Returns:
        The row as an integer array () or (T,).

    Raises:
        ValueError: a pose is not finite.

    """
    poses = np.stack(np.broadcast_arrays(rotation, neck_pose))
    if not np.isfinite(poses).all():
        raise ValueError("The head pose holds NaN or infinity.")
    root, neck = to_matrices(poses)
    axis = (root @ neck)[..., 0]
    return row_of_yaw(np.arctan2(-axis[..., 2], np.hypot(axis[..., 0], axis[..., 1])), sign)


def row_of_yaw(yaw: NDArray[np.float64], sign: ContourSign = "screen") -> NDArray[np.intp]:
    """The row (...,) of the contour table for a head turned by ``yaw`` (...,) radians to its left."""
    signed = yaw if sign == "screen" else -yaw
    degrees = np.rint(np.minimum(np.maximum(np.degrees(signed), -LARGEST_YAW), LARGEST_YAW)).astype(np.intp)
    return np.asarray(np.where(degrees < 0, LARGEST_YAW - degrees, degrees))
