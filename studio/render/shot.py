"""What a picture is taken of, and what takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.document.camera import Camera
from studio.document.look import Look
from studio.document.occasion import Occasion
from studio.flame.model import HeadModel
from studio.render.extras import NO_EXTRAS, Extras

Image = NDArray[np.uint8]
Cancelled = Callable[[], bool]

LARGEST = 8192  # pixels on a side


def never() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True, eq=False)
class Shot:
    """One picture of one head, complete: nothing else is asked while it is drawn."""

    model: HeadModel
    surface: Surface
    look: Look
    camera: Camera
    size: tuple[int, int]  # width, height in pixels, each 1..8192
    samples: int = 4  # of antialiasing a pixel: 1, 4, 9 or 16
    transparent: bool = False  # background of alpha 0 instead of the look's
    extras: Extras = NO_EXTRAS  # what is shown beside the head
    occasion: Occasion = field(default_factory=Occasion)  # what a caption says of it
    checkered: bool = False  # the look's transparent background as a checkerboard, as on a screen

    def __post_init__(self) -> None:
        """Check the size.

        Raises:
            ValueError: a side is not within 1..8192, or ``samples`` is not within 1..16.
        """
        if not all(1 <= side <= LARGEST for side in self.size):
            raise ValueError(f"A picture can be 1 to {LARGEST} pixels on a side, not {self.size}.")
        if not 1 <= self.samples <= 16:
            raise ValueError(f"Antialiasing takes 1 to 16 samples, not {self.samples}.")

    def with_alpha(self, possible: bool) -> Shot:
        """The same shot, without a background if its look has none and what takes the picture has alpha."""
        wanted = self.transparent or (possible and self.look.backdrop.kind == "transparent")
        return self if wanted == self.transparent else replace(self, transparent=wanted)

    @property
    def factor(self) -> int:
        """How many samples stand side by side in a pixel: the square root of ``samples``, rounded up."""
        return next(side for side in (1, 2, 3, 4) if side * side >= self.samples)


class Renderer(Protocol):
    """Turns shots into pictures."""

    name: str  # "OpenGL (llvmpipe ...)" or "CPU"

    def render(self, shot: Shot, cancelled: Cancelled = never) -> Image:
        """The picture (H, W, 4): uint8, sRGB, straight alpha, row 0 at the top.

        Raises:
            JobCancelled: ``cancelled`` answered yes.
            StudioError: the picture could not be drawn.
        """
        ...
