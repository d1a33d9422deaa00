"""What a session file holds: the document's values, and what this studio does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from studio.controls.handles import Pin
from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.control_state import ControlState
from studio.document.document import FIELDS, Document, Playback
from studio.document.locks import Locks
from studio.document.look import Look
from studio.document.reference import Reference
from studio.document.sound import SoundTrack
from studio.document.take import Take
from studio.document.tools import Tools
from studio.flame.model import HeadModel, Variant
from studio.storage.kind import SESSION_ENDING, SESSION_MEMBER

__all__ = [
    "AUTOSAVE",
    "FORMAT",
    "SESSION_ENDING",
    "SESSION_MEMBER",
    "USUAL",
    "VERSION",
    "Kept",
    "KeptTake",
    "Origin",
    "Session",
    "State",
    "places",
]

FORMAT = "FLAME Studio session"
VERSION = 1
AUTOSAVE = "autosave"  # the key of what only an autosave says

USUAL: Mapping[str, Any] = {  # the document's fields SETTINGS where a file says nothing of them
    "look": Look(),
    "playback": Playback(),
    "camera": Camera(),
    "comparison": Comparison(),
    "tools": Tools(),
    "sound": SoundTrack(),
    "reference": Reference(),
}

Place = tuple[str, int]  # a take's name, and how many takes of that name come before it


@dataclass(frozen=True, eq=False)
class State:
    """The values of all fields of a document, under their names."""

    model: HeadModel
    takes: tuple[Take, ...]
    active: int = 0
    look: Look = field(default_factory=Look)
    playback: Playback = field(default_factory=Playback)
    position: float = 0.0
    camera: Camera = field(default_factory=Camera)
    locks: Locks = frozenset()
    comparison: Comparison = field(default_factory=Comparison)
    tools: Tools = field(default_factory=Tools)
    controls: ControlState = field(default_factory=ControlState)
    pins: tuple[Pin, ...] = ()
    sound: SoundTrack = field(default_factory=SoundTrack)
    reference: Reference = field(default_factory=Reference)

    @classmethod
    def of(cls, document: Document) -> State:
        """What ``document`` holds now; later changes do not reach it."""
        return cls(**document.read(FIELDS))

    def put_into(self, document: Document) -> None:
        """Make ``document`` hold just this, in one change."""
        document.set(**{name: getattr(self, name) for name in FIELDS})


@dataclass(frozen=True, eq=False)
class KeptTake:
    """What a file says of a take that this studio has no field for."""

    fields: Mapping[str, Any]
    arrays: Mapping[str, NDArray]


@dataclass(frozen=True, eq=False)
class Kept:
    """What a file says that this studio has no field for; it is written back when the session is saved."""

    version: int = VERSION  # the file's own
    fields: Mapping[str, Any] = field(default_factory=dict)  # JSON without the takes
    members: Mapping[str, bytes] = field(default_factory=dict)  # of the zip
    takes: Mapping[Place, KeptTake] = field(default_factory=dict)
    media: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # of files referred to, by path


@dataclass(frozen=True)
class Origin:
    """The head model that a session was made on, as the file tells."""

    name: str
    digest: str
    source: str  # where its file was, on the machine where the session was saved
    variant: Variant
    shape_names: tuple[str, ...]
    expression_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Session:
    """A session file before any head model is asked; takes are in the sizes of its own model."""

    path: Path
    origin: Origin
    takes: tuple[Take, ...]
    active: int
    position: float
    settings: Mapping[str, Any]  # the document's fields SETTINGS, by name
    locks: Locks
    controls: ControlState
    kept: Kept
    notices: tuple[str, ...]
    is_autosave: bool = False
    saved_as: Path | None = None  # of an autosave: the session file that it is a later state of
    pins: tuple[Pin, ...] = ()


def places(names: list[str]) -> Iterator[Place]:
    """The place of each of the takes with these ``names``."""
    count: dict[str, int] = {}
    for name in names:
        yield name, count.get(name, 0)
        count[name] = count.get(name, 0) + 1
