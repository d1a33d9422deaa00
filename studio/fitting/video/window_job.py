"""The fit of a film as the window begins it: from the document's reference, kept in the user's cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from studio.document.document import Document
from studio.document.film_errors import errors_of
from studio.document.fit_commands import Fitted
from studio.document.reference import Reference
from studio.document.take import Take
from studio.fitting.observation import Landmarks2D
from studio.fitting.photo_fit import fitted_of
from studio.fitting.reading.beside import landmarks_beside
from studio.fitting.reading.mesh_finding import landmarker_file
from studio.fitting.reading.observing import landmarks_of
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_text import recipe_to_text
from studio.fitting.video.job import LandmarkSource, VideoFitJob
from studio.fitting.video.keeping import folder_for
from studio.fitting.video.result import FilmFit
from studio.fitting.video.sources import landmark_source
from studio.flame.model import HeadModel

if TYPE_CHECKING:
    from studio.backends.base import Backend


def knows_landmarks(reference: Reference, film: Path, folders: Sequence[Path]) -> bool:
    """Whether landmarks of the first frame of ``film`` are known or can be found."""
    return bool(
        _points(reference, film) is not None
        or landmarks_beside(film) is not None
        or landmarker_file(folders) is not None
    )


def film_job(
    document: Document,
    film: Path,
    recipe: Recipe,
    make_backend: Callable[[], Backend],
    folders: Sequence[Path],
) -> VideoFitJob:
    """The fit of ``film`` by ``recipe``, with the document's model, locks and lens.

    Args:
        document: whose points count on the first frame, where the film is its reference.
        film: its file.
        recipe: of a photo.
        make_backend: called when the job runs.
        folders: where MediaPipe's landmarker is looked for.

    Raises:
        StudioError: the film cannot be read.

    """
    reference, model = document.reference, document.model
    points, beside = _points(reference, film), landmarks_beside(film)
    lens = reference.lens if _is_of(reference, film) else 0.0
    known = (
        model.digest,
        recipe_to_text(recipe),
        None if points is None else reference.points,
        None if beside is None else (beside.name, beside.stat().st_mtime_ns),
        lens,
        sorted(document.locks),
        _told_locked(document),
    )
    return VideoFitJob(
        model,
        make_backend,
        film,
        recipe,
        _source(points, beside, model, folders),
        folder_for(film, known),
        document.locks,
        lens=lens,
        kept=document.params,
    )


def take_of(film: Path, fit: FilmFit) -> Take:
    """The take that came of the fit, called like the film."""
    take = Take.of(film.stem, fit.clip)
    return take.with_fit_errors(errors_of(fit.errors.tolist()))


def fitted_on(fit: FilmFit, recipe: Recipe) -> Fitted:
    """The head of the first frame, with the skin and the light that were found there."""
    return fitted_of(fit.states[0], recipe)


def _is_of(reference: Reference, film: Path) -> bool:
    return reference.picture.content is None and Path(reference.picture.path) == film


def _points(reference: Reference, film: Path) -> Landmarks2D | None:
    return landmarks_of(reference.points) if _is_of(reference, film) else None


def _told_locked(document: Document) -> tuple[float, ...]:
    """The values of what is locked; others do not bear on the fit."""
    return tuple(float(getattr(document.params, field)[index]) for field, index in sorted(document.locks))


def _source(
    points: Landmarks2D | None, beside: Path | None, model: HeadModel, folders: Sequence[Path]
) -> LandmarkSource:
    """The ``points`` on the first frame; else the file ``beside`` the film, read late, or the landmarker."""

    @cache
    def others() -> LandmarkSource:
        return landmark_source(beside, model, folders=folders)

    def landmarks(number: int, pixels: NDArray[np.uint8]) -> Landmarks2D | None:
        return points if number == 0 and points is not None else others()(number, pixels)

    return landmarks
