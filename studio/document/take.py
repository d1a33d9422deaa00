"""A take: a clip and what the user changed on top of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import Params, pose_fields, same_array
from studio.flame.rotations import compose, relative
from studio.sequence.clip import Clip

_ADDED = ("shape", "expr", "translation", "eyelids")


def stacked(base: Params, offset: Params) -> Params:
    """``offset`` on top of ``base``: rotations composed (the offset first), everything else added."""
    vertices = _sum(base.vertex_offset, offset.vertex_offset)
    return Params(**_stacked(base, offset), vertex_offset=vertices)


def difference(base: Params, wanted: Params) -> Params:
    """The offset with ``stacked(base, offset) == wanted``."""
    added = {name: getattr(wanted, name) - getattr(base, name) for name in _ADDED}
    moved = _moved(wanted.vertex_offset, base.vertex_offset)
    below, target = base.pose.reshape(-1, 3), wanted.pose.reshape(-1, 3)
    turns = target - below
    turned = below.any(axis=-1) & turns.any(axis=-1)
    turns[turned] = relative(below[turned], target[turned])
    return Params(**added, **pose_fields(turns.reshape(-1)), vertex_offset=moved)


def _sum(first: NDArray | None, second: NDArray | None) -> NDArray | None:
    if first is None or second is None:
        return second if first is None else first
    return first + second


def _moved(wanted: NDArray | None, base: NDArray | None) -> NDArray | None:
    """``wanted - base``, where None moves nothing; None for no difference, so that most takes carry none."""
    if same_array(wanted, base):
        return None
    if wanted is None or base is None:
        return wanted if base is None else -base
    return wanted - base


def _stacked(base: Params | Clip, offset: Params) -> dict[str, NDArray]:
    """The fields of ``base``, one frame or many, with ``offset`` on top.

    Joints of which only one of the two turns keep its numbers, also beyond half a turn.
    """
    added = {name: getattr(base, name) + getattr(offset, name) for name in _ADDED}
    below = base.pose.reshape(*base.pose.shape[:-1], -1, 3)
    above = np.broadcast_to(offset.pose.reshape(-1, 3), below.shape)
    pose = below + above
    both = below.any(axis=-1) & above.any(axis=-1)
    pose[both] = compose(below[both], above[both])
    return {**added, **pose_fields(pose.reshape(base.pose.shape))}


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
        if self.offset == Params.zeros(len(self.offset.shape), len(self.offset.expr)):
            return self.clip
        static = _sum(self.clip.static_offset, self.offset.vertex_offset)
        return self.clip.replace(**_stacked(self.clip, self.offset), static_offset=static)
