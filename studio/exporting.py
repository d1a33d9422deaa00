"""Takes the document out as files: asks where, freezes what is shown, runs the job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.document.camera_keys import camera_path
from studio.document.document import Document
from studio.document.moment import Moment
from studio.document.occasion import occasion_of
from studio.document.take import Take
from studio.export_queue import ExportQueue
from studio.job_runner import JobRunner
from studio.jobs.job import Job
from studio.render.extras import NO_EXTRAS
from studio.render.shot import Shot
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError
from studio.widgets.plain_tip import plain_tip

if TYPE_CHECKING:
    from studio.export.animation_options import AnimationOptions
    from studio.export.options import FilmOptions, PictureOptions, TurntableOptions
    from studio.export.sheet_plan import Subject
    from studio.panels.export_panel import ExportPanel
    from studio.sequence.writers import ClipLayout
    from studio.sound.mixdown import SoundSource
    from studio.window import StudioWindow

_PICTURES = "PNG picture (*.png);;JPEG picture (*.jpg *.jpeg);;WebP picture (*.webp)"
_MODELS = (
    "NumPy archive (*.npz);;Safetensors (*.safetensors);;Pickle, as FLAME_PyTorch reads it (*.pkl);;"
    "Folder of NumPy arrays (*)"
)
_BUSY = "Another job is running; wait for it or cancel it in the status line."
_FEW = 20  # components that a sheet shows all of
_MESHES = "Wavefront OBJ (*.obj);;PLY (*.ply)"


def show_in_folder(path: Path) -> None:
    """Open the folder that ``path`` is in, in the system's own way."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _films() -> str:
    """The kinds of films as dialogs write them."""
    from studio.export.film_formats import FORMATS

    return ";;".join(f"{entry.kind} (*{entry.ending})" for entry in FORMATS)


def _ending(key: str) -> str:
    """The ending of files that options name ``key``, with its point."""
    from studio.scripting.shell import ENDINGS

    return ENDINGS[key]


def _patterns(kind: str) -> list[str]:
    """The patterns of a kind of file as dialogs write it, "JPEG picture (*.jpg *.jpeg)"."""
    return kind.partition("(")[2].rstrip(")").split()


def _heard(document: Document) -> SoundSource | None:
    """The document's sound, as a film takes it along."""
    from studio.sound.mixdown import SoundSource

    return SoundSource.of(document.sound)


class Exports:
    """What the Export menu and the Export panel do."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window
        self._spare = JobRunner()
        self.queue = ExportQueue(window.jobs, self._spare)
        for runner in (window.jobs, self._spare):
            runner.done.connect(self._on_done)
            runner.failed.connect(window.warn)
            runner.cancelled.connect(
                lambda name: window.notify(f"{name} was cancelled; nothing was written.")
            )

    def connect(self, panel: ExportPanel) -> None:
        """Do what the panel's buttons ask for."""
        panel.picture_asked.connect(self.picture)
        panel.copy_asked.connect(self.copy_picture)
        panel.turntable_asked.connect(self.turntable)
        panel.film_asked.connect(self.film)
        panel.animation_asked.connect(self.animation)
        panel.mesh_asked.connect(self.mesh)
        panel.parameters_asked.connect(self.frame_parameters)
        panel.clip_asked.connect(self.parameters)
        panel.queue_asked.connect(self._on_queue_asked)
        panel.clear_asked.connect(self.queue.remove_ended)
        self.queue.changed.connect(panel.show_queue)
        panel.show_queue(self.queue.entries)

    @property
    def busy(self) -> bool:
        """Whether something is drawn or written beside the window's own job."""
        return self._spare.busy

    def stop(self) -> None:
        """Give up everything that waits or runs."""
        self.queue.cancel_all()
        self._spare.cancel()

    def fall_silent(self) -> None:
        """Tell nothing any more: what still goes on has nobody to hear it."""
        for teller in (self._window.jobs, self._spare, self.queue):
            teller.blockSignals(True)

    def picture(self, options: PictureOptions | None = None) -> None:
        """Save the canvas as a picture."""
        from studio.export.screenshot import ScreenshotJob

        options = options or self._options().picture_options
        path = self.ask("Save picture", "head", _ending(options.format), _PICTURES)
        shot = self._shot(options.size, options.samples, options.transparent)
        if path and shot:
            self._add(ScreenshotJob(self._window.canvas.renderer, shot, path), path, quick=True)

    def copy_picture(self, options: PictureOptions | None = None) -> None:
        """Put a picture on the clipboard, also while a film is made."""
        from studio.export_jobs import CopyJob

        options = options or self._options().picture_options
        shot = self._shot(options.size, options.samples, options.transparent)
        if shot:
            job = CopyJob(self._window.canvas.renderer, shot)
            if not self._window.jobs.start(job) and not self._spare.start(job):
                self._window.notify(_BUSY)

    def turntable(self, options: TurntableOptions | None = None) -> None:
        """Save the head turning once."""
        from studio.export_jobs import TakeTurntableJob

        options = options or self._options().turntable_options
        path = self.ask("Save turntable", "turntable", _ending(options.format), _films())
        shot = self._shot(options.size, options.samples, options.transparent)
        if path and shot:
            window = self._window
            self._tell_size(path, options.size)
            moment, frames = Moment.of(window.document), window.document.play_range
            choice, renderer = window.engine.choice, window.canvas.renderer
            heard = _heard(window.document)
            self._add(TakeTurntableJob(renderer, choice, moment, frames, shot, path, options, heard), path)

    def film(self, options: FilmOptions | None = None) -> None:
        """Save the frames played of the take as a film, or all."""
        from studio.export_jobs import TakeFilmJob

        options = options or self._options().film_options
        path = self.ask("Save film", self._take().name, _ending(options.format), _films())
        shot = self._shot(options.size, options.samples, options.transparent)
        if path and shot:
            window = self._window
            self._tell_size(path, options.size)
            frames = (0, len(self._take()) - 1) if options.whole else window.document.play_range
            moment, choice = Moment.of(window.document), window.engine.choice
            renderer = window.canvas.renderer
            heard = _heard(window.document) if options.sound else None
            self._tell_silence(path, heard)
            way = camera_path(window.document)
            job = TakeFilmJob(renderer, choice, moment, frames, shot, path, options, heard, way)
            self._add(job, path)

    def sheet(self, subject: Subject) -> None:
        """Save a sheet of the components of ``subject``: all where they are few, else the first."""
        from studio.export.options import SheetOptions
        from studio.export_jobs import HeadSheetJob

        document, usual = self._window.document, SheetOptions()
        path = self.ask("Save sheet", f"{subject} sheet", ".png", _PICTURES)
        shot = self._shot(usual.size, usual.samples)
        if path and shot:
            window = self._window
            job = HeadSheetJob(
                window.canvas.renderer,
                window.engine.choice,
                replace(shot, extras=NO_EXTRAS),
                document.params,
                subject,
                self.sheet_count(subject),
                path,
            )
            self._add(job, path)

    def sheet_count(self, subject: Subject) -> int:
        """How many components of ``subject`` a sheet shows."""
        from studio.export.options import SheetOptions
        from studio.export.sheet_plan import component_count

        document = self._window.document
        count = component_count(document.model, subject, document.look)
        return count if count <= _FEW else SheetOptions.count

    def mesh(self, ending: str | None = None) -> None:
        """Save the mesh of this frame."""
        from studio.export.mesh import MeshJob

        path = self.ask("Save mesh", "head", f".{ending or 'obj'}", _MESHES)
        shot = self._shot((1, 1))
        if path and shot:
            self._add(MeshJob(shot.model, shot.surface, path, look=shot.look), path, quick=True)

    def animation(self, options: AnimationOptions | None = None) -> None:
        """Save the frames played of the take as moving meshes, or all."""
        from studio.export_jobs import TakeAnimationJob

        options = options or self._options().animation_options
        shape, take = options.shape, self._take()
        path = self.ask("Save animation", take.name, shape.ending, shape.kind)
        if path:
            window = self._window
            document, choice = window.document, window.engine.choice
            frames = (0, len(take) - 1) if options.whole else document.play_range
            path = options.target(path)
            self._add(
                TakeAnimationJob(
                    choice, document.model, take, frames, document.look, document.controls, path, options.gltf
                ),
                path,
            )

    def frame_parameters(self, layout: ClipLayout = "npz") -> None:
        """Save this frame's parameters."""
        document = self._window.document
        clip = document.take.clip
        still = Clip.still(document.params, clip.fps, document.model.name, document.model.digest)
        frame = f" {round(document.position)}" if len(clip) > 1 else ""
        self._save_clip("Save parameters", f"{document.take.name}{frame}", still, layout)

    def model(self, source: Path | None) -> None:
        """Save the head model at ``source`` in another layout; None is the open head."""
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

    def parameters(self, layout: ClipLayout = "npz") -> None:
        """Save the whole take with its changes."""
        self._save_clip("Save clip", self._take().name, self._take().baked(), layout)

    def _save_clip(self, title: str, name: str, clip: Clip, layout: ClipLayout) -> None:
        from studio.export.parameters import ParametersJob
        from studio.sequence.writers import LAYOUTS, TITLES

        ending = next(ending for ending, known in LAYOUTS.items() if known == layout)
        path = self.ask(title, name, ending, ";;".join(TITLES.values()))
        if path:
            self._add(ParametersJob(self._window.document.model, clip, path), path, quick=True)

    def _take(self) -> Take:
        return self._window.document.take

    def _options(self) -> ExportPanel:
        return self._window.workspace.late.export

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
            self._window.notify(_BUSY)

    def _add(self, job: Job, path: Path, quick: bool = False) -> None:
        """Export when its turn comes."""
        self.queue.add(job, path, quick)
        waiting = self.queue.waiting
        if waiting and not quick:
            others = f" behind {waiting - 1} more" if waiting > 1 else ""
            self._window.notify(f"{path.name} waits for the running export{others}.")

    def _tell_silence(self, path: Path, heard: SoundSource | None) -> None:
        """Say so where the format carries no sound and there is one."""
        from studio.export.film_formats import has_sound, why_silent

        if heard is not None and not has_sound(path):
            self._window.notify(why_silent(path))

    def _tell_size(self, path: Path, size: tuple[int, int]) -> None:
        """Say so where the format does not take the size."""
        from studio.export.film_formats import film_size

        wide, high = film_size(path, size)
        if (wide, high) != size:
            told = f"{path.name} will be {wide}x{high}, not {size[0]}x{size[1]}: it needs even sides."
            self._window.notify(told)

    def _on_queue_asked(self, what: str, number: int) -> None:
        queue = self.queue
        match what:
            case "cancel":
                queue.cancel(number)
            case "remove":
                queue.remove(number)
            case "retry":
                queue.retry(number)
            case "up":
                queue.move(number, -1)
            case "down":
                queue.move(number, 1)
            case "folder":
                entry = next(entry for entry in queue.entries if entry.number == number)
                show_in_folder(entry.path)

    def _on_done(self, job: Job, result: Any) -> None:
        """Tell of what was saved; other jobs' results are told of where they are used."""
        from studio.export.conversion import Conversion
        from studio.export.gltf.job import GltfResult
        from studio.export_jobs import CopyJob

        if isinstance(job, CopyJob):
            height, width = result.shape[:2]
            image = QImage(result.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
            QGuiApplication.clipboard().setImage(image.copy())
            self._window.notify("The picture is on the clipboard.")
        elif isinstance(result, Conversion | GltfResult):
            self._window.notify(" ".join((f"Saved {result.path}.", *result.notices)))
        elif isinstance(result, Path):
            self._window.notify(" ".join((f"Saved {result}.", *getattr(job, "notices", ()))))
