"""Takes as moving meshes from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.cli.animation_flags import gltf_options
from studio.cli.looks import look_of
from studio.cli.progress import run_job
from studio.cli.stage import Stage
from studio.export.animations import Shown, animation_job, facts_of, notices_of
from studio.export.film_formats import is_numbered
from studio.export.target import check_place, check_target
from studio.sequence.clip import Clip
from studio.sequence.examples import TITLES
from studio.sequence.stream import FrameSource


def save_animation(arguments: argparse.Namespace) -> tuple[Stage, dict[str, Any]]:
    """Save the clip, or one frame of it, as moving meshes; gives what is told of them.

    Raises:
        StudioError: the clip cannot be read, or the file cannot be written.

    """
    output: Path = arguments.output
    if is_numbered(output) and not output.parent.exists():
        check_place(output.parent)
    else:
        check_target(output)
    stage = Stage(arguments)
    stage.check_output()
    with stage.streaming():
        frames = _frames(stage)
        if is_numbered(output):
            stage.check_outputs()
        result = run_job(animation_job(stage.backend, frames, output, _shown(stage)), quiet=arguments.json)
        facts = {"frames": len(frames), "fps": frames.fps, **facts_of(result)}
    stage.notices += notices_of(result)
    return stage, facts


def _frames(stage: Stage) -> FrameSource:
    """The frame asked for, else what a session plays, else the whole clip."""
    only = stage.arguments.frame
    if only is not None:
        index = round(stage.checked(only))
        clip = next(stage.frames.blocks(1))
        params = stage.frames.frame(index)
        return Clip.still(params, stage.frames.fps, clip.model_name, clip.model_digest)
    if stage.session is None:
        return stage.frames
    first, last = stage.played
    return stage.clip.part(first, len(stage.clip) if last is None else last + 1)


def _shown(stage: Stage) -> Shown:
    """What the flags, or the session, say of take and look."""
    arguments, session = stage.arguments, stage.session
    if session is not None:
        return Shown(session.take.name, session.look, gltf_options(arguments), session.controls)
    name = Path(str(arguments.clip)).stem
    return Shown(TITLES.get(name, name), look_of(arguments, stage.model), gltf_options(arguments))
