"""Which channels of a clip are worth a curve, and what they are called."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from studio.sequence.channel_names import EXPRESSION, JOINTS, LIDS, TRANSLATION, component_of, unit_of
from studio.sequence.clip import Clip

EXPRESSIONS_MOST = 8
_DEGREES = 180.0 / math.pi
_CENTIMETRES = 100.0
STILL = 1e-4  # degrees or units of expression that nobody can see
_SIDES = (" left", " right")
_CAPITAL = re.compile("[A-Z]")

_TURNS = ("nod", "turn", "tilt")
_GAZE = ("up / down", "left / right", "roll")
# What the joints are called, the names of their components, and how many of those show what a clip does.
_POSE: Mapping[str, tuple[str, tuple[str, ...], int]] = MappingProxyType(
    {
        "jaw_pose": ("Jaw", ("open", "sideways", "twist"), 3),
        "neck_pose": ("Neck", _TURNS, 3),
        "rotation": ("Head", _TURNS, 3),
        "left_eye": ("Left eye", _GAZE, 2),
        "right_eye": ("Right eye", _GAZE, 2),
    }
)
_PLACE = ("Position", ("sideways", "height", "forwards"))


@dataclass(frozen=True)
class Label:
    """What one number of a channel is called and how it is shown.

    Those of one ``family`` belong together (the axes of a joint, both sides of an expression); ``member``
    counts within it.
    """

    title: str
    family: str
    member: int
    is_angle: bool
    channel: str  # whose keys it has (:mod:`studio.sequence.channel_names`)
    axis: int = 0  # which number of a key it is
    factor: float = 1.0  # by which it is shown: degrees, and centimetres for the place of the head


def labels_of(channel: str, expression_titles: Sequence[str]) -> tuple[Label, ...]:
    """The labels of all numbers of ``channel``; none of a component that has no title."""
    if channel in _POSE:
        part, names, _ = _POSE[channel]
        return tuple(
            Label(f"{part} {name}", part, axis, True, channel, axis, _DEGREES)
            for axis, name in enumerate(names)
        )
    if channel == TRANSLATION:
        part, names = _PLACE
        return tuple(
            Label(f"{part} {name}", part, axis, False, channel, axis, _CENTIMETRES)
            for axis, name in enumerate(names)
        )
    if channel in LIDS:
        side = LIDS.index(channel)
        return (Label(f"Eyelid{_SIDES[side]}", "Eyelid", side, False, channel),)
    if unit_of(channel):
        title = _words(unit_of(channel))
        return (Label(title, *_family(title), False, channel),)
    place = component_of(channel)
    if not 0 <= place < len(expression_titles):
        return ()
    title = expression_titles[place]
    return (Label(title, *_family(title), False, channel),)


def order_of(label: Label) -> tuple[int, int, int]:
    """Where ``label`` stands in a list: pose first, then place, eyelids, expression and units."""
    parts = (*_POSE, TRANSLATION, *LIDS)
    if label.channel in parts:
        return parts.index(label.channel), label.axis, 0
    place = component_of(label.channel)
    return len(parts) + (place < 0), max(place, 0), 0


@dataclass(frozen=True, eq=False)
class Channel:
    """One number over all frames."""

    label: Label
    values: NDArray[np.float32]  # (T,) degrees, units of the expression basis, or how far a lid is closed

    @property
    def title(self) -> str:
        """What it is called."""
        return self.label.title

    @property
    def family(self) -> str:
        """What it belongs to."""
        return self.label.family

    @property
    def member(self) -> int:
        """Which one it is in its family."""
        return self.label.member

    @property
    def is_angle(self) -> bool:
        """Whether it is told in degrees."""
        return self.label.is_angle


def channels_of(clip: Clip, expression_titles: Sequence[str]) -> tuple[Channel, ...]:
    """The channels that show what happens in ``clip``: pose first, then eyelids and expression.

    Of the pose these are the rotations of jaw, neck and head and the gaze of both eyes, in degrees of
    the axis-angle components, and the eyelids, without those that stay neutral. Of the expression
    these are at most :data:`EXPRESSIONS_MOST` components, those of the widest range in the order of
    the model.

    Args:
        clip: T frames with E components of expression.
        expression_titles: what the components are called, (E,).

    """
    return (*_pose_channels(clip), *_lid_channels(clip), *_expression_channels(clip, expression_titles))


def _pose_channels(clip: Clip) -> list[Channel]:
    channels = []
    for name, (_, _, count) in _POSE.items():
        first = 3 * JOINTS.index(name)
        angles = clip.pose[:, first : first + 3] * np.float32(_DEGREES)
        channels += [
            Channel(label, angles[:, label.axis])
            for label in labels_of(name, ())[:count]
            if np.abs(angles[:, label.axis]).max() > STILL
        ]
    return channels


def _lid_channels(clip: Clip) -> list[Channel]:
    return [
        Channel(labels_of(name, ())[0], clip.eyelids[:, side])
        for side, name in enumerate(LIDS)
        if np.abs(clip.eyelids[:, side]).max() > STILL
    ]


def _expression_channels(clip: Clip, titles: Sequence[str]) -> list[Channel]:
    moved = np.ptp(clip.expr, axis=0)
    widest = np.argsort(-moved, kind="stable")[:EXPRESSIONS_MOST]
    return [
        Channel(labels_of(f"{EXPRESSION}{index}", titles)[0], clip.expr[:, index])
        for index in sorted(int(index) for index in widest if moved[index] > STILL)
    ]


def _words(name: str) -> str:
    """The name of a unit in words: mouthSmileLeft is Mouth smile left."""
    return _CAPITAL.sub(lambda found: f" {found.group().lower()}", name).capitalize()


def _family(title: str) -> tuple[str, int]:
    """What a component shares with its other side, and which side it is."""
    for side, ending in enumerate(_SIDES):
        if title.endswith(ending):
            return title.removesuffix(ending), side
    return title, 0


def reach(channels: Sequence[Channel], angles: bool) -> tuple[float, float]:
    """Lowest and highest value of the angles, or of the expressions, among ``channels``; 0 is between."""
    values = [channel.values for channel in channels if channel.is_angle is angles]
    low = min((float(curve.min()) for curve in values), default=0.0)
    high = max((float(curve.max()) for curve in values), default=0.0)
    return min(low, 0.0), max(high, 0.0)


def degrees_for_unit(channels: Sequence[Channel]) -> float:
    """How many degrees are drawn as high as one unit of expression, so that both reach equally far.

    Both share their zero; without angles or expressions among ``channels`` it is 1.
    """
    angle = max(abs(end) for end in reach(channels, angles=True))
    unit = max(abs(end) for end in reach(channels, angles=False))
    return angle / unit if angle > STILL and unit > STILL else 1.0
