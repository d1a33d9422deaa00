"""A recording: moments with their times, in bounded memory, and the even clip that they make."""

from __future__ import annotations

from threading import Lock

import numpy as np

from studio.controls.arkit import UNITS
from studio.flame.model import HeadModel
from studio.flame.params import FIELD_WIDTHS, Params
from studio.flame.rotations import slerp
from studio.live.face_map import FaceMap
from studio.live.frame import Array
from studio.sequence.clip import Clip

MOST_FRAMES = 216_000  # an hour at 60 a second; 48 MB
RATES = (24.0, 25.0, 30.0, 50.0, 60.0, 120.0)  # of clips, frames a second
LONGEST_GAP = 0.25  # seconds that are bridged; over longer ones the face is held
_BLOCK = 1024
_WIDTH = len(UNITS) + 3


class Recording:
    """Moments in the order of their times; added on one thread, read on any."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._times = np.empty(_BLOCK)
        self._values = np.empty((_BLOCK, _WIDTH), np.float32)  # units, then the turn of the head
        self._count = 0

    def __len__(self) -> int:
        """How many moments there are."""
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether nothing more is kept."""
        return self._count >= MOST_FRAMES

    @property
    def seconds(self) -> float:
        """From the first moment to the last."""
        with self._lock:
            return float(self._times[self._count - 1] - self._times[0]) if self._count else 0.0

    def add(self, time: float, units: Array, head: Array) -> None:
        """Keep a moment, unless its time is not after the last one's or there is no more room."""
        with self._lock:
            count = self._count
            if self.is_full or (count and time <= self._times[count - 1]):
                return
            if count == len(self._times):
                self._times = _grown(self._times)
                self._values = _grown(self._values)
            self._times[count] = time
            self._values[count, :-3], self._values[count, -3:] = units, head
            self._count = count + 1

    def rate(self) -> float:
        """The usual rate of clips next to that at which moments came; 30 for a single one."""
        with self._lock:
            steps = np.diff(self._times[: self._count])
        if not len(steps):
            return 30.0
        came = 1.0 / float(np.median(steps))
        return min(RATES, key=lambda rate: abs(np.log(rate / came)))

    def even(self, rate: float) -> tuple[Array, Array]:
        """Units (T, 52) and turns (T, 3) at ``rate`` frames a second, from the first moment to the last.

        Between two moments units go straight and the head by the short arc; over a gap longer than
        ``LONGEST_GAP`` the moment before it holds.

        Raises:
            ValueError: nothing was recorded.

        """
        with self._lock:
            count = self._count
            times = self._times[:count] - self._times[0] if count else self._times[:0]
            values = self._values[:count].astype(np.float64)
        if not count:
            raise ValueError("Nothing was recorded.")
        wanted = np.arange(round(float(times[-1]) * rate) + 1) / rate
        after = np.clip(np.searchsorted(times, wanted, side="right"), 1, max(count - 1, 1))
        before = after - 1
        after = np.minimum(after, count - 1)
        step = times[after] - times[before]
        share = np.clip((wanted - times[before]) / np.where(step > 0.0, step, 1.0), 0.0, 1.0)
        share[(step > LONGEST_GAP) & (share < 1.0)] = 0.0
        first, second = values[before], values[after]
        units = first[:, :-3] + share[:, None] * (second[:, :-3] - first[:, :-3])
        return units, slerp(first[:, -3:], second[:, -3:], share)

    def clip(self, model: HeadModel, faces: FaceMap, base: Params, follows: tuple[bool, bool, bool]) -> Clip:
        """The recording as a clip of the head ``base`` on ``model``; what does not follow stays as there.

        Raises:
            ValueError: nothing was recorded.

        """
        rate = self.rate()
        units, head = self.even(rate)
        driven = faces.fields(units, head, follows)
        count = len(units)
        still = {
            name: np.broadcast_to(getattr(base, name), (count, len(getattr(base, name))))
            for name in ("expr", *FIELD_WIDTHS)
        }
        return Clip(
            shape=base.shape,
            static_offset=base.vertex_offset,
            fps=rate,
            model_name=model.name,
            model_digest=model.digest,
            **(still | driven),
        )


def _grown(array: np.ndarray) -> np.ndarray:
    """``array`` with twice as many rows, those beyond the old ones to be filled."""
    return np.concatenate([array, np.empty_like(array)])
