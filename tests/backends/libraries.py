"""What a test of decoders needs of either array library, in NumPy in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.backends import Backend, create_backend
from studio.flame.model import HeadModel

ACCELERATOR = "accelerator"  # PyTorch as on a GPU, but in the processor's memory


def make_backend(choice: tuple[str, str], model: HeadModel) -> Backend:
    """A new backend of a name and device."""
    name, device = choice
    if name != ACCELERATOR:
        return create_backend(name, model, device)
    from studio.backends.torch_backend import TorchBackend
    from studio.backends.torch_device import DeviceForward

    backend = TorchBackend(model, device, 1)
    backend._head = backend._heads = DeviceForward(model, backend._assembly, backend._basis, backend._device)
    return backend


def to_library(backend: Backend, values: np.ndarray, precision: str = "float32") -> Any:
    if backend.name == "torch":
        import torch

        return torch.tensor(np.asarray(values), dtype=getattr(torch, precision), device=backend.device)
    import mlx.core as mx

    return mx.array(np.asarray(values), dtype=getattr(mx, precision))


def to_numpy(values: Any) -> np.ndarray:
    return values.detach().cpu().numpy() if hasattr(values, "detach") else np.array(values)


def decode(backend: Backend, *arguments: np.ndarray, precision: str = "float32") -> list[np.ndarray]:
    """The decoder's vertices and landmarks."""
    decoder = backend.decoder(precision)
    return [
        to_numpy(part) for part in decoder(*(to_library(backend, value, precision) for value in arguments))
    ]


def gradients(
    backend: Backend, arguments: list[np.ndarray], weights: list[np.ndarray], precision: str
) -> list[np.ndarray]:
    """The derivative of the weighted sum of vertices and landmarks by every argument."""
    decoder = backend.decoder(precision)
    inputs = [to_library(backend, value, precision) for value in arguments]
    factors = [to_library(backend, weight, precision) for weight in weights]

    def objective(*values: Any) -> Any:
        vertices, landmarks = decoder(*values)
        return (vertices * factors[0]).sum() + (landmarks * factors[1]).sum()

    if backend.name == "torch":
        for value in inputs:
            value.requires_grad_()
        objective(*inputs).backward()
        return [to_numpy(value.grad) for value in inputs]
    import mlx.core as mx

    with mx.stream(mx.gpu if backend.device == "gpu" else mx.cpu):
        return [to_numpy(value) for value in mx.grad(objective, argnums=tuple(range(len(inputs))))(*inputs)]
