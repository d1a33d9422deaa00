"""The channels of a take over time as curves show them: the clip's own, and what its layers make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.document.take import Take
from studio.flame.params import FIELD_WIDTHS
from studio.sequence.channel_names import (
    JOINTS,
    LIDS,
    TRANSLATION,
    component_of,
    turns,
    unit_of,
    value_of,
)
from studio.sequence.channels import STILL, Channel, Label, channels_of, labels_of, order_of
from studio.sequence.clip import Clip
from studio.sequence.curve_segments import Array
from studio.sequence.layers import on_top

_AFTER_EXPRESSION = {
    "jaw_pose": 0,
    "left_eye": 3,
    "right_eye": 6,
    LIDS[0]: 9,
    LIDS[1]: 10,
}  # in a face vector
_FACE_WIDTH = sum(FIELD_WIDTHS[name] for name in ("jaw_pose", "eyes_pose", "eyelids"))


def clip_values(clip: Clip, channel: str, count: int) -> Array:
    """The values (``count``, W) of ``channel`` in ``clip``, whose last frame holds; no unit is in a clip."""
    if channel in JOINTS:
        start = 3 * JOINTS.index(channel)
        values = clip.pose[:, start : start + 3]
    elif channel == TRANSLATION:
        values = clip.translation
    elif channel in LIDS:
        place = LIDS.index(channel)
        values = clip.eyelids[:, place : place + 1]
    else:
        place = component_of(channel)
        values = clip.expr[:, place : place + 1]
    index = np.minimum(np.arange(count), len(clip) - 1)
    return values[index].astype(np.float64)


def shown_values(take: Take, channel: str) -> Array:
    """What the user sees of ``channel``, no unit, in every frame of ``take`` (T, W)."""
    frames = np.arange(len(take), dtype=np.float64)
    values = clip_values(take.clip, channel, len(take))
    for layer in take.layers:
        if layer.is_silent:
            continue
        if channel in layer.curves:
            values = layer.met(channel, values, layer.curves[channel].at(frames))
        for unit, axis in layer.axes.items():
            share = axis[_part_of_face(channel, len(axis))]
            if share.any():
                values = values + layer.weight * layer.curves[unit].at(frames) * share
    offset = np.array([value_of(take.offset, channel)])
    return on_top(channel, values, np.broadcast_to(offset, values.shape)) if offset.any() else values


def _part_of_face(channel: str, width: int) -> slice:
    """Where ``channel`` is in a face vector of ``width`` numbers; nowhere for what is no part of the face."""
    count = width - _FACE_WIDTH
    if channel in _AFTER_EXPRESSION:
        start = count + _AFTER_EXPRESSION[channel]
        return slice(start, start + (3 if turns(channel) else 1))
    place = component_of(channel)
    return slice(place, place + 1) if 0 <= place < count else slice(0)


@dataclass(frozen=True, eq=False)
class _Known:
    """Values of a channel, and what they were made of."""

    source: tuple[object, ...]
    values: Array


class TakeCurves:
    """The channels of one take after another; what did not change is not computed again."""

    def __init__(self) -> None:
        self._clip: Clip | None = None
        self._titles: tuple[str, ...] = ()
        self._moving: tuple[Channel, ...] = ()
        self._known: dict[str, _Known] = {}

    def channels(self, take: Take, titles: Sequence[str]) -> tuple[Channel, ...]:
        """What moves in ``take``, has keys in one of its layers, or is offset, as it is seen; in order.

        Units are shown by their keys in the active layer alone. ``titles`` are those of the expression.
        """
        self._read(take.clip, tuple(titles))
        found = [self._seen(take, channel) for channel in self._moving]
        there = {(channel.label.channel, channel.label.axis) for channel in found}
        found += [
            Channel(label, self.values(take, label))
            for label in self._more(take)
            if (label.channel, label.axis) not in there
        ]
        return tuple(sorted(found, key=lambda channel: order_of(channel.label)))

    def values(self, take: Take, label: Label) -> np.ndarray:
        """What is seen of ``label`` in every frame (T,), in its unit."""
        name = label.channel
        source = _source(take, name)
        known = self._known.get(name)
        if known is None or not _same(known.source, source):
            made = _unit_values(take, name) if unit_of(name) else shown_values(take, name)
            known = self._known[name] = _Known(source, made)
        return (known.values[:, label.axis] * label.factor).astype(np.float32)

    def _seen(self, take: Take, channel: Channel) -> Channel:
        is_plain = len(take) == len(take.clip) and not _touches(take, channel.label.channel)
        return channel if is_plain else Channel(channel.label, self.values(take, channel.label))

    def _read(self, clip: Clip, titles: tuple[str, ...]) -> None:
        if clip is not self._clip or titles != self._titles:
            self._clip, self._titles, self._known = clip, titles, {}
            self._moving = channels_of(clip, titles) if len(clip) > 1 else ()

    def _more(self, take: Take) -> list[Label]:
        names = dict.fromkeys(name for layer in take.layers for name in layer.curves)
        found = [label for name in names for label in labels_of(name, self._titles)]
        if len(take.clip) > 1:
            for name in (*JOINTS, *LIDS):
                value = value_of(take.offset, name)
                found += [
                    label
                    for label in labels_of(name, ())
                    if abs(value[label.axis]) * label.factor > STILL and not label.title.endswith("roll")
                ]
        return found


def _unit_values(take: Take, channel: str) -> Array:
    layer = take.layer
    frames = np.arange(len(take), dtype=np.float64)
    if layer is None or channel not in layer.curves:
        return np.zeros((len(take), 1))
    return layer.curves[channel].at(frames)


def _touches(take: Take, channel: str) -> bool:
    """Whether layers or offset change ``channel``."""
    has_keys = any(channel in layer.curves or layer.axes for layer in take.layers)
    return has_keys or any(value_of(take.offset, channel))


def _source(take: Take, channel: str) -> tuple[object, ...]:
    """What the values of ``channel`` are made of."""
    parts: list[object] = [take.clip, len(take), take.active_layer]
    if not unit_of(channel):
        parts += value_of(take.offset, channel)
    for layer in take.layers:
        units = [layer.curves[name] for name in layer.axes]
        parts += [layer.curves.get(channel), layer.blend, layer.weight, layer.muted, *units]
    return tuple(parts)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether both are made of the same: numbers and words by value, all else by identity."""
    plain = (int, float, str, bool)
    return len(one) == len(other) and all(
        a is b or (isinstance(a, plain) and isinstance(b, plain) and a == b)
        for a, b in zip(one, other, strict=True)
    )
