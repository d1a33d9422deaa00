"""The forward pass on an accelerator of PyTorch; what is heavy never leaves the device on the way."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from studio.backends.assembly import Assembly
from studio.backends.base import ContourSign, Surface, Surfaces
from studio.backends.host_batch import Skeletons, place_row
from studio.flame.batch import Batch
from studio.flame.model import HeadModel
from studio.flame.params import Params

BLOCK = 256  # heads computed together: some 400 MB of intermediate results


class DeviceForward:
    """Joints in float64 on the processor, vertices and normals in float32 on the device.

    The identity and the face of the last head are kept whole on the device, each made from its own
    coefficients and never updated, so that float32 does not drift.
    """

    def __init__(
        self, model: HeadModel, assembly: Assembly, basis: torch.Tensor, device: torch.device
    ) -> None:
        """``basis`` (K, 3V) lies on ``device`` already."""
        self._model = model
        self._assembly = assembly
        self._basis = basis
        self._device = device
        self._template = self._upload(assembly.template)
        self._weights = self._upload(assembly.weights)
        self._faces = torch.from_numpy(model.faces.astype(np.int64)).to(device)
        self._around = torch.from_numpy(_faces_around(model.faces, model.vertex_count)).to(device)
        self.forget()

    def forget(self) -> None:
        """Drop what is kept."""
        self._shape: NDArray[np.float64] | None = None
        self._face: NDArray[np.float64] | None = None
        self._identity = self._unposed = self._template

    @torch.inference_mode()
    def forward(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
        """See :meth:`studio.backends.base.Backend.forward`."""
        room = Surface.empty(self._model) if out is None else out
        surfaces = Surfaces(
            room.vertices[None],
            room.landmarks[None],
            room.joints[None],
            np.empty(1, np.int32),
            room.normals[None],
        )
        batch = Batch.of([params])
        skeletons = Skeletons(batch, self._assembly, contour)
        blended = torch.addmv(
            self._unposed_head(skeletons),
            self._basis[self._assembly.blend_count :].T,
            self._upload(skeletons.features[0]),
        )[None]
        self._finish(blended, batch, skeletons, surfaces, 0)
        self._read_small(skeletons, surfaces)
        return Surface(room.vertices, room.normals, room.landmarks, room.joints, int(surfaces.contour_row[0]))

    @torch.inference_mode()
    def compute(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        """Fill ``out`` with the surfaces of ``batch``; one identity is paid for once."""
        skeletons = Skeletons(batch, self._assembly, contour)
        base, start = self._template, 0
        if skeletons.is_one_identity:
            base, start = self._identity_of(skeletons.shape[0]), self._assembly.shape_count
        coefficients = skeletons.coefficients()
        for first in range(0, len(batch), BLOCK):
            part = self._upload(coefficients[first : first + BLOCK])
            self._finish(torch.addmm(base, part, self._basis[start:]), batch, skeletons, out, first)
        self._read_small(skeletons, out)

    def _unposed_head(self, skeletons: Skeletons) -> torch.Tensor:
        identity = self._identity_of(skeletons.shape[0])
        face = skeletons.face[0]
        if self._face is None or not np.array_equal(face, self._face):
            first, last = self._assembly.shape_count, self._assembly.blend_count
            self._unposed = torch.addmv(identity, self._basis[first:last].T, self._upload(face))
            self._face = face
        return self._unposed

    def _identity_of(self, shape: NDArray[np.float64]) -> torch.Tensor:
        if self._shape is None or not np.array_equal(shape, self._shape):
            self._face = None
            rows = self._basis[: self._assembly.shape_count]
            self._identity = torch.addmv(self._template, rows.T, self._upload(shape))
            self._shape = shape
        return self._identity

    def _finish(
        self, blended: torch.Tensor, batch: Batch, skeletons: Skeletons, out: Surfaces, first: int
    ) -> None:
        """Offsets, skinning and normals of the block ``blended`` (T, 3V), which begins at ``first``."""
        last = first + len(blended)
        points = blended.view(len(blended), -1, 3)
        if batch.static_offset is not None:
            points = points + self._upload(batch.static_offset)
        if batch.dynamic_offset is not None:
            points = points + self._upload(batch.dynamic_offset[first:last])
        transforms = self._weights @ self._upload(skeletons.transforms[first:last])
        posed = transforms[:, :, 9:] + self._upload(skeletons.translation[first:last])[:, None]
        for axis in range(3):
            posed = torch.addcmul(
                posed, transforms[:, :, 3 * axis : 3 * axis + 3], points[:, :, axis : axis + 1]
            )
        torch.from_numpy(out.vertices[first:last]).copy_(posed)
        if out.normals is not None:
            torch.from_numpy(out.normals[first:last]).copy_(self._normals(posed))

    def _normals(self, vertices: torch.Tensor) -> torch.Tensor:
        """Area-weighted unit normals (T, V, 3): each vertex gathers its faces, in a fixed order."""
        a, b, c = (vertices[:, self._faces[:, corner]] for corner in range(3))
        face_normals = torch.linalg.cross(b - a, c - a)
        nothing = torch.zeros_like(face_normals[:, :1])
        summed = torch.cat([face_normals, nothing], dim=1)[:, self._around].sum(dim=2)
        length = summed.norm(dim=2, keepdim=True)
        ahead = torch.tensor((0.0, 0.0, 1.0), device=self._device)
        return torch.where(length > 0.0, summed / length, ahead)

    def _read_small(self, skeletons: Skeletons, out: Surfaces) -> None:
        out.joints[:] = skeletons.joints
        out.contour_row[:] = skeletons.contour_row
        for index in range(len(out)):
            place_row(self._assembly, out, index)

    def _upload(self, values: NDArray) -> torch.Tensor:
        return torch.tensor(np.asarray(values, np.float32), device=self._device)


def _faces_around(faces: NDArray[np.int32], vertex_count: int) -> NDArray[np.int64]:
    """The faces at each vertex (V, most), filled up with F, the number of faces."""
    corners = faces.ravel()
    order = np.argsort(corners, kind="stable")
    counts = np.bincount(corners, minlength=vertex_count)
    starts = np.cumsum(counts) - counts
    around = np.full((vertex_count, max(int(counts.max(initial=0)), 1)), len(faces), np.int64)
    place = np.arange(len(corners)) - starts[corners[order]]
    around[corners[order], place] = order // 3
    return around
