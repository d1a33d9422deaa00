"""The command ``clip``: an operation done to a clip, and what comes of it saved."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from studio.cli.opened_session import opened_session
from studio.cli.progress import run_job
from studio.cli.reduce_verb import VERB, reduce_clip
from studio.cli.stage import NEUTRAL, Stage, named_path
from studio.controls.captured import on_model
from studio.export.films import is_numbered, numbered
from studio.export.parameters import ParametersJob
from studio.export.target import check_no_input, check_target
from studio.flame import HeadModel, Params, load_model
from studio.flame.open_head import OPEN_HEAD
from studio.operations.job import OperationJob
from studio.operations.row import Desk, Operation, Outcome
from studio.operations.running import Range
from studio.operations.table import operation_called
from studio.operations.telling import told_of_facts, told_of_jitter
from studio.sequence.clip import Clip
from studio.sequence.files import read_clip
from studio.sequence.frame_names import is_pattern
from studio.sequence.writers import layout_of
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

_FITS = "vertices_to_parameters"


def clip(arguments: argparse.Namespace) -> dict[str, Any]:
    """Do an operation to a clip.

    Raises:
        StudioError: a file cannot be used, or the operation cannot be done so.

    """
    if arguments.operation == VERB:
        arguments.clip = arguments.clips[0]
        _pose_nothing(arguments)
        return reduce_clip(arguments)
    operation = operation_called(arguments.operation)
    names = list(arguments.clips)
    given = _given(operation, arguments)
    if operation.id == _FITS and names[0].lower().endswith(".npy"):
        given["vertices"], names[0] = names[0], NEUTRAL
    stage = _stage(operation, arguments, names[0])
    _check_output(operation, arguments.output, names, given)
    desk = Desk(
        stage.model, lambda: stage.backend, lambda name: _clip_called(name, stage), _model_called(stage)
    )
    outcome = _done(operation, stage.clip, names, given, desk, stage)
    return _saved(operation, outcome, stage)


def _given(operation: Operation, arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that were named."""
    told = {entry.name: getattr(arguments, entry.name, None) for entry in operation.parameters}
    return {name: value for name, value in told.items() if value is not None}


def _stage(operation: Operation, arguments: argparse.Namespace, name: str) -> Stage:
    arguments.clip = name
    arguments.fill_gaps |= operation.mends
    _pose_nothing(arguments)
    if operation.id == "join" and len(arguments.clips) < 2:
        raise StudioError("To join takes two clips or more.")
    return Stage(arguments)


def _pose_nothing(arguments: argparse.Namespace) -> None:
    """The flags that pose a clip, as they are where they do not stand in the command."""
    for flag, usual in (("pose", []), ("control", []), ("strength", 1.0)):
        setattr(arguments, flag, usual)


def _check_output(operation: Operation, output: Path, names: list[str], given: dict[str, Any]) -> None:
    """Make sure, before anything is computed, that the result can be written and replaces nothing read.

    Raises:
        StudioError: it cannot, or it would.

    """
    layout_of(output)
    if operation.id == "split" and not is_numbered(output):
        raise StudioError(f"{output.name} is one file; split writes two: name them like part_%d.npz.")
    targets = [output.with_name(numbered(output.name, part)) for part in (1, 2)]
    files = [*names, *(str(given[name]) for name in ("vertices", "template", "identity") if name in given)]
    sources = [named_path(name) for name in files if name]
    for target in targets if operation.id == "split" else [output]:
        check_target(target)
        check_no_input(target, [source for source in sources if os.path.exists(source)])


def _clip_called(name: str, stage: Stage) -> Clip:
    """Another clip on the stage's model: a file, an example, the neutral head, or a session's take.

    Raises:
        StudioError: there is none, or it cannot be read.

    """
    model, path = stage.model, named_path(name)
    if not (os.path.exists(path) or is_pattern(path)):
        if name == NEUTRAL:
            return Clip.still(Params.neutral(model), model_name=model.name, model_digest=model.digest)
        raise StudioError(f"{name} does not exist; name a clip file, an example or {NEUTRAL}.")
    if not is_pattern(path) and sniff(path).container == "session":
        session = opened_session(path, stage.arguments, stage.notices)
        return session.take.baked()
    other, notices = read_clip(path, model, stage.arguments.fill_gaps, on_model)
    stage.notices += notices
    return other


def _model_called(stage: Stage) -> Any:
    def load(name: str) -> HeadModel:
        path = OPEN_HEAD if name == "open_head" and not Path(name).exists() else Path(name)
        model = load_model(path)
        stage.notices += model.notices
        return model

    return load


def _span(arguments: argparse.Namespace, frames: int) -> Range | None:
    first, last = getattr(arguments, "first", None), getattr(arguments, "last", None)
    if first is None and last is None:
        return None
    return first or 0, frames - 1 if last is None else last


def _done(
    operation: Operation, first: Clip, names: list[str], given: dict[str, Any], desk: Desk, stage: Stage
) -> Outcome:
    """What comes of the operation; of several clips joined, one after the other."""
    arguments = stage.arguments
    if operation.id != "join":
        job = OperationJob(operation, first, given, desk, _span(arguments, len(first)), measures=True)
        found: Outcome = run_job(job, quiet=arguments.json)
        stage.notices += found.notices
        return found
    outcome = Outcome(first)
    for name in names[1:]:
        job = OperationJob(operation, outcome.clip, {**given, "other": name}, desk)
        outcome = run_job(job, quiet=arguments.json)
        stage.notices += outcome.notices
    return outcome


def _saved(operation: Operation, outcome: Outcome, stage: Stage) -> dict[str, Any]:
    """Write what came of it; the answer."""
    arguments = stage.arguments
    model = _model_called(stage)(arguments.to) if operation.id == "transfer" else stage.model
    parts = [outcome.clip] if outcome.rest is None else [outcome.clip, outcome.rest]
    paths = [arguments.output]
    if outcome.rest is not None:
        paths = [arguments.output.with_name(numbered(arguments.output.name, part)) for part in (1, 2)]
    for part, path in zip(parts, paths, strict=True):
        backend = stage.backend if layout_of(path) == "vertices" and model is stage.model else None
        job = ParametersJob(model, part, path, backend=backend)
        run_job(job, quiet=arguments.json)
        stage.notices += job.notices
    told = {
        "output": str(paths[0]) if len(paths) == 1 else [str(path) for path in paths],
        "operation": operation.verb,
        "frames": len(outcome.clip),
        "fps": outcome.clip.fps,
        "seconds": outcome.clip.duration,
        **outcome.facts,
    }
    if not arguments.json:
        told["output"] = "\n".join(str(path) for path in paths)
        stage.notices += [*told_of_facts(outcome.facts), *_told_of_jitter(outcome)]
    return {**told, **stage.about()}


def _told_of_jitter(outcome: Outcome) -> list[str]:
    return [told_of_jitter(outcome.facts["jitter"])] if "jitter" in outcome.facts else []
