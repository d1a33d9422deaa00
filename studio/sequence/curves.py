"""A curve: keys of one channel over time, as an immutable value, and what it is between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.flame.rotations import compose, relative
from studio.sequence.curve_segments import Array, Segments

Interpolation = Literal["stepped", "linear", "smooth", "eased", "bezier"]
INTERPOLATIONS: tuple[Interpolation, ...] = get_args(Interpolation)
CODES: Mapping[str, int] = {name: code for code, name in enumerate(INTERPOLATIONS)}
STEPPED, LINEAR, SMOOTH, EASED, BEZIER = range(len(INTERPOLATIONS))
BEFORE, AFTER = 0, 1  # the two handles of a key
SAME_FRAME = 1e-6  # keys that are nearer than this are one
_STEEPEST = 3.0  # times the flatter neighbour's slope


@dataclass(frozen=True, eq=False)
class Curve:
    """K keys, at least one, of a channel of W numbers; arrays are copied in and read-only.

    Before its first and after its last key it holds their values. Rotations are axis-angle in radians and go
    along the sphere, by the shorter way. The segment after a key is

    - stepped: the key's value up to the next key;
    - linear: in equal steps, on the great arc for rotations;
    - smooth: through the keys without a corner and without going beyond them, level at the ends;
    - eased: slow at both of its keys;
    - bezier: a cubic with the handles of its two keys as control points.

    The last key's interpolation waits for a key after it.
    """

    frames: Array  # (K,) ascending, in frames of the take
    values: Array  # (K, W)
    interpolation: NDArray[np.uint8]  # (K,) places in INTERPOLATIONS
    handles: Array  # (K, 2, 1 + W) the handles before and after: frames from the key, and value from it
    turns: bool = False  # whether values are rotations; handles then turn on from the key

    def __post_init__(self) -> None:
        """Copy the arrays in.

        Raises:
            ValueError: there is no key, sizes disagree, frames do not ascend, a number is not finite, or
                there is no such interpolation.

        """
        for name in ("frames", "values", "handles"):
            object.__setattr__(self, name, _sealed(getattr(self, name), np.float64))
        object.__setattr__(self, "interpolation", _sealed(self.interpolation, np.uint8))
        count, width = len(self.frames), self.values.shape[-1]
        if not count or self.frames.ndim != 1 or self.values.shape != (count, width):
            raise ValueError(
                f"A curve needs a value for each of its keys, not {self.values.shape} for {count}."
            )
        if self.interpolation.shape != (count,) or self.handles.shape != (count, 2, 1 + width):
            raise ValueError("A curve needs one interpolation and two handles for each of its keys.")
        if self.turns and width != 3:
            raise ValueError(f"Rotations have 3 numbers, not {width}.")
        if not all(np.isfinite(array).all() for array in (self.frames, self.values, self.handles)):
            raise ValueError("The numbers of a curve must be finite.")
        if (np.diff(self.frames) <= 0.0).any() or self.interpolation.max() >= len(INTERPOLATIONS):
            raise ValueError("The frames of a curve must ascend, and its interpolations be known.")

    @classmethod
    def of(
        cls,
        frames: ArrayLike,
        values: ArrayLike,
        interpolation: Interpolation | ArrayLike = "smooth",
        turns: bool = False,
    ) -> Curve:
        """A curve of keys in any order, the last of several at one frame; its handles are level.

        Args:
            frames: (K,).
            values: (K, W), or (K,) for a channel of one number.
            interpolation: one for all keys, or the places (K,) in :data:`INTERPOLATIONS`.
            turns: whether the values are rotations.

        Raises:
            ValueError: as for a curve.

        """
        times = np.asarray(frames, np.float64).reshape(-1)
        if not len(times):
            raise ValueError("A curve needs a key.")
        numbers = np.asarray(values, np.float64).reshape(len(times), -1)
        codes = CODES[interpolation] if isinstance(interpolation, str) else np.asarray(interpolation)
        order = _last_of_each(times)
        handles = level_handles(times[order], numbers.shape[1])
        return cls(
            times[order],
            numbers[order],
            np.broadcast_to(codes, times.shape)[order].astype(np.uint8),
            handles,
            turns,
        )

    def __len__(self) -> int:
        """K."""
        return len(self.frames)

    def __eq__(self, other: object) -> bool:
        """Equal when every number is equal."""
        if not isinstance(other, Curve):
            return NotImplemented
        return self is other or (
            self.turns == other.turns
            and all(
                np.array_equal(getattr(self, name), getattr(other, name))
                for name in ("frames", "values", "interpolation", "handles")
            )
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def width(self) -> int:
        """W."""
        return int(self.values.shape[1])

    def at(self, frames: ArrayLike) -> Array:
        """The values (..., W) at fractional ``frames`` (...)."""
        return self.segments.at(np.asarray(frames, np.float64))

    @cached_property
    def segments(self) -> Segments:
        """What lies between the keys, each as a cubic with its control points.

        A smooth key's slope is the mean of the slopes on both sides, weighted so that a parabola keeps its
        own; none where the curve turns round, and at most three times the flatter one, within which a
        cubic does not overshoot (Fritsch and Carlson, 1980). A rotation's slopes are those of the body's
        own turning.
        """
        points = self.values[:, None].repeat(2, axis=1)  # of a segment before, and one after
        times = self.frames[:, None].repeat(2, axis=1)
        gaps = np.diff(self.frames)
        if len(gaps):
            reach = np.stack([-np.append(gaps[0], gaps), np.append(gaps, gaps[-1])], axis=1) / 3.0
            slopes = self._slopes(gaps)
            modes = np.stack(
                [np.append(self.interpolation[:1], self.interpolation[:-1]), self.interpolation], 1
            )
            handles = self._reachable(gaps)
            free = (modes == BEZIER)[..., None]
            along = np.where((modes == SMOOTH)[..., None], slopes[:, None] * reach[..., None], 0.0)
            ahead = np.where(free[..., 0], handles[..., 0], reach)
            points = self._moved(points, np.where(free, handles[..., 1:], along))
            times = times + ahead
        return Segments(
            self.frames,
            self.values,
            self.interpolation[:-1],
            times[:-1, AFTER],
            times[1:, BEFORE],
            points[:-1, AFTER],
            points[1:, BEFORE],
            self.turns,
        )

    def _moved(self, points: Array, by: Array) -> Array:
        return compose(points, by) if self.turns else points + by

    def _slopes(self, gaps: Array) -> Array:
        """How fast a smooth curve passes each key (K, W), per frame."""
        slopes = np.zeros_like(self.values)
        if len(gaps) < 2:
            return slopes
        steps = relative(self.values[:-1], self.values[1:]) if self.turns else np.diff(self.values, axis=0)
        rates = steps / gaps[:, None]
        before, after = rates[:-1], rates[1:]
        left, right = gaps[:-1, None], gaps[1:, None]
        middle = (right * before + left * after) / (left + right)
        if self.turns:
            sizes = [np.linalg.norm(rate, axis=1, keepdims=True) for rate in (before, after, middle)]
            onward = (before * after).sum(axis=1, keepdims=True) > 0.0
        else:
            sizes = [np.abs(rate) for rate in (before, after, middle)]
            onward = before * after > 0.0
        most = _STEEPEST * np.minimum(sizes[0], sizes[1])
        limit = np.minimum(1.0, most / np.maximum(sizes[2], 1e-300))
        slopes[1:-1] = np.where(onward, middle * limit, 0.0)
        return slopes

    def _reachable(self, gaps: Array) -> Array:
        """The handles, shortened so that none reaches beyond the neighbouring key: time never runs back."""
        room = np.stack([np.append(np.inf, gaps), np.append(gaps, np.inf)], axis=1)
        ahead = self.handles[..., 0] * np.array([-1.0, 1.0])
        ahead = np.maximum(ahead, 0.0)
        share = np.where(ahead > room, room / np.maximum(ahead, 1e-300), 1.0)
        reachable = self.handles * share[..., None]
        reachable[..., 0] = np.minimum(ahead, room) * np.array([-1.0, 1.0])
        return reachable

    def replace(self, **changes: object) -> Curve:
        """The same curve with some arrays changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def index_at(self, frame: float) -> int | None:
        """The place of the key at ``frame``; None where there is none."""
        place = int(np.searchsorted(self.frames, frame - SAME_FRAME))
        return place if place < len(self) and abs(self.frames[place] - frame) <= SAME_FRAME else None

    def with_key(self, frame: float, value: ArrayLike, interpolation: Interpolation | None = None) -> Curve:
        """The curve with a key at ``frame``; one that is there keeps its handles.

        Where no interpolation is given it keeps that, too, and a new key goes on as the key before it.

        Raises:
            ValueError: ``value`` is not W finite numbers.

        """
        number = np.asarray(value, np.float64).reshape(-1)
        if number.shape != (self.width,):
            raise ValueError(f"A key of this curve has {self.width} numbers, not {number.size}.")
        place = self.index_at(frame)
        if place is not None:
            values, codes = self.values.copy(), self.interpolation.copy()
            values[place] = number
            if interpolation is not None:
                codes[place] = CODES[interpolation]
            return self.replace(values=values, interpolation=codes)
        place = int(np.searchsorted(self.frames, frame))
        code = self.interpolation[max(place - 1, 0)] if interpolation is None else CODES[interpolation]
        frames = np.insert(self.frames, place, frame)
        return self.replace(
            frames=frames,
            values=np.insert(self.values, place, number, axis=0),
            interpolation=np.insert(self.interpolation, place, code),
            handles=np.insert(self.handles, place, level_handles(frames, self.width)[place], axis=0),
        )

    def taken(self, keep: NDArray[np.bool_]) -> Curve | None:
        """The curve of the keys at which ``keep`` (K,) is true; None where none is left."""
        if not keep.any():
            return None
        return self.replace(
            frames=self.frames[keep],
            values=self.values[keep],
            interpolation=self.interpolation[keep],
            handles=self.handles[keep],
        )


def level_handles(frames: Array, width: int) -> Array:
    """Handles (K, 2, 1 + W) of keys at ``frames`` (K,): level, a third of the way to the neighbours."""
    handles = np.zeros((len(frames), 2, 1 + width))
    gaps = np.diff(frames) if len(frames) > 1 else np.ones(1)
    if len(frames):
        handles[:, BEFORE, 0] = -np.append(gaps[0], gaps)[: len(frames)] / 3.0
        handles[:, AFTER, 0] = np.append(gaps, gaps[-1])[-len(frames) :] / 3.0
    return handles


def _last_of_each(times: Array) -> NDArray[np.intp]:
    """Places of ``times`` in ascending order, the last given of those that are the same frame."""
    order = np.argsort(times, kind="stable")
    ascending = times[order]
    last = np.append(np.diff(ascending) > SAME_FRAME, True)
    return order[last]


def _sealed(values: ArrayLike, kind: type) -> NDArray:
    """``values`` as an array that nobody changes: one that is read-only to its base is kept, not copied."""
    if isinstance(values, np.ndarray) and values.dtype == kind and values.flags.c_contiguous:
        base = values if values.base is None else values.base
        if not values.flags.writeable and isinstance(base, np.ndarray) and not base.flags.writeable:
            return values
    array: NDArray = np.array(values, dtype=kind, order="C")
    array.setflags(write=False)
    return array
