"""What each command does; each gives the object that ``--json`` prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.cli.animations import save_animation
from studio.cli.clip_verb import clip
from studio.cli.films import film, turntable
from studio.cli.inspection import inspect
from studio.cli.landmarks import wanted_set
from studio.cli.progress import run_job
from studio.cli.stage import Stage, named_path
from studio.export.animations import ANIMATIONS, is_animation
from studio.export.conversion import Conversion, ConvertJob
from studio.export.film_formats import FILMS, is_numbered
from studio.export.maps import MAP_FILES, MapsJob
from studio.export.measurements import MEASURE_FILES, MeasurementsJob
from studio.export.mesh import MESHES, MeshJob
from studio.export.parameters import ForwardJob, ParametersJob
from studio.export.pictures import check_picture
from studio.export.points import POINT_FILES, PointsJob
from studio.export.screenshot import ScreenshotJob
from studio.export.sheet import SheetJob
from studio.export.target import check_format, check_target
from studio.flame.writing import kind_for
from studio.jobs.job import Job
from studio.render.offscreen import open_renderer
from studio.sequence.clip import Clip
from studio.sequence.writers import LAYOUTS
from studio.storage.errors import StudioError

PARAMETERS = tuple(ending for ending in LAYOUTS if ending)


def info(arguments: argparse.Namespace) -> dict[str, Any]:
    """What a file is."""
    return inspect(named_path(arguments.file), arguments.model)


def convert(arguments: argparse.Namespace) -> dict[str, Any]:
    """A head model in another layout."""
    kind = kind_for(arguments.target)
    source = arguments.source
    job = ConvertJob(source, Path(arguments.target), kind)
    done: Conversion = run_job(job, quiet=arguments.json)
    return {
        "output": str(done.path),
        "source": str(source),
        "layout": done.kind,
        "model": {"name": done.name, "version": done.version},
        "licence": done.licence,
        "rounded_by": done.rounded_by,
        "left_out": done.left_out,
        "notices": done.notices,
    }


def forward(arguments: argparse.Namespace) -> dict[str, Any]:
    """Vertices, landmarks and joints of every frame."""
    stage = _stage(arguments, ".npz")
    marks = wanted_set(stage.model, arguments.landmarks)
    with stage.streaming():
        job = ForwardJob(stage.backend, stage.frames, arguments.output, arguments.contour, marks)
        run_job(job, quiet=arguments.json)
        count = len(stage.frames)
    return _told(stage, frames=count)


def render(arguments: argparse.Namespace) -> dict[str, Any]:
    """One picture, or a numbered one for each frame."""
    if is_numbered(arguments.output):
        return film(arguments)
    check_picture(arguments.output, arguments.transparent)
    stage = Stage(arguments)
    stage.check_output()
    with stage.streaming():
        shot = stage.shot(stage.surface(stage.chosen))
    job = ScreenshotJob(open_renderer(), shot, arguments.output, arguments.quality)
    return _run(stage, job, frames=1, size=shot.size)


def export(arguments: argparse.Namespace) -> dict[str, Any]:
    """Mesh, animation, parameters or film, by the ending of the output."""
    output = arguments.output
    if arguments.layout:
        return _parameters(arguments, output.suffix.lower())
    if not output.suffix:
        return film(arguments)
    if is_animation(output):
        stage, facts = save_animation(arguments)
        return _told(stage, **facts)
    suffix = check_format(output, (*MESHES, *ANIMATIONS, *PARAMETERS, *FILMS), "a clip")
    if suffix in FILMS:
        return film(arguments)
    if suffix in PARAMETERS:
        return _parameters(arguments, suffix)
    stage = _stage(arguments, suffix)
    with stage.streaming():
        surface = stage.surface(stage.chosen)
    return _run(stage, MeshJob(stage.model, surface, output), vertices=len(surface.vertices))


def _parameters(arguments: argparse.Namespace, suffix: str) -> dict[str, Any]:
    """A clip in another layout, which ``--layout`` names where the ending does not."""
    stage = _stage(arguments, suffix)
    clip = stage.clip if arguments.frame is None else _single(stage, arguments.frame)
    job = ParametersJob(stage.model, clip, arguments.output, layout=arguments.layout)
    run_job(job, quiet=arguments.json)
    stage.notices += job.notices
    return _told(stage, frames=len(clip))


def normals(arguments: argparse.Namespace) -> dict[str, Any]:
    """Maps of one frame, or with a numbered name of each."""
    output = arguments.output
    if check_format(output, MAP_FILES, "a map") == ".npz" and (arguments.map or arguments.transparent):
        raise StudioError(f"{output.name} holds every map as it is; leave --map and --transparent out.")
    check_target(output)
    stage = Stage(arguments)
    stage.check_output()
    with stage.streaming():
        if is_numbered(output):
            stage.check_outputs()
        job = MapsJob(
            backend=stage.backend,
            clip=stage.frames,
            camera=stage.pinhole(every_frame=is_numbered(output)),
            path=output,
            kind=arguments.map or "normal",
            space=arguments.space,
            transparent=arguments.transparent,
            frame=round(stage.checked(stage.chosen)),
            threads=arguments.threads,
        )
        run_job(job, quiet=arguments.json)
        count = job.count
    return _told(stage, frames=count, size=job.camera.size)


def sample(arguments: argparse.Namespace) -> dict[str, Any]:
    """Points on the surface of one frame, or riding on it through the clip."""
    check_format(arguments.output, POINT_FILES, "points")
    check_target(arguments.output)
    stage = Stage(arguments)
    stage.check_output()
    with stage.streaming():
        job = PointsJob(
            backend=stage.backend,
            clip=stage.frames,
            path=arguments.output,
            count=arguments.count,
            seed=arguments.seed,
            frame=round(stage.checked(stage.chosen)),
            all_frames=arguments.all_frames,
            regions=arguments.region,
        )
        frames = job.frames
        run_job(job, quiet=arguments.json)
    return _told(stage, points=job.count, seed=job.seed, frames=frames)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Distances and angles of every frame."""
    check_format(arguments.output, MEASURE_FILES, "measurements")
    check_target(arguments.output)
    stage = Stage(arguments)
    stage.check_output()
    with stage.streaming():
        run_job(MeasurementsJob(stage.backend, stage.frames, arguments.output), quiet=arguments.json)
        count = len(stage.frames)
    return _told(stage, frames=count)


def _stage(arguments: argparse.Namespace, suffix: str) -> Stage:
    """A stage for a file that ends in ``suffix``, checked before anything is loaded."""
    check_format(arguments.output, (suffix,), "the result")
    check_target(arguments.output)
    stage = Stage(arguments)
    stage.check_output()
    return stage


def _single(stage: Stage, index: int) -> Clip:
    clip = stage.clip
    return Clip.still(clip.frame(round(stage.checked(index))), clip.fps, clip.model_name, clip.model_digest)


def _run(stage: Stage, job: Job, **facts: Any) -> dict[str, Any]:
    run_job(job, quiet=stage.arguments.json)
    return _told(stage, **facts)


def _told(stage: Stage, **facts: Any) -> dict[str, Any]:
    return {"output": str(stage.arguments.output), **facts, **stage.about()}


def fit(arguments: argparse.Namespace) -> dict[str, Any]:
    """Heads fitted to photos or landmarks."""
    from studio.cli.fit_verb import fit as run  # all of fitting is not needed by the other commands

    return run(arguments)


def train(arguments: argparse.Namespace) -> dict[str, Any]:
    """A prior trained on clips."""
    from studio.cli.train_verb import train as run  # all of training is not needed by the other commands

    return run(arguments)


def sheet(arguments: argparse.Namespace) -> dict[str, Any]:
    """Components at low, middle and high, on one page."""
    check_picture(arguments.output, transparent=False)
    if arguments.transparent:
        raise StudioError("A sheet has a white page; leave out --transparent.")
    stage = Stage(arguments)
    stage.check_output()
    job = SheetJob(
        renderer=open_renderer(),
        backend=stage.backend,
        shot=stage.shot(stage.surface(stage.chosen)),
        params=stage.clip.at(stage.chosen),
        subject=arguments.of,
        path=arguments.output,
        count=arguments.components,
        sigma=arguments.sigma,
        framed=arguments.distance is None and stage.session is None,
        quality=arguments.quality,
    )
    return _run(stage, job, rows=[row.title for row in job.rows])


RUN: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "info": info,
    "convert": convert,
    "forward": forward,
    "render": render,
    "turntable": turntable,
    "export": export,
    "clip": clip,
    "normals": normals,
    "sheet": sheet,
    "sample": sample,
    "fit": fit,
    "train": train,
    "measure": measure,
}
