"""Takes the document out as files: asks where, freezes what is shown, runs the job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.backends import create_with_fallback
from studio.document.moment import Moment
from studio.document.occasion import occasion_of
from studio.document.take import Take
from studio.engine import BackendChoice
from studio.export.film import FilmJob
from studio.export.mesh import MeshJob
from studio.export.options import FilmOptions, PictureOptions, SheetOptions, TurntableOptions
from studio.export.parameters import ParametersJob
from studio.export.screenshot import ScreenshotJob
from studio.export.sheet import SheetJob
from studio.export.sheet_plan import Subject, component_count
from studio.export.turntable import TurntableJob
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Job, Report
from studio.render.extras import NO_EXTRAS
from studio.render.extras_maker import extras_of_frames
from studio.render.shot import Image, Renderer, Shot
from studio.scripting.shell import ENDINGS
from studio.sequence.clip import Clip
from studio.sequence.writers import TITLES
from studio.storage.errors import StudioError
from studio.widgets.plain_tip import plain_tip

if TYPE_CHECKING:
    from studio.panels.export_panel import ExportPanel
    from studio.window import StudioWindow

_PICTURES = "PNG picture (*.png);;JPEG picture (*.jpg *.jpeg);;WebP picture (*.webp)"
_FILMS = "MP4 film (*.mp4);;Animated GIF (*.gif);;Animated WebP (*.webp);;Folder of PNG frames (*)"
_MODELS = (
    "NumPy archive (*.npz);;Safetensors (*.safetensors);;Pickle, as FLAME_PyTorch reads it (*.pkl);;"
    "Folder of NumPy arrays (*)"
)
_FEW = 20  # components that a sheet shows all of
_MESHES = "Wavefront OBJ (*.obj);;PLY (*.ply)"


@dataclass(frozen=True, eq=False)
class _CopyJob:
    """Draws a picture for the clipboard."""

    renderer: Renderer
    shot: Shot
    name: str = "Copy picture"

    def run(self, progress: Report, cancelled: Cancelled) -> Image:
        return self.renderer.render(self.shot.with_alpha(possible=True), cancelled)


@dataclass(frozen=True, eq=False)
class _TakeFilmJob:
    """A film with a backend of its own, so that the window's stays free for the hand."""

    renderer: Renderer
    choice: BackendChoice
    moment: Moment  # whose active take is filmed
    frames: tuple[int, int]  # first and last
    shot: Shot
    path: Path
    name: str = "Film"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        choice = self.choice
        backend, _ = create_with_fallback(choice.name, self.shot.model, choice.device, choice.threads)
        clip, extras = self.moment.take.baked(), extras_of_frames(self.moment, backend.forward)
        job = FilmJob(self.renderer, backend, clip, self.shot, self.path, *self.frames, extras=extras)
        return job.run(progress, cancelled)


@dataclass(frozen=True, eq=False)
class _HeadSheetJob:
    """A sheet with a backend of its own, so that the window's stays free for the hand."""

    renderer: Renderer
    choice: BackendChoice
    shot: Shot
    params: Params
    subject: Subject
    count: int
    path: Path
    name: str = "Sheet"

    def run(self, progress: Report, cancelled: Cancelled) -> Path:
        choice = self.choice
        backend, _ = create_with_fallback(choice.name, self.shot.model, choice.device, choice.threads)
        job = SheetJob(self.renderer, backend, self.shot, self.params, self.subject, self.path, self.count)
        return job.run(progress, cancelled)


def _patterns(kind: str) -> list[str]:
    """The patterns of a kind of file as dialogs write it, "JPEG picture (*.jpg *.jpeg)"."""
    return kind.partition("(")[2].rstrip(")").split()


class Exports:
    """What the Export menu and the Export panel do."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        self._panel: ExportPanel | None = None
        jobs = window.jobs
        jobs.done.connect(self._on_done)
        jobs.failed.connect(window.warn)
        jobs.cancelled.connect(lambda name: window.notify(f"{name} was cancelled; nothing was written."))

    def connect(self, panel: ExportPanel) -> None:
        """Do what the panel's buttons ask for."""
        self._panel = panel
        panel.picture_asked.connect(self.picture)
        panel.copy_asked.connect(self.copy_picture)
        panel.turntable_asked.connect(self.turntable)
        panel.film_asked.connect(self.film)
        panel.mesh_asked.connect(self.mesh)
        panel.parameters_asked.connect(self.frame_parameters)

    def picture(self, options: PictureOptions | None = None) -> None:
        """Save the canvas as a picture."""
        options = options or self._options().picture_options
        path = self.ask("Save picture", "head", ENDINGS[options.format], _PICTURES)
        shot = self._shot(options.size, options.samples, options.transparent)
        if path and shot:
            self._run(ScreenshotJob(self._window.canvas.renderer, shot, path))

    def copy_picture(self, options: PictureOptions | None = None) -> None:
        """Put a picture on the clipboard."""
        options = options or self._options().picture_options
        shot = self._shot(options.size, options.samples, options.transparent)
        if shot:
            self._run(_CopyJob(self._window.canvas.renderer, shot))

    def turntable(self, options: TurntableOptions | None = None) -> None:
        """Save the head turning once."""
        options = options or self._options().turntable_options
        path = self.ask("Save turntable", "turntable", ENDINGS[options.format], _FILMS)
        shot = self._shot(options.size, options.samples, options.transparent)
        if path and shot:
            self._run(TurntableJob(self._window.canvas.renderer, shot, path, options.seconds, options.fps))

    def film(self, options: FilmOptions | None = None) -> None:
        """Save the frames played of the take as a film."""
        options = options or self._options().film_options
        path = self.ask("Save film", self._take().name, ENDINGS[options.format], _FILMS)
        shot = self._shot(options.size, options.samples)
        if path and shot:
            window, frames = self._window, self._window.document.play_range
            renderer, choice = window.canvas.renderer, window.engine.choice
            self._run(_TakeFilmJob(renderer, choice, Moment.of(window.document), frames, shot, path))

    def sheet(self, subject: Subject) -> None:
        """Save a sheet of the components of ``subject``: all where they are few, else the first."""
        document, usual = self._window.document, SheetOptions()
        path = self.ask("Save sheet", f"{subject} sheet", ".png", _PICTURES)
        shot = self._shot(usual.size, usual.samples)
        if path and shot:
            window = self._window
            self._run(
                _HeadSheetJob(
                    window.canvas.renderer,
                    window.engine.choice,
                    replace(shot, extras=NO_EXTRAS),
                    document.params,
                    subject,
                    self.sheet_count(subject),
                    path,
                )
            )

    def sheet_count(self, subject: Subject) -> int:
        """How many components of ``subject`` a sheet shows."""
        document = self._window.document
        count = component_count(document.model, subject, document.look)
        return count if count <= _FEW else SheetOptions.count

    def mesh(self, ending: str | None = None) -> None:
        """Save the mesh of this frame."""
        path = self.ask("Save mesh", "head", f".{ending or 'obj'}", _MESHES)
        shot = self._shot((1, 1))
        if path and shot:
            self._run(MeshJob(shot.model, shot.surface, path))

    def frame_parameters(self) -> None:
        """Save this frame's parameters."""
        document = self._window.document
        clip = document.take.clip
        still = Clip.still(document.params, clip.fps, document.model.name, document.model.digest)
        frame = f" {round(document.position)}" if len(clip) > 1 else ""
        self._save_clip("Save parameters", f"{document.take.name}{frame}", still)

    def model(self, source: Path | None) -> None:
        """Save the head model at ``source`` in another layout; None is the open head."""
        # Readers and writers of models are not needed for the window to stand.
        from studio.export.conversion import ConvertJob
        from studio.flame.open_head import OPEN_HEAD
        from studio.flame.writing import kind_for

        path = self.ask("Convert head model", source.stem if source else "open head", ".npz", _MODELS)
        if path is None:
            return
        try:
            kind = kind_for(str(path))
        except StudioError as error:
            self._window.warn(str(error))
            return
        self._run(ConvertJob(source or OPEN_HEAD, path, kind, replace=True))

    def parameters(self) -> None:
        """Save the whole take with its changes."""
        self._save_clip("Save clip", self._take().name, self._take().baked())

    def _save_clip(self, title: str, name: str, clip: Clip) -> None:
        path = self.ask(title, name, ".npz", ";;".join(TITLES.values()))
        if path:
            self._run(ParametersJob(self._window.document.model, clip, path))

    def _take(self) -> Take:
        return self._window.document.take

    def _options(self) -> ExportPanel:
        assert self._panel is not None
        return self._panel

    def _shot(self, size: tuple[int, int], samples: int = 1, transparent: bool = False) -> Shot | None:
        """What is shown now, frozen; None, and a notice, while there is nothing computed yet."""
        document, result = self._window.document, self._window.result
        if result is None or result.model is not document.model:
            self._window.notify("The backend is still loading; try again in a moment.")
            return None
        return Shot(
            result.model,
            result.surface,
            document.look,
            document.camera,
            size,
            samples,
            transparent,
            self._window.canvas.extras,
            occasion_of(document),
        )

    def ask(self, title: str, name: str, ending: str, kinds: str) -> Path | None:
        """Where to save; the ending of the chosen kind is added to a name without one."""
        settings = self._window.settings
        start = str(settings.folder / f"{name.replace('/', '-')}{ending}")
        chosen = next((kind for kind in kinds.split(";;") if f"*{ending}" in _patterns(kind)), "")
        answer, kind = QFileDialog.getSaveFileName(self._window, title, start, kinds, chosen)
        if not answer:
            return None
        path = Path(answer)
        settings.folder = path.parent
        if not path.suffix and "(*." in kind:
            path = path.with_name(path.name + _patterns(kind)[0].removeprefix("*"))
            if path.exists() and not self.may_replace(path):
                return None
        return path

    def may_replace(self, path: Path) -> bool:
        """Ask what the file dialog asked only for the name without its ending."""
        question = f"{path.name} is there already. Replace it?"
        return (
            QMessageBox.question(self._window, "Replace file", plain_tip(question))
            == QMessageBox.StandardButton.Yes
        )

    def _run(self, job: Job) -> None:
        if not self._window.jobs.start(job):
            self._window.notify("Another job is running; wait for it or cancel it in the status line.")

    def _on_done(self, job: Job, result: Any) -> None:
        from studio.export.conversion import Conversion

        if isinstance(job, _CopyJob):
            height, width = result.shape[:2]
            image = QImage(result.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
            QGuiApplication.clipboard().setImage(image.copy())
            self._window.notify("The picture is on the clipboard.")
        elif isinstance(result, Conversion):
            self._window.notify(" ".join((f"Saved {result.path}.", *result.notices)))
        else:
            self._window.notify(" ".join((f"Saved {result}.", *getattr(job, "notices", ()))))
