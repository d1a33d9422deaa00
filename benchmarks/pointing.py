"""What the pointer costs on the processor: finding what is below it, and the pose that follows a hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Measure, median_milliseconds
from studio.controls.joint_drags import HeadDrag, Hold, JawDrag
from studio.flame.neutral import rest
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.render.camera import project
from studio.render.framing import frame_head, view_preset
from studio.render.picking import pick, ray_through

PART = "Pointing"
SIZE = (1000, 900)
PLACES = 60


def measure() -> list[Measure]:
    """Medians over places on the open head."""
    model = load_open_head()
    params, vertices = Params.neutral(model), rest(model).vertices
    camera = frame_head(model, view_preset("front"), SIZE[0] / SIZE[1])

    def seen(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return project(points, camera, SIZE)

    def sight(place: tuple[float, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ray = ray_through(place, camera, SIZE)
        return ray.origin, ray.direction

    def hold(point: NDArray[np.float32]) -> Hold:
        x, y = seen(point[None].astype(np.float64))[0, :2].tolist()
        found = pick(model, vertices, camera, SIZE, (x, y))
        assert found is not None
        return Hold(model.faces[found.face], found.barycentric, (x, y), seen, sight)

    nose = hold(vertices[vertices[:, 2].argmax()])
    lip = model.regions["lips"]
    lowest = hold(vertices[lip[vertices[lip, 1].argmin()]])
    jaw, head = JawDrag(model, params, lowest), HeadDrag(model, params, nose)
    steps = np.random.default_rng(5).uniform(-60.0, 60.0, (PLACES, 2)).tolist()
    return [
        Measure(
            PART,
            "what is under the pointer",
            _median(lambda x, y: pick(model, vertices, camera, SIZE, (500.0 + x, 450.0 + y)), steps),
            1.5,
            f"{len(model.faces)} faces",
        ),
        Measure(
            PART,
            "the jaw follows",
            _median(lambda x, y: jaw.to((lowest.place[0] + 0.3 * x, lowest.place[1] + abs(y))), steps),
            8.0,
            "opening and swing",
        ),
        Measure(
            PART,
            "the head follows",
            _median(lambda x, y: head.to((nose.place[0] + x, nose.place[1] + y)), steps),
            8.0,
            "turn, nod and tilt, shared with the root",
        ),
    ]


def _median(work: Callable[[float, float], object], steps: list[list[float]]) -> float:
    """Milliseconds that one of ``steps`` takes."""
    return median_milliseconds(lambda index: work(*steps[index % len(steps)]))
