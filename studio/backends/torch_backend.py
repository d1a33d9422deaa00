"""The backend on PyTorch: CUDA, Apple's MPS (written to work, not tested) and the CPU."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from studio.backends.base import Decoder, Precision
from studio.backends.cached import CachedBackend
from studio.backends.decoding import ArrayLibrary, BatchDecoder
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError


class TorchBackend(CachedBackend):
    """PyTorch on one device.

    Args:
        model: the head model.
        device: "cpu", "cuda", "cuda:1", "mps"; None takes CUDA where there is one, else the CPU.
        threads: of the CPU, for all of PyTorch in this process.

    Raises:
        StudioError: the device is not there.

    """

    name = "torch"

    def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
        super().__init__(model)
        self._device = find_device(device)
        self.device = str(self._device)
        torch.set_num_threads(threads)
        torch.set_float32_matmul_precision("highest")  # TF32 keeps 10 bits: errors of 0.1 mm
        assembly = self._assembly
        self._basis = torch.from_numpy(assembly.basis).to(self._device)
        self._template = torch.tensor(assembly.template, device=self._device)
        self._weights = torch.tensor(assembly.weights, device=self._device)

    def decoder(self, precision: Precision = "float32") -> Decoder:
        """See :meth:`Backend.decoder`; takes and gives ``torch.Tensor``."""
        if precision == "float64" and self._device.type == "mps":
            raise StudioError("mps has no float64; choose the cpu for a float64 decoder.")
        floats = torch.float64 if precision == "float64" else torch.float32

        def upload(values: NDArray) -> torch.Tensor:
            dtype = floats if values.dtype.kind == "f" else torch.int64
            return torch.tensor(values, dtype=dtype, device=self._device)

        def download(values: torch.Tensor) -> NDArray[np.float64]:
            return values.detach().cpu().double().numpy()

        return BatchDecoder(self._assembly, ArrayLibrary(torch, upload, download), self._basis.to(floats))

    @torch.inference_mode()
    def _blend(
        self, base: torch.Tensor | None, coefficients: NDArray[np.float32], start: int
    ) -> torch.Tensor:
        base = self._template if base is None else base
        rows = self._basis[start : start + len(coefficients)]
        return torch.addmv(base, rows.T, torch.from_numpy(coefficients).to(self._device))

    @torch.inference_mode()
    def _skin(
        self, unskinned: torch.Tensor, transforms: NDArray[np.float32], translation: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        offset = np.concatenate([np.zeros(9, dtype=np.float32), translation])
        blended = torch.addmm(
            torch.from_numpy(offset).to(self._device),
            self._weights,
            torch.from_numpy(transforms).to(self._device),
        )
        skinned = blended[:, 9:]
        points = unskinned.view(-1, 3)
        for axis in range(3):
            skinned = torch.addcmul(skinned, blended[:, 3 * axis : 3 * axis + 3], points[:, axis : axis + 1])
        return skinned.cpu().numpy()


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
