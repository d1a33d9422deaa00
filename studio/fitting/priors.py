"""Gaussian priors of least-squares stages: what squares of the unknowns cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.fitting.recipe import Term
from studio.fitting.unknowns import Layout
from studio.flame.model import HeadModel

Array = NDArray[np.float64]

_ROOT, _NECK, _JAW = 3, 6, 9  # ends of the parts of a pose
_LEAST_RANGE = 1e-3
TERMS: tuple[Term, ...] = ("shape", "expression", "jaw", "joints")


def scales(model: HeadModel, layout: Layout) -> tuple[Array, tuple[Term | None, ...]]:
    """By how much each unknown (P,) is divided before it is squared, and the term that it belongs to."""
    ranges = np.abs(model.expression_ranges[layout.blends.expression]).max(axis=1, initial=0.0)
    sizes = np.ones(layout.count)
    begin = len(layout.blends.shape)
    sizes[begin : begin + len(ranges)] = np.maximum(ranges, _LEAST_RANGE)
    terms: list[Term | None] = ["shape"] * begin
    terms += ["expression"] * (len(ranges) + len(layout.blends.eyelids))
    terms += [_joint_term(int(component)) for component in layout.turned]
    terms += [None] * (layout.count - len(terms))
    return sizes, tuple(terms)


def prior_weights(model: HeadModel, layout: Layout, weights: Mapping[Term, float]) -> dict[Term, Array]:
    """What the square of each unknown costs (P,), by term."""
    sizes, terms = scales(model, layout)
    found: dict[Term, Array] = {}
    for term in TERMS:
        weight = weights.get(term, 0.0)
        if weight > 0.0:
            mine = np.array([own == term for own in terms], bool)
            found[term] = np.where(mine, weight / sizes**2, 0.0)
    return found


def _joint_term(component: int) -> Term | None:
    """The root is free and so is the jaw's opening; its other turns are those to the sides."""
    if component < _ROOT or component == _NECK:
        return None
    return "jaw" if _NECK < component < _JAW else "joints"
