"""What every backend offers: parameters in, surface out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.landmarks import FULL_COUNT, ContourSign
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.flame.batch import Batch
    from studio.flame.model import HeadModel
    from studio.flame.params import Params

TITLES = {"torch": "PyTorch", "mlx": "MLX"}

JOINTS = 5
FRAMES_AT_A_TIME = 256

Precision = Literal["float32", "float64"]
Decoder = Callable[..., tuple[Any, Any]]


@dataclass(frozen=True, eq=False)
class Surface:
    """One posed head: float32 NumPy arrays in metres, in the model's frame."""

    vertices: NDArray[np.float32]  # (V, 3)
    normals: NDArray[np.float32]  # (V, 3), unit, area-weighted
    landmarks: NDArray[np.float32]  # (68, 3) iBUG order; (0, 3) for a model without an embedding
    joints: NDArray[np.float32]  # (5, 3) root, neck, jaw, left eye, right eye, posed
    contour_row: int  # row of the contour table that landmarks 0..16 were taken from

    @classmethod
    def empty(cls, model: HeadModel) -> Surface:
        """Room for a surface of ``model``."""
        count = model.vertex_count
        vertices, normals, landmarks, joints = (
            np.empty((size, 3), np.float32) for size in (count, count, landmark_count(model), JOINTS)
        )
        return cls(vertices, normals, landmarks, joints, contour_row=0)


@dataclass(frozen=True, eq=False)
class Surfaces:
    """T posed heads: as :class:`Surface`, with one axis more."""

    vertices: NDArray[np.float32]  # (T, V, 3)
    landmarks: NDArray[np.float32]  # (T, 68, 3)
    joints: NDArray[np.float32]  # (T, 5, 3)
    contour_row: NDArray[np.int32]  # (T,)
    normals: NDArray[np.float32] | None = None  # (T, V, 3) where they were asked for

    @classmethod
    def empty(cls, model: HeadModel, count: int, normals: bool = False) -> Surfaces:
        """Room for ``count`` surfaces of ``model``."""
        vertices = model.vertex_count
        return cls(
            vertices=np.empty((count, vertices, 3), np.float32),
            landmarks=np.empty((count, landmark_count(model), 3), np.float32),
            joints=np.empty((count, JOINTS, 3), np.float32),
            contour_row=np.empty(count, np.int32),
            normals=np.empty((count, vertices, 3), np.float32) if normals else None,
        )

    def __len__(self) -> int:
        """T."""
        return len(self.vertices)

    def part(self, first: int, last: int) -> Surfaces:
        """The heads ``first`` up to ``last``, as views."""
        return Surfaces(
            self.vertices[first:last],
            self.landmarks[first:last],
            self.joints[first:last],
            self.contour_row[first:last],
            None if self.normals is None else self.normals[first:last],
        )


def landmark_count(model: HeadModel) -> int:
    """68, or 0 for a model without an embedding."""
    return 0 if model.landmarks is None else FULL_COUNT


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

    def forward(self, params: Params, contour: ContourSign = "screen", out: Surface | None = None) -> Surface:
        """The surface of one head.

        What did not change since the last call is not computed again. Shape and expression vectors
        shorter than the model's are padded with zeros.

        Args:
            params: of the head.
            contour: which way the yaw chooses the contour row.
            out: a surface of this model whose arrays are written to; None makes new ones.

        Raises:
            ValueError: a vector is longer than the model's basis, vertex offsets are for another mesh, or
                a number is not finite.
            DeviceFailed: the device stopped working or is out of memory.

        """
        with self._guarded():
            return self._surface(params, contour, out)

    def forward_batch(
        self,
        batch: Batch,
        contour: ContourSign = "screen",
        normals: bool = False,
        out: Surfaces | None = None,
    ) -> Surfaces:
        """The surfaces of T heads; little more memory is used than they take.

        Args:
            batch: their parameters.
            contour: which way the yaw chooses the contour row.
            normals: whether to compute them, where ``out`` does not say.
            out: where to write them; None makes room.

        Raises:
            ValueError: as :meth:`forward`.
            DeviceFailed: likewise.

        """
        with self._guarded():
            room = Surfaces.empty(self.model, len(batch), normals) if out is None else out
            self._fill(batch, contour, room)
            return room

    @abstractmethod
    def decoder(self, precision: Precision = "float32", contour: ContourSign = "screen") -> Decoder:
        """A differentiable function of batches, without caches, for optimisers.

        ``decode(shape (B, <=S), expr (B, <=E), pose (B, 15), translation=None, eyelids=None,
        vertex_offset=None) -> (vertices (B, V, 3), landmarks (B, 68, 3))`` in arrays of the backend's own
        library on its device and in ``precision``; pose is root, neck, jaw, left eye, right eye in
        axis-angle radians, ``translation`` (B, 3) metres, ``eyelids`` (B, 2), ``vertex_offset`` (B, V, 3)
        metres. Short vectors are padded, a batch of one broadcasts. The contour row is chosen by
        ``contour`` from the values of the pose, and held fixed for the derivative. Nothing is read back
        from the device.

        Raises:
            StudioError: the device has no float64.

        """

    @abstractmethod
    def _surface(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
        """What :meth:`forward` gives."""

    @abstractmethod
    def _fill(self, batch: Batch, contour: ContourSign, out: Surfaces) -> None:
        """Compute ``batch`` into ``out``."""

    @abstractmethod
    def _forget(self) -> None:
        """Drop what is kept between calls."""

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Tell of a failing device as such, and trust nothing that it kept.

        Raises:
            DeviceFailed: the library failed within the block.

        """
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            self._forget()
            raise DeviceFailed(self.name, self.device, error) from error

    def stream(
        self, batches: Iterable[Batch], contour: ContourSign = "screen", normals: bool = False
    ) -> Iterator[Surfaces]:
        """The surfaces of batches of any length, a few hundred heads at a time.

        The arrays are used again: what is kept beyond a step must be copied.
        """
        room: Surfaces | None = None
        for batch in batches:
            for first in range(0, len(batch), FRAMES_AT_A_TIME):
                part = batch.part(first, min(first + FRAMES_AT_A_TIME, len(batch)))
                if room is None or len(room) < len(part):
                    room = Surfaces.empty(self.model, len(part), normals)
                yield self.forward_batch(part, contour, out=room.part(0, len(part)))
