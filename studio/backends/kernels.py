"""The forward pass's compiled loops on the processor; imported on demand, because they load numba.

Heads are summed and skinned in float64, which costs no more time here than float32: blending is bound by
reading the float32 basis.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import POINTS, compiled

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

VECTOR = types.Array(types.float64, 1, "C", readonly=True)
TABLE = types.Array(types.float64, 2, "C", readonly=True)
STACK = types.Array(types.float64, 3, "C", readonly=True)
INDICES = types.Array(types.int64, 1, "C", readonly=True)
CORNERS = types.Array(types.int64, 2, "C", readonly=True)
TOTAL = types.Array(types.float64, 1, "C")
TABLE_OUT = types.Array(types.float64, 2, "C")
STACK_OUT = types.Array(types.float64, 3, "C")
POINTS_OUT = types.Array(types.float32, 2, "C")
SINGLES = types.Array(types.float32, 1, "C", readonly=True)
ADD_EXACTLY = (TOTAL, POINTS, INDICES, VECTOR, types.int64, types.int64)
ADD_QUICKLY = (TOTAL, POINTS, INDICES, SINGLES, types.int64, types.int64)
FRAMES_OUT = types.Array(types.float32, 3, "C")

CHUNK = 64  # vertices that are skinned together, so that each step is one vector instruction on several
SERIES_BELOW = 1e-4  # radians squared; the series below it err by less than 1e-17


@compiled(*ADD_EXACTLY, fused=True, also=ADD_QUICKLY)
def add_rows(total: Doubles, basis: Floats, rows: NDArray, amounts: NDArray, first: int, last: int) -> None:
    """Add ``amounts`` (n,) times ``basis[rows]`` (n, N) to ``total`` (N,), from column ``first`` to ``last``.

    Twelve rows at a time, so that the sum passes through the cache once for twelve rows of the basis. With
    float64 amounts all is float64; with float32 amounts the sums of twelve are float32, which is enough
    where nothing else is added to them for long.
    """
    count = rows.shape[0]
    out = total[first:last]
    step = 0
    while step + 12 <= count:
        r0, r1 = basis[rows[step], first:last], basis[rows[step + 1], first:last]
        r2, r3 = basis[rows[step + 2], first:last], basis[rows[step + 3], first:last]
        r4, r5 = basis[rows[step + 4], first:last], basis[rows[step + 5], first:last]
        r6, r7 = basis[rows[step + 6], first:last], basis[rows[step + 7], first:last]
        r8, r9 = basis[rows[step + 8], first:last], basis[rows[step + 9], first:last]
        r10, r11 = basis[rows[step + 10], first:last], basis[rows[step + 11], first:last]
        a0, a1, a2, a3 = amounts[step], amounts[step + 1], amounts[step + 2], amounts[step + 3]
        a4, a5, a6, a7 = amounts[step + 4], amounts[step + 5], amounts[step + 6], amounts[step + 7]
        a8, a9, a10, a11 = amounts[step + 8], amounts[step + 9], amounts[step + 10], amounts[step + 11]
        for j in range(last - first):
            one = (a0 * r0[j] + a1 * r1[j]) + (a2 * r2[j] + a3 * r3[j])
            two = (a4 * r4[j] + a5 * r5[j]) + (a6 * r6[j] + a7 * r7[j])
            three = (a8 * r8[j] + a9 * r9[j]) + (a10 * r10[j] + a11 * r11[j])
            out[j] += (one + two) + three
        step += 12
    while step + 3 <= count:
        r0, r1 = basis[rows[step], first:last], basis[rows[step + 1], first:last]
        r2 = basis[rows[step + 2], first:last]
        a0, a1, a2 = amounts[step], amounts[step + 1], amounts[step + 2]
        for j in range(last - first):
            out[j] += (a0 * r0[j] + a1 * r1[j]) + a2 * r2[j]
        step += 3
    for rest in range(step, count):
        row, amount = basis[rows[rest], first:last], amounts[rest]
        for j in range(last - first):
            out[j] += amount * row[j]


@compiled(VECTOR, TABLE_OUT)
def _rotate(turn: Doubles, matrix: Doubles) -> None:
    """The rotation ``matrix`` (3, 3) of the axis-angle vector ``turn`` (3,), by Rodrigues."""
    x, y, z = turn[0], turn[1], turn[2]
    squared = x * x + y * y + z * z
    if squared < SERIES_BELOW:
        first = 1.0 - squared / 6.0 * (1.0 - squared / 20.0 * (1.0 - squared / 42.0))
        second = 0.5 - squared / 24.0 * (1.0 - squared / 30.0 * (1.0 - squared / 56.0))
    else:
        angle = math.sqrt(squared)
        half = math.sin(0.5 * angle) / angle
        first, second = math.sin(angle) / angle, 2.0 * half * half
    matrix[0, 0], matrix[1, 1] = 1.0 - second * (y * y + z * z), 1.0 - second * (x * x + z * z)
    matrix[2, 2] = 1.0 - second * (x * x + y * y)
    matrix[0, 1], matrix[1, 0] = second * x * y - first * z, second * x * y + first * z
    matrix[0, 2], matrix[2, 0] = second * x * z + first * y, second * x * z - first * y
    matrix[1, 2], matrix[2, 1] = second * y * z - first * x, second * y * z + first * x


@compiled(STACK, TABLE, TABLE, INDICES, TABLE_OUT, STACK_OUT, STACK_OUT, TOTAL)
def pose_skeletons(
    rest: Doubles,
    pose: Doubles,
    translation: Doubles,
    parents: NDArray,
    features: Doubles,
    transforms: Doubles,
    joints: Doubles,
    yaw: Doubles,
) -> None:
    """Turn the joints of T heads; each about its own rest place, the root included.

    Forward kinematics of SMPL (Loper et al. 2015, eq. 2-4). The transforms leave the translation out, so
    that it is exact for skinning weights that do not add up to one.

    Args:
        rest: (T, 5, 3) joints of the unposed heads, metres.
        pose: (T, 15) axis-angle, radians.
        translation: (T, 3) metres.
        parents: (5,) index of each joint's parent, which comes before it; negative for the root.
        features: out (T, 36) row-major R - I of neck, jaw, left eye, right eye.
        transforms: out (T, 5, 12) rest to posed: the columns of the rotation, then the offset.
        joints: out (T, 5, 3) posed and translated.
        yaw: out (T,) radians by which root and neck turn the head to its left.
    """
    local, world = np.empty((5, 3, 3)), np.empty((5, 3, 3))
    for frame in range(pose.shape[0]):
        for joint in range(5):
            _rotate(pose[frame, 3 * joint : 3 * joint + 3], local[joint])
            if joint > 0:
                for row in range(3):
                    for column in range(3):
                        entry = local[joint, row, column] - (1.0 if row == column else 0.0)
                        features[frame, 9 * (joint - 1) + 3 * row + column] = entry
        for joint in range(5):
            parent = parents[joint]
            for row in range(3):
                place = rest[frame, joint, row]
                if parent >= 0:
                    place = joints[frame, parent, row]
                    for inner in range(3):
                        bone = rest[frame, joint, inner] - rest[frame, parent, inner]
                        place += world[parent, row, inner] * bone
                joints[frame, joint, row] = place
                for column in range(3):
                    entry = local[joint, row, column]
                    if parent >= 0:
                        entry = 0.0
                        for inner in range(3):
                            entry += world[parent, row, inner] * local[joint, inner, column]
                    world[joint, row, column] = entry
                    transforms[frame, joint, 3 * column + row] = entry
            for row in range(3):
                offset = joints[frame, joint, row]
                for inner in range(3):
                    offset -= world[joint, row, inner] * rest[frame, joint, inner]
                transforms[frame, joint, 9 + row] = offset
        yaw[frame] = math.atan2(-world[1, 2, 0], math.hypot(world[1, 0, 0], world[1, 1, 0]))
        for joint in range(5):
            for row in range(3):
                joints[frame, joint, row] += translation[frame, row]


@compiled(TABLE, TABLE, TABLE, VECTOR, types.int64, types.int64, TABLE_OUT, fused=True)
def _blend(
    points: Doubles,
    weights: Doubles,
    transforms: Doubles,
    translation: Doubles,
    start: int,
    count: int,
    posed: Doubles,
) -> None:
    """Skin the ``count`` vertices from ``start`` on: ``points`` (3, CHUNK) to ``posed`` (3, CHUNK)."""
    x, y, z = points[0], points[1], points[2]
    for axis in range(3):
        out = posed[axis]
        for i in range(count):
            out[i] = translation[axis]
        for joint in range(5):
            weight = weights[joint, start : start + count]
            by_x, by_y = transforms[joint, axis], transforms[joint, 3 + axis]
            by_z, offset = transforms[joint, 6 + axis], transforms[joint, 9 + axis]
            for i in range(count):
                out[i] += weight[i] * (by_x * x[i] + by_y * y[i] + by_z * z[i] + offset)


@compiled(VECTOR, VECTOR, VECTOR, TABLE, TABLE, VECTOR, POINTS_OUT, fused=True)
def skin(
    identity: Doubles,
    expression: Doubles,
    corrective: Doubles,
    weights: Doubles,
    transforms: Doubles,
    translation: Doubles,
    vertices: Floats,
) -> None:
    """Linear blend skinning of one head.

    Args:
        identity: (3V,) the first of three parts whose sum is the unposed head, metres.
        expression: (3V,)
        corrective: (3V,)
        weights: (5, V) one row per joint.
        transforms: (5, 12) as :func:`pose_skeletons` gives them.
        translation: (3,) metres.
        vertices: out (V, 3).
    """
    points, posed = np.empty((3, CHUNK)), np.empty((3, CHUNK))
    for start in range(0, weights.shape[1], CHUNK):
        count = min(CHUNK, weights.shape[1] - start)
        for i in range(count):
            for axis in range(3):
                at = 3 * (start + i) + axis
                points[axis, i] = identity[at] + expression[at] + corrective[at]
        _blend(points, weights, transforms, translation, start, count, posed)
        for i in range(count):
            for axis in range(3):
                vertices[start + i, axis] = posed[axis, i]


@compiled(VECTOR, POINTS, TABLE, STACK, TABLE, types.int64, types.int64, FRAMES_OUT, fused=True)
def skin_frames(
    base: Doubles,
    blended: Floats,
    weights: Doubles,
    transforms: Doubles,
    translation: Doubles,
    first: int,
    last: int,
    vertices: Floats,
) -> None:
    """Linear blend skinning of the frames ``first`` up to ``last`` of a block of heads.

    Args:
        base: (3V,) what all heads share, metres.
        blended: (T, 3V) what each adds to it.
        weights: (5, V) one row per joint.
        transforms: (T, 5, 12) as :func:`pose_skeletons` gives them.
        translation: (T, 3) metres.
        first: the frame to begin with.
        last: the frame to end before.
        vertices: out (T, V, 3).
    """
    points, posed = np.empty((3, CHUNK)), np.empty((3, CHUNK))
    for frame in range(first, last):
        for start in range(0, weights.shape[1], CHUNK):
            count = min(CHUNK, weights.shape[1] - start)
            for i in range(count):
                for axis in range(3):
                    at = 3 * (start + i) + axis
                    points[axis, i] = base[at] + blended[frame, at]
            _blend(points, weights, transforms[frame], translation[frame], start, count, posed)
            for i in range(count):
                for axis in range(3):
                    vertices[frame, start + i, axis] = posed[axis, i]


@compiled(POINTS, CORNERS, POINTS, POINTS_OUT)
def place_landmarks(vertices: Floats, corners: NDArray, barycentric: Floats, landmarks: Floats) -> None:
    """The points (L, 3) between the vertices ``corners`` (L, 3) by ``barycentric`` (L, 3), in float64."""
    for point in range(corners.shape[0]):
        for axis in range(3):
            place = 0.0
            for corner in range(3):
                place += np.float64(barycentric[point, corner]) * vertices[corners[point, corner], axis]
            landmarks[point, axis] = place
