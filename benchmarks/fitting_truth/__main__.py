"""Fits beside the truth: ``python -m benchmarks.fitting_truth [--heads N] [--recipe NAME …] [--json FILE]``.

Heads of known parameters are photographed and fitted by each recipe. Nothing is kept from one run to the
next but what ``--folder`` names, and no fit is left out: one that fails ends the run.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import multiprocessing
import sys
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from benchmarks.fitting_truth.fits import MEAN_HEAD, Row, fit_all
from benchmarks.fitting_truth.tables import markdown
from benchmarks.fitting_truth.taking import HEADS, Head, take_photographs
from studio.fitting.recipe_file import shipped_recipes

NOT_JUDGED = ("With the DPoser prior",)  # its checkpoints are not shipped


def main() -> int:
    """Photograph, fit, judge, print."""
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        rows = rows_of(
            folder,
            tuple(options.model or HEADS),
            tuple(range(options.first, options.first + options.heads)),
            tuple(options.recipe or (MEAN_HEAD, *_recipes())),
            options.processes,
            options.threads,
        )
    print(markdown(rows))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([dataclasses.asdict(row) for row in rows], indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def rows_of(
    folder: Path,
    heads: tuple[Head, ...],
    seeds: tuple[int, ...],
    recipes: tuple[str, ...],
    processes: int = 2,
    threads: int = 1,
) -> list[Row]:
    """The rows of the table; each recipe on each head in a process of its own, ``processes`` at a time."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        made: list[Future[None]] = []
        for head in heads:
            place = folder / head.replace(" ", "_")
            lacking = tuple(seed for seed in seeds if not (place / f"{seed}.pkl").exists())
            if lacking:
                made.append(pool.submit(take_photographs, place, head, lacking))
        for one in made:
            one.result()
        fits = [
            pool.submit(fit_all, folder / head.replace(" ", "_"), recipe, seeds, threads)
            for recipe in recipes
            for head in heads
        ]
        return [one.result() for one in fits]


def _recipes() -> tuple[str, ...]:
    return tuple(recipe.name for recipe in shipped_recipes() if recipe.name not in NOT_JUDGED)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fitting_truth", description=__doc__)
    parser.add_argument("--heads", type=int, default=40, help="how many heads of each model; default: 40")
    parser.add_argument("--first", type=int, default=0, help="the first head's number")
    parser.add_argument("--model", action="append", choices=HEADS, help="which heads; default: both")
    parser.add_argument("--recipe", action="append", help="names of shipped recipes; default: all")
    parser.add_argument("--processes", type=int, default=2, help="fits at a time; default: 2")
    parser.add_argument("--threads", type=int, default=1, help="threads of each fit; default: 1")
    parser.add_argument(
        "--folder", type=Path, help="where photographs lie and stay; default: a temporary one"
    )
    parser.add_argument("--json", type=Path, help="where every head's numbers go")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
