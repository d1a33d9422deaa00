"""Two takes side by side, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["off", "wipe", "distance"]


@dataclass(frozen=True)
class Comparison:
    """The active take, A, beside another one, B.

    With "wipe" the canvas shows A left of the line and B right of it; with "distance" A is coloured by
    how far its vertices are from those of B.
    """

    kind: Kind = "off"
    take: int = 0  # B, by its place among the takes; one that is not there compares nothing
    wipe: float = 0.5  # where the line is, as a share of the picture's width from the left
    farthest: float = 5.0  # millimetres at the end of the colour scale

    def replace(self, **changes: object) -> Comparison:
        """The same comparison with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
