"""An export that waits, runs or has ended, as plain data for those who show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

State = Literal["waiting", "running", "stopping", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Queued:
    """One export of a queue."""

    number: int  # tells it from the others
    name: str  # of its job: "Film"
    path: Path
    state: State = "waiting"
    done: int = 0  # steps
    total: int = 0  # steps; 0: not known
    rate: float = 0.0  # steps a second; 0: not known
    left: str = ""  # how long it still takes, in words
    told: str = ""  # why it failed

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.state in ("done", "failed", "cancelled")

    @property
    def words(self) -> str:
        """How it goes, in one line."""
        match self.state:
            case "running":
                return " · ".join(filter(None, (self._count, self._rate, self.left))) or "Starting…"
            case "waiting":
                return "Waiting"
            case "stopping":
                return "Stopping…"
            case "done":
                return "Saved"
            case "cancelled":
                return "Cancelled; nothing was written"
            case _:
                return self.told

    def replace(self, **changes: object) -> Queued:
        """The same export with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def _count(self) -> str:
        return f"{self.done} of {self.total}" if self.total > 1 else ""

    @property
    def _rate(self) -> str:
        if self.rate <= 0.0 or self.total <= 1:
            return ""
        return f"{self.rate:.1f} a second" if self.rate >= 1.0 else f"{1.0 / self.rate:.1f} s each"
