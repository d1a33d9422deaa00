"""``fit`` for films: a clip, its camera and what each frame misses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from studio.cli.fit_context import FitContext
from studio.cli.fit_targets import Target
from studio.cli.progress import run_job
from studio.export.fits.followed_film import FollowedFilmJob
from studio.fitting.observation import Landmarks2D
from studio.fitting.reading.beside import landmarks_beside
from studio.fitting.reading.landmarks import read_landmarks
from studio.fitting.video.film import open_film
from studio.fitting.video.job import VideoFitJob
from studio.fitting.video.result import FilmFit
from studio.fitting.video.sources import landmark_source
from studio.sequence.files import write_clip
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError

USUAL = "photometric"

Answer = dict[str, Any]


def fit_films(context: FitContext, targets: Sequence[Target]) -> list[Answer]:
    """Fit a head to each film; finished frames stay in a folder beside the results until a film is done."""
    answers: list[Answer] = []
    for target in targets:
        try:
            answers.append(_fit_film(context, target))
        except StudioError as error:
            answers.append({"target": str(target.path), "error": str(error)})
    return answers


def _fit_film(context: FitContext, target: Target) -> Answer:
    stage, given = context.stage, context.given(target.path)
    landmarks = given.landmarks or landmarks_beside(target.path)
    frames = context.folder / f"{target.label}_frames"
    job = VideoFitJob(
        stage.model,
        lambda: stage.backend,
        target.path,
        context.recipe(USUAL),
        landmark_source(landmarks, stage.model, given.face, context.folders),
        frames,
        focal=given.focal,
        corrections=_corrections(context, target),
    )
    fit: FilmFit = run_job(job, quiet=context.arguments.json)
    clip = context.folder / f"{target.label}.npz"
    camera = context.folder / f"{target.label}_camera.json"
    notices = write_clip(clip, fit.clip, stage.model)
    stage.notices.extend([*fit.notices, *notices])
    told = {"camera": asdict(fit.camera), "errors": [_plain(error) for error in fit.errors]}
    _write_json(camera, told)
    known = fit.errors[np.isfinite(fit.errors)]
    files = [clip, camera]
    if context.arguments.save_video:
        panels = FollowedFilmJob(
            stage.backend, target.path, frames, context.folder / f"{target.label}_fit.mp4"
        )
        files.append(run_job(panels, quiet=context.arguments.json))
    return {
        "target": str(target.path),
        "frames": len(fit.clip),
        "fps": fit.clip.fps,
        "landmarks_percent": round(float(known.mean()), 3) if len(known) else None,
        "files": [str(path) for path in files],
        "finished_frames": str(frames),
    }


def _corrections(context: FitContext, target: Target) -> dict[int, Landmarks2D]:
    """The landmarks that were set right, by the number of their frame.

    Raises:
        StudioError: a file cannot be read, or the film.

    """
    given: list[tuple[int, Path]] = context.arguments.correct
    if not given:
        return {}
    size, model = open_film(target.path).size, context.stage.model
    face = context.given(target.path).face
    return {number: read_landmarks(file, size, model, face).landmarks for number, file in given}


def _plain(error: np.floating) -> float | None:
    return round(float(error), 4) if np.isfinite(error) else None


def _write_json(path: Path, told: dict[str, Any]) -> None:
    text = json.dumps(told, indent=1) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))
