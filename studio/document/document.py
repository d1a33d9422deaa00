"""The document: what the user is making. It announces which fields changed; receivers read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from psygnal import Signal

from studio.controls.handles import Pin
from studio.document.camera import Camera
from studio.document.comparison import Comparison
from studio.document.control_state import ControlState
from studio.document.locks import Locks
from studio.document.look import Look
from studio.document.preview import Preview
from studio.document.reference import Reference
from studio.document.sound import SoundTrack
from studio.document.take import Take
from studio.document.tools import Tools
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.clip import Clip

SETTINGS = (
    "look",
    "playback",
    "camera",
    "comparison",
    "tools",
    "sound",
    "reference",
)  # frozen dataclasses of plain values
FIELDS = ("model", "takes", "active", "position", "locks", "controls", "pins", *SETTINGS)
_KINDS: dict[str, Any] = {"position": (int, float, np.number), "active": (int, np.integer)}
UNASKED = frozenset(("position", "camera", "tools"))  # changes of these are no steps to undo


@dataclass(frozen=True)
class Playback:
    """How the active take is played."""

    speed: float = 1.0
    loop: bool = True
    ping_pong: bool = False  # a loop turns at its ends, instead of beginning anew
    first: int = 0  # first frame played
    last: int | None = None  # last frame played; None: the take's last

    @property
    def is_empty(self) -> bool:
        """Whether the last frame comes before the first, so that nothing is left to play."""
        return self.last is not None and self.last < self.first

    def replace(self, **changes: object) -> Playback:
        """The same settings with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def new_take(model: HeadModel) -> Take:
    """A still of the neutral head of ``model``."""
    still = Clip.still(Params.neutral(model), model_name=model.name, model_digest=model.digest)
    return Take.of("Pose", still)


class Document:
    """One head on one model, its takes, the time cursor, the look and the camera.

    Every field is an immutable value that is replaced as a whole. ``changed`` carries the names of
    the fields whose value is different, as a frozenset; setting an equal value announces nothing.
    Used from one thread. Changes that the user can undo come through
    :class:`studio.document.commands.Command`; the time cursor (``position``, in fractional frames of
    the active take), the camera and the tools are set directly. ``preview`` is what stands in for its face
    on the canvas for a while; it is no part of the document.
    """

    changed = Signal(frozenset)

    model: HeadModel
    takes: tuple[Take, ...]
    active: int
    look: Look
    playback: Playback
    position: float
    camera: Camera
    locks: Locks
    controls: ControlState
    pins: tuple[Pin, ...]
    comparison: Comparison
    tools: Tools
    sound: SoundTrack
    reference: Reference

    def __init__(self, model: HeadModel) -> None:
        self.model = model
        self.takes = (new_take(model),)
        self.active = 0
        self.look = Look()
        self.playback = Playback()
        self.position = 0.0
        self.camera = Camera()
        self.locks = frozenset()
        self.controls = ControlState()
        self.pins = ()
        self.comparison = Comparison()
        self.tools = Tools()
        self.sound = SoundTrack()
        self.reference = Reference()
        self.preview = Preview()
        self.preview.changed.connect(self._hold_position)
        self._shown: tuple[Take, float, Params] | None = None

    @property
    def take(self) -> Take:
        """The active take."""
        return self.takes[self.active]

    @property
    def params(self) -> Params:
        """The parameters at the time cursor."""
        take, position = self.take, self.position
        if self._shown is None or self._shown[0] is not take or self._shown[1] != position:
            self._shown = take, position, take.params(position)
        return self._shown[2]

    @property
    def play_range(self) -> tuple[int, int]:
        """First and last frame played, within the active take."""
        end = len(self.take) - 1
        last = end if self.playback.last is None else min(self.playback.last, end)
        return min(self.playback.first, last), last

    @property
    def seen_take(self) -> Take:
        """The take that is on the screen: one that is tried out in place of the active one, or that one."""
        tried = self.preview.take(self.model)
        return self.take if tried is None else tried

    @property
    def seen_range(self) -> tuple[int, int]:
        """First and last frame that play on the screen: all of a take tried out that has another length."""
        seen = self.seen_take
        return self.play_range if len(seen) == len(self.take) else (0, len(seen) - 1)

    def _hold_position(self) -> None:
        """Bring the cursor back that stood behind the end of the active take, in a longer one tried out."""
        self.set()

    def set(self, **values: Any) -> None:
        """Replace fields and announce, once, those that are different.

        Raises:
            AttributeError: no such field.
            TypeError: a value is of another kind than the field's.
            IndexError: there is no such take. In all three cases nothing is changed.

        """
        for name, value in values.items():
            if name not in FIELDS:
                raise AttributeError(f"The document has no field {name}.")
            if not isinstance(value, _KINDS.get(name, type(getattr(self, name)))):
                raise TypeError(f"The document's {name} cannot be {value!r:.60}.")
        count = len(values.get("takes", self.takes))
        if not 0 <= values.get("active", self.active) < count:
            raise IndexError(f"The document has {count} takes, counted from 0.")
        different = set()
        for name, value in values.items():
            old = getattr(self, name)
            if old is not value and old != value:
                setattr(self, name, value)
                different.add(name)
        end = float(max(len(self.take), len(self.seen_take)) - 1)
        if self.position > end:
            self.position = end
            different.add("position")
        if different:
            self.changed.emit(frozenset(different))

    def read(self, names: Iterable[str]) -> dict[str, Any]:
        """The current values of the fields ``names``."""
        return {name: getattr(self, name) for name in names}
