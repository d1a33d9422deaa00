from __future__ import annotations

import threading
import time

import pytest

from studio.render.threads import in_order, share_out


def test_every_index_is_worked_on_once():
    for workers in (1, 2, 8):
        done: list[int] = []
        share_out(done.append, 100, workers)
        assert sorted(done) == list(range(100))
    share_out(done.append, 0, 4)


def test_sharing_inside_shared_work_comes_to_an_end():
    done: list[int] = []

    def again(_: int) -> None:
        share_out(done.append, 10, 8)

    worker = threading.Thread(target=share_out, args=(again, 20, 8), daemon=True)
    worker.start()
    worker.join(20)
    assert not worker.is_alive()
    assert len(done) == 200


def test_what_goes_wrong_comes_through():
    def broken(index: int) -> None:
        if index == 5:
            raise ZeroDivisionError

    for workers in (1, 3):
        with pytest.raises(ZeroDivisionError):
            share_out(broken, 10, workers)
        with pytest.raises(ZeroDivisionError):
            list(in_order(lambda value: 1 // value, [2, 1, 0], workers))


def test_waiting_can_be_given_up():
    stop = threading.Event()

    def check() -> None:
        if stop.is_set():
            raise KeyError("stopped")

    release = threading.Event()
    stream = in_order(lambda value: release.wait(30), range(100), 2, check)
    threading.Timer(0.2, stop.set).start()
    began = time.perf_counter()
    with pytest.raises(KeyError):
        next(stream)
    assert time.perf_counter() - began < 2.0
    release.set()


def test_results_come_in_order_and_few_items_are_drawn_ahead():
    drawn: list[int] = []

    def items():
        for item in range(50):
            drawn.append(item)
            yield item

    for place, result in enumerate(in_order(lambda item: -item, items(), 3)):
        assert result == -place
        assert len(drawn) <= place + 4
    assert len(drawn) == 50
