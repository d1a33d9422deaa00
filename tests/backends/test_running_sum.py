"""Sums that follow their coefficients by as few rows of the basis as it takes."""

from __future__ import annotations

import numpy as np
import pytest

from studio.backends.running_sum import RunningSum

BASIS = np.random.default_rng(3).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture
def added() -> list[list[int]]:
    return []


@pytest.fixture
def running(added: list[list[int]]) -> RunningSum:
    def add_rows(total: np.ndarray, rows: np.ndarray, amounts: np.ndarray) -> None:
        added.append(rows.tolist())
        total += amounts @ BASIS[rows]

    return RunningSum(len(BASIS), BASIS.shape[1], add_rows)


def test_one_changed_coefficient_is_one_row(running: RunningSum, added: list[list[int]]) -> None:
    wanted = np.arange(1.0, 7.0)
    running.move_to(wanted)
    moved = wanted.copy()
    moved[2] = 0.5
    running.move_to(moved)
    assert added == [[0, 1, 2, 3, 4, 5], [2]]
    np.testing.assert_allclose(running.total, moved @ BASIS, atol=1e-6)


def test_what_did_not_change_is_not_summed_again(running: RunningSum, added: list[list[int]]) -> None:
    running.move_to(np.ones(6))
    running.move_to(np.ones(6))
    assert len(added) == 1


def test_few_coefficients_are_summed_anew_where_many_go(running: RunningSum, added: list[list[int]]) -> None:
    running.move_to(np.ones(6))
    running.move_to(np.eye(6)[4])
    assert added[-1] == [4]
    np.testing.assert_allclose(running.total, BASIS[4], atol=1e-7)


def test_another_base_is_summed_from(running: RunningSum) -> None:
    base = np.array([1.0, 2.0, 3.0, 4.0])
    running.move_to(np.eye(6)[1])
    running.set_base(base)
    running.move_to(np.eye(6)[1])
    np.testing.assert_allclose(running.total, base + BASIS[1], atol=1e-7)
    running.set_base(None)
    running.move_to(np.zeros(6))
    assert not running.total.any()
