"""What each command does; each gives the object that ``--json`` prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from studio.cli.inspection import inspect
from studio.cli.progress import run_job
from studio.cli.stage import Stage
from studio.export.film import FilmJob
from studio.export.films import FILMS, is_numbered
from studio.export.mesh import MESHES, MeshJob
from studio.export.parameters import ForwardJob, ParametersJob
from studio.export.screenshot import ScreenshotJob
from studio.export.target import check_format
from studio.export.turntable import TurntableJob
from studio.jobs.job import Job
from studio.render.offscreen import open_renderer
from studio.sequence.clip import Clip


def info(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a file is."""
    return inspect(arguments.file, arguments.model)


def forward(arguments: argparse.Namespace) -> dict[str, Any]:
    """Vertices, landmarks and joints of every frame."""
    stage = Stage(arguments)
    job = ForwardJob(stage.backend, stage.clip, arguments.output, arguments.contour)
    return _run(stage, job, frames=len(stage.clip))


def render(arguments: argparse.Namespace) -> dict[str, Any]:
    """One picture, or a numbered one for each frame."""
    stage = Stage(arguments)
    if is_numbered(arguments.output):
        return _film(stage)
    shot = stage.shot(stage.surface(arguments.frame or 0))
    job = ScreenshotJob(open_renderer(), shot, arguments.output, arguments.quality)
    return _run(stage, job, frames=1, size=shot.size)


def turntable(arguments: argparse.Namespace) -> dict[str, Any]:
    """One full turn."""
    stage = Stage(arguments)
    shot = stage.shot(stage.surface(arguments.frame), turning=True)
    job = TurntableJob(
        open_renderer(), shot, arguments.output, arguments.seconds, arguments.fps, arguments.quality
    )
    return _run(stage, job, frames=job.count, size=shot.size)


def export(arguments: argparse.Namespace) -> dict[str, Any]:
    """Mesh, parameters or film, by the ending of the output."""
    stage, output = Stage(arguments), arguments.output
    if not output.suffix:
        return _film(stage)
    suffix = check_format(output, (*MESHES, ".npz", *FILMS), "a clip")
    if suffix in FILMS:
        return _film(stage)
    if suffix == ".npz":
        clip = stage.clip if arguments.frame is None else _single(stage, arguments.frame)
        return _run(stage, ParametersJob(stage.model, clip, output), frames=len(clip))
    surface = stage.surface(arguments.frame or 0)
    return _run(stage, MeshJob(stage.model, surface, output), vertices=len(surface.vertices))


def _single(stage: Stage, index: int) -> Clip:
    clip = stage.clip
    return Clip.still(clip.frame(stage.checked(index)), clip.fps, clip.model_name, clip.model_digest)


def _film(stage: Stage) -> dict[str, Any]:
    """All frames of the clip, or the one asked for."""
    arguments = stage.arguments
    only = None if arguments.frame is None else stage.checked(arguments.frame)
    shot = stage.shot(stage.surface(only or 0), moving=only is None)
    job = FilmJob(
        renderer=open_renderer(),
        backend=stage.backend,
        clip=stage.clip,
        shot=shot,
        path=arguments.output,
        first=only or 0,
        last=only,
        quality=arguments.quality,
    )
    return _run(stage, job, frames=job.count, size=shot.size, fps=stage.clip.fps)


def _run(stage: Stage, job: Job, **facts: Any) -> dict[str, Any]:
    run_job(job, quiet=stage.arguments.json)
    return {"output": str(stage.arguments.output), **facts, **stage.about()}


RUN: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "info": info,
    "forward": forward,
    "render": render,
    "turntable": turntable,
    "export": export,
}
