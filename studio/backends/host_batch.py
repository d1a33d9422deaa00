"""The forward pass of many heads in the processor's memory, in blocks that fit its cache."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from studio.backends import kernels
from studio.backends.assembly import Assembly
from studio.backends.base import ContourSign, Surfaces
from studio.backends.host import check_offset, place
from studio.backends.running_sum import Doubles
from studio.flame.batch import Batch
from studio.flame.landmarks import row_of_yaw
from studio.flame.model import HeadModel
from studio.flame.normals import vertex_normals

# coefficients (T, n), the row of the basis they begin at, and where their product (T, 3V) goes
Multiply = Callable[[NDArray[np.float32], int, NDArray[np.float32]], None]

BLOCK = 64  # heads that are multiplied together; more leave the cache before they are skinned


class Skeletons:
    """The joints of T heads, and all that follows from pose and coefficients without a vertex."""

    def __init__(self, batch: Batch, assembly: Assembly, contour: ContourSign) -> None:
        """Compute them, in float64.

        Raises:
            ValueError: a vector is too long, or a number is not finite.

        """
        count = len(batch)
        first = assembly.shape_count
        face = np.zeros((count, assembly.blend_count - first))
        place(face[:, : assembly.expression_count], batch.expr, "expr")
        face[:, assembly.expression_count :] = batch.eyelids
        shape = np.zeros((len(batch.shape), first))
        place(shape, batch.shape, "shape")
        pose, self.translation = batch.pose.astype(np.float64), batch.translation.astype(np.float64)
        if not all(np.isfinite(values).all() for values in (face, shape, pose, self.translation)):
            raise ValueError("The parameters hold NaN or infinity.")
        self.shape, self.face = shape, face
        rest = assembly.joint_template + shape @ assembly.joint_basis[:first]
        rest = rest + face @ assembly.joint_basis[first:]
        for offset in (batch.static_offset, batch.dynamic_offset):
            if offset is not None:
                check_offset(offset, len(assembly.weights))
                rest = rest + assembly.joints_moved_by(offset)
        self.features, self.transforms = np.empty((count, 36)), np.empty((count, 5, 12))
        self.joints, yaw = np.empty((count, 5, 3)), np.empty(count)
        parents = np.array(assembly.parents, dtype=np.int64)
        kernels.pose_skeletons(
            rest.reshape(count, 5, 3),
            pose,
            self.translation,
            parents,
            self.features,
            self.transforms,
            self.joints,
            yaw,
        )
        self.contour_row = row_of_yaw(yaw, contour).astype(np.int32)

    @property
    def is_one_identity(self) -> bool:
        """Whether all heads share their shape."""
        return len(self.shape) == 1

    def coefficients(self) -> NDArray[np.float32]:
        """(T, n) of the basis' rows from the first one that differs between heads: expression, or shape."""
        parts = [self.face, self.features]
        if not self.is_one_identity:
            parts.insert(0, self.shape)
        return np.concatenate(parts, axis=1, dtype=np.float32, casting="same_kind")


class HostBatch:
    """Blends, skins and places the landmarks of batches; one identity is paid for once."""

    def __init__(
        self,
        model: HeadModel,
        assembly: Assembly,
        threads: int,
        multiply: Multiply | None = None,
    ) -> None:
        """Nothing is computed yet.

        Args:
            model: the head model.
            assembly: its arrays.
            threads: of the processor, for NumPy in all of this process.
            multiply: the matrix product of an accelerator that shares this memory; None is NumPy's, which
                on a processor is faster than that of PyTorch, and many times that of MLX.

        """
        self._model = model
        self._assembly = assembly
        self._basis = assembly.basis
        self._threads = threads
        self._multiply = multiply or self._by_numpy
        threadpool_limits(threads, user_api="blas")
        self._weights = np.ascontiguousarray(assembly.weights.T, dtype=np.float64)
        self._shape: Doubles | None = None
        self._identity: Doubles | None = None

    def compute(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        """Fill ``out`` with the surfaces of ``batch``.

        Raises:
            ValueError: see :class:`Skeletons`.

        """
        skeletons = Skeletons(batch, self._assembly, contour)
        out.joints[:] = skeletons.joints
        out.contour_row[:] = skeletons.contour_row
        base = self._base(skeletons, batch)
        coefficients = skeletons.coefficients()
        scratch = np.empty((min(BLOCK, len(batch)), self._basis.shape[1]), np.float32)
        for first in range(0, len(batch), BLOCK):
            last = min(first + BLOCK, len(batch))
            blended = scratch[: last - first]
            self._multiply(coefficients[first:last], self._first_row(skeletons), blended)
            if batch.dynamic_offset is not None:
                blended += batch.dynamic_offset[first:last].reshape(blended.shape)
            self._finish(base, blended, skeletons, out, first, last)

    def _by_numpy(self, coefficients: NDArray[np.float32], first: int, out: NDArray[np.float32]) -> None:
        np.matmul(coefficients, self._basis[first:], out=out)

    def _first_row(self, skeletons: Skeletons) -> int:
        return self._assembly.shape_count if skeletons.is_one_identity else 0

    def _base(self, skeletons: Skeletons, batch: Batch) -> Doubles:
        """What all heads share (3V,): template, one identity, static offset."""
        base = self._assembly.template.astype(np.float64)
        if skeletons.is_one_identity:
            base = self._one_identity(skeletons.shape[0])
        if batch.static_offset is not None:
            base = base + batch.static_offset.reshape(-1)
        return base

    def _one_identity(self, shape: Doubles) -> Doubles:
        if self._identity is None or self._shape is None or not np.array_equal(shape, self._shape):
            identity = self._assembly.template.astype(np.float64)
            used = np.flatnonzero(shape)
            kernels.add_rows(identity, self._basis, used, shape[used], 0, len(identity))
            self._identity, self._shape = identity, shape
        return self._identity

    def _finish(
        self,
        base: Doubles,
        blended: NDArray[np.float32],
        skeletons: Skeletons,
        out: Surfaces,
        first: int,
        last: int,
    ) -> None:
        """Skin one block on all threads, and take landmarks and normals from it while it is in the cache."""
        vertices = out.vertices[first:last]
        transforms, translation = skeletons.transforms[first:last], skeletons.translation[first:last]

        def finish(begin: int, end: int) -> None:
            kernels.skin_frames(base, blended, self._weights, transforms, translation, begin, end, vertices)
            for index in range(first + begin, first + end):
                place_row(self._assembly, out, index)
                if out.normals is not None:
                    vertex_normals(out.vertices[index], self._model.faces, out.normals[index])

        if self._threads == 1:
            finish(0, last - first)
            return
        edges = np.linspace(0, last - first, self._threads + 1, dtype=int).tolist()
        list(self._pool.map(finish, edges[:-1], edges[1:]))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="skin")


def place_row(assembly: Assembly, out: Surfaces, index: int) -> None:
    """The landmarks of head ``index`` of ``out``, from its vertices and its contour row."""
    row = out.contour_row[index]
    kernels.place_landmarks(
        out.vertices[index],
        assembly.landmark_vertices[row],
        assembly.landmark_barycentric[row],
        out.landmarks[index],
    )
