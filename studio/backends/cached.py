"""The forward pass of one head for hands and screens, without the array library's own part."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends.assembly import Assembly, assemble
from studio.backends.base import Backend, ContourSign, DeviceFailed, Surface
from studio.backends.pose import Skeleton, pose_skeleton
from studio.flame.landmarks import contour_row
from studio.flame.model import HeadModel
from studio.flame.normals import vertex_normals
from studio.flame.params import Params


class CachedBackend(Backend):
    """Keeps the last identity and the last expression, so that a pose costs only a pose.

    A cached array is always computed whole from its own parameters, never updated in place, so
    that the answer does not depend on what came before.
    """

    def __init__(self, model: HeadModel) -> None:
        self.model = model
        self._assembly: Assembly = assemble(model)
        self._forget()

    @abstractmethod
    def _blend(self, base: Any, coefficients: NDArray[np.float32], start: int) -> Any:
        """``base`` (3V,) plus the components from ``start`` on; None is the template."""

    @abstractmethod
    def _skin(
        self, unskinned: Any, transforms: NDArray[np.float32], translation: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Vertices (V, 3) of ``unskinned`` (3V,) by ``transforms`` (5, 12), plus ``translation`` (3,)."""

    def forward(self, params: Params, contour: ContourSign = "screen") -> Surface:
        """See :meth:`Backend.forward`."""
        assembly = self._assembly
        if not params.is_finite():
            raise ValueError("The parameters hold NaN or infinity.")
        shape = _padded(params.shape, assembly.shape_count, "shape")
        expr = _padded(params.expr, assembly.expression_count, "expr")
        blends = np.concatenate([shape, expr]).astype(np.float64)
        rest = (assembly.joint_template + blends @ assembly.joint_basis).reshape(5, 3)
        skeleton = pose_skeleton(rest, params.pose, params.translation, assembly.parents)
        row = int(contour_row(params.rotation, params.neck_pose, contour))
        try:
            vertices = self._vertices(shape, expr, skeleton, params.translation)
        except (RuntimeError, MemoryError) as error:
            self._forget()
            raise DeviceFailed(self.name, self.device, error) from error
        corners = vertices[assembly.landmark_vertices[row]].astype(np.float64)
        landmarks = (corners * assembly.landmark_barycentric[row][..., None]).sum(axis=1)
        return Surface(
            vertices=vertices,
            normals=vertex_normals(vertices, self.model.faces),
            landmarks=landmarks.astype(np.float32),
            joints=skeleton.joints.astype(np.float32),
            contour_row=row,
        )

    def _forget(self) -> None:
        self._shape: NDArray[np.float32] | None = None
        self._expr: NDArray[np.float32] | None = None
        self._identity: Any = None  # (3V,) in the library: template and shape
        self._unposed: Any = None  # (3V,) identity and expression

    def _vertices(
        self,
        shape: NDArray[np.float32],
        expr: NDArray[np.float32],
        skeleton: Skeleton,
        translation: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        assembly = self._assembly
        if self._shape is None or not np.array_equal(shape, self._shape):
            self._expr = None
            self._identity = self._blend(None, shape, 0)
            self._shape = shape
        if self._expr is None or not np.array_equal(expr, self._expr):
            self._unposed = self._blend(self._identity, expr, assembly.shape_count)
            self._expr = expr
        feature = skeleton.feature.astype(np.float32)
        posed = self._blend(self._unposed, feature, assembly.blend_count)
        return self._skin(posed, skeleton.transforms.astype(np.float32), translation)


def _padded(values: NDArray[np.float32], width: int, name: str) -> NDArray[np.float32]:
    """``values`` (n,) with zeros up to ``width``.

    Raises:
        ValueError: it is longer than that.

    """
    if len(values) > width:
        raise ValueError(f"{name} has {len(values)} components, but the model has {width}.")
    padded = np.zeros(width, dtype=np.float32)
    padded[: len(values)] = values
    return padded
