"""What the hand holds while it works on the head, and how it is told of time, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from studio.sequence.timecode import TimeUnit

Axes = Literal["local", "world"]
Tool = Literal["orbit", "pose", "pull"]
Pulls = Literal["expression", "identity", "both"]

RADII = (0.003, 0.12)  # metres; the narrowest and the widest pull


@dataclass(frozen=True)
class Tools:
    """Settings of the tools on the canvas and of the timeline; changing them is no step to undo."""

    tool: Tool = "orbit"  # what a drag on the head does; beside the head every tool orbits
    joint: int | None = None  # whose gizmo is shown: 0 root, 1 neck, 2 jaw, 3 left eye, 4 right eye
    axes: Axes = "local"  # of the gizmo
    symmetric: bool = False  # what is done on one side of the face is done on the other
    vertex: int | None = None  # the one selected, whatever its model
    landmark: int | None = None  # the one selected, by its number in the set that is shown
    radius: float = 0.025  # metres of skin around a pulled point that go along
    pulls: Pulls = "expression"  # what changes so that the surface follows a pull
    auto_key: bool = False  # whether changes set keys at the time cursor instead of an offset over the take
    follows_keys: bool = True  # whether the camera moves along its keys
    telling: bool = True  # whether a chip tells what is under the pointer
    time: TimeUnit = "seconds"  # in which moments are told and typed

    def replace(self, **changes: object) -> Tools:
        """The same settings with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
