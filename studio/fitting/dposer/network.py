"""The network of a diffusion prior: layers all connected, told the time; on NumPy, PyTorch or MLX.

``TimeFC`` of DPoser-X: two blocks of two layers with GroupNorm of 32 groups and SiLU, each told the time by a
layer of its own. Sizes are those of the weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.schedule import STEPS
from studio.storage.errors import UnfitFileError

BLOCKS = 2
GROUPS = 32
EPSILON = 1e-5

Weights = Mapping[str, NDArray[np.float32]]


def trained_names() -> tuple[str, ...]:
    """The 34 trained tensors in the order in which the published classes register them."""
    names = ["pre_dense", "pre_dense_t", "pre_gnorm", "shared_time_embed.0"]
    for block in range(1, BLOCKS + 1):
        for layer in (1, 2):
            names += [f"b{block}_dense{layer}", f"b{block}_dense{layer}_t", f"b{block}_gnorm{layer}"]
    return tuple(f"{name}.{part}" for name in (*names, "post_dense") for part in ("weight", "bias"))


def sizes_of(weights: Weights, label: str) -> tuple[int, int, int]:
    """Numbers that the network takes and gives, of its layers, and of the time's: D, H and E.

    Raises:
        UnfitFileError: a tensor is missing, or their sizes do not fit together.

    """
    missing = [name for name in (*trained_names(), "sigmas") if name not in weights]
    if missing:
        raise UnfitFileError(
            f"{label} has no {missing[0]}, so it holds no DPoser network; "
            "choose a checkpoint of DPoser-X's face."
        )
    hidden, width = _rows_and_columns(weights, "pre_dense.weight", label)
    embedded, _ = _rows_and_columns(weights, "shared_time_embed.0.weight", label)
    expected = expected_shapes(width, hidden, embedded)
    for name, shape in expected.items():
        if weights[name].shape != shape:
            raise UnfitFileError(
                f"{label} is of another kind of network: its {name} is {weights[name].shape}, not {shape}; "
                "choose a checkpoint of DPoser-X's face."
            )
    if not width or not hidden or hidden % GROUPS or embedded % 2 or embedded < 4:
        raise UnfitFileError(f"{label} has layers of {hidden} and {embedded}, which no such network has.")
    return width, hidden, embedded


def _rows_and_columns(weights: Weights, name: str, label: str) -> tuple[int, int]:
    shape = weights[name].shape
    if len(shape) != 2:
        raise UnfitFileError(
            f"{label} is of another kind of network: its {name} has {len(shape)} axes, not 2; "
            "choose a checkpoint of DPoser-X's face."
        )
    return shape


def expected_shapes(width: int, hidden: int, embedded: int) -> dict[str, tuple[int, ...]]:
    """The shapes of all tensors of a network, by name."""
    shapes: dict[str, tuple[int, ...]] = {"sigmas": (STEPS,)}
    for name in trained_names():
        layer, part = name.rsplit(".", 1)
        if "gnorm" in layer:
            shapes[name] = (hidden,)
            continue
        rows = {"shared_time_embed.0": embedded, "post_dense": width}.get(layer, hidden)
        columns = embedded if layer.endswith("_t") or layer == "shared_time_embed.0" else hidden
        columns = width if layer == "pre_dense" else columns
        shapes[name] = (rows, columns) if part == "weight" else (rows,)
    return shapes


@dataclass(frozen=True, eq=False)
class Namespace:
    """What a network needs of an array library beside operators."""

    exp: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    upload: Callable[[NDArray], Any]
    download: Callable[[Any], NDArray]


@dataclass(frozen=True, eq=False)
class TimeNetwork:
    """A network whose weights lie in one array library."""

    library: Namespace
    weights: Mapping[str, Any]
    divisors: NDArray[np.float64]  # (1000,)
    width: int  # D
    embedded: int  # E

    @classmethod
    def of(cls, weights: Weights, library: Namespace, label: str = "The prior") -> TimeNetwork:
        """The network of ``weights``.

        Raises:
            UnfitFileError: as :func:`sizes_of`.

        """
        width, _, embedded = sizes_of(weights, label)
        uploaded = {name: library.upload(np.asarray(weights[name], np.float32)) for name in trained_names()}
        return cls(library, uploaded, weights["sigmas"].astype(np.float64), width, embedded)

    def noise_in(self, values: NDArray, time: float) -> NDArray[np.float64]:
        """What the network takes for the noise in ``values`` (B, D) at ``time`` 0..1: f (B, D)."""
        found = self.raw(self.library.upload(np.asarray(values, np.float32)), time)
        return np.asarray(self.library.download(found), np.float64)

    def raw(self, values: Any, time: float) -> Any:
        """:meth:`noise_in` within the library."""
        moment = (STEPS - 1) * time
        told = self._embedding(moment)
        hidden = self._layer(values, told, "pre_dense", "pre_gnorm")
        for block in range(1, BLOCKS + 1):
            inner = hidden
            for layer in (1, 2):
                inner = self._layer(inner, told, f"b{block}_dense{layer}", f"b{block}_gnorm{layer}")
            hidden = hidden + inner
        return self._dense(hidden, "post_dense") / float(self.divisors[int(moment)])

    def _embedding(self, moment: float) -> Any:
        """The time as sines and cosines (1, E), through its own layer."""
        rows = time_rows(np.array([moment]), self.embedded)
        return self._silu(self._dense(self.library.upload(rows), "shared_time_embed.0"))

    def _layer(self, values: Any, told: Any, dense: str, norm: str) -> Any:
        summed = self._dense(values, dense) + self._dense(told, f"{dense}_t")
        grouped = summed.reshape(summed.shape[0], GROUPS, -1)
        centred = grouped - grouped.mean(-1)[..., None]
        spread = (centred * centred).mean(-1)[..., None]
        flat = (centred / self.library.sqrt(spread + EPSILON)).reshape(*summed.shape)
        return self._silu(flat * self.weights[f"{norm}.weight"] + self.weights[f"{norm}.bias"])

    def _dense(self, values: Any, name: str) -> Any:
        return values @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _silu(self, values: Any) -> Any:
        return values / (1.0 + self.library.exp(-values))


def time_rows(moments: NDArray, embedded: int) -> NDArray[np.float32]:
    """Sines, then cosines (B, E) of ``moments`` (B,) at frequencies that fall from 1 to 1/10000."""
    half = embedded // 2
    frequencies = np.exp(-math.log(10_000.0) / (half - 1) * np.arange(half))
    angles = moments[:, None] * frequencies
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def numpy_namespace() -> Namespace:
    """NumPy."""
    return Namespace(np.exp, np.sqrt, np.asarray, np.asarray)


def torch_namespace(device: str = "cpu") -> Namespace:
    """PyTorch on ``device``; nothing is differentiated."""
    import torch

    def upload(values: NDArray) -> Any:
        return torch.from_numpy(np.ascontiguousarray(values)).to(device)

    return Namespace(torch.exp, torch.sqrt, upload, lambda values: values.detach().cpu().numpy())


def mlx_namespace() -> Namespace:
    """MLX on its device."""
    import mlx.core as mx

    return Namespace(mx.exp, mx.sqrt, mx.array, np.array)


def namespace_of(backend: str, device: str = "cpu") -> Namespace:
    """The namespace of the backend called ``backend``: "torch" or "mlx"."""
    return mlx_namespace() if backend == "mlx" else torch_namespace(device)
