"""The differentiable forward pass of batches, written once for both array libraries."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.assembly import EYELIDS, Assembly
from studio.flame.landmarks import LARGEST_YAW, ContourSign

SERIES_BELOW = 1e-2  # squared radians; the series used below it err by less than 1e-13


@dataclass(frozen=True, eq=False)
class ArrayLibrary:
    """What the decoder needs of a library beyond the functions that torch and mlx spell alike."""

    namespace: Any  # torch or mlx.core
    upload: Callable[[NDArray], Any]  # floats in the decoder's precision, integers as indices
    to_index: Callable[[Any], Any]  # whole numbers kept as floats to indices


class BatchDecoder:
    """See :meth:`studio.backends.base.Backend.decoder`.

    Only functions of the arguments, nothing is kept between calls.
    """

    def __init__(self, assembly: Assembly, library: ArrayLibrary, basis: Any, contour: ContourSign) -> None:
        """Upload what is not shared: ``basis`` (K, 3V) already lies in the library, in its precision."""
        upload = library.upload
        self._contour = contour
        self._assembly = assembly
        self._library = library
        self._basis = basis
        self._template = upload(assembly.template)
        self._joint_template = upload(assembly.joint_template)
        self._joint_basis = upload(assembly.joint_basis)
        self._weights = upload(assembly.weights)
        self._identity = upload(np.eye(3))
        self._regressor = upload(assembly.regressor)
        self._regressor_vertices = upload(assembly.regressor_vertices)
        self._landmark_vertices = upload(assembly.landmark_vertices)
        self._landmark_barycentric = upload(assembly.landmark_barycentric)

    def __call__(
        self,
        shape: Any,
        expr: Any,
        pose: Any,
        translation: Any = None,
        eyelids: Any = None,
        vertex_offset: Any = None,
    ) -> tuple[Any, Any]:
        """Decode a batch.

        Raises:
            ValueError: an argument has the wrong shape, is too wide, or the batches do not fit together.

        """
        self._check(shape, expr, pose, translation, eyelids, vertex_offset)
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
        if eyelids is not None:
            unskinned = unskinned + eyelids @ self._basis[last - EYELIDS : last]
        points = unskinned.reshape(unskinned.shape[0], -1, 3)
        if vertex_offset is not None:
            points = points + vertex_offset
            moved = self._regressor @ vertex_offset[:, self._regressor_vertices]
            rest = rest + moved.reshape(-1, 15)
        local = turns + self._identity
        vertices = self._skin(points, self._transforms(local, rest.reshape(-1, 5, 3)))
        if translation is not None:
            vertices = vertices + translation[:, None]
        return vertices, self._landmarks(vertices, local)

    def _check(
        self, shape: Any, expr: Any, pose: Any, translation: Any, eyelids: Any, vertex_offset: Any
    ) -> None:
        widths = {
            "shape": (shape, 0, self._assembly.shape_count),
            "expr": (expr, 0, self._assembly.expression_count),
            "pose": (pose, 15, 15),
            "translation": (translation, 3, 3),
            "eyelids": (eyelids, EYELIDS, EYELIDS),
        }
        given = {name: entry for name, entry in widths.items() if entry[0] is not None}
        for name, (values, least, most) in given.items():
            if values.ndim != 2 or not least <= values.shape[1] <= most:
                wanted = f"(B, {most})" if least else f"(B, up to {most})"
                raise ValueError(f"{name} must be {wanted}, not of shape {tuple(values.shape)}.")
            if not values.shape[0]:
                raise ValueError(f"{name} has no rows; give one for each head.")
        batches = {values.shape[0] for values, _, _ in given.values()} - {1}
        if vertex_offset is not None:
            count = len(self._assembly.weights)
            if vertex_offset.ndim != 3 or tuple(vertex_offset.shape[1:]) != (count, 3):
                raise ValueError(
                    f"vertex_offset must be (B, {count}, 3), not of shape {tuple(vertex_offset.shape)}."
                )
            batches |= {vertex_offset.shape[0]} - {1}
        if len(batches) > 1:
            raise ValueError(f"The arguments come in batches of {sorted(batches)}; make them equal.")

    def _transforms(self, local: Any, rest: Any) -> Any:
        """(B, 5, 12): per joint the three columns of its rotation, then its offset."""
        xp = self._library.namespace
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
            count = max(columns.shape[0], offset.shape[0])
            parts = [xp.broadcast_to(part, (count, part.shape[1])) for part in (columns, offset[:, :, 0])]
            packed.append(xp.concatenate(parts, 1))
        return xp.stack(packed, 1)

    def _skin(self, vertices: Any, transforms: Any) -> Any:
        """Linear blend skinning of (B, V, 3)."""
        blended = self._weights @ transforms
        skinned = blended[:, :, 9:]
        for axis in range(3):
            skinned = skinned + blended[:, :, 3 * axis : 3 * axis + 3] * vertices[:, :, axis : axis + 1]
        return skinned

    def _landmarks(self, vertices: Any, local: Any) -> Any:
        """Barycentric points (B, L, 3) of the contour row of each head, then the static ones."""
        xp, count = self._library.namespace, vertices.shape[1]
        rows = self._library.to_index(self._contour_rows(local))
        rows = xp.broadcast_to(rows, (vertices.shape[0],))
        starts = count * xp.cumsum(xp.ones_like(rows), 0)[:, None, None] - count
        corners = self._landmark_vertices[rows] + starts
        weights = self._landmark_barycentric[rows]
        return (vertices.reshape(-1, 3)[corners] * weights[..., None]).sum(-2)

    def _contour_rows(self, local: Any) -> Any:
        """The row (B,) of the contour table, as :func:`studio.flame.landmarks.contour_row`, but floats."""
        xp = self._library.namespace
        axis = (local[:, 0] @ local[:, 1])[..., 0]
        yaw = xp.arctan2(-axis[:, 2], xp.sqrt(axis[:, 0] * axis[:, 0] + axis[:, 1] * axis[:, 1]))
        signed = yaw * (180.0 / math.pi if self._contour == "screen" else -180.0 / math.pi)
        signed = xp.where(signed == signed, signed, xp.zeros_like(signed))  # NaN must not become an index
        degrees = xp.round(xp.clip(signed, -LARGEST_YAW, LARGEST_YAW))
        return xp.where(degrees < 0, LARGEST_YAW - degrees, degrees)


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
