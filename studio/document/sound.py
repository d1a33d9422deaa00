"""The sound that plays along with the takes, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from studio.document.media import Media

LOUDEST = 2.0  # of :attr:`SoundTrack.volume`


@dataclass(frozen=True)
class SoundTrack:
    """A sound file on the timeline; without a file there is no sound."""

    media: Media = field(default_factory=Media)
    offset: float = 0.0  # seconds from frame 0 to the file's first sample; negative: it began before
    muted: bool = False
    volume: float = 1.0  # what samples are multiplied with, 0 to 2

    def __bool__(self) -> bool:
        """Whether there is a sound."""
        return bool(self.media)

    @property
    def gain(self) -> float:
        """What samples are multiplied with to be heard: the volume, or 0 where it is muted."""
        return 0.0 if self.muted else self.volume

    def replace(self, **changes: object) -> SoundTrack:
        """The same track with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
