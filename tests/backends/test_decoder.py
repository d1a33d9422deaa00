from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

from studio.backends import Backend
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.backends import reference
from tests.backends.cases import JOINTS, hard_cases, random_params, turned
from tests.backends.libraries import decode, gradients, to_library, to_numpy

CLOSE = 2e-6  # metres

Create = Callable[[HeadModel], Backend]


def batch_of(heads: list[Params]) -> list[np.ndarray]:
    """shape, expr, pose, one row a head."""
    return [np.stack([getattr(params, name) for params in heads]) for name in ("shape", "expr", "pose")]


def whole_batch_of(heads: list[Params]) -> list[np.ndarray]:
    """All that a decoder takes, one row a head."""
    offsets = [np.zeros((60, 3)) if head.vertex_offset is None else head.vertex_offset for head in heads]
    rest = [np.stack([getattr(params, name) for params in heads]) for name in ("translation", "eyelids")]
    return [*batch_of(heads), *rest, np.stack(offsets)]


def plain(params: Params) -> Params:
    """The same face and pose in the middle of space, lids open, nothing sculpted."""
    return params.replace(translation=(0, 0, 0), eyelids=(0, 0), vertex_offset=None)


def has_float64(backend: Backend) -> bool:
    return backend.name == "torch" and backend.device != "mps"


def test_batch_agrees_with_formula(create: Create, small_model: HeadModel) -> None:
    names, heads = zip(*hard_cases(small_model), strict=True)
    vertices, landmarks = decode(create(small_model), *whole_batch_of(list(heads)))
    for index, params in enumerate(heads):
        expected = reference.forward(small_model, params)
        assert np.abs(vertices[index] - expected.vertices).max() <= CLOSE, names[index]
        assert np.abs(landmarks[index] - expected.landmarks).max() <= CLOSE, names[index]


def test_full_model_agrees_with_forward(create: Create, full_model: HeadModel) -> None:
    backend = create(full_model)
    rng = np.random.default_rng(0)
    heads = [plain(random_params(full_model, rng)) for _ in range(3)]
    vertices, landmarks = decode(backend, *batch_of(heads))
    assert vertices.dtype == np.float32
    for index, params in enumerate(heads):
        surface = backend.forward(params)
        np.testing.assert_allclose(vertices[index], surface.vertices, atol=CLOSE, rtol=0)
        np.testing.assert_allclose(landmarks[index], surface.landmarks, atol=CLOSE, rtol=0)


def test_float64_agrees_to_the_last_digits(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    if not has_float64(backend):
        with pytest.raises(StudioError, match="float64"):
            backend.decoder("float64")
        return
    names, heads = zip(*hard_cases(small_model), strict=True)
    vertices, landmarks = decode(backend, *whole_batch_of(list(heads)), precision="float64")
    assert vertices.dtype == np.float64
    for index, params in enumerate(heads):
        expected = reference.forward(small_model, params)
        assert np.abs(vertices[index] - expected.vertices).max() <= 1e-13, names[index]
        assert np.abs(landmarks[index] - expected.landmarks).max() <= 1e-13, names[index]


def test_short_vectors_are_padded(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    shape, expr, pose = batch_of([random_params(small_model, np.random.default_rng(1)) for _ in range(2)])
    shape[:, 3:], expr[:, 2:] = 0, 0
    full = decode(backend, shape, expr, pose)
    for short, wanted in zip(decode(backend, shape[:, :3], expr[:, :2], pose), full, strict=True):
        np.testing.assert_allclose(short, wanted, atol=1e-7)
    for none, wanted in zip(
        decode(backend, shape[:, :0], expr[:, :0], pose),
        decode(backend, 0 * shape, 0 * expr, pose),
        strict=True,
    ):
        np.testing.assert_allclose(none, wanted, atol=1e-7)


@pytest.mark.parametrize("single", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)])
def test_one_row_serves_a_whole_batch(create: Create, small_model: HeadModel, single: tuple) -> None:
    rng = np.random.default_rng(4)
    arguments = batch_of([random_params(small_model, rng) for _ in range(3)])
    alone = [values[:1] if index in single else values for index, values in enumerate(arguments)]
    spread = [np.repeat(v[:1], 3, axis=0) if i in single else v for i, v in enumerate(arguments)]
    backend = create(small_model)
    for actual, wanted in zip(decode(backend, *alone), decode(backend, *spread), strict=True):
        np.testing.assert_allclose(actual, wanted, atol=1e-7)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (((2, 8), (2, 5), (2, 15)), "shape must be"),
        (((2, 7), (2, 6), (2, 15)), "expr must be"),
        (((2, 7), (2, 5), (2, 14)), "pose must be"),
        (((7,), (2, 5), (2, 15)), "shape must be"),
        (((0, 7), (0, 5), (0, 15)), "shape has no rows"),
        (((2, 7), (3, 5), (2, 15)), "batches"),
        (((2, 7), (2, 5), (2, 15), (2, 2)), "translation must be"),
        (((2, 7), (2, 5), (2, 15), (3, 3)), "batches"),
        (((2, 7), (2, 5), (2, 15), (2, 3), (2, 1)), "eyelids must be"),
        (((2, 7), (2, 5), (2, 15), (2, 3), (2, 2), (2, 59, 3)), "vertex_offset must be"),
        (((2, 7), (2, 5), (2, 15), (2, 3), (2, 2), (3, 60, 3)), "batches"),
    ],
)
def test_wrong_sizes_are_refused(create: Create, small_model: HeadModel, sizes: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(create(small_model), *(np.zeros(size) for size in sizes))


def poses_for_gradients(model: HeadModel) -> dict[str, np.ndarray]:
    """Poses (15,) where a careless Rodrigues has no derivative, and ordinary ones."""
    rng = np.random.default_rng(8)
    found = {"zero": np.zeros(15), "random": 0.4 * rng.normal(size=15)}
    for joint in JOINTS:
        found[f"{joint} half turn"] = turned(model, joint, np.array([0, np.pi, 0])).pose
        found[f"{joint} full turn"] = turned(model, joint, np.array([2 * np.pi, 0, 0])).pose
        found[f"{joint} tiny"] = turned(model, joint, np.full(3, -1e-8)).pose
        found[f"{joint} at the seam of the series"] = turned(model, joint, np.array([0, 0, 0.1])).pose
    return {name: np.asarray(pose, np.float64) for name, pose in found.items()}


@pytest.fixture(scope="module")
def slopes(small_model: HeadModel) -> list[Slope]:
    """Derivatives of a weighted sum of the reference's vertices and landmarks, by central differences."""
    rng = np.random.default_rng(6)
    weights = [rng.normal(size=(1, small_model.vertex_count, 3)), rng.normal(size=(1, 68, 3))]
    head = np.r_[rng.normal(size=12), np.zeros(15)].astype(np.float32).astype(np.float64)
    step = 1e-5
    found = []
    for name, pose in poses_for_gradients(small_model).items():
        point = head + np.r_[np.zeros(12), pose]
        turns = [reference.rotation_matrix(vector) for vector in pose[:6].reshape(2, 3)]
        row = reference.contour_row_of(turns[0], turns[1], "screen")
        sums = np.array(
            [
                weighted_sum(small_model, point + sign * step * axis, row, weights)
                for axis in np.eye(27)
                for sign in (1, -1)
            ]
        )
        found.append(Slope(name, point, weights, (sums[::2] - sums[1::2]) / (2 * step)))
    return found


@dataclass
class Slope:
    name: str
    point: np.ndarray  # (27,) shape, expr, pose
    weights: list[np.ndarray]
    slope: np.ndarray  # (27,)


def weighted_sum(model: HeadModel, point: np.ndarray, row: int, weights: list[np.ndarray]) -> float:
    vertices, _, _ = reference.pose_vertices(model, point[:7], point[7:12], point[12:])
    landmarks = reference.landmarks_of(model, vertices, row)
    return float((vertices * weights[0]).sum() + (landmarks * weights[1]).sum())


def test_gradients_match_finite_differences(
    create: Create, small_model: HeadModel, slopes: list[Slope]
) -> None:
    backend = create(small_model)
    precision, close = ("float64", 1e-8) if has_float64(backend) else ("float32", 1e-4)
    for case in slopes:
        arguments = [part[None] for part in np.split(case.point, [7, 12])]
        exact = gradients(backend, arguments, case.weights, precision)
        actual = np.concatenate([value.ravel() for value in exact])
        np.testing.assert_allclose(actual, case.slope, atol=close, rtol=close, err_msg=case.name)


def test_every_parameter_has_its_derivative(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    precision, close = ("float64", 1e-7) if has_float64(backend) else ("float32", 2e-4)
    rng = np.random.default_rng(16)
    head = random_params(small_model, rng).replace(vertex_offset=rng.normal(scale=1e-3, size=(60, 3)))
    weights = [rng.normal(size=(1, 60, 3)), rng.normal(size=(1, 68, 3))]
    arguments = [values.astype(np.float64) for values in whole_batch_of([head])]
    found = gradients(backend, arguments, weights, precision)
    row = reference.forward(small_model, head).contour_row
    edges = np.cumsum([values.size for values in arguments])[:-1]

    def objective(point: np.ndarray) -> float:
        shape, expr, pose, translation, eyelids, offset = np.split(point, edges)
        vertices = reference.pose_vertices(small_model, shape, expr, pose, eyelids, offset.reshape(60, 3))[0]
        vertices = vertices + translation
        landmarks = reference.landmarks_of(small_model, vertices, row)
        return float((vertices * weights[0]).sum() + (landmarks * weights[1]).sum())

    point, step = np.concatenate([values.ravel() for values in arguments]), 1e-5
    slope = [
        (objective(point + step * axis) - objective(point - step * axis)) / (2 * step)
        for axis in np.eye(len(point))
    ]
    actual = np.concatenate([values.ravel() for values in found])
    np.testing.assert_allclose(actual, slope, atol=close, rtol=close)


def test_pose_that_is_not_finite_gives_no_numbers_and_harms_nothing(
    create: Create, small_model: HeadModel
) -> None:
    backend = create(small_model)
    shape, expr, pose = np.zeros((2, 7)), np.zeros((2, 5)), np.zeros((2, 15))
    pose[0, 1] = np.nan
    vertices, landmarks = decode(backend, shape, expr, pose)
    assert np.isnan(vertices[0]).all()
    assert np.isfinite(vertices[1]).all()
    assert np.isfinite(landmarks[1]).all()


def test_contour_follows_the_sign_asked_for(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    head = turned(small_model, "neck_pose", np.radians(20.2) * np.array([0, 1, 0]))
    for contour in ("screen", "flame_pytorch"):
        decoder = backend.decoder(contour=contour)
        landmarks = to_numpy(decoder(*(to_library(backend, v) for v in batch_of([head])))[1])
        expected = reference.forward(small_model, head, contour)
        np.testing.assert_allclose(landmarks[0], expected.landmarks, atol=CLOSE)


def test_decoder_can_be_traced(create: Create, small_model: HeadModel) -> None:
    """Nothing is read back on the way, so that a function transform sees all of it."""
    backend = create(small_model)
    heads = [plain(random_params(small_model, np.random.default_rng(seed))) for seed in range(4)]
    arguments = [to_library(backend, values) for values in batch_of(heads)]
    decoder = backend.decoder()
    wanted = to_numpy(decoder(*arguments)[0])
    if backend.name == "torch":
        import torch

        one = torch.func.vmap(lambda *row: decoder(*(value[None] for value in row))[0][0])
        np.testing.assert_allclose(to_numpy(one(*arguments)), wanted, atol=1e-6)
        return
    import mlx.core as mx

    np.testing.assert_allclose(to_numpy(mx.compile(decoder)(*arguments)[0]), wanted, atol=1e-6)


def test_float32_gradients_are_finite_everywhere(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    poses = np.stack(list(poses_for_gradients(small_model).values()))
    count = len(poses)
    weights = [np.ones((count, small_model.vertex_count, 3)), np.ones((count, 68, 3))]
    arguments = [np.zeros((count, 7)), np.zeros((count, 5)), poses]
    found = gradients(backend, arguments, weights, "float32")
    for values, shape in zip(found, (value.shape for value in arguments), strict=True):
        assert values.shape == shape
        assert np.isfinite(values).all()
        assert np.abs(values).max() > 0


def test_descent_finds_a_pose(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    wanted = backend.forward(
        Params.neutral(small_model).replace(jaw_pose=(0.2, 0, 0), neck_pose=(0, 0.1, 0))
    ).vertices
    shape, expr, pose = np.zeros((1, 7)), np.zeros((1, 5)), np.zeros((1, 15))
    nothing = np.zeros((1, 68, 3))
    for _ in range(300):
        vertices = decode(backend, shape, expr, pose)[0]
        slope = gradients(backend, [shape, expr, pose], [vertices - wanted, nothing], "float32")[2]
        pose = pose - 1.0 * slope
    assert np.abs(vertices - wanted).max() < 1e-3


def test_decoder_may_move_to_another_thread(create: Create, small_model: HeadModel) -> None:
    backend = create(small_model)
    decoder = backend.decoder()
    arguments = batch_of([random_params(small_model, np.random.default_rng(9))])

    def work() -> list[np.ndarray]:
        return [to_numpy(part) for part in decoder(*(to_library(backend, value) for value in arguments))]

    with ThreadPoolExecutor(1) as pool:
        for there, here in zip(pool.submit(work).result(), work(), strict=True):
            np.testing.assert_array_equal(there, here)


def test_decoder_names_its_arguments(create: Create, small_model: HeadModel) -> None:
    names = list(inspect.signature(create(small_model).decoder()).parameters)
    assert names == ["shape", "expr", "pose", "translation", "eyelids", "vertex_offset"]
