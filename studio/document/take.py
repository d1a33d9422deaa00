"""A take: a clip and what the user changed on top of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import Params
from studio.flame.rotations import compose, relative
from studio.sequence.clip import ROTATIONS, Clip


def stacked(base: Params, offset: Params) -> Params:
    """``offset`` on top of ``base``: rotations composed (the offset first), everything else added."""
    values: dict[str, NDArray] = {}
    for entry in fields(Params):
        below, above = getattr(base, entry.name), getattr(offset, entry.name)
        if entry.name in ROTATIONS and above.any():
            values[entry.name] = compose(below.reshape(-1, 3), above.reshape(-1, 3)).reshape(-1)
        else:
            values[entry.name] = below + above
    return Params(**values)


def difference(base: Params, wanted: Params) -> Params:
    """The offset with ``stacked(base, offset) == wanted``."""
    values: dict[str, NDArray] = {}
    for entry in fields(Params):
        below, target = getattr(base, entry.name), getattr(wanted, entry.name)
        if entry.name in ROTATIONS and below.any():
            values[entry.name] = relative(below.reshape(-1, 3), target.reshape(-1, 3)).reshape(-1)
        else:
            values[entry.name] = target - below
    return Params(**values)


@dataclass(frozen=True)
class Take:
    """A clip that is never altered, and an offset that holds over all of it."""

    __hash__ = None  # type: ignore[assignment]

    name: str
    clip: Clip
    offset: Params

    @classmethod
    def of(cls, name: str, clip: Clip) -> Take:
        """A take of ``clip`` with nothing changed."""
        return cls(name, clip, Params.zeros(len(clip.shape), clip.expr.shape[1]))

    def params(self, position: float) -> Params:
        """What the user sees at fractional frame ``position``."""
        return stacked(self.clip.at(position), self.offset)

    def edited(self, position: float, wanted: Params) -> Take:
        """The take that shows ``wanted`` at ``position``, changed by the same offset everywhere else."""
        return replace(self, offset=difference(self.clip.at(position), wanted))

    def baked(self) -> Clip:
        """The clip as the user sees it, offset included."""
        if not any(getattr(self.offset, entry.name).any() for entry in fields(Params)):
            return self.clip
        shown = [self.params(index) for index in range(len(self.clip))]
        names = [entry.name for entry in fields(Params) if entry.name != "shape"]
        channels = {name: np.stack([getattr(params, name) for params in shown]) for name in names}
        return self.clip.replace(shape=shown[0].shape, **channels)
