"""How a head is fitted: stages as plain data, which users may write themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, get_args

from studio.document.photo_camera import Projection

Variable = Literal[
    "place",  # where the head stands before the camera: x, y and depth, or x, y and scale
    "focal",
    "rotation",
    "neck_pose",
    "jaw_pose",
    "eyes_pose",
    "eyelids",
    "shape",
    "expression",
    "texture",
    "light",
    "albedo",  # an offset of every texel
]
VARIABLES: tuple[Variable, ...] = get_args(Variable)

Term = Literal[
    "landmarks",  # distance of the landmarks on the photo, in shares of the outer-eye distance
    "contour",  # a factor on the 17 points of the contour
    "eyes",  # a factor on the points around the eyes
    "mouth",  # a factor on the points around the mouth
    "photo",  # difference of the linear light of covered skin
    "silhouette",  # distance of the head's outline from the mask's edge
    "gaze",  # irises and lids
    "shape",  # squares of shape coefficients, in sigma
    "expression",  # squares of expression coefficients, in shares of their range
    "jaw",  # turns of the jaw beyond its limits, and sideways
    "joints",  # squares of turns of neck and eyes, radians
    "texture",  # squares of texture coefficients, in sigma
    "smooth",  # total variation of the albedo offset
    "symmetry",  # difference of the albedo offset between both sides
    "offset",  # squares of the albedo offset
    "light",  # colour and contrast of the light
    "temporal",  # changes from one frame to the next
    "prior",  # what a diffusion prior holds for likely
    "decay",  # weight decay of the published optimiser on everything that moves
]
TERMS: tuple[Term, ...] = get_args(Term)

Method = Literal["least squares", "adam"]
METHODS: tuple[Method, ...] = get_args(Method)
PriorName = Literal["gaussian", "dposer"]
PRIORS: tuple[PriorName, ...] = get_args(PriorName)
LightKind = Literal["one", "per channel"]
LIGHTS: tuple[LightKind, ...] = get_args(LightKind)


@dataclass(frozen=True)
class Stage:
    """One part of a fit: what moves, how often, how far, and what it costs.

    Terms that are not in ``weights`` do not count (factors: they are 1).
    """

    name: str
    moves: tuple[Variable, ...]
    iterations: int
    method: Method = "adam"
    size: int = 256  # pixels of the longer side of the working picture; nothing to terms without a picture
    weights: Mapping[Term, float] = field(default_factory=dict)
    steps: Mapping[Variable, float] = field(
        default_factory=dict
    )  # of Adam; those left out have the usual one

    def __post_init__(self) -> None:
        """Make the mappings read-only."""
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))
        object.__setattr__(self, "steps", MappingProxyType(dict(self.steps)))

    def weight(self, term: Term, otherwise: float = 0.0) -> float:
        """What ``term`` counts."""
        return self.weights.get(term, otherwise)

    def replace(self, **changes: object) -> Stage:
        """The same stage with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Recipe:
    """A whole fit: camera, light, appearance, and its stages in order."""

    name: str
    tip: str
    stages: tuple[Stage, ...]
    projection: Projection = "perspective"
    light: LightKind = "per channel"
    prior: PriorName = "gaussian"
    shape_count: int = 300  # components at most; models have fewer or more
    expression_count: int = 100
    texture_count: int = 50
    published: bool = False  # losses, camera and units of the published code, for comparison

    @property
    def iterations(self) -> int:
        """Of all stages together."""
        return sum(stage.iterations for stage in self.stages)

    def replace(self, **changes: object) -> Recipe:
        """The same recipe with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
