"""Which channels of a clip are worth a curve, and what they are called."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.sequence.clip import Clip

EXPRESSIONS_MOST = 8
_DEGREES = 180.0 / math.pi
_STILL = 1e-4  # degrees or units of expression that nobody can see
_SIDES = (" left", " right")

_TURNS = ("nod", "turn", "tilt")
_GAZE = ("up / down", "left / right")
# Part, field, its first component and what its components are called.
_POSE = (
    ("Jaw", "jaw_pose", 0, ("open", "sideways", "twist")),
    ("Neck", "neck_pose", 0, _TURNS),
    ("Head", "rotation", 0, _TURNS),
    ("Left eye", "eyes_pose", 0, _GAZE),
    ("Right eye", "eyes_pose", 3, _GAZE),
)


@dataclass(frozen=True, eq=False)
class Channel:
    """One number over all frames of a clip.

    Channels of one ``family`` belong together (the axes of a joint, both sides of an expression);
    ``member`` counts within it.
    """

    title: str
    family: str
    member: int
    is_angle: bool
    values: NDArray[np.float32]  # (T,) degrees, units of the expression basis, or how far a lid is closed


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
    for part, field, first, names in _POSE:
        angles = getattr(clip, field) * np.float32(_DEGREES)
        channels += [
            Channel(f"{part} {name}", part, axis, True, angles[:, first + axis])
            for axis, name in enumerate(names)
            if np.abs(angles[:, first + axis]).max() > _STILL
        ]
    return channels


def _lid_channels(clip: Clip) -> list[Channel]:
    return [
        Channel(f"Eyelid{name}", "Eyelid", side, False, clip.eyelids[:, side])
        for side, name in enumerate(_SIDES)
        if np.abs(clip.eyelids[:, side]).max() > _STILL
    ]


def _expression_channels(clip: Clip, titles: Sequence[str]) -> list[Channel]:
    moved = np.ptp(clip.expr, axis=0)
    widest = np.argsort(-moved, kind="stable")[:EXPRESSIONS_MOST]
    return [
        Channel(titles[index], *_family(titles[index]), False, clip.expr[:, index])
        for index in sorted(int(index) for index in widest if moved[index] > _STILL)
    ]


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
    return angle / unit if angle > _STILL and unit > _STILL else 1.0
