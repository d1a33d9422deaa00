"""The photo taken off the fitted head and kept as its texture, as a job."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from studio.document.media import Media
from studio.fitting.observation import Observation
from studio.fitting.state import FitState
from studio.flame.model import HeadModel
from studio.jobs.job import Cancelled, Progress, Report, check

if TYPE_CHECKING:
    from studio.backends.base import Backend

SIZE = 1024  # pixels of each side


@dataclass(frozen=True, eq=False)
class KeptTexture:
    """A picture to be the head's albedo."""

    picture: Media
    seen: float  # the share of it that the photo shows


@dataclass(frozen=True, eq=False)
class TextureJob:
    """Takes the photo that ``observe`` reads off the head of ``state``."""

    model: HeadModel
    state: FitState
    observe: Callable[[], Observation]
    make_backend: Callable[[], Backend]
    size: int = SIZE

    @property
    def name(self) -> str:
        """What it is called."""
        return "Texture"

    def run(self, progress: Report, cancelled: Cancelled) -> KeptTexture:
        """The picture, carried along as PNG.

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: the photo cannot be read, or the model has no texture coordinates.

        """
        from PIL import Image

        from studio.fitting.unwrapping import unwrap

        def told(what: str) -> None:
            check(cancelled)
            progress(Progress(0, 0, what))

        told("Reading the photo")
        observation = self.observe()
        told("Taking the photo off")
        surface = self.make_backend().forward(self.state.params)
        found = unwrap(self.model, surface, self.state, observation, self.size, told)
        told("Keeping the texture")
        stream = io.BytesIO()
        Image.fromarray(found.picture[::-1]).save(stream, "PNG")  # files have their upper row first
        name = f"{PurePath(observation.name).stem} skin.png"
        return KeptTexture(Media(name, stream.getvalue()), float((found.seen > 0.0).mean()))
