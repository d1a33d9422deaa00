"""The forward pass of one head in the processor's memory, for hands and screens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from studio.backends import kernels
from studio.backends.assembly import EYELIDS, Assembly
from studio.backends.base import ContourSign, Surface
from studio.backends.running_sum import AddRows, Doubles, RunningSum
from studio.flame.landmarks import row_of_yaw
from studio.flame.model import HeadModel
from studio.flame.normals_kernel import area_weighted
from studio.flame.params import Params

WORTH_THREADS = 1 << 20  # numbers of the basis below which one thread is sooner done than several


class HostForward:
    """Keeps the identity, the expression and the pose correctives, and redoes what changed in each.

    Both array libraries' products of one vector with the basis are slower than these compiled loops, and
    sum in float32.

    One slider is one row of the basis, a pose touches only the correctives of the joints that turned, and
    what is kept is exact enough that no history shows (:class:`RunningSum`).
    """

    def __init__(self, model: HeadModel, assembly: Assembly, threads: int) -> None:
        """Nothing is computed yet."""
        self._model = model
        self._assembly = assembly
        self._basis = assembly.basis
        self._threads = threads
        self._weights = np.ascontiguousarray(assembly.weights.T, dtype=np.float64)
        self._template = assembly.template.astype(np.float64)
        self._parents = np.array(assembly.parents, dtype=np.int64)
        self._inputs = np.zeros(assembly.blend_count + 15 + 3)
        self._features, self._transforms = np.zeros((1, 36)), np.empty((1, 5, 12))
        self._joints, self._yaw = np.empty((1, 5, 3)), np.empty(1)
        self._scratch = np.empty((model.vertex_count, 3))
        self.forget()

    def forget(self) -> None:
        """Drop what is kept."""
        assembly = self._assembly
        first, face, last = assembly.shape_count, assembly.blend_count, len(self._basis)
        self._identity = self._sum(0, first)
        self._identity.set_base(self._template)
        self._face = self._sum(first, face)
        self._corrective = self._sum(face, last)
        self._offset: NDArray[np.float32] | None = None
        self._joint_base = assembly.joint_template

    def forward(self, params: Params, contour: ContourSign = "screen", out: Surface | None = None) -> Surface:
        """See :meth:`studio.backends.base.Backend.forward`."""
        assembly = self._assembly
        blends, pose, translation = self._gather(params)
        self._set_offset(params.vertex_offset)
        self._identity.move_to(blends[: assembly.shape_count])
        self._face.move_to(blends[assembly.shape_count :])
        rest = self._joint_base + blends @ assembly.joint_basis
        kernels.pose_skeletons(
            rest.reshape(1, 5, 3),
            pose[None],
            translation[None],
            self._parents,
            self._features,
            self._transforms,
            self._joints,
            self._yaw,
        )
        self._corrective.move_to(self._features[0])
        row = int(row_of_yaw(self._yaw[0], contour))
        surface = Surface.empty(self._model) if out is None else out
        kernels.skin(
            self._identity.total,
            self._face.total,
            self._corrective.total,
            self._weights,
            self._transforms[0],
            translation,
            surface.vertices,
        )
        area_weighted(surface.vertices, self._model.faces, self._scratch, surface.normals)
        corners, barycentric = assembly.landmark_vertices[row], assembly.landmark_barycentric[row]
        kernels.place_landmarks(surface.vertices, corners, barycentric, surface.landmarks)
        surface.joints[:] = self._joints[0]
        return Surface(surface.vertices, surface.normals, surface.landmarks, surface.joints, row)

    def _gather(self, params: Params) -> tuple[Doubles, Doubles, Doubles]:
        """Blend coefficients (S + E + 2,), pose (15,) and translation (3,) as float64 views of one array.

        Raises:
            ValueError: a vector is too long, or a number is not finite.

        """
        assembly, inputs = self._assembly, self._inputs
        ends = (assembly.shape_count, assembly.blend_count - EYELIDS, assembly.blend_count)
        place(inputs[: ends[0]], params.shape, "shape")
        place(inputs[ends[0] : ends[1]], params.expr, "expr")
        inputs[ends[1] : ends[2]] = params.eyelids
        start = ends[2]
        for turn in (params.rotation, params.neck_pose, params.jaw_pose, params.eyes_pose):
            inputs[start : start + len(turn)] = turn
            start += len(turn)
        inputs[start:] = params.translation
        if not np.isfinite(inputs).all():
            raise ValueError("The parameters hold NaN or infinity.")
        return inputs[: ends[2]], inputs[ends[2] : start], inputs[start:]

    def _set_offset(self, offset: NDArray[np.float32] | None) -> None:
        """Move the vertices by ``offset`` (V, 3); it joins the correctives, of which there are fewest."""
        if offset is self._offset:
            return
        assembly = self._assembly
        if offset is None:
            self._corrective.set_base(None)
            self._joint_base = assembly.joint_template
        else:
            check_offset(offset, self._model.vertex_count)
            self._corrective.set_base(offset.reshape(-1).astype(np.float64))
            self._joint_base = assembly.joint_template + assembly.joints_moved_by(offset)
        self._offset = offset

    def _sum(self, first: int, last: int) -> RunningSum:
        """A sum of the basis' rows ``first`` up to ``last``."""
        return RunningSum(last - first, self._basis.shape[1], self._adder(first, last))

    def _adder(self, first: int, last: int) -> AddRows:
        basis = self._basis[first:last]

        def add_rows(total: Doubles, rows: NDArray[np.int64], amounts: NDArray[np.floating]) -> None:
            width = len(total)
            if self._threads == 1 or rows.size * width < WORTH_THREADS:
                kernels.add_rows(total, basis, rows, amounts, 0, width)
                return
            edges = np.linspace(0, width, self._threads + 1, dtype=int).tolist()
            add = partial(kernels.add_rows, total, basis, rows, amounts)
            list(self._pool.map(add, edges[:-1], edges[1:]))

        return add_rows

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="blend")


def place(room: Doubles, values: NDArray[np.float32], name: str) -> None:
    """Copy ``values`` (..., n) into ``room`` (..., m) with zeros behind them.

    Raises:
        ValueError: there are more values than room.

    """
    count, width = values.shape[-1], room.shape[-1]
    if count > width:
        raise ValueError(f"{name} has {count} components, but the model has {width}.")
    room[..., :count] = values
    room[..., count:] = 0.0


def check_offset(offset: NDArray[np.float32], vertex_count: int) -> None:
    """Make sure that vertex offsets (..., V, 3) are for a model of ``vertex_count`` vertices, and finite.

    Raises:
        ValueError: they are not.

    """
    if offset.shape[-2:] != (vertex_count, 3):
        raise ValueError(
            f"vertex_offset is for {offset.shape[-2]} vertices, but the model has {vertex_count}."
        )
    if not np.isfinite(offset).all():
        raise ValueError("The parameters hold NaN or infinity.")
