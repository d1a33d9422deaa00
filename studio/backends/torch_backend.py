"""The backend on PyTorch: the CPU, and CUDA and Apple's MPS (written to work, not tested there)."""

from __future__ import annotations

import torch
from numpy.typing import NDArray

from studio.backends.assembly import assemble
from studio.backends.base import ContourSign, Decoder, Precision
from studio.backends.decoding import ArrayLibrary, BatchDecoder
from studio.backends.forwarding import ForwardingBackend
from studio.backends.host import HostForward
from studio.backends.host_batch import HostBatch
from studio.backends.torch_device import DeviceForward
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError


class TorchBackend(ForwardingBackend):
    """PyTorch on one device.

    On the CPU compiled loops and NumPy compute heads, and PyTorch differentiates; elsewhere all that is
    heavy happens on the device.

    Args:
        model: the head model.
        device: "cpu", "cuda", "cuda:1", "mps"; None takes CUDA where there is one, else the CPU.
        threads: of the CPU, for all of PyTorch and NumPy in this process.

    Raises:
        StudioError: the device is not there.

    """

    name = "torch"

    def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
        self.model = model
        self._device = find_device(device)
        self.device = str(self._device)
        torch.set_num_threads(threads)
        torch.set_float32_matmul_precision("highest")  # TF32 keeps 10 bits: errors of 0.1 mm
        self._assembly = assembly = assemble(model)
        self._basis = torch.from_numpy(assembly.basis).to(self._device)
        if self._device.type == "cpu":
            self._head = HostForward(model, assembly, threads)
            self._heads = HostBatch(model, assembly, threads)
        else:
            self._head = self._heads = DeviceForward(model, assembly, self._basis, self._device)

    def decoder(self, precision: Precision = "float32", contour: ContourSign = "screen") -> Decoder:
        """See :meth:`Backend.decoder`; takes and gives ``torch.Tensor``."""
        if precision == "float64" and self._device.type == "mps":
            raise StudioError("mps has no float64; choose the cpu for a float64 decoder.")
        floats = torch.float64 if precision == "float64" else torch.float32

        def upload(values: NDArray) -> torch.Tensor:
            dtype = floats if values.dtype.kind == "f" else torch.int64
            return torch.tensor(values, dtype=dtype, device=self._device)

        library = ArrayLibrary(torch, upload, lambda rows: rows.detach().long())
        return BatchDecoder(self._assembly, library, self._basis.to(floats), contour)


def find_device(name: str | None) -> torch.device:
    """The torch device called ``name``, numbered; None takes CUDA where there is one, else the CPU.

    Raises:
        StudioError: there is no such device.

    """
    there = devices()
    if name is None:
        name = next((device for device in there if device.startswith("cuda")), "cpu")
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in there:
        raise StudioError(f"PyTorch has no device {name} here; choose one of {', '.join(there)}.")
    return torch.device(wanted)


def devices() -> list[str]:
    """The names of all devices of this machine that this PyTorch can use, the CPU last."""
    found = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]
