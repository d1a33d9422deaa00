from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from studio.backends import Backend, Surface
from studio.flame.model import HeadModel
from studio.flame.neutral import rest
from studio.flame.params import Params
from tests.backends import reference
from tests.backends.cases import hard_cases, random_params
from tests.backends.libraries import make_backend

CLOSE = 2e-6  # metres

Create = Callable[[HeadModel], Backend]


def assert_agrees(backend: Backend, params: Params, contour: str, case: str) -> None:
    surface = backend.forward(params, contour)
    expected = reference.forward(backend.model, params, contour)
    assert surface.contour_row == expected.contour_row, case
    for name in ("vertices", "landmarks", "joints"):
        actual, wanted = getattr(surface, name), getattr(expected, name)
        assert actual.dtype == np.float32
        assert actual.flags.c_contiguous
        assert actual.shape == wanted.shape
        error = np.abs(actual - wanted).max(initial=0.0)
        assert error <= CLOSE, f"{name} of {case}: {error:.2e} m"


@pytest.mark.parametrize("contour", ["screen", "flame_pytorch"])
def test_small_model_agrees_with_formula(create: Create, small_model: HeadModel, contour: str) -> None:
    backend = create(small_model)
    for case, params in hard_cases(small_model):
        assert_agrees(backend, params, contour, case)


def test_full_model_agrees_with_formula(create: Create, full_model: HeadModel) -> None:
    backend = create(full_model)
    interesting = ("neutral", "last", "random", "far out", "half", "on each axis", "head at")
    for case, params in hard_cases(full_model):
        if case.startswith(interesting) or "askew" in case:
            assert_agrees(backend, params, "screen", case)


def test_open_head_agrees_with_formula(create: Create, head_model: HeadModel) -> None:
    backend = create(head_model)
    rng = np.random.default_rng(3)
    for number in range(5):
        assert_agrees(backend, random_params(head_model, rng), "screen", f"random {number}")


def test_neutral_head_is_the_first_picture(create: Create, head_model: HeadModel) -> None:
    surface, first = create(head_model).forward(Params.neutral(head_model)), rest(head_model)
    for name in ("vertices", "landmarks", "joints"):
        np.testing.assert_allclose(getattr(surface, name), getattr(first, name), atol=CLOSE, rtol=0)
    np.testing.assert_allclose(surface.normals, first.normals, atol=2e-2)


def test_normals_are_unit_and_follow_the_head(create: Create, full_model: HeadModel) -> None:
    backend = create(full_model)
    before = backend.forward(Params.neutral(full_model))
    turned = backend.forward(Params.neutral(full_model).replace(rotation=(0, np.pi, 0)))
    assert before.normals.shape == (full_model.vertex_count, 3)
    np.testing.assert_allclose(np.linalg.norm(before.normals, axis=1), 1.0, atol=1e-6)
    used = np.unique(full_model.faces)
    np.testing.assert_allclose(turned.normals[used], before.normals[used] * (-1, 1, -1), atol=1e-4)


def test_root_turns_about_its_joint(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    neutral = Params.neutral(small_model)
    rest = backend.forward(neutral).joints[0]
    np.testing.assert_allclose(backend.forward(neutral.replace(rotation=(1, 2, 3))).joints[0], rest)


def test_short_vectors_are_padded(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    neutral = Params.neutral(small_model)
    short = backend.forward(neutral.replace(shape=[1.0, -2.0], expr=[0.5]))
    full = backend.forward(neutral.replace(shape=[1.0, -2.0, 0, 0, 0, 0, 0], expr=[0.5, 0, 0, 0, 0]))
    empty = backend.forward(neutral.replace(shape=[], expr=[]))
    np.testing.assert_array_equal(short.vertices, full.vertices)
    np.testing.assert_array_equal(empty.vertices, backend.forward(neutral).vertices)


@pytest.mark.parametrize("name", ["shape", "expr"])
def test_long_vectors_are_refused(create: Create, small_model: HeadModel, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} has 9 components"):
        create(small_model).forward(Params.neutral(small_model).replace(**{name: np.zeros(9)}))


@pytest.mark.parametrize("name", ["shape", "expr", "rotation", "eyes_pose", "translation"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(
    create: Create, small_model: HeadModel, name: str, value: float
) -> None:
    backend = create(small_model)
    neutral = Params.neutral(small_model)
    values = np.array(getattr(neutral, name))
    values[-1] = value
    before = backend.forward(neutral)
    with pytest.raises(ValueError, match="NaN or infinity"):
        backend.forward(neutral.replace(**{name: values}))
    np.testing.assert_array_equal(backend.forward(neutral).vertices, before.vertices)


def test_answer_does_not_drift(create: Create, choice: tuple[str, str], small_model: HeadModel) -> None:
    """After 10,000 edits of one number or of several at once, the head is that of a fresh backend."""
    used = create(small_model)
    rng = np.random.default_rng(11)
    params = Params.neutral(small_model)
    names = ["shape", "expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "eyelids", "translation"]
    room = Surface.empty(small_model)
    for edit in range(10_000):
        name = str(rng.choice(names))
        values = np.array(getattr(params, name))
        places = rng.integers(len(values), size=rng.integers(1, 4))
        values[places] = rng.normal(scale=3.0, size=len(places)) * (rng.random() < 0.9)
        params = params.replace(**{name: values})
        if edit % 500 == 0:
            params = params.replace(vertex_offset=rng.normal(scale=1e-3, size=(60, 3)))
        used.forward(params, out=room)
    fresh = make_backend(choice, small_model).forward(params)
    surface = used.forward(params)
    for name in ("vertices", "landmarks", "joints"):
        np.testing.assert_allclose(getattr(surface, name), getattr(fresh, name), atol=1e-7, rtol=0)


def test_surfaces_already_handed_out_stay_as_they_were(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    surface = backend.forward(Params.neutral(small_model))
    kept = surface.vertices.copy()
    backend.forward(Params.neutral(small_model).replace(jaw_pose=(0.3, 0, 0), translation=(1, 1, 1)))
    np.testing.assert_array_equal(surface.vertices, kept)


def test_surfaces_may_be_written_over(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    room = Surface.empty(small_model)
    params = random_params(small_model, np.random.default_rng(12))
    surface, wanted = backend.forward(params, out=room), backend.forward(params)
    for name in ("vertices", "normals", "landmarks", "joints"):
        assert getattr(surface, name) is getattr(room, name)
        np.testing.assert_array_equal(getattr(surface, name), getattr(wanted, name))
    assert surface.contour_row == wanted.contour_row


def test_a_drag_makes_no_arrays_of_the_size_of_a_head(full_model: HeadModel) -> None:
    backend = make_backend(("torch", "cpu"), full_model)
    rng = np.random.default_rng(13)
    drag = [random_params(full_model, rng).replace(vertex_offset=None) for _ in range(6)]
    drag += [drag[-1].replace(jaw_pose=(angle, 0, 0)) for angle in np.linspace(0, 0.4, 6)]
    room = Surface.empty(full_model)
    for params in drag:
        backend.forward(params, out=room)
    tracemalloc.start()
    try:
        for params in drag:
            backend.forward(params, out=room)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000, "bytes; a head takes 60,000"


def test_offsets_for_another_mesh_are_refused(create: Create, small_model: HeadModel) -> None:
    neutral = Params.neutral(small_model)
    backend = create(small_model)
    with pytest.raises(ValueError, match="vertex_offset is for 59 vertices, but the model has 60"):
        backend.forward(neutral.replace(vertex_offset=np.zeros((59, 3))))
    with pytest.raises(ValueError, match="NaN or infinity"):
        backend.forward(neutral.replace(vertex_offset=np.full((60, 3), np.nan)))


def test_backend_may_move_to_another_thread(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    params = random_params(small_model, np.random.default_rng(2))
    here = backend.forward(params).vertices
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(backend.forward, params.replace(jaw_pose=params.jaw_pose)).result().vertices
    np.testing.assert_array_equal(here, there)


def test_model_without_landmarks_gives_none(choice: tuple[str, str], small_model: HeadModel) -> None:
    backend = make_backend(choice, replace(small_model, landmarks=None))
    assert backend.forward(Params.neutral(small_model)).landmarks.shape == (0, 3)
