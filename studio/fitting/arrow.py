"""Steps of bounded least squares where many blocks of unknowns share a few (an arrow-shaped matrix)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ROUNDS = 4  # of holding what would leave its bounds


@dataclass(frozen=True, eq=False)
class Block:
    """The normal equations of one block: its own n unknowns and the s that all share."""

    own: Array  # (n, n)
    mixed: Array  # (n, s)
    slope: Array  # (n,) what a step goes along
    low: Array  # (n,) how far each may still go
    high: Array  # (n,)


@dataclass(frozen=True, eq=False)
class Shared:
    """The shared unknowns' part of the normal equations."""

    own: Array  # (s, s)
    slope: Array  # (s,)
    low: Array
    high: Array


def bounded_step(blocks: Sequence[Block], shared: Shared, damping: float) -> tuple[list[Array], Array]:
    """The damped step of all unknowns, those held at a bound that would leave it.

    Levenberg-Marquardt: ``damping`` times the diagonal is added (Marquardt 1963). The shared unknowns are
    solved first, by the Schur complement.

    Returns:
        A step (n,) for each block, and that of the shared ones (s,).

    """
    fixed = [np.full(len(block.slope), np.nan) for block in blocks]
    fixed_shared = np.full(len(shared.slope), np.nan)
    steps, common = _solve(blocks, shared, damping, fixed, fixed_shared)
    for _ in range(_ROUNDS):
        changed = [
            _hold(held, step, block.low, block.high)
            for held, step, block in zip(fixed, steps, blocks, strict=True)
        ]
        if not (_hold(fixed_shared, common, shared.low, shared.high) or any(changed)):
            break
        steps, common = _solve(blocks, shared, damping, fixed, fixed_shared)
    steps = [np.clip(step, block.low, block.high) for step, block in zip(steps, blocks, strict=True)]
    return steps, np.clip(common, shared.low, shared.high)


def _hold(fixed: Array, step: Array, low: Array, high: Array) -> bool:
    """Hold what would leave its bounds at them; whether there was any."""
    beyond = np.isnan(fixed) & ((step < low) | (step > high))
    fixed[beyond] = np.clip(step, low, high)[beyond]
    return bool(beyond.any())


def _solve(
    blocks: Sequence[Block], shared: Shared, damping: float, fixed: list[Array], fixed_shared: Array
) -> tuple[list[Array], Array]:
    """Every unknown that is NaN in ``fixed`` and ``fixed_shared``; the others are as they are there."""
    free_shared = np.isnan(fixed_shared)
    known_shared = np.where(free_shared, 0.0, fixed_shared)
    matrix = _damped(shared.own, damping)
    slope = shared.slope - matrix @ known_shared
    parts = []
    for block, held in zip(blocks, fixed, strict=True):
        free = np.isnan(held)
        known = np.where(free, 0.0, held)
        own = _damped(block.own, damping)
        left = (block.slope - own @ known - block.mixed @ known_shared)[free]
        mixed = block.mixed[np.ix_(free, free_shared)]
        solved = np.linalg.solve(own[np.ix_(free, free)], np.column_stack([left, mixed]))
        slope = slope - block.mixed.T @ known
        slope[free_shared] -= mixed.T @ solved[:, 0]
        matrix[np.ix_(free_shared, free_shared)] -= mixed.T @ solved[:, 1:]
        parts.append((free, known, solved))
    common = known_shared
    if free_shared.any():
        common = common.copy()
        common[free_shared] = np.linalg.solve(matrix[np.ix_(free_shared, free_shared)], slope[free_shared])
    steps = []
    for free, known, solved in parts:
        step = known.copy()
        step[free] = solved[:, 0] - solved[:, 1:] @ common[free_shared]
        steps.append(step)
    return steps, common


def _damped(matrix: Array, damping: float) -> Array:
    found = matrix.copy()
    diagonal = np.diag_indices_from(found)
    found[diagonal] += damping * found[diagonal] + 1e-12
    return found
