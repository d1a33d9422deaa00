"""The rows of the timeline: groups of channels, single ones below those that are open, and their grounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.control_state import known_controls
from studio.document.document import Document
from studio.document.key_commands import CAMERA_CHANNELS
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.panels.words import sentence
from studio.sequence.channel_names import EXPRESSION, LIDS, component_of, unit_of
from studio.sequence.clip import Clip
from studio.widgets.timeline import Lane

SUMMARY, FACE, MORE = "summary", "face", "face/more"
_STILL = 1e-3  # parameters that never differ by more than this do not move
_TITLES = {
    "rotation": "Turn",
    "translation": "Place",
    "neck_pose": "Neck",
    "jaw_pose": "Jaw",
    "left_eye": "Left eye",
    "right_eye": "Right eye",
    LIDS[0]: "Left lid",
    LIDS[1]: "Right lid",
    "camera/azimuth": "Around",
    "camera/elevation": "Height",
    "camera/distance": "Distance",
    "camera/target": "Target",
    "camera/field_of_view": "Field of view",
}


@dataclass(frozen=True)
class Group:
    """A part of the head with the channels that move it, and the fields of a clip that do."""

    id: str
    title: str
    channels: tuple[str, ...]
    fields: tuple[str, ...]


GROUPS = (
    Group(FACE, "Face", (), ("expr",)),
    Group("jaw", "Jaw", ("jaw_pose",), ("jaw_pose",)),
    Group("eyes", "Eyes", ("left_eye", "right_eye"), ("eyes_pose",)),
    Group("neck", "Neck", ("neck_pose",), ("neck_pose",)),
    Group("head", "Head", ("rotation", "translation"), ("rotation", "translation")),
    Group("lids", "Eyelids", LIDS, ("eyelids",)),
    Group("camera", "Camera", CAMERA_CHANNELS, ()),
)
_PARTS: Mapping[str, tuple[str, slice]] = {  # of a clip, by channel
    "left_eye": ("eyes_pose", slice(0, 3)),
    "right_eye": ("eyes_pose", slice(3, 6)),
    LIDS[0]: ("eyelids", slice(0, 1)),
    LIDS[1]: ("eyelids", slice(1, 2)),
}


def activity(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each frame of ``values`` (T, N) is from neutral, from the least (0) to the most (1).

    A frame that is not finite counts as neutral.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        away = np.sqrt(np.einsum("tn,tn->t", values, values, dtype=np.float64))
    away[~np.isfinite(away)] = 0.0
    away -= away.min()
    largest = float(away.max())
    return (away / largest if largest > _STILL else 0.0 * away).astype(np.float32)


class Grounds:
    """Curves that show where a clip moves, each made when it is first seen."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self._made: dict[str, NDArray[np.float32]] = {}
        self._moving: tuple[int, ...] | None = None

    def of_group(self, group: Group) -> NDArray[np.float32] | None:
        """Of a part of the head; None where no clip has it."""
        if group.fields and group.id not in self._made:
            parts = [getattr(self.clip, name) for name in group.fields]
            self._made[group.id] = activity(np.concatenate(parts, axis=1))
        return self._made.get(group.id)

    def of_channel(self, channel: str) -> NDArray[np.float32] | None:
        """Of one channel; None where no clip has it."""
        if channel not in self._made:
            values = self._values(channel)
            if values is None:
                return None
            self._made[channel] = activity(values)
        return self._made[channel]

    @property
    def moving(self) -> tuple[int, ...]:
        """The components of the expression that move."""
        if self._moving is None:
            reach = np.ptp(self.clip.expr, axis=0)
            self._moving = tuple(int(place) for place in np.flatnonzero(reach > _STILL))
        return self._moving

    def _values(self, channel: str) -> NDArray[np.float32] | None:
        if unit_of(channel):
            return None
        place = component_of(channel)
        if 0 <= place < self.clip.expr.shape[1]:
            return self.clip.expr[:, place : place + 1]
        field, part = _PARTS.get(channel, (channel, slice(None)))
        values = getattr(self.clip, field, None)
        return None if values is None else values[:, part]


def channel_title(document: Document, channel: str) -> str:
    """What ``channel`` is called in front of people."""
    unit, place = unit_of(channel), component_of(channel)
    if unit:
        controls = known_controls(document)
        known = controls.controls.get(unit) if controls is not None else None
        return sentence(unit) if known is None else known.title
    if place >= 0:
        name = next(iter(document.model.expression_names[place : place + 1]), "")
        return sentence(name) if name else f"Expression {place + 1}"
    return _TITLES.get(channel, sentence(channel.rpartition("/")[2]))


@dataclass(frozen=True)
class Faces:
    """The channels of the face that are listed below it, and those that are not."""

    listed: tuple[str, ...]
    others: tuple[str, ...]


def face_rows(document: Document, grounds: Grounds, keyed: Iterable[str], with_more: bool) -> Faces:
    """Which channels of the face have rows: those with keys and those that move, or ``with_more`` all."""
    model, controls = document.model, known_controls(document)
    used = {name for name in keyed if name.startswith(EXPRESSION) or unit_of(name)}
    used |= {f"{EXPRESSION}{place}" for place in grounds.moving}
    every = [f"{EXPRESSION}{place}" for place in range(model.expression_count)]
    every += _units_beside(model, controls.space.names if controls is not None else ())
    every += sorted(used - set(every))
    if with_more:
        return Faces(tuple(every), tuple(name for name in every if name not in used))
    listed = tuple(name for name in every if name in used)
    return Faces(listed, tuple(name for name in every if name not in used))


def _units_beside(model: HeadModel, names: Iterable[str]) -> list[str]:
    """Channels of the units that are not components of the model themselves."""
    return [f"control/{name}" for name in names if name not in model.expression_names]


def keyed_channels(take: Take) -> tuple[str, ...]:
    """Every channel that has keys, in any layer or of the camera."""
    found = dict.fromkeys(channel for layer in take.layers for channel in layer.curves)
    return tuple({**found, **dict.fromkeys(take.camera_keys)})


def lanes_of(document: Document, grounds: Grounds, opened: frozenset[str]) -> tuple[Lane, ...]:
    """The rows of the active take, with the single channels of those groups that are ``opened``."""
    keyed = keyed_channels(document.take)
    lanes: list[Lane] = []
    if keyed:
        lanes.append(Lane("Keys", id=SUMMARY, channels=keyed, is_quiet=True))
    for group in GROUPS:
        if group.id == FACE:
            lanes += _face_lanes(document, grounds, keyed, opened)
        elif group.id == "camera":
            if document.take.camera_keys:
                lanes += _group_lanes(document, grounds, group, opened)
        elif group.id != "lids" or _has_lids(grounds.clip, keyed):
            lanes += _group_lanes(document, grounds, group, opened)
    return tuple(lanes)


def _has_lids(clip: Clip, keyed: Iterable[str]) -> bool:
    return bool(np.any(clip.eyelids)) or any(name in LIDS for name in keyed)


def _group_lanes(document: Document, grounds: Grounds, group: Group, opened: frozenset[str]) -> list[Lane]:
    ground = grounds.of_group(group)
    if len(group.channels) == 1:
        return [Lane(group.title, ground, group.id, group.channels)]
    lanes = [Lane(group.title, ground, group.id, group.channels, is_open=group.id in opened)]
    if group.id in opened:
        lanes += [_lane(document, grounds, channel) for channel in group.channels]
    return lanes


def _lane(document: Document, grounds: Grounds, channel: str) -> Lane:
    title = channel_title(document, channel)
    return Lane(title, grounds.of_channel(channel), channel, (channel,), depth=1)


def _face_lanes(
    document: Document, grounds: Grounds, keyed: tuple[str, ...], opened: frozenset[str]
) -> list[Lane]:
    group = GROUPS[0]
    channels = tuple(name for name in keyed if name.startswith(EXPRESSION) or unit_of(name))
    lanes = [Lane(group.title, grounds.of_group(group), FACE, channels, is_open=FACE in opened)]
    if FACE not in opened:
        return lanes
    faces = face_rows(document, grounds, keyed, MORE in opened)
    lanes += [_lane(document, grounds, channel) for channel in faces.listed]
    if faces.others:
        title = "Fewer" if MORE in opened else f"{len(faces.others)} more"
        lanes.append(Lane(title, None, MORE, depth=1, is_open=MORE in opened, is_quiet=True))
    return lanes
