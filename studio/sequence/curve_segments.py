"""What lies between the keys of curves: cubics in time and value, evaluated for many curves at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from studio.flame.rotations import from_quaternions, to_quaternions

Array = NDArray[np.float64]

KERNEL = "studio.sequence.curve_kernel"
_ROUNDS = 40  # of bisection at most, where Newton's steps leave the bracket
_NEAR = 1e-12
_STEPPED, _LINEAR = 0, 1  # places in studio.sequence.curves.INTERPOLATIONS


@dataclass(frozen=True, eq=False)
class Segments:
    """The K - 1 segments between K keys of W numbers."""

    frames: Array  # (K,)
    values: Array  # (K, W)
    modes: NDArray[np.uint8]  # (K - 1,) places in INTERPOLATIONS
    first_frame: Array  # (K - 1,) of the control point after each segment's first key
    second_frame: Array  # (K - 1,) of the control point before its second key
    first: Array  # (K - 1, W)
    second: Array  # (K - 1, W)
    turns: bool

    @cached_property
    def rows(self) -> tuple[NDArray, ...]:
        """Frames, values, modes, control frames and control points with a row for each key.

        The last key begins no segment; its row is filled so that rows are keys.
        """
        return (
            self.frames,
            self.values,
            np.append(self.modes, 0).astype(np.uint8),
            np.append(self.first_frame, 0.0),
            np.append(self.second_frame, 0.0),
            np.append(self.first, self.values[-1:], axis=0),
            np.append(self.second, self.values[-1:], axis=0),
        )

    def at(self, frames: Array) -> Array:
        """The values (..., W) at ``frames`` (...), held before the first and after the last key."""
        flat = np.clip(frames.reshape(-1), self.frames[0], self.frames[-1])
        place = np.clip(np.searchsorted(self.frames, flat, side="right") - 1, 0, max(len(self.modes) - 1, 0))
        return self._values(place, flat).reshape(*frames.shape, self.values.shape[1])

    def _values(self, place: NDArray[np.intp], frames: Array) -> Array:
        if not len(self.modes):
            return np.broadcast_to(self.values, (len(frames), self.values.shape[1])).copy()
        start, end = self.frames[place], self.frames[place + 1]
        # Exactly on a key the key itself is shown, whatever it would be rounded to.
        on_end = frames >= end
        modes = self.modes[place]
        gap = end - start
        share = np.where(on_end, 1.0, (frames - start) / gap)
        amount = np.where(
            modes > _LINEAR,
            parameter_at(
                share, (self.first_frame[place] - start) / gap, (self.second_frame[place] - start) / gap
            ),
            np.where(modes == _STEPPED, on_end.astype(np.float64), share),
        )
        ends = self.values[place], self.values[place + 1]
        if self.turns:
            made = _spherical(*ends, self.first[place], self.second[place], amount, modes > _LINEAR)
        else:
            made = _cubic(*ends, self.first[place], self.second[place], amount, modes > _LINEAR)
        made = np.where((amount == 0.0)[:, None], ends[0], made)
        return np.where((amount == 1.0)[:, None], ends[1], made)


def load_kernels() -> None:
    """Load, or at the very first time compile, the loops for one frame: not while a frame waits."""
    import_module(KERNEL)


class JoinedSegments:
    """The segments of C curves, whose values at one frame are found together."""

    def __init__(self, parts: Sequence[Segments]) -> None:
        self._parts = parts
        self._lengths = np.array([len(part.frames) for part in parts], np.int64)
        self._starts = np.append(0, np.cumsum(self._lengths))[:-1].astype(np.int64)
        rows = zip(*(part.rows for part in parts), strict=True)
        self._rows = tuple(np.concatenate(arrays) for arrays in rows)

    def at(self, frame: float) -> Array:
        """The values (C, W) at ``frame``; by the compiled loop once :func:`load_kernels` has loaded it."""
        kernel = sys.modules.get(KERNEL)
        if kernel is None or not getattr(kernel, "READY", False):
            return np.concatenate([part.at(np.array([frame])) for part in self._parts])
        out = np.empty((len(self._parts), self._rows[1].shape[1]))
        kernel.values_at(frame, self._starts, self._lengths, *self._rows, self._parts[0].turns, out)
        return out


def _cubic(
    start: Array, end: Array, first: Array, second: Array, amount: Array, bent: NDArray[np.bool_]
) -> Array:
    """Bernstein's form (N, W) at ``amount`` (N,); straight where not ``bent``."""
    t = amount[:, None]
    rest = 1.0 - t
    bowed = rest**3 * start + 3.0 * rest**2 * t * first + 3.0 * rest * t**2 * second + t**3 * end
    return np.where(bent[:, None], bowed, rest * start + t * end)


def _spherical(
    start: Array, end: Array, first: Array, second: Array, amount: Array, bent: NDArray[np.bool_]
) -> Array:
    """Rotations (N, 3) by de Casteljau's scheme of great arcs (Shoemake 1985); one arc where not ``bent``."""
    q = [to_quaternions(points) for points in (start, first, second, end)]
    straight = _arc(q[0], q[3], amount)
    if bent.any():
        thirds = [_arc(a, b, amount) for a, b in pairwise(q)]
        halves = [_arc(a, b, amount) for a, b in pairwise(thirds)]
        straight = np.where(bent[:, None], _arc(halves[0], halves[1], amount), straight)
    return from_quaternions(straight)


def _arc(a: Array, b: Array, amount: Array) -> Array:
    """Unit quaternions (N, 4) along the shorter great arcs."""
    b = np.where(np.sum(a * b, axis=-1, keepdims=True) < 0.0, -b, b)
    apart = np.linalg.norm(a - b, axis=-1, keepdims=True)
    together = np.linalg.norm(a + b, axis=-1, keepdims=True)
    turns = 2.0 * np.arctan2(apart, together) / np.pi
    t = amount[:, None]
    made = (1.0 - t) * np.sinc((1.0 - t) * turns) * a + t * np.sinc(t * turns) * b
    return np.asarray(made / np.linalg.norm(made, axis=-1, keepdims=True))


def parameter_at(share: Array, first: Array, second: Array) -> Array:
    """The parameter (N,) at which a cubic from 0 over ``first`` and ``second`` to 1 is at ``share``.

    Both control times lie in 0..1, so that time never runs back. Newton's steps, halved where they leave what
    is known to hold the answer.
    """
    low, high, t = np.zeros_like(share), np.ones_like(share), share.copy()
    for _ in range(_ROUNDS):
        rest = 1.0 - t
        wrong = 3.0 * rest * t * (rest * first + t * second) + t**3 - share
        if (np.abs(wrong) <= _NEAR).all():
            break
        low, high = np.where(wrong < 0.0, t, low), np.where(wrong > 0.0, t, high)
        slope = 3.0 * (rest**2 * first + 2.0 * rest * t * (second - first) + t**2 * (1.0 - second))
        with np.errstate(divide="ignore", invalid="ignore"):
            step = t - wrong / slope
        inside = (step > low) & (step < high)
        t = np.where(np.abs(wrong) <= _NEAR, t, np.where(inside, step, 0.5 * (low + high)))
    return t
