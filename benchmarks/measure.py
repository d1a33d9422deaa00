"""One measured number, and tables of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Measure:
    """A median in milliseconds, and the most it should be where that is laid down."""

    part: str  # "Start"
    name: str  # "window on the screen"
    milliseconds: float
    at_most: float | None = None
    note: str = ""


def median_milliseconds(work: Callable[[int], object], repeats: int = 60, warm_up: int = 5) -> float:
    """Median time of ``work(i)`` over ``repeats`` calls, after ``warm_up`` that are not counted."""
    for index in range(warm_up):
        work(index)
    times = []
    for index in range(warm_up, warm_up + repeats):
        start = time.perf_counter()
        work(index)
        times.append((time.perf_counter() - start) * 1000.0)
    return statistics.median(times)


def medians_in_turn(
    works: Mapping[str, Callable[[int], object]], rounds: int = 9, repeats: int = 12, warm_up: int = 3
) -> dict[str, float]:
    """Median milliseconds of each of ``works``, measured in turn, so that a noisy moment falls on all."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            for index in range(-warm_up, repeats):
                start = time.perf_counter()
                work(index)
                if index >= 0:
                    times[name].append((time.perf_counter() - start) * 1000.0)
    return {name: statistics.median(found) for name, found in times.items()}


class Stopwatch:
    """Adds up the time that calls of module functions take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def on(self, module: ModuleType, name: str) -> Iterator[None]:
        """Time ``module.name`` for the time of the block."""
        original = getattr(module, name)

        def timed(*arguments: Any) -> Any:
            start = time.perf_counter()
            result = original(*arguments)
            self.seconds += time.perf_counter() - start
            return result

        setattr(module, name, timed)
        try:
            yield
        finally:
            setattr(module, name, original)


def table(measures: Sequence[Measure]) -> Table:
    """The measures as a table for the terminal."""
    result = Table("Part", "Median", "ms", "at most", "", title="FLAME Studio on this machine")
    result.columns[2].justify = result.columns[3].justify = "right"
    for entry in measures:
        late = entry.at_most is not None and entry.milliseconds > entry.at_most
        value = f"[red]{entry.milliseconds:.2f}[/red]" if late else f"{entry.milliseconds:.2f}"
        limit = "" if entry.at_most is None else f"{entry.at_most:g}"
        result.add_row(entry.part, entry.name, value, limit, entry.note)
    return result
