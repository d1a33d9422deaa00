"""A clip: parameters over time, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from studio.flame.batch import Batch
from studio.flame.params import (
    FIELD_WIDTHS,
    NO_EYELIDS,
    FloatArray,
    Params,
    checked_offset,
    frozen,
    full_pose,
    same_array,
)
from studio.sequence.vertex_rows import VertexRows, same_rows

CHANNELS = ("expr", *FIELD_WIDTHS)


def _same(first: FloatArray | None, second: FloatArray | None) -> bool:
    filed = isinstance(first, VertexRows) or isinstance(second, VertexRows)
    if filed and first is not None and second is not None:
        return first is second or same_rows(first, second)
    return same_array(first, second)


class Frames(Protocol):
    """Frames that can be asked for one by one: what interpolation over time needs."""

    def __len__(self) -> int:
        """T."""

    def frame(self, index: int) -> Params:
        """The parameters of frame ``index`` (0..T-1)."""


def between(frames: Frames, position: float) -> Params:
    """The parameters at fractional frame ``position`` of ``frames``, held at both ends.

    Raises:
        ValueError: ``position`` is not a number.

    """
    if position != position:
        raise ValueError("The position in a clip must be a number.")
    position = min(max(float(position), 0.0), len(frames) - 1.0)
    index = int(position)
    here = frames.frame(index)
    return here.lerp(frames.frame(index + 1), position - index) if position > index else here


@dataclass(frozen=True, eq=False)
class Clip:
    """T frames of parameters of one identity at a constant rate.

    Names are those of the ``flame_param.npz`` files of the avatar community. Arrays are copied in,
    float32 and read-only. Units as in :class:`studio.flame.params.Params`. Vertex offsets are for a
    model of V vertices and move the unposed head.
    """

    shape: FloatArray  # (S,)
    expr: FloatArray  # (T, E)
    rotation: FloatArray  # (T, 3)
    neck_pose: FloatArray  # (T, 3)
    jaw_pose: FloatArray  # (T, 3)
    eyes_pose: FloatArray  # (T, 6) left, then right
    translation: FloatArray  # (T, 3)
    eyelids: FloatArray = field(default_factory=lambda: NO_EYELIDS)  # (T, 2) left, right; (2,): every frame
    static_offset: FloatArray | None = None  # (V, 3) metres
    dynamic_offset: FloatArray | None = None  # (T, V, 3) metres, on top of the static one
    fps: float = 25.0
    model_name: str = ""  # of the model it was made for; empty: unknown
    model_digest: str = ""

    def __post_init__(self) -> None:
        """Copy the arrays in.

        Raises:
            ValueError: lengths or widths disagree, there is no frame, or the rate is not positive.

        """
        count = len(self.rotation)
        if np.ndim(self.eyelids) == 1:
            object.__setattr__(self, "eyelids", np.broadcast_to(self.eyelids, (count, len(self.eyelids))))
        for name in ("shape", *CHANNELS):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        if self.shape.ndim != 1:
            raise ValueError(f"shape must be a vector, not of shape {self.shape.shape}.")
        if count == 0:
            raise ValueError("A clip needs at least one frame.")
        for name in CHANNELS:
            values = getattr(self, name)
            width = FIELD_WIDTHS.get(name)
            if values.ndim != 2 or len(values) != count or (width and values.shape[1] != width):
                raise ValueError(f"{name} must be ({count}, {width or 'E'}), not {values.shape}.")
        self._take_offsets(count)
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise ValueError(f"The frame rate must be positive, not {self.fps}.")

    def _take_offsets(self, count: int) -> None:
        """Copy the vertex offsets in; ones without a vertex are none."""
        for name in ("static_offset", "dynamic_offset"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, VertexRows):  # rows in a file change for nobody
                object.__setattr__(self, name, frozen(value))
        if self.static_offset is not None:
            checked_offset(self.static_offset)
        moving = self.dynamic_offset
        if moving is None:
            return
        if moving.ndim != 3 or moving.shape[::2] != (count, 3):
            raise ValueError(f"dynamic_offset must be ({count}, V, 3), not {moving.shape}.")
        if self.static_offset is not None and moving.shape[1:] != self.static_offset.shape:
            raise ValueError(
                f"dynamic_offset has {moving.shape[1]} vertices, static_offset {len(self.static_offset)}."
            )

    @classmethod
    def still(cls, params: Params, fps: float = 25.0, model_name: str = "", model_digest: str = "") -> Clip:
        """A clip of one frame."""
        channels = {name: getattr(params, name)[None] for name in CHANNELS}
        return cls(
            shape=params.shape,
            static_offset=params.vertex_offset,
            fps=fps,
            model_name=model_name,
            model_digest=model_digest,
            **channels,
        )

    @cached_property
    def pose(self) -> FloatArray:
        """The full poses (T, 15), read-only: root, neck, jaw, left eye, right eye."""
        return frozen(full_pose(self))

    def __len__(self) -> int:
        """T."""
        return len(self.rotation)

    @property
    def duration(self) -> float:
        """Seconds from the first frame's start to the last frame's end."""
        return len(self) / self.fps

    def replace(self, **changes: ArrayLike | str | float | None) -> Clip:
        """The same clip with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def frame(self, index: int) -> Params:
        """The parameters of frame ``index`` (0..T-1)."""
        channels = {name: getattr(self, name)[index] for name in CHANNELS}
        return Params(shape=self.shape, vertex_offset=self.vertex_offset(index), **channels)

    def vertex_offset(self, index: int) -> FloatArray | None:
        """The static offset plus the dynamic one (V, 3) of frame ``index``."""
        if self.dynamic_offset is None:
            return self.static_offset
        offset = self.dynamic_offset[index]
        return offset if self.static_offset is None else self.static_offset + offset

    def at(self, position: float) -> Params:
        """The parameters at fractional frame ``position``, held at both ends.

        Rotations go along the shorter arc on the sphere, everything else is linear.
        """
        return between(self, position)

    def part(self, start: int, stop: int) -> Clip:
        """Frames ``start`` to ``stop`` - 1, of the same identity."""
        names = (*CHANNELS, *(() if self.dynamic_offset is None else ("dynamic_offset",)))
        return self.replace(**{name: getattr(self, name)[start:stop] for name in names})

    def blocks(self, size: int) -> Iterator[Clip]:
        """The clip in parts of at most ``size`` frames, in order, all of the same identity."""
        for start in range(0, len(self), size):
            yield self.part(start, start + size)

    def batch(self) -> Batch:
        """All frames as a batch, without a copy but of rows that are in a file."""
        moving = self.dynamic_offset
        return Batch(
            shape=self.shape[None],
            expr=self.expr,
            pose=self.pose,
            translation=self.translation,
            eyelids=self.eyelids,
            static_offset=self.static_offset,
            dynamic_offset=np.asarray(moving) if isinstance(moving, VertexRows) else moving,
        )

    def frames(self) -> Iterator[Params]:
        """Every frame's parameters, in order."""
        for index in range(len(self)):
            yield self.frame(index)

    def __eq__(self, other: object) -> bool:
        """Equal when every array and every label is equal."""
        if not isinstance(other, Clip):
            return NotImplemented
        return self is other or all(
            _same(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)
        )

    __hash__ = None  # type: ignore[assignment]
