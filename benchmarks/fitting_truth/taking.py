"""Heads and photographs are made once and lie in a folder for the processes that fit."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Literal, get_args

from benchmarks.fitting_truth.people import draw_person
from benchmarks.fitting_truth.photographs import photograph
from benchmarks.fitting_truth.sized_head import sized_head
from studio.flame.open_head import load_open_head

Head = Literal["open head", "FLAME-sized"]
HEADS: tuple[Head, ...] = get_args(Head)


def take_photographs(folder: Path, head: Head, seeds: tuple[int, ...]) -> None:
    """Write the model and a photograph for each of ``seeds`` to ``folder``."""
    from studio.backends.choice import create_backend
    from studio.render.offscreen import open_renderer

    folder.mkdir(parents=True, exist_ok=True)
    model = load_open_head() if head == "open head" else sized_head(folder)
    (folder / "head.pkl").write_bytes(pickle.dumps(model))
    backend, renderer = create_backend("torch", model, "cpu"), open_renderer()
    for seed in seeds:
        taken = photograph(model, backend, renderer, draw_person(model, seed), folder)
        (folder / f"{seed}.pkl").write_bytes(pickle.dumps(taken))
