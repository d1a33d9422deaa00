"""What goes through the iterations of one stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from studio.fitting.recipe import Term
from studio.fitting.state import FitState


class Solver(Protocol):
    """One stage of a fit under way, begun where the stage before it ended."""

    def step(self) -> Mapping[Term, float]:
        """Go one iteration on.

        Returns:
            What each term cost before it, weighted; the sum is what is made small. A cost that is not
            finite tells that the fit diverged.

        """
        ...

    def states(self) -> tuple[FitState, ...]:
        """Where the fit is, a state for each observation."""
        ...

    def reweigh(self, weights: Mapping[Term, float]) -> None:
        """Go on with other weights."""
        ...

    @property
    def finished(self) -> bool:
        """Whether further iterations would change nothing."""
        ...
