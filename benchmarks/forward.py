"""From parameters to surfaces on one thread, beside the one product that no forward pass can do without."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from benchmarks.measure import Measure, medians_in_turn
from benchmarks.plain_formula import plain_formula
from benchmarks.sized_model import flame_sized_model
from studio.backends import Backend, Surface, available, create_backend
from studio.backends.base import Surfaces
from studio.flame.batch import Batch
from studio.flame.model import HeadModel
from studio.flame.normals import vertex_normals
from studio.flame.params import Params

PART = "Forward"
HEADS, FRAMES = 64, 1000
FEW = {"rounds": 5, "repeats": 3, "warm_up": 1}  # for what takes long
VERTEX_NORMALS = 0.15  # milliseconds
MANY, CLIP = "64 heads, everything new", "a frame of a 1,000-frame clip"

Work = Callable[[int], object]
AT_MOST = {  # of the product, of one vector or of 64 at once
    "everything new": 1.6,
    "one shape slider": 0.35,
    "one expression slider": 0.35,
    "pose only": 0.35,
    MANY: 2.0,
    CLIP: 0.5,
}
MLX_AT_MOST = {"everything new": 1.6, "one shape slider": 0.5, "one expression slider": 0.5}


def measure() -> list[Measure]:
    """PyTorch and MLX on one thread, the plain formula, and every GPU of PyTorch."""
    model = flame_sized_model()
    torch.set_num_threads(1)
    return [
        *_on_torch(model),
        *_on_mlx(model),
        *(
            entry
            for name, device in available(probe=True)
            if device != "cpu"
            for entry in _on_gpu(model, device)
        ),
    ]


def _on_torch(model: HeadModel) -> list[Measure]:
    backend = create_backend("torch", model, "cpu", threads=1)
    heads = _random_heads(model, HEADS)
    singles = {**_products(model), **_single_heads(backend, heads)}
    singles["the plain formula"] = _plain(model, heads[:1])
    room = np.empty_like(model.v_template)
    singles["vertex normals alone"] = lambda _: vertex_normals(model.v_template, model.faces, room)
    costs = medians_in_turn(singles)
    wide = {**_wide_products(model), MANY: _batch(backend, heads)}
    wide["64 heads, the plain formula"] = _plain(model, heads)
    wide["a clip"] = _batch(backend, _clip(heads))
    costs |= medians_in_turn(wide, **FEW)
    costs[CLIP] = costs.pop("a clip") / FRAMES
    one, many = _best(costs, "S @ β"), _best(costs, "S @ 64 β")
    names = ["everything new", "one shape slider", "one expression slider", "pose only"]
    rows = [Measure(PART, one, costs[one], note="the yardstick: the fastest of four ways")]
    rows += [_against(name, costs, one, AT_MOST[name], "torch") for name in names]
    rows.append(_against("the plain formula", costs, one))
    rows.append(_against(CLIP, costs, one, AT_MOST[CLIP], "torch"))
    rows.append(Measure(PART, "vertex normals alone", costs["vertex normals alone"], VERTEX_NORMALS))
    rows.append(Measure(PART, many, costs[many], note="the yardstick of 64 heads"))
    rows.append(_against(MANY, costs, many, AT_MOST[MANY], "torch"))
    rows.append(_against("64 heads, the plain formula", costs, many))
    return rows


def _on_mlx(model: HeadModel) -> list[Measure]:
    if ("mlx", "cpu") not in available(probe=True):
        return []
    import mlx.core as mx

    backend = create_backend("mlx", model, "cpu", threads=1)
    heads = _random_heads(model, HEADS)
    rows, columns = (mx.array(values) for values in _both_ways(model))
    vector = mx.array(_coefficients(heads[:1])[0])
    works: dict[str, Work] = {
        "MLX's S @ β": lambda _: mx.eval(rows @ vector),
        "MLX's β @ Sᵀ": lambda _: mx.eval(vector @ columns),
        **_single_heads(backend, heads),
    }
    with mx.stream(mx.cpu):
        costs = medians_in_turn(works)
    best = _best(costs, "MLX's")
    found = [Measure(PART, best, costs[best], note="MLX's yardstick: the faster of two ways")]
    return found + [_against(name, costs, best, most, "mlx") for name, most in MLX_AT_MOST.items()]


def _on_gpu(model: HeadModel, device: str) -> list[Measure]:
    name = "mlx" if device == "gpu" else "torch"
    backend = create_backend(name, model, device)
    title = torch.cuda.get_device_name(device) if device.startswith("cuda") else device
    heads = _random_heads(model, HEADS)
    costs = medians_in_turn({**_single_heads(backend, heads), MANY: _batch(backend, heads)})
    whole = medians_in_turn({"a clip": _batch(backend, _clip(heads))}, **FEW)["a clip"]
    costs[CLIP] = whole / FRAMES
    return [Measure(PART, f"{case}, {device}", cost, note=title) for case, cost in costs.items()]


def _single_heads(backend: Backend, heads: list[Params]) -> dict[str, Work]:
    """One head with landmarks and normals, for each kind of change from one call to the next."""
    room = Surface.empty(backend.model)
    first = heads[0]

    def moved(name: str, index: int) -> Params:
        values = np.array(getattr(first, name))
        values[3] = 0.01 * (index % 100)
        return first.replace(**{name: values})

    changes: dict[str, list[Params]] = {
        "everything new": heads,
        "one shape slider": [moved("shape", index) for index in range(HEADS)],
        "one expression slider": [moved("expr", index) for index in range(HEADS)],
        "pose only": [head.replace(shape=first.shape, expr=first.expr) for head in heads],
    }
    return {name: partial(_forward, backend, room, params) for name, params in changes.items()}


def _forward(backend: Backend, room: Surface, heads: list[Params], index: int) -> Surface:
    return backend.forward(heads[index % len(heads)], out=room)


def _batch(backend: Backend, heads: list[Params]) -> Work:
    batch, room = Batch.of(heads), Surfaces.empty(backend.model, len(heads))
    return lambda _: backend.forward_batch(batch, out=room)


def _clip(heads: list[Params]) -> list[Params]:
    """1,000 frames of the identity of the first of ``heads``."""
    return [head.replace(shape=heads[0].shape) for head in heads * (FRAMES // HEADS + 1)][:FRAMES]


def _plain(model: HeadModel, heads: list[Params]) -> Work:
    formula, batch = plain_formula(model), Batch.of(heads)
    shape = np.broadcast_to(batch.shape, (len(heads), model.shape_count)).copy()
    arguments = [torch.tensor(values) for values in (shape, batch.expr, batch.pose)]
    return lambda _: formula(*arguments)


def _products(model: HeadModel) -> dict[str, Work]:
    """``S @ β`` in both libraries and both orders of memory: whoever is fastest is the yardstick."""
    rows, columns = _both_ways(model)
    vector = _coefficients(_random_heads(model, 1))[0]
    out = np.empty(len(rows), np.float32)
    return {
        "S @ β, NumPy": lambda _: np.matmul(rows, vector, out=out),
        "S @ β, NumPy, one row per component": lambda _: np.matmul(vector, columns, out=out),
        "S @ β, torch": partial(_mv, torch.from_numpy(rows), torch.from_numpy(vector), torch.from_numpy(out)),
        "S @ β, torch, one row per component": partial(
            _mv, torch.from_numpy(columns).T, torch.from_numpy(vector), torch.from_numpy(out)
        ),
    }


def _wide_products(model: HeadModel) -> dict[str, Work]:
    rows, columns = _both_ways(model)
    wide = _coefficients(_random_heads(model, HEADS))
    across = np.ascontiguousarray(wide.T)
    out, turned = (np.empty(shape, np.float32) for shape in ((len(rows), HEADS), (HEADS, len(rows))))
    return {
        "S @ 64 β, NumPy": lambda _: np.matmul(rows, across, out=out),
        "S @ 64 β, NumPy, one row per component": lambda _: np.matmul(wide, columns, out=turned),
        "S @ 64 β, torch": _mm(rows, across, out),
        "S @ 64 β, torch, one row per component": _mm(wide, columns, turned),
    }


@torch.inference_mode()
def _mv(matrix: torch.Tensor, vector: torch.Tensor, out: torch.Tensor, _: int) -> None:
    torch.mv(matrix, vector, out=out)


def _mm(first: np.ndarray, second: np.ndarray, out: np.ndarray) -> Work:
    arrays = [torch.from_numpy(values) for values in (first, second)]
    result = torch.from_numpy(out)
    return torch.inference_mode()(lambda _: torch.mm(*arrays, out=result))


def _both_ways(model: HeadModel) -> tuple[np.ndarray, np.ndarray]:
    """S (15069, 400) float32, contiguous, and its transpose, contiguous."""
    basis = np.concatenate([model.shapedirs, model.expressiondirs], axis=2).reshape(
        3 * model.vertex_count, -1
    )
    return np.ascontiguousarray(basis), np.ascontiguousarray(basis.T)


def _coefficients(heads: list[Params]) -> np.ndarray:
    return np.stack([np.r_[head.shape, head.expr] for head in heads])


def _random_heads(model: HeadModel, count: int) -> list[Params]:
    rng = np.random.default_rng(1)

    def numbers(width: int, scale: float) -> np.ndarray:
        return rng.normal(scale=scale, size=width).astype(np.float32)

    return [
        Params(
            shape=numbers(model.shape_count, 1.0),
            expr=numbers(model.expression_count, 1.0),
            rotation=numbers(3, 0.2),
            neck_pose=numbers(3, 0.2),
            jaw_pose=numbers(3, 0.1),
            eyes_pose=numbers(6, 0.1),
            translation=numbers(3, 0.1),
        )
        for _ in range(count)
    ]


def _best(costs: dict[str, float], start: str) -> str:
    return min((name for name in costs if name.startswith(start)), key=lambda name: costs[name])


def _against(
    name: str, costs: dict[str, float], yardstick: str, at_most: float | None = None, library: str = ""
) -> Measure:
    cost, unit = costs[name], costs[yardstick]
    wanted = "" if at_most is None else f"; at most {at_most:g}"
    return Measure(
        PART,
        f"{name}, {library}" if library else name,
        cost,
        None if at_most is None else at_most * unit,
        f"{cost / unit:.2f} of the product{wanted}",
    )
