"""What a picture needs beside the head itself: the other head of a comparison, and neighbouring frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.document.comparison import Comparison, Kind
from studio.document.document import Document
from studio.document.look import Onion
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.flame.params import Params

NOTHING_THERE = "Open a second clip to compare with, or keep this head as take B."
NO_SUCH_TAKE = "The take to compare with is gone; choose another one."
SAME_TAKE = "Take B is the one that is shown; choose another one to compare with."


@dataclass(frozen=True, eq=False)
class Moment:
    """A document's takes at one time, frozen; computing what is asked for is left to who asks."""

    model: HeadModel
    takes: tuple[Take, ...]
    active: int
    position: float  # fractional frames of the active take
    comparison: Comparison
    onion: Onion

    @classmethod
    def of(cls, document: Document) -> Moment:
        """What ``document`` shows now; later changes do not reach it."""
        return cls(
            document.model,
            document.takes,
            document.active,
            document.position,
            document.comparison,
            document.look.onion,
        )

    def at(self, position: float) -> Moment:
        """The same takes at another time."""
        return replace(self, position=position)

    @property
    def take(self) -> Take:
        """The active take, A."""
        return self.takes[self.active]

    @property
    def other(self) -> Params | None:
        """B; None where there is none."""
        comparison = self.comparison
        if comparison.subject == "mean":
            return Params.neutral(self.model)
        if comparison.subject == "neutral":
            return self.neutral
        if why_no_other(comparison, self.takes, self.active):
            return None
        take = self.takes[comparison.take]
        return take.params(self._frame_of(take) if comparison.follows else comparison.frame)

    @property
    def neutral(self) -> Params:
        """A's identity at rest, with the offsets that its clip has in every frame."""
        clip, offset = self.take.clip, self.take.offset
        rest = Params.neutral(self.model)
        return rest.replace(shape=clip.shape + offset.shape, vertex_offset=clip.static_offset)

    @property
    def ghosts(self) -> tuple[tuple[int, Params], ...]:
        """Neighbouring frames by their distance in frames, the farthest first; none of a still."""
        onion, last = self.onion, len(self.take) - 1
        if not onion.shown or last < 1:
            return ()
        here = round(self.position)
        steps = [*range(-onion.before, 0), *range(1, onion.after + 1)]
        offsets = sorted((step * onion.step for step in steps), key=lambda offset: (-abs(offset), offset))
        return tuple(
            (offset, self.take.params(here + offset)) for offset in offsets if 0 <= here + offset <= last
        )

    def _frame_of(self, take: Take) -> float:
        """The frame of ``take`` at A's time in seconds, from its own start."""
        return self.position / self.take.clip.fps * take.clip.fps


def why_no_other(comparison: Comparison, takes: Sequence[Take], active: int) -> str:
    """Why there is no B, in one sentence; empty where there is one."""
    if comparison.subject != "take":
        return ""
    if len(takes) < 2:
        return NOTHING_THERE
    if not 0 <= comparison.take < len(takes):
        return NO_SUCH_TAKE
    return SAME_TAKE if comparison.take == active else ""


def shown_kind(document: Document) -> Kind:
    """How A and B are seen: not at all where there is no B."""
    comparison = document.comparison
    return "off" if why_no_other(comparison, document.takes, document.active) else comparison.kind


def other_name(comparison: Comparison, takes: Sequence[Take]) -> str:
    """What B is called in front of people."""
    if comparison.subject == "mean":
        return "Mean head"
    if comparison.subject == "neutral":
        return "Neutral"
    return takes[comparison.take].name if 0 <= comparison.take < len(takes) else ""
