"""One row of the table of operations: what it does, what it asks for, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from studio.backends.base import Backend
from studio.flame.model import HeadModel
from studio.operations.names import ELSEWHERE
from studio.sequence.clip import Clip
from studio.sequence.operations.moments import Moments

Kind = Literal[
    "number",  # float, from low to high
    "whole",  # int, from low to high
    "choice",  # one of choices
    "switch",  # bool
    "parts",  # some of the parts of a clip
    "clip",  # another clip, by what it is called where the operation is asked for
    "rate",  # frames a second as a text: 23.976, 24000/1001
    "channel",  # one number of a frame: "jaw_pose/0"
    "file",  # a path
    "model",  # the file of a head model
]
Reach = Literal[
    "frames",  # frames stay where they are: those of a range can be taken alone
    "part",  # a range is replaced by what it becomes, of any length
    "only",  # the result is made of the range, the rest is left out
    "whole",  # always of the whole clip
]
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One setting of an operation."""

    name: str  # of the argument in Python; with dashes on the command line
    title: str
    kind: Kind
    default: Any
    tip: str
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    decimals: int = 2
    choices: tuple[tuple[str, str], ...] = ()  # of a choice: value and title
    when: tuple[str, tuple[str, ...]] | None = None  # asked for only where another has one of these values


@dataclass
class Desk:
    """What an operation works with beside the clip."""

    model: HeadModel
    backend: Callable[[], Backend]
    clip_called: Callable[[str], Clip]  # raises StudioError for what is none
    load_model: Callable[[str], HeadModel]  # the same
    step: Callable[[int, int], None] = lambda _done, _count: None  # may raise JobCancelled


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an operation gives."""

    clip: Clip
    moments: Moments | None = None  # where what was at a frame is now; None: where it was
    facts: Mapping[str, Any] = field(default_factory=dict)  # numbers to tell
    notices: tuple[str, ...] = ()
    rest: Clip | None = None  # what was cut off, as a clip of its own


Run = Callable[[Clip, Settings, Desk], Outcome]


@dataclass(frozen=True)
class Operation:
    """One thing that can be done to a clip."""

    id: str
    title: str  # "Smooth"; the name of the step, too
    tip: str  # what it does, in one phrase
    run: Run
    reach: Reach
    parameters: tuple[Parameter, ...] = ()
    mends: bool = False  # takes numbers that are not finite
    measured: bool = False  # the jitter before and after is told
    long: bool = False  # takes longer than a moment for each frame: done only when it is asked for

    @property
    def in_window(self) -> bool:
        """Whether the window offers it as an operation on its takes."""
        return self.id not in ELSEWHERE

    @property
    def verb(self) -> str:
        """Its name on the command line."""
        return self.id.replace("_", "-")

    def parameter(self, name: str) -> Parameter:
        """The parameter called ``name``."""
        return next(entry for entry in self.parameters if entry.name == name)

    def defaults(self) -> dict[str, Any]:
        """Every setting as it is where nobody says otherwise."""
        return {entry.name: entry.default for entry in self.parameters}
