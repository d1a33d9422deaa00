"""How the surface follows a hand: steps of a drag of a soft region, with three pins, all components free."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Measure
from benchmarks.sized_model import flame_sized_model
from studio.controls.handles import Handle, Pin, landmark_handle, pin, region_handle
from studio.controls.surface_drag import SurfaceDrag
from studio.controls.symmetry import mirror_matrix
from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.flame.open_head import load_open_head
from studio.flame.params import Params

PART = "Dragging"
STEPS, CIRCLES = 90, 3
MILLIMETRE = 1e-3
FARTHEST = 15 * MILLIMETRE  # of the hand from the press: farther than the face can go, so that limits hold
RADIUS = 0.03
HELD, PINNED = 54, (36, 30, 8)  # a corner of the mouth; the outer right eye, the nose, the chin


def measure() -> list[Measure]:
    """Medians and the slowest tenth of the steps of one drag, on models of 142 and of 400 components."""
    measures = []
    for name, model, at_most in (
        ("open head, 143 components", load_open_head(), 8.0),
        ("FLAME's size, 400 components", flame_sized_model(), 15.0),
    ):
        measures += _drag(name, model, at_most)
    return measures


def _drag(name: str, model: HeadModel, at_most: float) -> list[Measure]:
    params = Params.neutral(model)
    vertices = rest(model).vertices
    handle = _region(model, vertices)
    pins = [_pinned(model, vertices, number) for number in PINNED]

    def take_hold(symmetric: bool = False) -> SurfaceDrag:
        return SurfaceDrag(model, params, handle, pins, moves="both", symmetric=symmetric)

    first = _milliseconds(take_hold)
    again = statistics.median(_milliseconds(take_hold) for _ in range(5))
    drag = take_hold()
    spent = _steps(drag)
    mirror_matrix(model, ("shape", "expr"))  # solved once
    both = _steps(take_hold(symmetric=True))
    note = f"a region of {len(handle.vertices)} vertices, 3 pins"
    return [
        Measure(PART, f"{name}: a step", statistics.median(spent), at_most, note),
        Measure(PART, f"{name}: the slowest tenth", float(np.quantile(spent, 0.9)), at_most, note),
        Measure(PART, f"{name}: a symmetric step", statistics.median(both), at_most, note),
        Measure(PART, f"{name}: the press", again, 50.0),
        Measure(PART, f"{name}: the first press", first),
    ]


def _steps(drag: SurfaceDrag) -> list[float]:
    return [_milliseconds(partial(drag.to, goal)) for goal in _circles(drag.place)]


def _region(model: HeadModel, vertices: NDArray[np.float32]) -> Handle:
    corner = int(np.argmax(landmark_handle(model, "68", HELD).weights))
    vertex = landmark_handle(model, "68", HELD).vertices[corner]
    face = int(np.flatnonzero((model.faces == vertex).any(axis=1))[0])
    region = region_handle(model, vertices, face, (1, 1, 1), RADIUS)
    if len(region.vertices) > 3:
        return region
    # A mesh of random numbers has no neighbourhoods: as many vertices as a face would have there.
    chosen = np.linspace(0, model.vertex_count - 1, 300).astype(int)
    return Handle(tuple(chosen.tolist()), (1.0 / len(chosen),) * len(chosen), radius=RADIUS)


def _pinned(model: HeadModel, vertices: NDArray[np.float32], number: int) -> Pin:
    handle = landmark_handle(model, "68", number)
    return pin(handle, handle.position(vertices))


def _circles(place: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Goals of a hand that goes round and farther out with each step."""
    share = (1.0 + np.arange(STEPS)) / STEPS
    angle = 2.0 * np.pi * CIRCLES * share
    ways = np.stack([np.cos(angle), np.sin(angle), 0.3 * np.sin(2 * angle)], axis=1)
    return list(place + FARTHEST * share[:, None] * ways)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000.0 * (time.perf_counter() - began)
