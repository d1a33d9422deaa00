"""Long work as an object: immutable snapshot in, progress while it runs, a result out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from studio.storage.errors import JobCancelled as JobCancelled


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    done: int
    total: int  # 0: not known
    what: str  # "Drawing frames"
    preview: np.ndarray | None = None  # (H, W, 3|4) uint8, an intermediate result to show


Report = Callable[[Progress], None]
Cancelled = Callable[[], bool]


class Job(Protocol):
    """Work that the window runs on a worker and the command line runs directly."""

    @property
    def name(self) -> str:
        """What it is called in menus and messages: "Turntable"."""
        ...

    def run(self, progress: Report, cancelled: Cancelled) -> Any:
        """Do the work; asks ``cancelled`` at least once a second.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: it could not be done.

        """
        ...


def check(cancelled: Cancelled) -> None:
    """Stop here if asked to.

    Raises:
        JobCancelled: it was asked to stop.

    """
    if cancelled():
        raise JobCancelled
