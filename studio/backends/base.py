"""What every backend offers: parameters in, surface out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmarks import ContourSign
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel
    from studio.flame.params import Params

TITLES = {"torch": "PyTorch", "mlx": "MLX"}

Precision = Literal["float32", "float64"]
Decoder = Callable[[Any, Any, Any], tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class Surface:
    """One posed head: float32 NumPy arrays in metres, in the model's frame."""

    vertices: NDArray[np.float32]  # (V, 3)
    normals: NDArray[np.float32]  # (V, 3), unit, area-weighted
    landmarks: NDArray[np.float32]  # (68, 3) iBUG order; (0, 3) for a model without an embedding
    joints: NDArray[np.float32]  # (5, 3) root, neck, jaw, left eye, right eye, posed
    contour_row: int  # row of the contour table that landmarks 0..16 were taken from


class DeviceFailed(StudioError):  # noqa: N818 - it says what happened
    """A device stopped working, or ran out of memory, while it computed."""

    def __init__(self, name: str, device: str, cause: BaseException) -> None:
        super().__init__(
            f"{TITLES[name]} failed on {device} ({first_line(cause)}); choose another backend or device."
        )


def first_line(error: BaseException) -> str:
    """What an array library says went wrong, without the advice that follows it."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


class Backend(ABC):
    """Turns parameters of one model into surfaces on one array library and device.

    A backend is used by one thread at a time.
    """

    name: str  # "torch" or "mlx"
    device: str  # "cpu", "cuda:0", "mps", "gpu"
    model: HeadModel

    @abstractmethod
    def forward(self, params: Params, contour: ContourSign = "screen") -> Surface:
        """The surface of one head.

        Shape and expression vectors shorter than the model's are padded with zeros.

        Raises:
            ValueError: a vector is longer than the model's basis, or a number is not finite.
            DeviceFailed: the device stopped working or is out of memory.

        """

    @abstractmethod
    def decoder(self, precision: Precision = "float32") -> Decoder:
        """A differentiable function of batches, without caches, for optimisers.

        ``decode(shape (B, <=S), expr (B, <=E), pose (B, 15)) -> (vertices (B, V, 3), landmarks (B, 68, 3))``
        in arrays of the backend's own library on its device and in ``precision``; pose is root, neck,
        jaw, left eye, right eye in axis-angle radians. Short vectors are padded, a batch of one
        broadcasts. The contour row is chosen by the screen's sign from the values of the pose, and
        held fixed for the derivative; choosing reads them back, so that a decoder cannot be traced
        by ``torch.compile``'s full graph, ``vmap`` or ``mx.compile``.

        Raises:
            StudioError: the device has no float64.

        """

    def frames(self, sequence: Iterator[Params], contour: ContourSign = "screen") -> Iterator[Surface]:
        """The surfaces of a sequence of parameters, one at a time, so that length costs no memory."""
        for params in sequence:
            yield self.forward(params, contour)
