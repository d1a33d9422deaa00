"""The commands that film: a clip as it plays, and a turn around the head."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from studio.cli.progress import run_job
from studio.cli.sounding import lasting, sound_of
from studio.cli.stage import Stage
from studio.export.film import FilmJob
from studio.export.film_formats import film_size
from studio.export.film_sound import with_sound
from studio.export.filming import Scene
from studio.export.films import check_film
from studio.export.turntable import TurntableJob
from studio.render.offscreen import open_renderer
from studio.render.shot import Shot
from studio.sequence.playback import Course
from studio.sound.mixdown import CourseMixdown


def film(arguments: argparse.Namespace) -> dict[str, Any]:
    """All frames of the clip, or the one asked for."""
    stage = _film_stage(arguments)
    with stage.streaming():
        only = None if arguments.frame is None else round(stage.checked(arguments.frame))
        whole = getattr(arguments, "all_frames", False)
        first, last = (only, only) if only is not None else (0, None) if whole else stage.played
        source = sound_of(stage)
        job = FilmJob(
            renderer=open_renderer(),
            backend=stage.backend,
            clip=lasting(stage, source),
            shot=stage.shot(stage.surface(first), moving=only is None),
            path=arguments.output,
            first=first,
            last=last,
            quality=arguments.quality,
            extras=stage.extras,
            fps=getattr(arguments, "fps", None),
            camera=stage.camera_path,
        )
        run_job(with_sound(job, source), quiet=arguments.json)
        facts = {"frames": job.count, "fps": job.rate}
    return {"output": str(arguments.output), **facts, "size": _size(stage), **stage.about()}


def turntable(arguments: argparse.Namespace) -> dict[str, Any]:
    """One full turn."""
    stage = _film_stage(arguments)
    with stage.streaming():
        shot = stage.shot(stage.surface(stage.chosen), turning=True, moving=arguments.playing)
        course = _course(stage)
        source = sound_of(stage) if arguments.playing else None
        job = TurntableJob(
            open_renderer(),
            shot,
            arguments.output,
            arguments.seconds,
            arguments.fps,
            arguments.quality,
            _playing(stage, shot, course) if arguments.playing else None,
            CourseMixdown(source, course, arguments.seconds) if source else None,
        )
        run_job(job, quiet=arguments.json)
    return {"output": str(arguments.output), "frames": job.count, "size": _size(stage), **stage.about()}


def _course(stage: Stage) -> Course:
    """The way of the time cursor over the frames played, over and over."""
    first, last = stage.played
    end = len(stage.frames) - 1
    return Course(float(first), stage.frames.fps, 1.0, first, end if last is None else last, loop=True)


def _playing(stage: Stage, shot: Shot, course: Course) -> Callable[[float], Shot]:
    scene = Scene(stage.backend, stage.frames, shot, stage.extras)
    return lambda seconds: scene.at(course.at(seconds)[0])


def _film_stage(arguments: argparse.Namespace) -> Stage:
    """A stage for a film, checked before anything is loaded; a change of its size is a notice."""
    check_film(arguments.output, arguments.transparent)
    stage = Stage(arguments)
    stage.check_output()
    (width, height), (wide, high) = arguments.size, _size(stage)
    if (width, height) != (wide, high):
        stage.notices.append(
            f"{arguments.output.name} is {wide}x{high}, not {width}x{height}: mp4 needs even sides."
        )
    return stage


def _size(stage: Stage) -> tuple[int, int]:
    return film_size(stage.arguments.output, stage.arguments.size)
