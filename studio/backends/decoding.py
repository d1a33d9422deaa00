"""The differentiable forward pass of batches, written once for both array libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.assembly import Assembly
from studio.flame.landmarks import contour_row

SERIES_BELOW = 1e-2  # squared radians; the series used below it err by less than 1e-13


@dataclass(frozen=True, eq=False)
class ArrayLibrary:
    """What the decoder needs of a library beyond the functions that torch and mlx spell alike."""

    namespace: Any  # torch or mlx.core
    upload: Callable[[NDArray], Any]  # floats in the decoder's precision, integers as indices
    download: Callable[[Any], NDArray[np.float64]]  # the values, without the derivative


class BatchDecoder:
    """``decode(shape (B, <=S), expr (B, <=E), pose (B, 15)) -> vertices (B, V, 3), landmarks (B, L, 3)``.

    A batch of one broadcasts against the others. Only functions of the arguments, nothing is kept
    between calls.
    """

    def __init__(self, assembly: Assembly, library: ArrayLibrary, basis: Any) -> None:
        """Upload what is not shared: ``basis`` (K, 3V) already lies in the library, in its precision."""
        upload = library.upload
        self._assembly = assembly
        self._library = library
        self._basis = basis
        self._template = upload(assembly.template)
        self._joint_template = upload(assembly.joint_template)
        self._joint_basis = upload(assembly.joint_basis)
        self._weights = upload(assembly.weights)
        self._identity = upload(np.eye(3))

    def __call__(self, shape: Any, expr: Any, pose: Any) -> tuple[Any, Any]:
        """Decode a batch.

        Raises:
            ValueError: an argument is not (B, n), is too wide, or the batches do not fit together;
                or the head pose is not finite.

        """
        self._check(shape, expr, pose)
        first, last = self._assembly.shape_count, self._assembly.blend_count
        of_shape, of_expr = slice(shape.shape[1]), slice(first, first + expr.shape[1])
        turns = rotation_offsets(self._library.namespace, pose.reshape(-1, 5, 3))
        unskinned = (
            self._template
            + shape @ self._basis[of_shape]
            + expr @ self._basis[of_expr]
            + turns[:, 1:].reshape(-1, 36) @ self._basis[last:]
        )
        rest = self._joint_template + shape @ self._joint_basis[of_shape] + expr @ self._joint_basis[of_expr]
        transforms = self._transforms(turns, rest.reshape(-1, 5, 3))
        vertices = self._skin(unskinned.reshape(len(unskinned), -1, 3), transforms)
        return vertices, self._landmarks(vertices, pose)

    def _check(self, shape: Any, expr: Any, pose: Any) -> None:
        limits = {
            "shape": (shape, 0, self._assembly.shape_count),
            "expr": (expr, 0, self._assembly.expression_count),
            "pose": (pose, 15, 15),
        }
        for name, (values, least, most) in limits.items():
            if values.ndim != 2 or not least <= values.shape[1] <= most:
                wanted = f"(B, {most})" if least else f"(B, up to {most})"
                raise ValueError(f"{name} must be {wanted}, not of shape {tuple(values.shape)}.")
        batches = {values.shape[0] for values, _, _ in limits.values()} - {1}
        if len(batches) > 1:
            raise ValueError(f"shape, expr and pose come in batches of {sorted(batches)}; make them equal.")

    def _transforms(self, turns: Any, rest: Any) -> Any:
        """(B, 5, 12): per joint the three columns of its rotation, then its offset."""
        xp = self._library.namespace
        local = turns + self._identity
        rotations: list[Any] = []
        joints: list[Any] = []
        for joint, parent in enumerate(self._assembly.parents):
            if parent < 0:
                rotations.append(local[:, joint])
                joints.append(rest[:, joint, :, None])
            else:
                bone = (rest[:, joint] - rest[:, parent])[:, :, None]
                rotations.append(rotations[parent] @ local[:, joint])
                joints.append(joints[parent] + rotations[parent] @ bone)
        packed = []
        for joint, (rotation, place) in enumerate(zip(rotations, joints, strict=True)):
            offset = place - rotation @ rest[:, joint, :, None]
            columns = xp.swapaxes(rotation, 1, 2).reshape(-1, 9)
            packed.append(xp.concatenate([xp.broadcast_to(columns, (len(offset), 9)), offset[:, :, 0]], 1))
        return xp.stack(packed, 1)

    def _skin(self, vertices: Any, transforms: Any) -> Any:
        """Linear blend skinning of (B, V, 3)."""
        blended = self._weights @ transforms
        skinned = blended[:, :, 9:]
        for axis in range(3):
            skinned = skinned + blended[:, :, 3 * axis : 3 * axis + 3] * vertices[:, :, axis : axis + 1]
        return skinned

    def _landmarks(self, vertices: Any, pose: Any) -> Any:
        """Barycentric points (B, L, 3) of the contour row of each head, then the static ones."""
        batch, count = vertices.shape[0], vertices.shape[1]
        angles = self._library.download(pose)
        rows = np.broadcast_to(contour_row(angles[:, :3], angles[:, 3:6]), batch)
        starts = count * np.arange(batch)[:, None, None]
        corners = self._library.upload(self._assembly.landmark_vertices[rows] + starts)
        weights = self._library.upload(self._assembly.landmark_barycentric[rows])
        return (vertices.reshape(-1, 3)[corners] * weights[..., None]).sum(-2)


def rotation_offsets(xp: Any, rotations: Any) -> Any:
    """R - I (B, J, 3, 3) of axis-angle ``rotations`` (B, J, 3), with derivatives that are finite everywhere.

    Rodrigues with sin(a)/a and (1 - cos(a))/a^2 as power series of a^2 near zero, where the
    quotients have no usable derivative.
    """
    squared = (rotations * rotations).sum(-1)
    small = squared < SERIES_BELOW
    angle = xp.sqrt(xp.where(small, xp.ones_like(squared), squared))
    half = xp.sin(0.5 * angle) / angle
    series = 1.0 - squared / 6.0 * (1.0 - squared / 20.0 * (1.0 - squared / 42.0 * (1.0 - squared / 72.0)))
    first = xp.where(small, series, xp.sin(angle) / angle)
    series = 0.5 - squared / 24.0 * (1.0 - squared / 30.0 * (1.0 - squared / 56.0 * (1.0 - squared / 90.0)))
    second = xp.where(small, series, 2.0 * half * half)
    x, y, z = rotations[..., 0], rotations[..., 1], rotations[..., 2]
    entries = [
        -second * (y * y + z * z),
        second * x * y - first * z,
        second * x * z + first * y,
        second * x * y + first * z,
        -second * (x * x + z * z),
        second * y * z - first * x,
        second * x * z - first * y,
        second * y * z + first * x,
        -second * (x * x + y * y),
    ]
    return xp.stack(entries, -1).reshape(*rotations.shape, 3)
