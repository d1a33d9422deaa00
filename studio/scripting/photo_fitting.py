"""Fitting to a photo for scripts: what the Fit panel does, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.document.media import Media
from studio.document.reference import PhotoPoint, Reference
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.fitting.fit_measures import FitMeasures
    from studio.fitting.observation import Landmarks2D, Observation
    from studio.fitting.recipe import Recipe
    from studio.scripting.studio import Studio


@dataclass(frozen=True)
class Photo:
    """Files of a photo; no photo is the one that is open."""

    photo: Path | None
    landmarks: Path | None
    mask: Path | None

    @classmethod
    def of(cls, *paths: str | Path | None) -> Photo:
        """The files ``paths`` of photo, landmarks and mask."""
        photo, landmarks, mask = (None if path is None else Path(path) for path in paths)
        return cls(photo, landmarks, mask)


def fit(studio: Studio, files: Photo, recipe: str | Path | None, lens: float | None) -> FitMeasures:
    """Fit the head of ``studio`` to the photo in ``files``, and tell how near it is.

    Raises:
        StudioError: a file cannot be read, there is no such recipe, or it cannot be done with what is known.

    """
    from studio.document.fit_commands import use_fit
    from studio.fitting.photo_fit import PhotoFitJob
    from studio.fitting.recipe_edits import without
    from studio.fitting.recipe_file import recipe_of
    from studio.fitting.told import held_of

    document = studio.document
    reference = _with_recipe(document.reference, recipe)
    if lens is not None:
        reference = reference.replace(lens=float(lens))
    chosen: Recipe = without(recipe_of(reference), held_of(reference.held))
    observation, reference = _observed(studio, reference, files)
    job = PhotoFitJob(
        document.model,
        lambda: observation,
        chosen,
        lambda: studio.backend,
        document.locks,
        document.params,
    )
    found = job.run(lambda _: None, lambda: False)
    studio.push(use_fit(document, found.fitted, studio.aspect, observation.name, reference))
    if found.fit.warning:
        studio.notices.append(found.fit.warning)
    return found.measures


def _with_recipe(reference: Reference, recipe: str | Path | None) -> Reference:
    from studio.fitting.recipe_file import SUFFIX, read_recipe_text, shipped_recipe
    from studio.fitting.recipe_text import recipe_from_text

    if recipe is None:
        return reference
    if Path(recipe).suffix.lower() != SUFFIX:
        return reference.replace(recipe=shipped_recipe(str(recipe)).name, recipe_text="")
    path = Path(recipe)
    text = read_recipe_text(path)
    return reference.replace(recipe=recipe_from_text(text, path.name).name, recipe_text=text)


def _observed(studio: Studio, reference: Reference, files: Photo) -> tuple[Observation, Reference]:
    from studio.fitting.reading.gathering import Given, observation_of
    from studio.fitting.reading.observing import reference_observation

    photo, landmarks, mask = files.photo, files.landmarks, files.mask
    if photo is None:
        if landmarks is not None or mask is not None:
            raise StudioError("Landmarks and a mask belong to a photo; give the photo too.")
        return reference_observation(reference), reference
    from studio.document.photo_camera import focal_of_lens

    observation, notices = observation_of(photo, studio.model, Given(landmarks, mask))
    studio.notices += notices
    if reference.lens > 0.0:
        observation = observation.replace(focal=focal_of_lens(reference.lens, *observation.size))
    points = _points(observation.landmarks)
    return observation, Reference(
        Media(str(photo.absolute())),
        points,
        (landmarks.name if landmarks else "a file beside it") if points else "",
        tuple(float(edge) for edge in observation.box or ()),
        Media(str(mask.absolute())) if mask else Media(),
        reference.lens,
        recipe=reference.recipe,
        recipe_text=reference.recipe_text,
        held=reference.held,
    )


def _points(landmarks: Landmarks2D | None) -> tuple[PhotoPoint, ...]:
    if landmarks is None or landmarks.set_name != "68":
        return ()
    return tuple(
        PhotoPoint(float(x), float(y), float(sure)) if sure > 0.0 else PhotoPoint(0.0, 0.0, 0.0, True)
        for (x, y), sure in zip(landmarks.points, landmarks.confidence, strict=True)
    )
