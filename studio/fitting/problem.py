"""What a fit is given, frozen: model, observations, what may not move, and where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.document.locks import Locks
from studio.fitting.observation import Observation
from studio.fitting.recipe import Recipe
from studio.fitting.state import FitState
from studio.flame.model import HeadModel

if TYPE_CHECKING:
    from studio.fitting.dposer.files import PriorFiles


@dataclass(frozen=True, eq=False)
class Problem:
    """Photos of heads on one model.

    ``start`` has a state for each observation. Locked components (:data:`studio.document.locks.Locks`)
    stay as they are in it.
    """

    model: HeadModel
    observations: tuple[Observation, ...]
    recipe: Recipe
    start: tuple[FitState, ...]
    one_identity: bool = False  # all photos are of one person: one shape and one texture
    locks: Locks = frozenset()
    frames_per_second: float | None = None  # of a film, whose frames follow one another
    held: frozenset[int] = frozenset()  # numbers of states that stay; not known to least squares
    priors: tuple[PriorFiles, ...] = ()  # of a recipe with a diffusion prior; none: those that are found
