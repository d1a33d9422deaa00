"""Frames of a clip that is too long to be read whole: opening it, and frames from anywhere in it."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.sequence.files import read_clip
from studio.sequence.stream import ClipStream, open_clip
from studio.storage.arrays import write_npz

PART = "Sequences"
FRAMES = 100_000
SURFACES = 2_000
STRIDE = 6_991  # from one access to the next, so that nothing is read ahead


def measure() -> list[Measure]:
    """A stored and a packed npz of 100,000 frames with 100 components of expression."""
    model, random = load_open_head(), np.random.default_rng(1)
    arrays = {
        "expr": random.normal(size=(FRAMES, 100)).astype(np.float32),
        "pose": random.normal(0.0, 0.1, (FRAMES, 15)).astype(np.float32),
    }
    with tempfile.TemporaryDirectory() as folder:
        measures = []
        for name, packed in (("stored", False), ("packed", True)):
            path = Path(folder, f"{name}.npz")
            write_npz(path, arrays, compress=packed)
            opening = median_milliseconds(partial(_open, path, model))
            measures.append(Measure(PART, f"open 100,000 frames, {name}", opening))
        whole = median_milliseconds(partial(_whole, Path(folder, "stored.npz"), model), repeats=5, warm_up=1)
        measures.append(Measure(PART, "all 100,000 frames, as the window has them", whole, at_most=1000.0))
        return measures + _accesses(Path(folder, "stored.npz"), model) + _surfaces(Path(folder), model)


def _whole(path: Path, model: HeadModel, _: int) -> None:
    read_clip(path, model)


def _surfaces(folder: Path, model: HeadModel) -> list[Measure]:
    """A sequence of vertices, larger than what is read into memory."""
    shape = (SURFACES, model.vertex_count, 3)
    rows = np.lib.format.open_memmap(folder / "speech.npy", "w+", "<f4", shape)
    rows[:] = model.v_template
    rows.flush()
    opening = median_milliseconds(partial(_whole, folder / "speech.npy", model), repeats=5, warm_up=1)
    clip, _ = read_clip(folder / "speech.npy", model)
    seeking = median_milliseconds(lambda index: clip.frame(index * STRIDE % SURFACES), repeats=200)
    return [
        Measure(PART, f"open {SURFACES:,} frames of vertices", opening, at_most=1000.0),
        Measure(PART, "a frame of vertices from anywhere", seeking),
    ]


def _open(path: Path, model: HeadModel, _: int) -> None:
    open_clip(path, model).close()


def _accesses(path: Path, model: HeadModel) -> list[Measure]:
    with open_clip(path, model) as clip:
        clip.frame(0)
        return [
            Measure(PART, name, median_milliseconds(partial(access, clip), repeats=400))
            for name, access in (
                ("a frame not kept", _miss),
                ("a frame kept", _hit),
                ("the next frame, read ahead", _next),
                ("between two frames", _between),
            )
        ]


def _miss(clip: ClipStream, index: int) -> None:
    clip.frame(index * STRIDE % FRAMES)


def _hit(clip: ClipStream, _: int) -> None:
    clip.frame(0)


def _next(clip: ClipStream, index: int) -> None:
    clip.frame(index)


def _between(clip: ClipStream, index: int) -> None:
    clip.at(FRAMES / 2 + 0.4 * index)
