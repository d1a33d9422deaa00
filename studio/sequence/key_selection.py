"""Which keys are chosen: frames by channel, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.sequence.curves import SAME_FRAME, Curve

Curves = Mapping[str, Curve]
_NONE: Mapping[str, NDArray[np.float64]] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class KeySelection:
    """Keys by channel and frame, whether there are such keys or not.

    Frames (K,) of a channel ascend and none comes twice; channels without one are left out.
    """

    frames: Mapping[str, NDArray[np.float64]] = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        """Copy the frames in."""
        kept = {channel: _ascending(frames) for channel, frames in self.frames.items()}
        filled = {channel: frames for channel, frames in kept.items() if len(frames)}
        object.__setattr__(self, "frames", MappingProxyType(filled))

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, float]]) -> KeySelection:
        """The keys at these channels and frames."""
        found: dict[str, list[float]] = {}
        for channel, frame in pairs:
            found.setdefault(channel, []).append(frame)
        return cls({channel: np.array(frames) for channel, frames in found.items()})

    @classmethod
    def between(cls, curves: Curves, channels: Iterable[str], first: float, last: float) -> KeySelection:
        """The keys of ``channels`` from ``first`` to ``last``."""
        found = {}
        for channel in channels:
            if (curve := curves.get(channel)) is not None:
                low, high = np.searchsorted(curve.frames, [first - SAME_FRAME, last + SAME_FRAME])
                found[channel] = curve.frames[low:high]
        return cls(found)

    @classmethod
    def all_of(cls, curves: Curves) -> KeySelection:
        """Every key of ``curves``."""
        return cls({channel: curve.frames for channel, curve in curves.items()})

    def __bool__(self) -> bool:
        """Whether any is chosen."""
        return bool(self.frames)

    def __len__(self) -> int:
        """How many."""
        return sum(len(frames) for frames in self.frames.values())

    def __eq__(self, other: object) -> bool:
        """Equal when the same keys are chosen."""
        if not isinstance(other, KeySelection):
            return NotImplemented
        return self.frames.keys() == other.frames.keys() and all(
            np.array_equal(frames, other.frames[channel]) for channel, frames in self.frames.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def has(self, channel: str, frame: float) -> bool:
        """Whether the key of ``channel`` at ``frame`` is chosen."""
        frames = self.frames.get(channel)
        return frames is not None and bool(_contained(np.array([frame]), frames)[0])

    def mask(self, channel: str, frames: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the ``frames`` (K,) of ``channel``, ascending, are chosen (K,)."""
        chosen = self.frames.get(channel)
        return np.zeros(len(frames), bool) if chosen is None else _contained(frames, chosen)

    def among(self, curves: Curves) -> KeySelection:
        """Those that ``curves`` have."""
        return KeySelection(
            {
                channel: frames[_contained(frames, curves[channel].frames)]
                for channel, frames in self.frames.items()
                if channel in curves
            }
        )

    def with_keys(self, other: KeySelection) -> KeySelection:
        """These and those of ``other``."""
        found = dict(self.frames)
        for channel, frames in other.frames.items():
            found[channel] = np.concatenate([found[channel], frames]) if channel in found else frames
        return KeySelection(found)

    def without_keys(self, other: KeySelection) -> KeySelection:
        """These but for those of ``other``."""
        return KeySelection(
            {channel: frames[~other.mask(channel, frames)] for channel, frames in self.frames.items()}
        )

    def covers(self, other: KeySelection) -> bool:
        """Whether all of ``other`` are chosen."""
        return all(self.mask(channel, frames).all() for channel, frames in other.frames.items())

    @property
    def span(self) -> tuple[float, float] | None:
        """First and last frame; None where none is chosen."""
        if not self.frames:
            return None
        return (
            min(float(frames[0]) for frames in self.frames.values()),
            max(float(frames[-1]) for frames in self.frames.values()),
        )


def _ascending(frames: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(frames, np.float64).reshape(-1)
    if len(array) > 1 and (np.diff(array) <= SAME_FRAME).any():
        array = np.sort(array)
        array = array[np.append(np.diff(array) > SAME_FRAME, True)]
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array


def _contained(frames: NDArray[np.float64], chosen: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of ``frames`` are among ``chosen``, both ascending."""
    if frames is chosen or (len(frames) == len(chosen) and np.array_equal(frames, chosen)):
        return np.ones(len(frames), bool)
    places = np.searchsorted(chosen, frames - SAME_FRAME)
    inside = places < len(chosen)
    found = np.zeros(len(frames), bool)
    found[inside] = np.abs(chosen[places[inside]] - frames[inside]) <= SAME_FRAME
    return found
