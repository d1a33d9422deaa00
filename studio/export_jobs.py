"""Exports of the window: jobs that are frozen when they are asked for, with a backend of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.backends import create_with_fallback
from studio.backends.base import Backend
from studio.document.camera import Camera
from studio.document.control_state import ControlState
from studio.document.look import Look
from studio.document.moment import Moment
from studio.document.take import Take
from studio.engine import BackendChoice
from studio.export.film import FilmJob
from studio.export.filming import Scene
from studio.export.gltf.options import GltfOptions
from studio.export.options import FilmOptions, TurntableOptions
from studio.export.sheet import SheetJob
from studio.export.sheet_plan import Subject
from studio.export.turntable import TurntableJob
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Report
from studio.render.extras_maker import extras_of_frames
from studio.render.shot import Image, Renderer, Shot
from studio.sequence.playback import Course

if TYPE_CHECKING:
    from studio.sound.mixdown import SoundSource


@dataclass(frozen=True, eq=False)
class CopyJob:
    """Draws a picture for the clipboard."""

    renderer: Renderer
    shot: Shot
    name: str = "Copy picture"

    def run(self, progress: Report, cancelled: Cancelled) -> Image:
        """The picture (H, W, 4).

        Raises:
            JobCancelled: it was asked to stop.
            StudioError: it cannot be drawn.

        """
        return self.renderer.render(self.shot.with_alpha(possible=True), cancelled)


@dataclass(frozen=True, eq=False)
class TakeFilmJob:
    """A film of the active take of ``moment``."""

    renderer: Renderer
    choice: BackendChoice
    moment: Moment
    frames: tuple[int, int]  # first and last
    shot: Shot
    path: Path
    options: FilmOptions
    sound: SoundSource | None = None
    camera: Callable[[float], Camera] | None = None  # at each frame; None: that of ``shot``
    name: str = "Film"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: it cannot be drawn or written.

        """
        backend = _backend(self.choice, self.shot.model)
        first, last = self.frames
        job = FilmJob(
            self.renderer,
            backend,
            self.moment.take.baked(),
            self.shot,
            self.path,
            first,
            last,
            quality=self.options.quality,
            extras=extras_of_frames(self.moment, backend.forward),
            fps=self.options.fps,
            camera=self.camera,
        )
        from studio.export.film_sound import with_sound  # sounds are not needed for the window to stand

        return with_sound(job, self.sound).run(progress, cancelled)


@dataclass(frozen=True, eq=False)
class TakeTurntableJob:
    """A turntable of ``shot``, or of the active take of ``moment`` as it plays."""

    renderer: Renderer
    choice: BackendChoice
    moment: Moment
    frames: tuple[int, int]  # first and last played
    shot: Shot
    path: Path
    options: TurntableOptions
    sound: SoundSource | None = None  # of the take as it plays
    name: str = "Turntable"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: it cannot be drawn or written.

        """
        options = self.options
        course = self._course
        heard = self.sound if options.playing else None
        from studio.sound.mixdown import CourseMixdown

        job = TurntableJob(
            self.renderer,
            self.shot,
            self.path,
            options.seconds,
            options.fps,
            options.quality,
            self._playing(course) if options.playing else None,
            CourseMixdown(heard, course, options.seconds) if heard else None,
        )
        return job.run(progress, cancelled)

    @property
    def _course(self) -> Course:
        first, last = self.frames
        return Course(float(first), self.moment.take.fps, 1.0, first, last, loop=True)

    def _playing(self, course: Course) -> Callable[[float], Shot]:
        backend = _backend(self.choice, self.shot.model)
        clip = self.moment.take.baked()
        scene = Scene(backend, clip, self.shot, extras_of_frames(self.moment, backend.forward))
        return lambda seconds: scene.at(course.at(seconds)[0])


@dataclass(frozen=True, eq=False)
class HeadSheetJob:
    """A sheet of components."""

    renderer: Renderer
    choice: BackendChoice
    shot: Shot
    params: Params
    subject: Subject
    count: int
    path: Path
    name: str = "Sheet"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        """The path written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: it cannot be drawn or written.

        """
        backend = _backend(self.choice, self.shot.model)
        job = SheetJob(self.renderer, backend, self.shot, self.params, self.subject, self.path, self.count)
        return job.run(progress, cancelled)


@dataclass(frozen=True, eq=False)
class TakeAnimationJob:
    """A take on ``model`` as moving meshes."""

    choice: BackendChoice
    model: HeadModel
    take: Take
    frames: tuple[int, int]  # first and last
    look: Look
    controls: ControlState
    path: Path
    options: GltfOptions
    name: str = "Animation"

    def run(self, progress: Report, cancelled: Cancelled) -> Any:
        """The path written, or what is told of a GLB.

        Raises:
            JobCancelled: it was asked to stop; nothing is left behind.
            StudioError: it cannot be made or written.

        """
        from studio.export.animations import Shown, animation_job

        first, last = self.frames
        clip = self.take.baked().part(first, last + 1)
        shown = Shown(self.take.name, self.look, self.options, self.controls)
        return animation_job(_backend(self.choice, self.model), clip, self.path, shown).run(
            progress, cancelled
        )


def _backend(choice: BackendChoice, model: HeadModel) -> Backend:
    """A backend of the job's own, so that the window's stays free for the hand."""
    backend, _ = create_with_fallback(choice.name, model, choice.device, choice.threads)
    return backend
