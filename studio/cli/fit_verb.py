"""The command ``fit``: heads from photos, films, landmarks and scans, and what is found put into a folder."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from studio.cli.fit_context import FitContext
from studio.cli.fit_films import fit_films
from studio.cli.fit_photos import fit_landmarks, fit_photos
from studio.cli.fit_scans import fit_scans
from studio.cli.fit_targets import Kind, Target, targets_of
from studio.storage.atomic import cannot_write
from studio.storage.errors import StudioError

Answer = dict[str, Any]  # of one target: what it was, and the files and numbers found, or an error
Runner = Callable[[FitContext, Sequence[Target]], list[Answer]]

RUNNERS: dict[Kind, Runner] = {
    "photo": fit_photos,
    "landmarks": fit_landmarks,
    "film": fit_films,
    "scan": fit_scans,
}


def fit(arguments: argparse.Namespace) -> dict[str, Any]:
    """Fit a head to each target.

    Raises:
        StudioError: nothing can be fitted; what fails of several is told among the answers instead.

    """
    targets = targets_of(arguments.targets)
    _make_folder(arguments.output)
    context = FitContext(arguments)
    answers: list[Answer] = []
    for kind, runner in RUNNERS.items():
        mine = [target for target in targets if target.kind == kind]
        if mine:
            answers.extend(runner(context, mine))
    failed = [answer["error"] for answer in answers if "error" in answer]
    if len(failed) == len(answers) == 1:
        raise StudioError(failed[0])
    told: dict[str, Any] = {"output": str(arguments.output), "fits": answers, **context.stage.about()}
    return {**told, "problems": failed} if failed else told


def _make_folder(folder: Path) -> None:
    """Make the folder for the results where it is not there yet.

    Raises:
        StudioError: it cannot be made.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise StudioError(f"{folder.name} is a file; give a folder with -o.") from None
    except OSError as error:
        raise cannot_write(folder, OSError(error.errno or errno.EACCES, error.strerror or "")) from None
