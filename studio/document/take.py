"""A take: a clip, layers of keys over it, and what the user changed on top of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import Params, pose_fields, same_array
from studio.flame.rotations import compose, relative
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer, held

_ADDED = ("shape", "expr", "translation", "eyelids")
LONGEST_TAKE = 10_000_000  # frames
_NONE: Mapping[str, Curve] = MappingProxyType({})


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
class Marker:
    """A named place in time."""

    frame: int
    name: str = ""
    colour: int = 0  # which of the theme's


@dataclass(frozen=True)
class Take:
    """A clip that is never altered, layers of keys over it from the lowest, and an offset over all of it.

    Keys may stand beyond the clip's end, whose last frame holds up to ``length``. Curves of the camera are
    called ``camera/azimuth`` and so on, after the camera's fields.
    """

    __hash__ = None  # type: ignore[assignment]

    name: str
    clip: Clip
    offset: Params
    layers: tuple[Layer, ...] = ()
    active_layer: int = 0  # where new keys go
    markers: tuple[Marker, ...] = ()  # in the order of their frames
    camera_keys: Mapping[str, Curve] = field(default_factory=lambda: _NONE)
    length: int = 0  # frames, where it is longer than the clip
    fit_errors: tuple[float, ...] = ()  # of a clip fitted to a film; see studio.document.film_errors

    @classmethod
    def of(cls, name: str, clip: Clip) -> Take:
        """A take of ``clip`` with nothing changed."""
        return cls(name, clip, Params.zeros(len(clip.shape), clip.expr.shape[1]))

    def with_fit_errors(self, errors: tuple[float, ...]) -> Take:
        """The same take, of which each frame of a film misses ``errors``."""
        return replace(self, fit_errors=errors)

    def __len__(self) -> int:
        """T, in frames."""
        return max(len(self.clip), self.length)

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.clip.fps

    @property
    def layer(self) -> Layer | None:
        """The active layer; None where there is none."""
        return self.layers[self.active_layer] if 0 <= self.active_layer < len(self.layers) else None

    def below(self, position: float, layers: int | None = None) -> Params:
        """Clip and the lowest ``layers`` (None: all) at fractional frame ``position``, without the offset."""
        params = self.clip.at(position)
        for layer in self.layers[:layers]:
            params = layer.over(params, min(max(position, 0.0), len(self) - 1.0))
        return params

    def params(self, position: float) -> Params:
        """What the user sees at fractional frame ``position``."""
        return stacked(self.below(position), self.offset)

    def edited(self, position: float, wanted: Params) -> Take:
        """The take that shows ``wanted`` at ``position``, changed by the same offset everywhere else."""
        return replace(self, offset=difference(self.below(position), wanted))

    def layered(self) -> Clip:
        """Clip and layers as one clip of all T frames, without the offset."""
        clip = held(self.clip, self.length)
        for layer in self.layers:
            clip = layer.over_clip(clip)
        return clip

    def baked(self) -> Clip:
        """The clip as the user sees it, layers and offset included."""
        clip = self.layered()
        if self.offset == Params.zeros(len(self.offset.shape), len(self.offset.expr)):
            return clip
        static = _sum(clip.static_offset, self.offset.vertex_offset)
        return clip.replace(**_stacked(clip, self.offset), static_offset=static)
