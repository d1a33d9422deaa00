"""What a picture shows beside the head: another head, distances to it, ghosts, measurements."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.comparison import Comparison
from studio.flame.distances import Summary
from studio.flame.measures import Measured


@dataclass(frozen=True, eq=False)
class Ghost:
    """A neighbouring frame."""

    offset: int  # frames from the time cursor, below 0 before it
    surface: Surface


@dataclass(frozen=True, eq=False)
class Extras:
    """Computed by who computes the head; heads are of the same model as the one of the picture."""

    comparison: Comparison = field(default_factory=Comparison)
    names: tuple[str, str] = ("", "")  # of A and B
    other: Surface | None = None  # B; without one nothing is compared
    distances: NDArray[np.float32] | None = None  # (V,) millimetres from A to B, with a sign along normals
    summary: Summary | None = None  # of the distances
    ghosts: tuple[Ghost, ...] = ()  # the farthest in time first
    measured: Measured | None = None  # on A
    neutral: Measured | None = None  # on A's identity at rest
    beside: Measured | None = None  # on B

    def replace(self, **changes: object) -> Extras:
        """The same with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def wiped(self) -> Surface | None:
        """B, where it is seen right of the line."""
        return self.other if self.comparison.kind == "wipe" else None

    @property
    def heat(self) -> NDArray[np.float32] | None:
        """The distances, where the head is coloured by them."""
        return self.distances if self.comparison.kind == "distance" else None

    @property
    def is_drawn(self) -> bool:
        """Whether the picture of the head itself is another one."""
        return self.wiped is not None or self.heat is not None or bool(self.ghosts)

    def edge(self, width: int) -> int:
        """The first column of B in a picture ``width`` columns wide."""
        return min(max(round(self.comparison.wipe * width), 0), width)

    def told_at(self, vertex: int) -> str:
        """What is to be told of a vertex under the pointer; empty where it has no distance."""
        heat = self.heat
        if heat is None or not 0 <= vertex < len(heat):
            return ""
        distance = float(heat[vertex])
        if self.comparison.distance == "normal":
            side = "outside" if distance >= 0.0 else "inside"
            return f"{self.names[1]} {abs(distance):.2f} mm {side}"
        return f"{distance:.2f} mm to {self.names[1]}"


NO_EXTRAS = Extras()
