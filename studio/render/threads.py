"""Threads that draw, kept between pictures."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

from studio.backends.processors import processor_count

INTERVAL = 0.05  # seconds between two questions

Item = TypeVar("Item")
Result = TypeVar("Result")


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(processor_count(), thread_name_prefix="drawing")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # the threads stay behind in the parent


def share_out(work: Callable[[int], None], count: int, workers: int) -> None:
    """Call ``work`` with 0 to ``count`` - 1, on this thread and up to ``workers`` - 1 others.

    This thread never waits for one that has not begun, so that shared work may share out again.
    Whatever ``work`` raises comes through.
    """
    indices = iter(range(count))

    def run() -> None:
        for index in indices:
            work(index)

    helpers = [_pool().submit(run) for _ in range(min(workers, count) - 1)]
    try:
        run()
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        for helper in begun:
            helper.result()


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int,
    check: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """The results of ``work`` on ``items`` in their order, made by ``workers`` threads.

    Items are drawn on the thread that asks for results, and only one more than there are workers is
    under way, so that length costs no memory. While a result is waited for, ``check`` is called often;
    what it raises comes through, as does what ``work`` raises, and work that has begun then ends unheard.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="drawing frames")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > workers:
                yield _awaited(waiting.popleft(), check)
        while waiting:
            yield _awaited(waiting.popleft(), check)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _awaited(future: Future[Result], check: Callable[[], None]) -> Result:
    while True:
        check()
        if wait([future], timeout=INTERVAL).done:
            return future.result()
