"""The window's part in fitting: between document, job, preview and panel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from studio.document.fit_commands import fitted_look, keep_texture, use_fit
from studio.document.media import Media
from studio.document.reference_commands import set_reference
from studio.document.take import Take
from studio.fitting.fit_job import FitControl
from studio.fitting.photo_fit import PhotoFit, PhotoFitJob, fitted_of
from studio.fitting.present import present_state
from studio.fitting.reading.observing import reference_observation
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import stage_alone, stages_left, without
from studio.fitting.recipe_file import read_recipe, read_recipe_text, recipe_of
from studio.fitting.recipe_text import recipe_to_text
from studio.fitting.texture_job import KeptTexture, TextureJob
from studio.fitting.told import FitTold, Phase, costs_told, held_of
from studio.fitting.watch import FitWatch
from studio.jobs.job import Job, Progress
from studio.jobs.pace import Pace
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from studio.backends.base import Backend
    from studio.document.commands import Command
    from studio.fitting.run import Iteration
    from studio.fitting.state import FitState
    from studio.panels.fit_panel import FitPanel
    from studio.window import StudioWindow

_TICK_MS = 66  # between two looks at a fit under way
_LATELY = 20  # iterations whose mean is told
_BUSY = "Another job is running; wait for it or cancel it in the status line."
_NO_POINTS = "No landmarks are known on the photo: drag the points onto the face, then press Fit again."
_NO_PHOTO = "There is no photo to fit to; drop one on the window first."
_CHANGED = "Photo or model were changed meanwhile, so the fit was not used; fit once more."
_NOT_FITTED = "No head was fitted to the photo yet; fit it first."
_NONE_RUNS = "No fit is under way."


class FittingDesk(QObject):
    """Leads one fit at a time; the document stays as it is until the fit is done."""

    def __init__(self, window: StudioWindow, panel: FitPanel) -> None:
        super().__init__(window)
        self._window, self._panel = window, panel
        self._job: PhotoFitJob | None = None
        self._taking: TextureJob | None = None
        self._photo = Media()
        self._watch = FitWatch()
        self._recipe: Recipe | None = None  # the one that is gone through
        self._numbers: tuple[int, ...] = ()  # of its stages in the document's recipe
        self._pace = Pace()
        self._lately: list[float] = []  # seconds of the last iterations
        self._told = FitTold()
        self._stage = -1  # of the last iteration seen
        self._follows = True  # whether the canvas looks through the photo's camera
        self._shown: FitState | None = None
        self._last: Command | None = None  # what the last fit did
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self._tick)
        window.jobs.done.connect(self._on_done)
        window.jobs.progressed.connect(self._on_progress)
        window.jobs.ended.connect(self._on_ended)
        window.document.changed.connect(self._on_document)
        panel.show_told(self._told)

    @property
    def running(self) -> bool:
        """Whether a fit is under way."""
        return self._job is not None

    @property
    def told(self) -> FitTold:
        """How it goes."""
        return self._told

    def start(self) -> None:
        """Fit the head to the photo by the recipe."""
        recipe = self._wanted()
        if recipe is not None:
            self._begin(recipe, None)

    def go_on(self) -> None:
        """Go on from the head that is shown, with the stage whose weights the panel shows."""
        recipe, document = self._wanted(), self._window.document
        if recipe is None:
            return
        if not document.reference.camera:
            self._begin(recipe, None)
            return
        stage = self._panel.stage if self._panel.stage >= 0 else len(recipe.stages) - 1
        self._begin(recipe, present_state(document), min(stage, len(recipe.stages) - 1))

    def _wanted(self) -> Recipe | None:
        """The recipe that is to be gone through; None, and a notice, where nothing can be fitted now."""
        window, reference = self._window, self._window.document.reference
        window.workspace.show_dock("Fit")
        if not reference:
            window.notify(_NO_PHOTO)
            return None
        if self.running:
            return None
        if not any(not point.hidden for point in reference.points):
            window.notify(_NO_POINTS)
            window.photos.editing.edit("points")
            return None
        window.photos.editing.leave()
        try:
            return recipe_of(reference)
        except StudioError as error:
            window.warn(str(error))
            return None

    def _begin(self, whole: Recipe, begin: FitState | None, stage: int | None = None) -> None:
        """Go through the recipe ``whole``, or ``stage`` of it alone, without what is held."""
        window, document = self._window, self._window.document
        model, reference = document.model, document.reference
        held = held_of(reference.held)
        try:
            recipe = without(whole if stage is None else stage_alone(whole, stage), held)
        except StudioError as error:
            window.warn(str(error))
            return
        watch = FitWatch()
        job = PhotoFitJob(
            model,
            lambda: reference_observation(reference),
            recipe,
            self._backend_maker(),
            document.locks,
            document.params,
            begin,
            watch.hear,
            FitControl(),
        )
        if not window.jobs.start(job):
            window.notify(_BUSY)
            return
        self._job, self._watch, self._recipe = job, watch, recipe
        self._numbers = stages_left(whole, held) if stage is None else (stage,)
        self._photo, self._pace, self._lately, self._stage = reference.picture, Pace(), [], -1
        self._follows, self._shown = True, None
        self._panel.clear_costs()
        self._panel.show_result(None)
        self._tell(FitTold("running", "Reading the photo"))
        self._ticking.start()

    def keep_texture(self) -> None:
        """Take the photo off the head that is shown, and keep it as its skin."""
        window, document = self._window, self._window.document
        reference = document.reference
        if not (reference and reference.camera):
            window.notify(_NOT_FITTED)
            return
        model, make = document.model, self._backend_maker()
        state = present_state(document)
        job = TextureJob(model, state, lambda: reference_observation(reference), make)
        if window.jobs.start(job):
            self._taking = job
        else:
            window.notify(_BUSY)

    def _backend_maker(self) -> Callable[[], Backend]:
        from studio.backends import create_with_fallback

        choice, model = self._window.engine.choice, self._window.document.model
        return lambda: create_with_fallback(choice.name, model, choice.device, choice.threads)[0]

    def pause(self) -> None:
        """Wait after the iteration under way, or go on."""
        job = self._under_way()
        if job is None:
            return
        if job.control.paused:
            self._pace = Pace()
            job.control.resume()
        else:
            job.control.pause()
        self._tick()

    def step(self) -> None:
        """Do one iteration, and wait."""
        job = self._under_way()
        if job is not None:
            job.control.pause()
            job.control.single_step()

    def finish(self) -> None:
        """End here: the head that is reached is the result."""
        job = self._under_way()
        if job is not None:
            job.control.finish()

    def cancel(self) -> None:
        """Stop, and leave everything as it was."""
        if self._under_way() is not None:
            self._tell(FitTold("stopping", "Stopping…"))
            self._window.jobs.cancel()

    def reweigh(self, stage: int, weights: Mapping) -> None:
        """Let a fit under way go on with other weights in ``stage`` of the document's recipe."""
        if self._job is not None and stage in self._numbers:
            self._job.control.reweigh(weights, self._numbers.index(stage))

    def show_before(self, shown: bool) -> None:
        """Show the head as it was before the last fit, or no longer."""
        window, command = self._window, self._last
        if not shown or command is None:
            window.document.preview.clear(self)
            return
        old, document = command.old, window.document
        take: Take = old["takes"][old.get("active", document.active)]
        params = take.params(old.get("position", document.position))
        document.preview.show(self, document.model, params, old["look"], old["camera"])

    def ask_recipe(self) -> None:
        """Let the user choose a recipe file."""
        from studio.panels.fit_recipe_dialog import KINDS

        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Open recipe", str(settings.folder), KINDS)
        if name:
            settings.folder = Path(name).parent
            self.open_recipe(Path(name))

    def open_recipe(self, path: Path) -> None:
        """Fit by the recipe in the file ``path`` from now on."""
        try:
            recipe, text = read_recipe(path), read_recipe_text(path)
        except StudioError as error:
            self._window.warn(str(error))
            return
        self._use_recipe(recipe.name, text)

    def edit_recipe(self) -> None:
        """Show the recipe as text, to change it."""
        from studio.panels.fit_recipe_dialog import RecipeDialog

        window, reference = self._window, self._window.document.reference
        try:
            text = reference.recipe_text or recipe_to_text(recipe_of(reference))
        except StudioError as error:
            window.warn(str(error))
            return
        dialog = RecipeDialog(text, window.settings.folder, window)
        dialog.used.connect(self._use_recipe)
        dialog.problem.connect(window.warn)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _use_recipe(self, name: str, text: str) -> None:
        self._window.push(
            set_reference(self._window.document, f"Recipe {name}", recipe=name, recipe_text=text)
        )

    def _under_way(self) -> PhotoFitJob | None:
        if self._job is None:
            self._window.notify(_NONE_RUNS)
        return self._job

    def _on_progress(self, progress: Progress) -> None:
        if self._job is not None:
            self._pace.step(progress.done, progress.total)
            if not progress.total:
                self._tell(FitTold("running", progress.what))

    def _tick(self) -> None:
        """Show what came since the last look: costs, how far it is, and the newest head."""
        job, recipe = self._job, self._recipe
        if job is None or recipe is None:
            return
        seen = self._watch.take()
        for done in seen.iterations:
            self._panel.show_costs(costs_told(recipe, done), done.stage != self._stage)
            self._stage = done.stage
        if seen.iterations:
            self._lately = [*self._lately, *(done.seconds for done in seen.iterations)][-_LATELY:]
            self._tell_iteration(recipe, seen.iterations[-1], job.control.paused)
        elif self._told.phase in ("running", "paused") and self._told.of:
            self._tell_paused(job.control.paused)
        if seen.states is not None:
            self._shown = seen.states[0]
            self._show(recipe)

    def _tell_iteration(self, recipe: Recipe, done: Iteration, paused: bool) -> None:
        stage = recipe.stages[done.stage]
        mean = 1000.0 * sum(self._lately) / len(self._lately)
        phase = self._told.phase if self._told.phase == "stopping" else _phase(paused)
        number = self._numbers[done.stage]
        left = self._pace.left
        self._tell(FitTold(phase, stage.name, number, done.number + 1, stage.iterations, mean, left))

    def _tell_paused(self, paused: bool) -> None:
        self._tell(replace(self._told, phase=_phase(paused)))

    def _show(self, recipe: Recipe) -> None:
        """Turn the head on the canvas into the newest one, unless something else is being tried out."""
        window, state = self._window, self._shown
        document = window.document
        if state is None or document.preview.owner not in (None, self):
            return
        so_far = recipe.replace(stages=recipe.stages[: self._stage + 1])  # light comes with its stage
        fitted = fitted_of(state, so_far)
        look = fitted_look(document.look, fitted, self._photo.name)
        camera = state.camera.orbit(window.canvas.aspect) if self._follows and state.camera else None
        document.preview.show(self, document.model, state.params, look, camera)

    def _on_document(self, names: frozenset[str]) -> None:
        if "camera" in names and self.running and self._follows:
            self._follows = False  # a hand has taken the camera
            if self._recipe is not None:
                self._show(self._recipe)
        document = self._window.document
        if self._last is not None and (
            "model" in names or ("reference" in names and document.reference.picture != self._photo)
        ):
            self._last = None  # what is shown is no longer its result
            document.preview.clear(self)
            self._panel.show_result(None)

    def _on_done(self, job: Job, result: object) -> None:
        if isinstance(result, KeptTexture) and job is self._taking:
            self._take_texture(job, result)
        if job is not self._job or not isinstance(result, PhotoFit):
            return
        self._tick()
        window, document = self._window, self._window.document
        document.preview.clear(self)
        if document.model is not result.fit.problem.model or document.reference.picture != self._photo:
            window.warn(_CHANGED)
            return
        kept = None if self._follows else document.camera
        command = use_fit(document, result.fitted, window.canvas.aspect, self._photo.name)
        self._last = command
        window.push(command)
        if kept is not None:
            document.set(camera=kept)
        self._panel.show_result(result.measures, result.fit.warning)
        if result.fit.warning:
            window.warn(result.fit.warning)

    def _take_texture(self, job: TextureJob, result: KeptTexture) -> None:
        window, document = self._window, self._window.document
        self._taking = None
        if document.model is not job.model:
            window.warn(_CHANGED)
            return
        window.push(keep_texture(document, result.picture))
        window.notify(
            f"{100.0 * result.seen:.0f} % of the texture is seen on the photo; the rest was completed."
        )

    def _on_ended(self) -> None:
        if self._job is None:
            return
        self._job, self._recipe = None, None
        self._ticking.stop()
        self._window.document.preview.clear(self)
        self._tell(FitTold())

    def _tell(self, told: FitTold) -> None:
        self._told = told
        self._panel.show_told(told)
        self._window.fitting.show_actions(told.phase)


def _phase(paused: bool) -> Phase:
    return "paused" if paused else "running"
