"""A layer: keys over a head's parameters, blended with what lies below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS, Params, frozen, pose_fields
from studio.flame.rotations import compose, relative, slerp
from studio.sequence.channel_names import (
    JOINTS,
    LIDS,
    TRANSLATION,
    component_of,
    is_channel,
    turns,
    unit_of,
    width_of,
)
from studio.sequence.clip import Clip
from studio.sequence.curve_segments import Array, JoinedSegments
from studio.sequence.curves import Curve
from studio.sequence.many_keys import TOGETHER, ManyKeys

Blend = Literal["replace", "add"]
Rows = dict[str, Array]
"""Parameters of N frames: expr (N, E), pose (N, 15), translation (N, 3), eyelids (N, 2)."""

VARYING = ("expr", "pose", TRANSLATION, "eyelids")
_FACE = (("pose", 6, 9), ("pose", 9, 15), ("eyelids", 0, 2))  # jaw, eyes, lids: a face after its expression
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Layer:
    """Curves by channel (:mod:`studio.sequence.channel_names`), and how they meet what lies below.

    ``replace`` goes ``weight`` of the way from what is below to the curve's value, on the sphere for
    rotations; ``add`` puts ``weight`` of the value on top, a rotation as the inner one. Units of a face
    (``control/…``) are added in both, after everything else: ``weight`` times their value times their
    direction in ``axes``. A channel without a curve is passed through.

    Raises:
        ValueError: a curve does not suit its channel, or a unit has no direction.

    """

    name: str = "Keys"
    curves: Mapping[str, Curve] = field(default_factory=lambda: _NONE)
    axes: Mapping[str, Array] = field(default_factory=lambda: _NONE)  # by channel: (E + 11,) of a value of 1
    blend: Blend = "replace"
    weight: float = 1.0  # 0..1
    muted: bool = False

    def __post_init__(self) -> None:
        """Make the mappings read-only, and refuse what does not belong together."""
        for channel, curve in self.curves.items():
            if not is_channel(channel, 1 << 31):
                raise ValueError(f"There is no channel named {channel!r}.")
            if curve.width != width_of(channel) or curve.turns != turns(channel):
                raise ValueError(f"The curve of {channel} has {curve.width} numbers a key.")
            if unit_of(channel) and channel not in self.axes:
                raise ValueError(f"{channel} has keys but no direction.")
        if not (0.0 <= self.weight <= 1.0):
            raise ValueError(f"A layer's weight is 0 to 1, not {self.weight}.")
        axes = {name: _sealed(self.axes[name]) for name in self.curves if unit_of(name)}
        object.__setattr__(self, "curves", MappingProxyType(dict(self.curves)))
        object.__setattr__(self, "axes", MappingProxyType(axes))

    def __eq__(self, other: object) -> bool:
        """Equal when every key and every setting is."""
        if not isinstance(other, Layer):
            return NotImplemented
        return self is other or (
            (self.name, self.blend, self.weight, self.muted)
            == (other.name, other.blend, other.weight, other.muted)
            and self.curves == other.curves
            and all(np.array_equal(axis, other.axes[name]) for name, axis in self.axes.items())
        )

    __hash__ = None  # type: ignore[assignment]

    def replace(self, **changes: object) -> Layer:
        """The same layer with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def with_curves(self, changes: Mapping[str, Curve | None], axes: Mapping[str, Array] = _NONE) -> Layer:
        """The layer with other curves for the channels in ``changes``, without those that are None."""
        kept = {**self.curves, **changes}
        return replace(
            self,
            curves={name: curve for name, curve in kept.items() if curve is not None},
            axes={**self.axes, **axes},
        )

    @property
    def is_silent(self) -> bool:
        """Whether it changes nothing."""
        return self.muted or not self.curves or self.weight == 0.0

    @property
    def moves_face(self) -> bool:
        """Whether it has keys of the expression or of units."""
        return any(component_of(name) >= 0 or unit_of(name) for name in self.curves)

    @property
    def last_frame(self) -> float:
        """Of the last key; 0 where there is none."""
        return max((float(curve.frames[-1]) for curve in self.curves.values()), default=0.0)

    @cached_property
    def _joined(self) -> tuple[tuple[tuple[str, ...], JoinedSegments | ManyKeys], ...]:
        """The curves of one kind together: numbers, vectors, rotations."""
        together = sum(len(curve) for curve in self.curves.values()) <= TOGETHER
        kinds: dict[tuple[int, bool], list[str]] = {}
        for name, curve in self.curves.items():
            kinds.setdefault((curve.width, curve.turns), []).append(name)
        return tuple(
            (tuple(names), _joined([self.curves[name] for name in names], together))
            for names in kinds.values()
        )

    def values_at(self, frame: float) -> dict[str, Array]:
        """The value (1, W) of every channel at ``frame``."""
        found: dict[str, Array] = {}
        for names, segments in self._joined:
            values = segments.at(frame)
            found |= {name: values[place : place + 1] for place, name in enumerate(names)}
        return found

    def over(self, params: Params, frame: float) -> Params:
        """``params``, which lie below at ``frame``, with this layer on top."""
        if self.is_silent:
            return params
        rows = {name: np.atleast_2d(np.asarray(getattr(params, name), np.float64)) for name in VARYING}
        blended = {name: values[0] for name, values in self.blended(rows, self.values_at(frame)).items()}
        return params.replace(**fields_of(blended))

    def over_clip(self, clip: Clip) -> Clip:
        """``clip`` with this layer on top in every frame."""
        if self.is_silent:
            return clip
        frames = np.arange(len(clip), dtype=np.float64)
        values = {name: curve.at(frames) for name, curve in self.curves.items()}
        rows = {name: np.asarray(getattr(clip, name), np.float64) for name in VARYING}
        return clip.replace(**fields_of(self.blended(rows, values)))

    def blended(self, below: Rows, values: Mapping[str, Array]) -> Rows:
        """What comes out of this layer over ``below`` where its channels have ``values`` (N, W)."""
        rows = {name: array.copy() for name, array in below.items()}
        for channel, value in values.items():
            if unit_of(channel):
                continue
            part = part_of(rows, channel)
            if part is not None:
                part[:] = self.met(channel, part, value)
        for channel, value in values.items():
            if channel in self.axes:
                add_to_face(rows, self.weight * value * self.axes[channel])
        return rows

    def met(self, channel: str, below: Array, value: Array) -> Array:
        """What comes out over ``below`` (N, W) of ``channel``, no control, with keys of ``value`` (N, W)."""
        if self.blend == "add":
            return on_top(channel, below, self.weight * value)
        if self.weight == 1.0:
            return value
        return towards(channel, below, value, self.weight)

    def value_for(self, channel: str, below: Array, wanted: Array) -> Array:
        """The value (N, W) of ``channel``, no control, with which ``wanted`` comes out over ``below``."""
        weight = max(self.weight, 1e-6)
        if self.blend == "add":
            return _without(channel, wanted, below) / weight
        if weight == 1.0:
            return wanted
        return on_top(channel, below, _without(channel, wanted, below) / weight)


def _joined(curves: list[Curve], together: bool) -> JoinedSegments | ManyKeys:
    return JoinedSegments([curve.segments for curve in curves]) if together else ManyKeys(curves)


def part_of(rows: Rows, channel: str) -> Array | None:
    """The numbers (N, W) of ``channel`` among ``rows``, as a view; None where there are none."""
    if channel in JOINTS:
        start = 3 * JOINTS.index(channel)
        return rows["pose"][:, start : start + 3]
    if channel == TRANSLATION:
        return rows[TRANSLATION]
    if channel in LIDS:
        place = LIDS.index(channel)
        return rows["eyelids"][:, place : place + 1]
    place = component_of(channel)
    return rows["expr"][:, place : place + 1] if 0 <= place < rows["expr"].shape[1] else None


def fields_of(rows: Mapping[str, Array]) -> dict[str, NDArray]:
    """Numbers of the kinds :data:`VARYING` as fields of parameters or of a clip."""
    fields = {name: values for name, values in rows.items() if name != "pose"}
    return {**fields, **pose_fields(rows["pose"])}


def add_to_face(rows: Rows, change: Array) -> None:
    """Add ``change`` (N, E + 11) to expression, jaw, eyes and eyelids, in place, number by number."""
    count = change.shape[1] - sum(stop - start for _, start, stop in _FACE)
    known = min(count, rows["expr"].shape[1])
    rows["expr"][:, :known] += change[:, :known]
    places = accumulate((stop - start for _, start, stop in _FACE), initial=count)
    for (name, start, stop), place in zip(_FACE, places, strict=False):
        rows[name][:, start:stop] += change[:, place : place + stop - start]


def on_top(channel: str, below: Array, value: Array) -> Array:
    """``value`` on top of ``below``; a rotation as the inner one, as it is where only one of them turns."""
    if not turns(channel):
        return below + value
    made = below + value
    both = below.any(axis=1) & value.any(axis=1)
    made[both] = compose(below[both], value[both])
    return made


def towards(channel: str, below: Array, value: Array, weight: float) -> Array:
    """``weight`` of the way from ``below`` to ``value``."""
    if turns(channel):
        return slerp(below, value, np.full(len(value), weight))
    return below + weight * (value - below)


def _without(channel: str, wanted: Array, below: Array) -> Array:
    """What lies on top of ``below`` where ``wanted`` comes out."""
    if not turns(channel):
        return wanted - below
    made = wanted - below
    turned = below.any(axis=1) & made.any(axis=1)
    made[turned] = relative(below[turned], wanted[turned])
    return made


def _sealed(axis: Array) -> Array:
    array = np.array(axis, np.float64)
    if array.ndim != 1 or len(array) <= sum(
        FIELD_WIDTHS[name] for name in ("jaw_pose", "eyes_pose", "eyelids")
    ):
        raise ValueError(f"A unit's direction is a vector over the face, not of shape {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError("A unit's direction must be finite.")
    array.setflags(write=False)
    return array


def held(clip: Clip, length: int) -> Clip:
    """``clip`` with its last frame held up to ``length`` frames; as it is where it is that long."""
    if length <= len(clip):
        return clip
    index = np.minimum(np.arange(length), len(clip) - 1)
    names = [name for name in ("expr", *FIELD_WIDTHS) if name in clip.__dataclass_fields__]
    names += ["dynamic_offset"] if clip.dynamic_offset is not None else []
    return clip.replace(**{name: frozen(getattr(clip, name)[index]) for name in names})
