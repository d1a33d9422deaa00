"""One picture of the head as a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.export.note import licence_note
from studio.export.pictures import QUALITY, WITH_ALPHA, check_picture, write_picture
from studio.jobs.job import Cancelled, Progress, Report
from studio.render.shot import Renderer, Shot


@dataclass(frozen=True, eq=False)
class ScreenshotJob:
    """Draw ``shot`` and save it as PNG, JPEG or WebP, by the ending of ``path``."""

    renderer: Renderer
    shot: Shot
    path: Path
    quality: int = QUALITY  # of JPEG and WebP, 1..100
    name: str = "Picture"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the format does not fit, or it cannot be drawn or written.

        """
        form = check_picture(self.path, self.shot.transparent)
        shot = self.shot.with_alpha(form in WITH_ALPHA)
        progress(Progress(0, 1, "Drawing the picture"))
        pixels = self.renderer.render(shot, cancelled)
        write_picture(self.path, pixels, licence_note(self.shot.model), self.quality, cancelled)
        progress(Progress(1, 1, "Picture saved", pixels))
        return self.path
