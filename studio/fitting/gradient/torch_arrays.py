"""Arrays of PyTorch. Sums by index, which it does slowly on the CPU, are a compiled loop there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from studio.backends.base import Precision
from studio.backends.decoding import ArrayLibrary
from studio.fitting.gradient.arrays import Arrays, Cost, Gradient
from studio.storage.errors import StudioError


def make_arrays(device: str, precision: Precision) -> Arrays:
    """PyTorch on ``device``.

    Raises:
        StudioError: it has no float64.

    """
    if precision == "float64" and device == "mps":
        raise StudioError("mps has no float64; choose the cpu.")
    floats = torch.float64 if precision == "float64" else torch.float32

    def upload(values: NDArray) -> torch.Tensor:
        dtype = floats if values.dtype.kind == "f" else torch.int64
        return torch.tensor(values, dtype=dtype, device=device)

    def gradient(cost: Cost, variables: Mapping[str, NDArray]) -> Gradient:
        leaves = {name: upload(values).requires_grad_() for name, values in variables.items()}
        total, others = cost(leaves)
        if total.requires_grad:  # else no term counts that knows of what moves
            total.backward()
        slopes = {
            name: np.zeros(variables[name].shape) if leaf.grad is None else _read(leaf.grad)
            for name, leaf in leaves.items()
        }
        return {name: _read(value) for name, value in others.items()}, slopes

    return Arrays(
        ArrayLibrary(torch, upload, lambda whole: whole.detach().long()),
        np.dtype(precision),
        _Take.apply,
        _AddUp.apply,
        torch.Tensor.detach,
        _read,
        gradient,
    )


def _read(values: Any) -> NDArray:
    return np.asarray(values.detach().cpu().numpy())


def _summed(columns: torch.Tensor, index: torch.Tensor, count: int) -> torch.Tensor:
    sums = columns.new_zeros(len(columns), count)
    if columns.device.type != "cpu":
        return sums.index_add_(1, index, columns)
    from studio.fitting.gradient.scatter_kernel import add_columns

    add_columns(columns.detach().contiguous().numpy(), index.numpy(), sums.numpy())
    return sums


class _Take(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, columns: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(index)
        ctx.count = columns.shape[1]
        return columns.index_select(1, index)

    @staticmethod
    def backward(ctx: Any, slopes: torch.Tensor) -> tuple[torch.Tensor, None]:
        (index,) = ctx.saved_tensors
        return _summed(slopes, index, ctx.count), None


class _AddUp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, columns: torch.Tensor, index: torch.Tensor, count: int) -> torch.Tensor:
        ctx.save_for_backward(index)
        return _summed(columns, index, count)

    @staticmethod
    def backward(ctx: Any, slopes: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        (index,) = ctx.saved_tensors
        return slopes.index_select(1, index), None, None
