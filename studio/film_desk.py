"""The window's part in fitting to films: asks for one, runs the job, and shows what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from studio.document.fit_commands import use_film
from studio.document.media import Media
from studio.fitting.recipe_edits import without
from studio.fitting.recipe_file import recipe_of
from studio.fitting.told import held_of
from studio.fitting.video.film import is_film
from studio.fitting.video.keeping import remove_old
from studio.fitting.video.result import FilmFit
from studio.fitting.video.window_job import film_job, fitted_on, knows_landmarks, take_of
from studio.flame.folders import model_folders, user_folder
from studio.flame.open_head import OPEN_HEAD
from studio.jobs.job import Job
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.backends.base import Backend
    from studio.fitting.video.job import VideoFitJob
    from studio.window import StudioWindow

_KINDS = "Films (*.mp4 *.m4v *.mov *.mkv *.webm *.avi);;All files (*)"
_BUSY = "Another job is running; wait for it or cancel it in the status line."
_CHANGED = "The model was changed meanwhile, so the fit was not used; fit once more."


class FilmDesk(QObject):
    """Leads one fit at a time; a fit that was cancelled goes on where it was when it is begun again."""

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._job: VideoFitJob | None = None
        window.jobs.done.connect(self._on_done)
        window.jobs.ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        """Whether a fit is under way."""
        return self._job is not None

    def start(self) -> None:
        """Fit to the film that is the reference, else to one that the user chooses."""
        window, picture = self._window, self._window.document.reference.picture
        window.workspace.show_dock("Fit")
        if picture.path and picture.content is None and is_film(Path(picture.path)):
            self.begin(Path(picture.path))
            return
        settings = window.settings
        name, _ = QFileDialog.getOpenFileName(window, "Fit to film", str(settings.folder), _KINDS)
        if name:
            settings.folder = Path(name).parent
            self.begin(Path(name).absolute())

    def begin(self, film: Path) -> None:
        """Fit to ``film``; where no landmarks of its first frame are known, let the user place them on it."""
        window, document = self._window, self._window.document
        model = document.model.original.source
        folders = (*model_folders(None if model == OPEN_HEAD else model), user_folder())
        if is_film(film) and not knows_landmarks(document.reference, film, folders):
            if document.reference.picture != Media(str(film)):
                window.files.open([film])
            window.notify(
                f"No landmarks of {film.name} are known: place the points on its first frame, or put a file "
                "of them beside it, and fit to the film then."
            )
            return
        try:
            recipe = without(recipe_of(document.reference), held_of(document.reference.held))
            job = film_job(document, film, recipe, self._backend_maker(), folders)
        except StudioError as error:
            window.warn(str(error))
            return
        remove_old()
        if window.jobs.start(job):
            self._job = job
        else:
            window.notify(_BUSY)

    def _backend_maker(self) -> Callable[[], Backend]:
        from studio.backends import create_with_fallback

        choice, model = self._window.engine.choice, self._window.document.model
        return lambda: create_with_fallback(choice.name, model, choice.device, choice.threads)[0]

    def _on_done(self, job: Job, result: object) -> None:
        if self._job is None or job is not self._job or not isinstance(result, FilmFit):
            return
        window, document, film = self._window, self._window.document, self._job.film
        if document.model is not self._job.model:
            window.warn(_CHANGED)
            return
        fitted, take = fitted_on(result, self._job.recipe), take_of(film, result)
        window.push(use_film(document, fitted, take, Media(str(film)), window.canvas.aspect))
        for notice in result.notices:
            window.notify(notice)

    def _on_ended(self) -> None:
        self._job = None
