"""The backend on MLX: Metal on Apple Silicon (written to work, not tested), its CPU build elsewhere."""

from __future__ import annotations

import os
from functools import wraps

import numpy as np
from numpy.typing import NDArray

from studio.backends.assembly import assemble
from studio.backends.base import ContourSign, Decoder, Precision
from studio.backends.decoding import ArrayLibrary, BatchDecoder
from studio.backends.forwarding import ForwardingBackend
from studio.backends.host import HostForward
from studio.backends.host_batch import HostBatch
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

os.environ.setdefault("MLX_ENABLE_TF32", "0")  # TF32 keeps 10 bits: errors of 0.1 mm

import mlx.core as mx


class MlxBackend(ForwardingBackend):
    """MLX on one device.

    MLX differentiates, and multiplies batches on a GPU; all else is computed by compiled loops and NumPy in
    the memory that it shares with the processor, where one slider costs less than starting a kernel, and
    where MLX's own products take 20 times as long as NumPy's. Arrays that are kept are evaluated at once:
    MLX ties an unevaluated one to the thread that made it.

    Args:
        model: the head model.
        device: "gpu", "cpu"; None takes the GPU where there is one, else the CPU.
        threads: of the CPU, for all of NumPy in this process; MLX decides about its own.

    Raises:
        StudioError: the device is not there.

    """

    name = "mlx"

    def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
        self.model = model
        self.device = find_device(device)
        self._device = mx.gpu if self.device == "gpu" else mx.cpu
        self._assembly = assembly = assemble(model)
        with mx.stream(self._device):
            self._basis = mx.array(assembly.basis)
            mx.eval(self._basis)
        self._head = HostForward(model, assembly, threads)
        self._heads = HostBatch(model, assembly, threads, self._multiply if self.device == "gpu" else None)

    def decoder(self, precision: Precision = "float32", contour: ContourSign = "screen") -> Decoder:
        """See :meth:`Backend.decoder`; takes and gives ``mlx.core.array``."""
        if precision == "float64":
            raise StudioError("MLX has no full float64; choose PyTorch for a float64 decoder.")
        library = ArrayLibrary(mx, _upload, _to_index)
        with mx.stream(self._device):
            decode = BatchDecoder(self._assembly, library, self._basis, contour)

        @wraps(decode.__call__)
        def decode_on_device(*arguments: mx.array, **named: mx.array) -> tuple[mx.array, mx.array]:
            with mx.stream(self._device):
                return decode(*arguments, **named)

        return decode_on_device

    def _multiply(self, coefficients: NDArray[np.float32], first: int, out: NDArray[np.float32]) -> None:
        with mx.stream(self._device):
            product = mx.array(coefficients) @ self._basis[first:]
            mx.eval(product)
        out[:] = np.array(product, copy=False)


def _upload(values: NDArray) -> mx.array:
    """Floats as float32, integers as indices; evaluated, so that it serves every thread."""
    array = mx.array(values.astype(np.float32 if values.dtype.kind == "f" else np.int32))
    mx.eval(array)
    return array


def _to_index(rows: mx.array) -> mx.array:
    return mx.stop_gradient(rows).astype(mx.int32)


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
