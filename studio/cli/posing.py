"""Poses and named controls of the command line, on the frames of a clip."""

from __future__ import annotations

import argparse
import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.controls.correctives import settle
from studio.controls.head_turns import AXES
from studio.controls.named_controls import apply_all, control_set
from studio.controls.preset_folders import preset_called
from studio.controls.presets import Preset, blended, posed, refuse_unfit, told_of
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.clip import CHANNELS, Clip, between
from studio.sequence.stream import FrameSource
from studio.storage.errors import StudioError


@dataclass(frozen=True)
class Posing:
    """What the flags do to every frame: poses in their order, then controls."""

    __hash__ = None  # type: ignore[assignment]

    model: HeadModel
    presets: Sequence[Preset]
    strength: float
    controls: Mapping[str, float]  # head turns in radians

    @property
    def notices(self) -> list[str]:
        """What of the poses comes back otherwise on this model."""
        return [told for preset in self.presets if (told := told_of(preset, self.model))]

    def of(self, params: Params) -> Params:
        """``params`` posed."""
        for preset in self.presets:
            params = blended(self.model, params, posed(preset, self.model, params), self.strength)
        if self.controls:
            params = apply_all(control_set(self.model.original), params, self.controls)
        return settle(self.model, params)


def posing_of(arguments: argparse.Namespace, model: HeadModel) -> Posing | None:
    """What the flags say; None where they say nothing.

    Raises:
        StudioError: there is no such pose or control, or the pose means nothing on ``model``.

    """
    if not arguments.pose and not arguments.control:
        return None
    presets = [preset_called(name) for name in arguments.pose]
    for preset in presets:
        refuse_unfit(preset, model)
    return Posing(model, presets, arguments.strength, _controls(arguments.control, model))


def _controls(settings: Sequence[tuple[str, float]], model: HeadModel) -> dict[str, float]:
    if not settings:
        return {}
    known = {name.lower(): name for name in control_set(model.original).controls}
    values = {}
    for name, value in settings:
        if name.lower() not in known:
            close = difflib.get_close_matches(name.lower(), known, 1)
            meant = f" (did you mean {known[close[0]]}?)" if close else ""
            raise StudioError(
                f"{model.name} has no control {name}{meant}; it has {', '.join(known.values())}."
            )
        control = known[name.lower()]
        values[control] = math.radians(value) if control in AXES else value
    return values


@dataclass(frozen=True, eq=False)
class PosedFrames:
    """The frames of a clip, posed as they are asked for."""

    source: FrameSource
    posing: Posing

    def __len__(self) -> int:
        """T."""
        return len(self.source)

    @property
    def fps(self) -> float:
        """Frames per second."""
        return self.source.fps

    def frame(self, index: int) -> Params:
        """The parameters of frame ``index``."""
        return self.posing.of(self.source.frame(index))

    def at(self, position: float) -> Params:
        """The parameters at fractional frame ``position``, held at both ends."""
        return between(self, position)

    def blocks(self, size: int) -> Iterator[Clip]:
        """All frames in order, at most ``size`` at a time, of one identity."""
        for block in self.source.blocks(size):
            yield posed_clip(block, self.posing)


def posed_clip(clip: Clip, posing: Posing) -> Clip:
    """``clip`` with every frame posed."""
    frames = [posing.of(frame) for frame in clip.frames()]
    channels: dict[str, Any] = {name: np.stack([getattr(f, name) for f in frames]) for name in CHANNELS}
    return clip.replace(shape=frames[0].shape, **channels)
