"""Two heads side by side, and what is measured on them, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

Kind = Literal["off", "wipe", "distance"]
Subject = Literal["take", "neutral", "mean"]
Distance = Literal["vertex", "normal"]

SUBJECTS: tuple[Subject, ...] = get_args(Subject)


@dataclass(frozen=True)
class Comparison:
    """The active take, A, beside another head, B.

    With "wipe" the canvas shows A left of the line and B right of it; with "distance" A is coloured by
    how far its vertices are from those of B.
    """

    kind: Kind = "off"
    take: int = 0  # B, by its place among the takes; one that is not there compares nothing
    wipe: float = 0.5  # where the line is, as a share of the picture's width from the left
    farthest: float = 5.0  # millimetres at the end of the colour scale
    subject: Subject = "take"  # what B is: that take, A's identity at rest, or the mean head
    follows: bool = True  # B is shown at the time of A; else it stays at ``frame``
    frame: float = 0.0  # of B, where it does not follow
    distance: Distance = "vertex"  # between vertices, or along A's normals with a sign
    aligned: bool = False  # B is first moved rigidly, so that its skull lies on that of A
    dimensions: bool = False  # lines with measurements on the canvas

    def replace(self, **changes: object) -> Comparison:
        """The same comparison with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
