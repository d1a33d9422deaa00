"""A fit is seen from another thread: every cost, and of the heads the newest now and then."""

from __future__ import annotations

from types import SimpleNamespace

from studio.fitting.run import Iteration
from studio.fitting.watch import PICTURES, FitWatch


def test_costs_all_come_and_heads_now_and_then():
    now = [0.0]
    watch = FitWatch(lambda: now[0])
    for number in range(10):
        watch.hear(Iteration(0, number, {}, 0.01), SimpleNamespace(states=(number,), finished=False))
        now[0] += 0.3 / PICTURES
    seen = watch.take()
    assert [done.number for done in seen.iterations] == list(range(10))
    assert seen.states == (8,)
    assert watch.take().iterations == ()
    assert watch.take().states is None


def test_the_last_head_is_never_left_out():
    watch = FitWatch(lambda: 0.0)
    for number in range(3):
        watch.hear(Iteration(0, number, {}, 0.01), SimpleNamespace(states=(number,), finished=number == 2))
    assert watch.take().states == (2,)
