"""How the head is drawn, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from studio.document.lights import Colour as Colour
from studio.document.lights import Lamp as Lamp
from studio.document.lights import Light as Light
from studio.document.media import Media
from studio.flame.landmark_sets import SetName

Mode = Literal["textured", "shaded", "matcap", "flat", "wireframe", "normals", "regions", "depth"]
MODES: tuple[Mode, ...] = get_args(Mode)

_LIT = frozenset[Mode](("textured", "shaded", "flat", "wireframe", "regions"))

Matcap = Literal["porcelain", "bronze", "red wax", "soft grey", "check", "zebra", "picture"]
MATCAPS: tuple[Matcap, ...] = get_args(Matcap)

BackdropKind = Literal["soft", "plain", "gradient", "picture", "transparent"]
BACKDROPS: tuple[BackdropKind, ...] = get_args(BackdropKind)

Fit = Literal["fill", "fit", "stretch"]
FITS: tuple[Fit, ...] = get_args(Fit)

Corner = Literal["top left", "top", "top right", "bottom left", "bottom", "bottom right"]
CORNERS: tuple[Corner, ...] = get_args(Corner)


@dataclass(frozen=True)
class Environment:
    """Light from all around as nine spherical harmonics for each of red, green and blue.

    ``coefficients`` are 27 numbers, red, green, blue of each harmonic in turn; see
    :mod:`studio.document.harmonics`. None of them: no such light.
    """

    coefficients: tuple[float, ...] = ()
    name: str = ""  # of the file they came from
    rotation: float = 0.0  # radians about +Y, positive towards the subject's left
    strength: float = 1.0

    def replace(self, **changes: object) -> Environment:
        """The same environment with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Shadows:
    """How dark it is where less light comes in: 0 for not at all, 1 for as much as there is."""

    key: float = 0.75  # where the head itself stands between the surface and the key light
    ambient: float = 0.75  # in hollows, of the light from all around


@dataclass(frozen=True)
class Finish:
    """What the surface does to light."""

    gloss: float = 1.0  # of skin and clay; 0: matt
    roughness: float = 0.5  # 0: small sharp highlights, 1: wide soft ones
    catch: float = 1.0  # strength of the lights' reflections in the eyes
    matcap: Matcap = "porcelain"
    matcap_picture: Media = field(default_factory=Media)  # a ball on a square picture, for "picture"


@dataclass(frozen=True)
class Backdrop:
    """What is behind the head. "soft" is the look's background colour, a little lighter above."""

    kind: BackdropKind = "soft"
    top: Colour = (0.36, 0.42, 0.50)  # of "gradient"
    bottom: Colour = (0.10, 0.11, 0.13)
    picture: Media = field(default_factory=Media)
    fit: Fit = "fill"


@dataclass(frozen=True)
class Caption:
    """Words in the picture; {take}, {frame}, {time} and {model} stand for what is shown."""

    text: str = ""
    corner: Corner = "bottom left"
    letter_height: float = 0.032  # as a share of the picture's height
    colour: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Texture:
    """Which of the model's textures is shown, and with which coefficients.

    ``key`` is a texture's own (:class:`studio.flame.texture_model.TextureSource`), "plain" for the
    model's picture alone, "picture" for ``picture``; empty, or one that the model does not have, means its
    first texture without coefficients. Coefficients are in sigma; those left out are 0. ``picture`` is kept
    while another texture is shown.
    """

    key: str = ""
    coefficients: tuple[float, ...] = ()
    picture: Media = field(default_factory=Media)  # laid out by the model's texture coordinates

    def replace(self, **changes: object) -> Texture:
        """The same texture with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


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
    environment: Environment = field(default_factory=Environment)
    shadows: Shadows = field(default_factory=Shadows)
    exposure: float = 0.0  # powers of two by which all light is multiplied
    finish: Finish = field(default_factory=Finish)
    background: Colour = (0.161, 0.173, 0.192)  # of the soft and the plain backdrop
    backdrop: Backdrop = field(default_factory=Backdrop)
    clay: Colour = (0.72, 0.70, 0.68)  # surface colour of the shaded, flat and wireframe modes
    subdivide: bool = True  # draw the once-subdivided surface
    wire_over: bool = False  # the model's edges over any shading
    texture: Texture = field(default_factory=Texture)
    show_landmarks: bool = False
    landmark_set: SetName = "68"  # on a model without it, the first one that the model has
    show_landmark_numbers: bool = False  # only while the landmarks are shown
    show_joints: bool = False
    onion: Onion = field(default_factory=Onion)
    caption: Caption = field(default_factory=Caption)

    @property
    def is_lit(self) -> bool:
        """Whether light falls onto the surface; else it has its colours by itself."""
        return self.mode in _LIT

    @property
    def is_skin(self) -> bool:
        """Whether the surface takes light as skin does; else as clay."""
        return self.mode == "textured"

    @property
    def is_smooth_surface(self) -> bool:
        """Whether the subdivided surface is drawn: flat shading is there to show the model's own faces."""
        return self.subdivide and self.mode != "flat"

    def replace(self, **changes: object) -> Look:
        """The same look with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
