"""``fit`` for photos and for landmarks alone: one fit a photo, or one for all photos of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.cli.fit_context import FitContext
from studio.cli.fit_targets import Target
from studio.cli.progress import run_job
from studio.export.fits.files import FitFiles, FitFilesJob, check_fit_targets
from studio.export.fits.film import Diary, FitFilmJob
from studio.fitting.fit_job import Fit, FitJob
from studio.fitting.observation import Observation
from studio.fitting.problem import Problem
from studio.fitting.reading.beside import landmarks_beside, mask_beside
from studio.fitting.reading.gathering import landmarks_alone, observation_of, require_landmarks
from studio.fitting.recipe import Recipe, Term
from studio.fitting.starting import start_state
from studio.storage.errors import StudioError

USUAL, USUAL_WITHOUT_PHOTO = "photometric", "landmarks"
_OF_PICTURES: frozenset[Term] = frozenset(("photo", "silhouette", "gaze"))

Answer = dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Read:
    """A target with what is known of it."""

    target: Target
    observation: Observation
    notices: tuple[str, ...]
    sources: tuple[Path, ...]  # the files that tell it


def fit_photos(context: FitContext, targets: Sequence[Target]) -> list[Answer]:
    """Fit a head to each photo, or to all of one person."""
    recipe = context.recipe(USUAL)
    if context.arguments.one_person:
        return _fit_person(context, targets, recipe)
    return [_guarded(target, lambda one: _fit_photo(context, one, recipe)) for target in targets]


def fit_landmarks(context: FitContext, targets: Sequence[Target]) -> list[Answer]:
    """Fit a head to each file of landmarks.

    Raises:
        StudioError: the recipe looks at photos.

    """
    recipe = context.recipe(USUAL_WITHOUT_PHOTO)
    if any(stage.weight(term) for stage in recipe.stages for term in _OF_PICTURES):
        raise StudioError(
            f"The recipe {recipe.name} looks at the photo, and a file of landmarks has none; give the photo, "
            f"or --recipe {USUAL_WITHOUT_PHOTO}."
        )
    return [_guarded(target, lambda one: _fit_alone(context, one, recipe)) for target in targets]


def _guarded(target: Target, run: Any) -> Answer:
    """What ``run`` answers, or why it could not, which stops no others."""
    try:
        answer: Answer = run(target)
    except StudioError as error:
        return {"target": str(target.path), "error": str(error)}
    except Exception as error:  # noqa: BLE001 - of many photos the others are still to be fitted
        told = f"{target.path.name} stopped on an unexpected problem ({type(error).__name__}: {error})."
        return {"target": str(target.path), "error": told}
    return answer


def _fit_photo(context: FitContext, target: Target, recipe: Recipe) -> Answer:
    read = _read(context, target)
    (answer,) = _fitted(context, [read], recipe)
    return answer


def _fit_alone(context: FitContext, target: Target, recipe: Recipe) -> Answer:
    check_fit_targets(context.folder, target.label, [target.path])
    given = context.given(target.path)
    observation, notices = landmarks_alone(target.path, context.stage.model, given)
    (answer,) = _fitted(
        context, [_Read(target, observation, notices, (target.path,))], recipe, has_photo=False
    )
    return answer


def _fit_person(context: FitContext, targets: Sequence[Target], recipe: Recipe) -> list[Answer]:
    """One fit of one shape and one skin; photos that cannot be used are left out and told."""
    read: list[_Read] = []
    failed: list[Answer] = []
    for target in targets:
        try:
            read.append(_read(context, target))
        except StudioError as error:
            failed.append({"target": str(target.path), "error": str(error)})
    return [*(_fitted(context, read, recipe) if read else []), *failed]


def _read(context: FitContext, target: Target) -> _Read:
    """What is known of a photo, of which landmarks are needed.

    Raises:
        StudioError: a file cannot be used, or there are no landmarks.

    """
    given = context.given(target.path)
    landmarks = given.landmarks or landmarks_beside(target.path)
    mask = given.mask or mask_beside(target.path)
    sources = tuple(path for path in (target.path, landmarks, mask) if path is not None)
    check_fit_targets(context.folder, target.label, sources)
    observation, notices = observation_of(target.path, context.stage.model, given, context.folders)
    require_landmarks(observation)
    return _Read(target, observation, notices, sources)


def _fitted(
    context: FitContext, read: Sequence[_Read], recipe: Recipe, has_photo: bool = True
) -> list[Answer]:
    """Fit heads to what was read, together, and write what was found."""
    stage, quiet = context.stage, context.arguments.json
    observations = tuple(one.observation for one in read)
    start = tuple(start_state(stage.model, one, recipe) for one in observations)
    alone = len(read) == 1
    problem = Problem(stage.model, observations, recipe, start, one_identity=not alone, priors=context.priors)
    diary = Diary(recipe.iterations)
    filmed = bool(context.arguments.save_video)
    job = (
        FitJob(problem, lambda: stage.backend, diary.tell)
        if filmed
        else FitJob(problem, lambda: stage.backend)
    )
    fit: Fit = run_job(job, quiet=quiet)
    answers = []
    for number, one in enumerate(read):
        files = _write(context, one, fit, number, has_photo)
        paths = list(files.paths)
        if filmed and diary.states:
            film = FitFilmJob(
                stage.backend,
                one.observation,
                [*diary.of(number), fit.states[number]],
                context.folder / f"{one.target.label}_fit.mp4",
            )
            paths.append(run_job(film, quiet=quiet))
        answers.append(_told(one, files, paths))
        stage.notices.extend([*one.notices, *([fit.warning] if fit.warning and number == 0 else [])])
    return answers


def _write(context: FitContext, one: _Read, fit: Fit, number: int, has_photo: bool) -> FitFiles:
    job = FitFilesJob(
        context.stage.backend,
        one.observation,
        fit.states[number],
        fit.problem.recipe,
        fit.history,
        context.folder,
        one.target.label,
        one.sources,
        (*one.notices, *([fit.warning] if fit.warning else [])),
        has_photo,
        context.arguments.texture_size,
    )
    files: FitFiles = run_job(job, quiet=context.arguments.json)
    return files


def _told(one: _Read, files: FitFiles, paths: Sequence[Path]) -> Answer:
    report = files.report
    numbers = {key: report[key] for key in ("landmarks", "picture", "seconds", "iterations", "warnings")}
    return {"target": str(one.target.path), "files": [str(path) for path in paths], **numbers}
