"""Least squares of few wanted values in many bounded unknowns, fast enough for a hand that drags.

Minimises x' M x + |W^(1/2) (J x - r)|^2 within bounds on x, for a fixed M of N unknowns whose inverse is
known and a J of few rows. The unknowns at a bound are further equations, so that each trial solves one small
system: as many unknowns as J has rows and x has bounds that hold. Which bounds hold is found by block
principal pivoting (Portugal, Judice and Vicente 1994, A comparison of block pivoting and interior-point
algorithms for linear least squares problems with nonnegative variables), which takes few trials, and fewer
from the bounds of a step before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Bounds = NDArray[np.int8]  # -1 where an unknown is held at its lower bound, 1 at its upper one, else 0

MOST_TRIALS = 60
PATIENCE = 3  # trials that may be no better before unknowns are exchanged one at a time
SLACK = 1e-9  # of the unknowns
PULL = 1e-12  # of the forces at the bounds, as a share of the largest


@dataclass(frozen=True, eq=False)
class Problem:
    """One problem of N unknowns and m wanted values."""

    inverse: Array  # (N, N) of M, symmetric and positive definite
    rows: Array  # (m, N) J
    wanted: Array  # (m,) r
    weights: Array  # (m,) the diagonal of W, more than 0
    lowest: Array  # (N,)
    highest: Array  # (N,)


def solve(problem: Problem, bounds: Bounds) -> tuple[Array, Bounds]:
    """The unknowns (N,) of ``problem``, and which bounds hold; ``bounds`` is where to begin."""
    held = bounds.copy()
    spread = problem.inverse @ problem.rows.T
    fewest, patience = len(held) + 1, PATIENCE
    x = np.zeros(len(held))
    for _ in range(MOST_TRIALS):
        x, pushed = _trial(problem, spread, held)
        below = (held == 0) & (x < problem.lowest - SLACK)
        above = (held == 0) & (x > problem.highest + SLACK)
        least = PULL * float(np.abs(pushed).max(initial=0.0))
        loose = (held != 0) & (held * pushed > least)
        wrong = np.flatnonzero(below | above | loose)
        if not len(wrong):
            break
        if len(wrong) < fewest:
            fewest, patience = len(wrong), PATIENCE
        elif patience:
            patience -= 1
        else:
            wrong = wrong[-1:]
        changed = np.where(below, -1, np.where(above, 1, 0)).astype(np.int8)
        held[wrong] = changed[wrong]
    return np.clip(x, problem.lowest, problem.highest), held


def _trial(problem: Problem, spread: Array, held: Bounds) -> tuple[Array, Array]:
    """The unknowns with those at ``held`` on their bounds, and the forces (N,) that keep them there."""
    places = np.flatnonzero(held)
    at = np.where(held[places] < 0, problem.lowest[places], problem.highest[places])
    count = len(problem.rows)
    system = np.empty((count + len(places),) * 2)
    system[:count, :count] = problem.rows @ spread + np.diag(1.0 / problem.weights)
    system[count:, :count] = spread[places]
    system[:count, count:] = spread[places].T
    columns = problem.inverse[places]
    system[count:, count:] = columns[:, places]
    forces = np.linalg.solve(system, np.concatenate([problem.wanted, at]))
    x = spread @ forces[:count] + forces[count:] @ columns
    x[places] = at
    pushed = np.zeros(len(held))
    pushed[places] = forces[count:]
    return x, pushed
