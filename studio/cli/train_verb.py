"""The command ``train``: networks of one's own from one's own files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.cli.progress import run_job
from studio.cli.stage import NEUTRAL, Stage, named_path
from studio.cli.train_flags import ENDING
from studio.controls.captured import on_model
from studio.export.target import check_no_input, check_target
from studio.sequence.files import read_clip
from studio.storage.errors import StudioError


def train(arguments: argparse.Namespace) -> dict[str, Any]:
    """Train a prior and save it.

    Raises:
        StudioError: a file cannot be used, or there is too little to learn from.

    """
    from studio.fitting.dposer.network import GROUPS
    from studio.fitting.dposer.train_job import PriorJob
    from studio.fitting.dposer.training import TrainingPlan

    output: Path = arguments.output
    if output.suffix.lower() != ENDING:
        raise StudioError(f"{output.name} cannot hold a prior; end its name in {ENDING}.")
    if arguments.hidden % GROUPS:
        raise StudioError(f"--hidden {arguments.hidden} is no multiple of {GROUPS}; choose one that is.")
    paths = [named_path(name) for name in arguments.clips]
    check_target(output)
    check_no_input(output, paths)
    for flag, usual in (("clip", NEUTRAL), ("pose", []), ("control", []), ("strength", 1.0)):
        setattr(arguments, flag, usual)
    stage = Stage(arguments)
    clips = []
    for path in paths:
        clip, notices = read_clip(path, stage.model, arguments.fill_gaps, on_model)
        clips.append(clip)
        stage.notices += notices
    plan = TrainingPlan(hidden=arguments.hidden, steps=arguments.steps, seed=arguments.seed)
    facts = run_job(PriorJob(clips, stage.model, arguments.of, plan, output), quiet=arguments.json)
    return {"output": str(output), **facts, **stage.about()}
