from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.backends import Backend
from studio.backends.base import FRAMES_AT_A_TIME, Surfaces
from studio.flame.batch import Batch
from studio.flame.model import HeadModel
from studio.flame.params import Params
from tests.backends import reference
from tests.backends.cases import hard_cases, random_params
from tests.backends.libraries import make_backend

CLOSE = 2e-6  # metres
PROJECT = Path(__file__).parents[2]

Create = Callable[[HeadModel], Backend]


def assert_agrees(surfaces: Surfaces, heads: list[Params], model: HeadModel, contour: str = "screen") -> None:
    for index, params in enumerate(heads):
        expected = reference.forward(model, params, contour)
        assert surfaces.contour_row[index] == expected.contour_row, index
        for name in ("vertices", "landmarks", "joints"):
            error = np.abs(getattr(surfaces, name)[index] - getattr(expected, name)).max(initial=0.0)
            assert error <= CLOSE, f"{name} of head {index}: {error:.2e} m"


def far_from_borders(params: Params, sign: float = 1.0) -> bool:
    """Whether the yaw is at least 1e-4 degrees from where the contour row changes."""
    root, neck = (reference.rotation_matrix(turn) for turn in (params.rotation, params.neck_pose))
    axis = (root @ neck)[:, 0]
    yaw = np.degrees(np.arctan2(-axis[2], np.hypot(axis[0], axis[1])))
    return abs(abs(yaw * sign) % 1.0 - 0.5) > 1e-4


@pytest.mark.parametrize("contour", ["screen", "flame_pytorch"])
def test_a_thousand_random_and_extreme_heads_agree_with_the_formula(
    create: Create, small_model: HeadModel, contour: str
) -> None:
    rng = np.random.default_rng(21)
    heads = [params for _, params in hard_cases(small_model)]
    while len(heads) < 1000:
        heads.append(random_params(small_model, rng, spread=rng.choice([0.3, 1.0, 3.0])))
    heads = [head for head in heads if far_from_borders(head)]
    surfaces = create(small_model).forward_batch(Batch.of(heads), contour)
    assert_agrees(surfaces, heads, small_model, contour)


@pytest.mark.parametrize("offsets", ["none", "static", "dynamic", "both"])
@pytest.mark.parametrize("count", [1, 31, 70])
def test_one_identity_with_and_without_offsets(
    create: Create, small_model: HeadModel, offsets: str, count: int
) -> None:
    rng = np.random.default_rng(count)
    identity = rng.normal(size=small_model.shape_count)
    heads = [
        random_params(small_model, rng).replace(shape=identity, vertex_offset=None) for _ in range(count)
    ]
    static, dynamic = rng.normal(scale=1e-3, size=(60, 3)), rng.normal(scale=1e-3, size=(count, 60, 3))
    batch = Batch.of(heads)
    if offsets in ("static", "both"):
        batch = replace(batch, static_offset=static.astype(np.float32))
    if offsets in ("dynamic", "both"):
        batch = replace(batch, dynamic_offset=dynamic.astype(np.float32))
    surfaces = create(small_model).forward_batch(batch)
    moved = (offsets in ("static", "both")) * static + (offsets in ("dynamic", "both")) * dynamic
    moved = np.broadcast_to(moved, (count, 60, 3))
    assert len(batch.shape) == 1
    assert_agrees(
        surfaces,
        [head.replace(vertex_offset=offset) for head, offset in zip(heads, moved, strict=True)],
        small_model,
    )


def test_full_model_with_normals_agrees_with_single_heads(create: Create, full_model: HeadModel) -> None:
    backend = create(full_model)
    rng = np.random.default_rng(4)
    heads = [random_params(full_model, rng) for _ in range(3)]
    surfaces = backend.forward_batch(Batch.of(heads), normals=True)
    assert surfaces.normals is not None
    assert_agrees(surfaces, heads, full_model)
    for index, head in enumerate(heads):
        np.testing.assert_allclose(surfaces.normals[index], backend.forward(head).normals, atol=1e-3)


def test_identities_may_change_between_calls(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    rng = np.random.default_rng(8)
    for _ in range(4):
        head = random_params(small_model, rng)
        heads = [head, head.replace(jaw_pose=rng.normal(size=3))]
        assert_agrees(backend.forward_batch(Batch.of(heads)), heads, small_model)


def test_short_vectors_are_padded_and_long_ones_refused(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    batch = Batch.of([Params.zeros(2, 1).replace(shape=(1, 2), expr=(3,))] * 2)
    wanted = reference.forward(small_model, Params.zeros(2, 1).replace(shape=(1, 2), expr=(3,)))
    np.testing.assert_allclose(backend.forward_batch(batch).vertices[1], wanted.vertices, atol=CLOSE)
    with pytest.raises(ValueError, match="expr has 9 components, but the model has 5"):
        backend.forward_batch(Batch.of([Params.zeros(7, 9)]))
    with pytest.raises(ValueError, match="NaN or infinity"):
        backend.forward_batch(Batch.of([Params.zeros(7, 5).replace(translation=(np.nan, 0, 0))]))
    with pytest.raises(ValueError, match="59 vertices"):
        backend.forward_batch(replace(batch, dynamic_offset=np.zeros((2, 59, 3), np.float32)))


def test_batches_that_are_none() -> None:
    with pytest.raises(ValueError, match="at least one head"):
        Batch.of([])
    good = Batch.of([Params.zeros(2, 1)] * 3)
    for name, values in {"shape": np.zeros((2, 2)), "pose": np.zeros((3, 14)), "expr": np.zeros(3)}.items():
        with pytest.raises(ValueError, match=f"{name} must be"):
            replace(good, **{name: values})


def test_streams_of_any_length_are_the_heads_one_after_the_other(
    create: Create, small_model: HeadModel
) -> None:
    backend = create(small_model)
    rng = np.random.default_rng(5)
    heads = [random_params(small_model, rng).replace(vertex_offset=None) for _ in range(40)]
    long = Batch.of(heads * 16)
    assert len(long) > 2 * FRAMES_AT_A_TIME
    whole = backend.forward_batch(long)
    parts = [part.vertices.copy() for part in backend.stream([long.part(0, 300), long.part(300, 640)])]
    np.testing.assert_array_equal(np.concatenate(parts), whole.vertices)


def test_threads_change_nothing(choice: tuple[str, str], full_model: HeadModel) -> None:
    if choice[0] != "torch":
        pytest.skip("the other products do not depend on it")
    from studio.backends import create_backend

    rng = np.random.default_rng(6)
    heads = [random_params(full_model, rng) for _ in range(5)]
    one, three = (create_backend("torch", full_model, "cpu", threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.forward(heads[0]).vertices, three.forward(heads[0]).vertices)
    first, second = (backend.forward_batch(Batch.of(heads), normals=True) for backend in (one, three))
    np.testing.assert_allclose(first.vertices, second.vertices, atol=1e-7, rtol=0)
    one.forward(heads[0])  # sets PyTorch's threads back for the tests that follow
    make_backend(("torch", "cpu"), full_model)


MEMORY_OF_TEN_THOUSAND = """
import resource, sys
import numpy as np
from studio.backends import create_backend
from studio.flame.batch import Batch
from studio.flame.open_head import load_open_head
backend = create_backend(sys.argv[1], load_open_head(), "cpu")
count = 10_000
rng = np.random.default_rng(0)
numbers = lambda width: rng.normal(scale=0.1, size=(count, width)).astype(np.float32)
batch = Batch(numbers(100)[:1], numbers(43), numbers(15), numbers(3), numbers(2))
backend.forward_batch(batch.part(0, 64))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = backend.forward_batch(batch)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = sum(values.nbytes for values in (result.vertices, result.landmarks, result.joints))
print((peak - before) * 1024 - size)
"""


@pytest.mark.parametrize("name", ["torch", "mlx"])
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_ten_thousand_frames_take_little_more_memory_than_their_result(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_TEN_THOUSAND, name],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 500e6
