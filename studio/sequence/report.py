"""What was understood of a clip file: what was taken for what, what was left out, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FIELD_TITLES = {
    "shape": "identity",
    "expr": "expression",
    "rotation": "head rotation",
    "neck_pose": "neck",
    "jaw_pose": "jaw",
    "eyes_pose": "eyes",
    "translation": "translation",
    "eyelids": "eyelids",
    "static_offset": "vertex offsets",
    "dynamic_offset": "vertex offsets of every frame",
    "vertices": "vertices",
    "controls": "named controls",
}
LISTED = 24  # entries of a list that are told one by one


@dataclass(frozen=True)
class Taken:
    """One entry of a file, and the field of the clip that it became."""

    source: str  # what it is called in the file
    field: str  # a key of FIELD_TITLES
    how: str = ""  # its width and what was done to it: "12 numbers, 6-D rotations made axis-angle"


@dataclass(frozen=True)
class Dropped:
    """One entry of a file that is not in the clip."""

    source: str
    why: str


@dataclass(frozen=True)
class ImportReport:
    """What was understood of a clip file."""

    label: str = ""  # what the file is called
    layout: str = ""  # whose layout it is, in words
    frames: int = 0
    fps: float = 0.0
    rate: str = ""  # where the rate is from
    taken: tuple[Taken, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    made_on: str = ""  # the model that the file names, or that its kind is made with
    notes: tuple[str, ...] = ()  # what else was done, one sentence each

    @property
    def summary(self) -> str:
        """One sentence."""
        fields = dict.fromkeys(FIELD_TITLES.get(entry.field, entry.field) for entry in self.taken)
        frames = "1 frame" if self.frames == 1 else f"{self.frames:,} frames at {self.fps:g} a second"
        frames += " (assumed)" if self.is_rate_assumed else ""
        left = f"; {len(self.dropped)} entries are left out" if len(self.dropped) > 1 else ""
        left = "; one entry is left out" if len(self.dropped) == 1 else left
        return f"{self.label}: {self.layout}, {frames}, with {', '.join(fields) or 'nothing'}{left}."

    @property
    def is_rate_assumed(self) -> bool:
        """Whether there are several frames, and the file does not say how fast they go."""
        return self.frames > 1 and self.rate.startswith("assumed")

    def lines(self) -> list[str]:
        """All of it, a line for each thing."""
        return list(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"Layout: {self.layout}"
        yield f"Frames: {self.frames:,}"
        if self.frames > 1:
            yield f"Rate: {self.fps:g} frames a second, {self.rate}"
        yield "Units: metres and radians"
        yield f"Made on: {self.made_on or 'the file does not say'}"
        for entry in self.taken:
            how = f" ({entry.how})" if entry.how else ""
            yield f"Taken: {entry.source} as {FIELD_TITLES.get(entry.field, entry.field)}{how}"
        for left in self.dropped[:LISTED]:
            yield f"Left out: {left.source}, {left.why}"
        if len(self.dropped) > LISTED:
            yield f"Left out: {len(self.dropped) - LISTED} entries more"
        yield from self.notes


NO_REPORT = ImportReport()
