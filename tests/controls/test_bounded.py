"""Bounded least squares against SciPy's, on problems where many bounds hold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from studio.controls.bounded import Problem, solve


def problem_of(count: int, rows: int, seed: int, reach: float = 3.0) -> tuple[Problem, np.ndarray]:
    random = np.random.default_rng(seed)
    root = random.normal(size=(count, count)) + np.eye(count)
    problem = Problem(
        inverse=np.linalg.inv(root.T @ root),
        rows=random.normal(size=(rows, count)),
        wanted=reach * random.normal(size=rows),
        weights=random.uniform(10.0, 1000.0, rows),
        lowest=-random.uniform(0.0, 0.05, count) * (random.random(count) < 0.5),
        highest=random.uniform(0.01, 0.05, count),
    )
    return problem, root


def by_scipy(problem: Problem, root: np.ndarray) -> np.ndarray:
    heavy = np.sqrt(problem.weights)
    matrix = np.concatenate([root, heavy[:, None] * problem.rows])
    values = np.concatenate([np.zeros(len(root)), heavy * problem.wanted])
    return lsq_linear(matrix, values, (problem.lowest, problem.highest), tol=1e-14, max_iter=2000).x


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("count", "rows"), [(5, 3), (30, 9), (80, 12)])
def test_as_a_general_solver_has_it(count: int, rows: int, seed: int) -> None:
    problem, root = problem_of(count, rows, seed)
    found, held = solve(problem, np.zeros(count, np.int8))
    np.testing.assert_allclose(found, by_scipy(problem, root), atol=1e-5)
    assert (found >= problem.lowest).all()
    assert (found <= problem.highest).all()
    assert held.any()
    np.testing.assert_array_equal(found[held < 0], problem.lowest[held < 0])
    np.testing.assert_array_equal(found[held > 0], problem.highest[held > 0])


def test_where_it_begins_does_not_matter() -> None:
    problem, _ = problem_of(40, 6, 9)
    expected, _ = solve(problem, np.zeros(40, np.int8))
    random = np.random.default_rng(0)
    for _ in range(10):
        found, _ = solve(problem, random.integers(-1, 2, 40).astype(np.int8))
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_nothing_wanted_moves_nothing() -> None:
    problem, _ = problem_of(12, 3, 1, reach=0.0)
    found, _ = solve(problem, np.zeros(12, np.int8))
    np.testing.assert_allclose(found, 0.0, atol=1e-15)


def test_no_unknowns() -> None:
    none = np.zeros(0)
    problem = Problem(np.zeros((0, 0)), np.zeros((3, 0)), np.ones(3), np.ones(3), none, none)
    assert solve(problem, np.zeros(0, np.int8))[0].shape == (0,)
