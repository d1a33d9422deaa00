"""What a fit is told by to people: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from studio.document.photo_camera import PhotoCamera, lens_of_focal
from studio.fitting.recipe import Recipe, Term, Variable

if TYPE_CHECKING:
    from studio.fitting.fit_measures import FitMeasures
    from studio.fitting.run import Iteration

Phase = Literal["idle", "running", "paused", "stopping"]

TERM_TITLES: dict[Term, str] = {
    "landmarks": "Landmarks",
    "contour": "Contour, factor",
    "eyes": "Eyes, factor",
    "mouth": "Mouth, factor",
    "photo": "Photo",
    "silhouette": "Outline",
    "gaze": "Gaze",
    "shape": "Shape",
    "expression": "Expression",
    "jaw": "Jaw limits",
    "joints": "Neck and eyes",
    "texture": "Skin",
    "smooth": "Smooth detail",
    "symmetry": "Symmetric detail",
    "offset": "Small detail",
    "light": "Light",
    "temporal": "Over time",
    "prior": "Likely faces",
    "decay": "Decay",
}
MOVERS: tuple[tuple[str, tuple[Variable, ...], str], ...] = (  # title, what it moves, tip
    ("Pose", ("rotation", "neck_pose"), "The turn of head and neck"),
    ("Jaw", ("jaw_pose",), "How far the mouth is open"),
    ("Eyes", ("eyes_pose", "eyelids"), "Gaze and lids"),
    ("Shape", ("shape",), "Who it is"),
    ("Expression", ("expression",), "What the face does"),
    ("Skin", ("texture", "albedo"), "The colours of the skin"),
    ("Light", ("light",), "Where light comes from, and its colour"),
    ("Lens", ("focal",), "The focal length of the photo"),
)


@dataclass(frozen=True)
class FitTold:
    """How a fit goes."""

    phase: Phase = "idle"
    what: str = ""  # the stage, or what else is done
    stage: int = 0  # its number in the recipe
    number: int = 0  # iterations of it that are done
    of: int = 0  # that it has
    milliseconds: float = 0.0  # of an iteration, lately
    left: str = ""  # how long it still takes, in words

    @property
    def running(self) -> bool:
        """Whether a fit is under way."""
        return self.phase != "idle"

    @property
    def text(self) -> str:
        """All of it in one line."""
        if not self.running:
            return ""
        parts = [self.what]
        if self.of:
            parts.append(f"{self.number} of {self.of}")
        if self.milliseconds:
            parts.append(f"{self.milliseconds:.3g} ms each")
        if self.phase == "paused":
            parts.append("paused")
        elif self.left:
            parts.append(self.left)
        return ", ".join(parts)


def measures_told(measures: FitMeasures) -> str:
    """What a fit came to, in one sentence."""
    parts = []
    if measures.landmarks is not None:
        parts.append(f"landmarks {100.0 * measures.landmarks:.2f} % of the eye distance off")
    if measures.psnr is not None:
        parts.append(f"photo {measures.psnr:.1f} dB")
    parts.append(f"{measures.iterations} iterations in {measures.seconds:.1f} s")
    told = ", ".join(parts)
    return f"{told[:1].upper()}{told[1:]}."


def held_of(held: str) -> frozenset[str]:
    """The variables that the text ``held`` names, divided by commas."""
    return frozenset(filter(None, (name.strip() for name in held.split(","))))


def held_text(held: Iterable[str]) -> str:
    """:func:`held_of` the other way round."""
    return ",".join(sorted(held))


def lens_told(camera: PhotoCamera) -> str:
    """The lens of a fitted camera, for people; empty where it has none."""
    if not camera or camera.projection != "perspective":
        return ""
    return f"{lens_of_focal(camera.focal, *camera.size):.0f} mm"


def costs_told(recipe: Recipe, done: Iteration) -> list[tuple[str, float]]:
    """The costs of one iteration by the titles of their terms, those that count alone."""
    weights = recipe.stages[min(done.stage, len(recipe.stages) - 1)].weights
    return [(TERM_TITLES[term], cost) for term, cost in done.costs.items() if cost or weights.get(term, 0.0)]
