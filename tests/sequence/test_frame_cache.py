"""Frames kept and read ahead: which ones, how many, and what happens when reading fails or ends."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from studio.flame.params import Params
from studio.sequence import frame_cache
from studio.sequence.frame_cache import FrameCache
from studio.storage.errors import StudioError

WAIT = 20.0


class Source:
    """Frames that know their number, and who asked for which of them."""

    def __init__(self):
        self.asked = []
        self.bad = set()
        self.open = threading.Event()
        self.open.set()
        self.begun = threading.Event()

    def __call__(self, indices):
        ahead = threading.current_thread().name == "frames ahead"
        self.asked.append((ahead, indices))
        if ahead:
            self.begun.set()
            assert self.open.wait(WAIT)
        if self.bad.intersection(indices):
            raise StudioError(f"broken {min(self.bad.intersection(indices))}")
        return [Params.zeros(1, 1).replace(expr=[index]) for index in indices]

    def count(self, ahead):
        return sum(len(indices) for by, indices in self.asked if by == ahead)


def rest(cache):
    """Wait until nothing is read ahead any more."""
    thread = cache._thread
    if thread is not None:
        thread.join(WAIT)
        assert not thread.is_alive()


def visit(cache, index):
    cache.aim(index)
    assert cache.frame(index).expr[0] == index


def reading_ahead(first: int) -> tuple[Source, FrameCache]:
    """A cache held up while it reads on from the frame after ``first``."""
    source = Source()
    cache = FrameCache(source, 1000)
    visit(cache, first)
    source.open.clear()
    visit(cache, first + 1)
    assert source.begun.wait(WAIT)
    return source, cache


def test_what_was_asked_for_last_is_kept():
    source = Source()
    cache = FrameCache(source, 1000, size=3)
    for index in (0, 100, 200, 0, 300, 0, 100, 300):
        visit(cache, index)
    assert [indices.start for _, indices in source.asked] == [0, 100, 200, 300, 100]
    assert cache.frame(300) is cache.frame(300)


def test_the_number_of_frames_kept_can_change_and_be_none():
    source = Source()
    cache = FrameCache(source, 1000, size=4)
    for index in (0, 100, 200, 300):
        visit(cache, index)
    cache.size = 1
    visit(cache, 300)
    assert len(source.asked) == 4
    cache.size = 0
    for index in (300, 301, 302, 303):
        visit(cache, index)
    assert source.count(ahead=True) == 0
    assert source.count(ahead=False) == 8
    with pytest.raises(ValueError, match="-1"):
        cache.size = -1


@pytest.mark.parametrize("way", [range(500), range(499, -1, -1), range(0, 500, 3)])
def test_going_one_way_the_frames_are_there_before_they_are_asked_for(way):
    source = Source()
    cache = FrameCache(source, 500)
    for index in way:
        visit(cache, index)
        rest(cache)
    assert source.count(ahead=False) <= 3
    assert source.count(ahead=True) <= 500
    cache.close()


def test_jumping_about_reads_nothing_ahead():
    source = Source()
    cache = FrameCache(source, 10_000)
    for index in np.random.default_rng(1).permutation(100) * 97:
        visit(cache, int(index))
    assert source.count(ahead=True) == 0
    cache.close()


def test_turning_round_leaves_the_old_way():
    source, cache = reading_ahead(500)
    visit(cache, 500)
    source.open.set()
    rest(cache)
    ahead = [index for by, indices in source.asked if by for index in indices]
    assert max(ahead) <= 501 + frame_cache.AT_ONCE
    assert min(ahead) == 500 - frame_cache.AHEAD
    cache.close()


def test_who_asks_for_a_frame_that_is_being_read_waits_for_it():
    source, cache = reading_ahead(0)
    got = []
    asking = threading.Thread(target=lambda: got.append(cache.frame(3)))
    asking.start()
    source.open.set()
    asking.join(WAIT)
    assert got[0].expr[0] == 3
    rest(cache)
    assert sum(3 in indices for _, indices in source.asked) == 1
    cache.close()


def test_a_failure_ahead_is_met_by_who_asks_and_by_nobody_else():
    source = Source()
    source.bad = {5}
    cache = FrameCache(source, 100)
    for index in (0, 1, 2, 3, 4):
        visit(cache, index)
        rest(cache)
    for _ in range(2):
        with pytest.raises(StudioError, match="broken 5"):
            cache.frame(5)
    visit(cache, 6)
    source.bad = set()
    visit(cache, 5)
    cache.close()


def test_closing_ends_the_thread_and_whatever_it_was_about_to_read():
    source, cache = reading_ahead(0)
    thread = cache._thread
    join = thread.join

    def let_go_and_join():
        source.open.set()
        join(WAIT)

    thread.join = let_go_and_join
    cache.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "frames ahead"]
    assert source.count(ahead=True) <= frame_cache.AT_ONCE
    with pytest.raises(ValueError, match="closed"):
        cache.frame(0)
    cache.close()


def test_nothing_runs_while_nothing_is_asked_for():
    cache = FrameCache(Source(), 1000)
    for index in range(20):
        visit(cache, index)
    rest(cache)
    assert cache._thread is None


@pytest.mark.parametrize("index", [-1, 10, 1 << 70])
def test_frames_that_are_not_there_are_refused(index):
    with pytest.raises(IndexError, match="frames 0 to 9"):
        FrameCache(Source(), 10).frame(index)


def test_many_threads_get_their_frames():
    cache, wrong = FrameCache(Source(), 300, size=20), []

    def wander(seed):
        random = np.random.default_rng(seed)
        position = 0
        for step in random.integers(-4, 6, 400):
            position = min(max(position + int(step), 0), 299)
            cache.aim(position)
            if cache.frame(position).expr[0] != position:
                wrong.append(position)

    threads = [threading.Thread(target=wander, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    cache.close()
    assert wrong == []
    assert len(cache._frames) == 0
