"""The backend on MLX: Metal on Apple Silicon (written to work, not tested), its CPU build elsewhere."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Decoder, Precision
from studio.backends.cached import CachedBackend
from studio.backends.decoding import ArrayLibrary, BatchDecoder
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

os.environ.setdefault("MLX_ENABLE_TF32", "0")  # TF32 keeps 10 bits: errors of 0.1 mm

import mlx.core as mx


class MlxBackend(CachedBackend):
    """MLX on one device.

    Arrays that are kept are evaluated at once: MLX ties an unevaluated one to the thread that made it.

    Args:
        model: the head model.
        device: "gpu", "cpu"; None takes the GPU where there is one, else the CPU.

    Raises:
        StudioError: the device is not there.

    """

    name = "mlx"

    def __init__(self, model: HeadModel, device: str | None) -> None:
        super().__init__(model)
        self.device = find_device(device)
        self._device = mx.gpu if self.device == "gpu" else mx.cpu
        assembly = self._assembly
        with mx.stream(self._device):
            self._basis = mx.array(assembly.basis)
            self._template = mx.array(assembly.template)
            self._weights = mx.array(assembly.weights)
            mx.eval(self._basis, self._template, self._weights)

    def decoder(self, precision: Precision = "float32") -> Decoder:
        """See :meth:`Backend.decoder`; takes and gives ``mlx.core.array``."""
        if precision == "float64":
            raise StudioError("MLX has no full float64; choose PyTorch for a float64 decoder.")
        with mx.stream(self._device):
            decode = BatchDecoder(self._assembly, ArrayLibrary(mx, _upload, _download), self._basis)

        def decode_on_device(shape: mx.array, expr: mx.array, pose: mx.array) -> tuple[mx.array, mx.array]:
            with mx.stream(self._device):
                return decode(shape, expr, pose)

        return decode_on_device

    def _blend(self, base: mx.array | None, coefficients: NDArray[np.float32], start: int) -> mx.array:
        base = self._template if base is None else base
        with mx.stream(self._device):
            rows = self._basis[start : start + len(coefficients)]
            blended = base + mx.array(coefficients) @ rows
            mx.eval(blended)
        return blended

    def _skin(
        self, unskinned: mx.array, transforms: NDArray[np.float32], translation: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        with mx.stream(self._device):
            blended = self._weights @ mx.array(transforms)
            points = unskinned.reshape(-1, 3)
            skinned = blended[:, 9:] + mx.array(translation)
            for axis in range(3):
                skinned = skinned + blended[:, 3 * axis : 3 * axis + 3] * points[:, axis : axis + 1]
            mx.eval(skinned)
        return np.array(skinned)


def _upload(values: NDArray) -> mx.array:
    """Floats as float32, integers as indices; evaluated, so that it serves every thread."""
    array = mx.array(values.astype(np.float32 if values.dtype.kind == "f" else np.int32))
    mx.eval(array)
    return array


def _download(values: mx.array) -> NDArray[np.float64]:
    return np.array(values).astype(np.float64)


def find_device(name: str | None) -> str:
    """The MLX device called ``name``; None takes the GPU where there is one, else the CPU.

    Raises:
        StudioError: there is no such device.

    """
    there = devices()
    wanted = there[0] if name is None else name
    if wanted not in there:
        raise StudioError(f"MLX has no device {name} here; choose one of {', '.join(there)}.")
    return wanted


def devices() -> list[str]:
    """The names of all devices of this machine that this MLX can use, the CPU last."""
    return ["gpu", "cpu"] if mx.is_available(mx.gpu) else ["cpu"]
