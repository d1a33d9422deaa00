"""From parameters to a surface, beside the one product that no cache-free forward pass can do without."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from studio.backends import create_backend
from studio.backends.base import Backend, Surface
from studio.flame import Params, load_model
from studio.flame.model import HeadModel

BACKENDS = ("torch", "mlx")


def measure() -> list[Measure]:
    """What a drag on each kind of slider costs on each backend, on the head that opens here."""
    model = load_model()
    shape = np.random.default_rng(0).standard_normal((64, model.shape_count)).astype(np.float32)
    shapedirs = model.shapedirs.reshape(-1, model.shape_count)
    measures = [
        Measure(
            "Forward",
            "shape basis times coefficients, NumPy",
            median_milliseconds(lambda index: shapedirs @ shape[index % 64]),
            note=f"{model.vertex_count} vertices, {model.shape_count} components",
        )
    ]
    for name in BACKENDS:
        try:
            backend = create_backend(name, model)
        except ImportError as error:
            measures.append(Measure("Forward", name, float("nan"), note=str(error)))
            continue
        for title, params in drags(model).items():
            cost = median_milliseconds(partial(forward, backend, params))
            measures.append(Measure("Forward", f"{title}, {name}", cost, note=backend.device))
    return measures


def forward(backend: Backend, params: Callable[[int], Params], index: int) -> Surface:
    """The surface at step ``index`` of a drag."""
    return backend.forward(params(index))


def drags(model: HeadModel) -> dict[str, Callable[[int], Params]]:
    """For every kind of slider, the parameters at step ``i`` of a drag."""
    neutral = Params.neutral(model)

    def component(count: int, index: int) -> np.ndarray:
        values = np.zeros(count, dtype=np.float32)
        values[0] = 0.01 * (index % 100)
        return values

    return {
        "dragging shape": lambda index: neutral.replace(shape=component(model.shape_count, index)),
        "dragging expression": lambda index: neutral.replace(expr=component(model.expression_count, index)),
        "dragging jaw": lambda index: neutral.replace(jaw_pose=(0.003 * (index % 100), 0.0, 0.0)),
    }
