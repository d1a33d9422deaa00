"""How the head is drawn, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from studio.flame.landmark_sets import SetName

Mode = Literal["textured", "shaded", "flat", "wireframe", "normals", "regions", "depth"]
MODES: tuple[Mode, ...] = get_args(Mode)

Colour = tuple[float, float, float]  # sRGB, 0..1


@dataclass(frozen=True)
class Light:
    """A key light that is fixed to the camera, and an even light from all around."""

    azimuth: float = 0.6  # radians from the camera's axis, positive to the right of the picture
    elevation: float = 0.6  # radians, positive from above
    strength: float = 1.0
    ambient: float = 0.45


@dataclass(frozen=True)
class Texture:
    """Which of the model's textures is shown, and with which coefficients.

    ``key`` is a texture's own (:class:`studio.flame.texture_model.TextureSource`), "plain" for the
    model's picture alone; empty, or one that the model does not have, means its first texture without
    coefficients. Coefficients are in sigma; those left out are 0.
    """

    key: str = ""
    coefficients: tuple[float, ...] = ()


@dataclass(frozen=True)
class Onion:
    """Neighbouring frames of a take as ghosts around the head: past ones warm, later ones cool and dashed."""

    shown: bool = False
    before: int = 1  # ghosts of frames before the time cursor, 0..5
    after: int = 1  # ghosts of frames after it, 0..5
    step: int = 3  # frames from one ghost to the next
    strength: float = 0.6  # how strongly ghosts are drawn, 0..1

    def replace(self, **changes: object) -> Onion:
        """The same settings with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Look:
    """Shading, light, background and texture of canvas and pictures alike."""

    mode: Mode = "textured"
    light: Light = field(default_factory=Light)
    background: Colour = (0.161, 0.173, 0.192)  # middle of the faint vertical gradient
    clay: Colour = (0.72, 0.70, 0.68)  # surface colour of the shaded, flat and wireframe modes
    subdivide: bool = True  # draw the once-subdivided surface
    texture: Texture = field(default_factory=Texture)
    show_landmarks: bool = False
    landmark_set: SetName = "68"  # on a model without it, the first one that the model has
    show_landmark_numbers: bool = False  # only while the landmarks are shown
    show_joints: bool = False
    onion: Onion = field(default_factory=Onion)

    @property
    def is_smooth_surface(self) -> bool:
        """Whether the subdivided surface is drawn: flat shading is there to show the model's own faces."""
        return self.subdivide and self.mode != "flat"

    def replace(self, **changes: object) -> Look:
        """The same look with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
