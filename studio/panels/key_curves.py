"""The keys of the active layer as the plot draws them, and what the plot's hand asks for as edits of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from studio.sequence.channels import Label
from studio.sequence.curves import AFTER, BEFORE, Curve
from studio.sequence.key_edits import KeyEdit
from studio.sequence.key_selection import Curves, KeySelection
from studio.sequence.value_edits import dragged, handle_ends, with_handle
from studio.widgets.curve_hand import Chosen, HandleDrag, KeyDrag, Way
from studio.widgets.curve_keys import KeyedCurve

_MOST_SAMPLES = 20_000  # of one curve over the whole take
_FINEST = 5  # samples a frame


def name_of(label: Label) -> str:
    """What the plot calls the curve of ``label``."""
    return f"{label.channel}#{label.axis}"


def channel_of(name: str) -> tuple[str, int]:
    """The channel and the number of its keys that the plot calls ``name``."""
    channel, _, axis = name.rpartition("#")
    return channel, int(axis)


def scale_of(label: Label, unit: float) -> float:
    """How much of the left axis one unit of a key's number is, where ``unit`` is one of the right axis."""
    return label.factor if label.is_angle else label.factor * unit


def keyed_curve(curve: Curve, label: Label, unit: float, chosen: KeySelection, colour: str) -> KeyedCurve:
    """The keys of ``curve`` that ``label`` shows."""
    scale = scale_of(label, unit)
    picked = chosen.mask(label.channel, curve.frames)
    before, after = handle_ends(curve, label.axis, picked)
    across = np.array([1.0, scale])
    return KeyedCurve(
        name_of(label),
        curve.frames,
        curve.values[:, label.axis] * scale,
        picked,
        before * across,
        after * across,
        colour,
    )


def sampled(curve: Curve, count: int) -> tuple[NDArray, NDArray]:
    """Frames (N,) and values (N, W) of lines that show ``curve`` over ``count`` frames, through its keys."""
    fineness = max(min(_FINEST, _MOST_SAMPLES // max(count, 1)), 1)
    number = min((count - 1) * fineness + 1, _MOST_SAMPLES)
    frames = np.union1d(np.linspace(0.0, count - 1.0, number), curve.frames)
    return frames, curve.at(frames)


def chosen_after(keys: Curves, before: KeySelection, chosen: Chosen, way: Way) -> KeySelection:
    """The choice that comes of ``before`` as the hand chooses keys by their numbers in curves of the plot."""
    found: dict[str, NDArray] = {}
    for name, numbers in chosen.items():
        channel, _ = channel_of(name)
        if channel in keys:
            frames = keys[channel].frames[numbers]
            found[channel] = np.union1d(found[channel], frames) if channel in found else frames
    picked = KeySelection(found)
    if way == "set":
        return picked
    return before.without_keys(picked) if way == "toggle" else before.with_keys(picked)


def drag_edit(
    keys: Curves, chosen: KeySelection, drag: KeyDrag, label: Label, labels: Sequence[Label], unit: float
) -> KeyEdit:
    """The chosen keys moved as ``drag`` says, which took hold of a key of ``label``.

    Of channels with several numbers the one that is held goes up and down, and the same one of others.
    """
    rise: dict[str, NDArray] = {}
    for name in chosen.frames:
        alike = [other for other in labels if (other.channel, other.axis) == (name, label.axis)]
        held = label if name == label.channel else next(iter(alike), None)
        if held is not None and name in keys:
            step = np.zeros(keys[name].width)
            step[held.axis] = drag.value / scale_of(held, unit)
            rise[name] = step
    return dragged(keys, chosen, drag.frames, rise)


def handle_edit(
    keys: Curves, chosen: KeySelection, drag: HandleDrag, labels: Mapping[str, Label], unit: float
) -> KeyEdit:
    """A handle brought to where ``drag`` says."""
    label = labels[drag.curve]
    side = BEFORE if drag.side == "before" else AFTER
    value = drag.value / scale_of(label, unit)
    curve = with_handle(keys[label.channel], drag.key, side, drag.frame, value, label.axis, free=drag.free)
    return KeyEdit({label.channel: curve}, chosen)
