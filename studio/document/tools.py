"""What the hand holds while it works on the head, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Axes = Literal["local", "world"]


@dataclass(frozen=True)
class Tools:
    """Settings of the tools on the canvas; changing them is no step to undo."""

    joint: int | None = None  # whose gizmo is shown: 0 root, 1 neck, 2 jaw, 3 left eye, 4 right eye
    axes: Axes = "local"  # of the gizmo
    symmetric: bool = False  # what is done on one side of the face is done on the other

    def replace(self, **changes: object) -> Tools:
        """The same settings with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
