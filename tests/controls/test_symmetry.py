"""Left and right: against the reflected surface of the plain formula, on named and on solved bases."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.spatial import cKDTree

from studio.controls.mirror_basis import mirror_basis
from studio.controls.mirror_surface import mirror_surface
from studio.controls.symmetry import flipped, mirror_matrix, mirrored, other_sides
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import VECTORS, Params
from tests.backends.reference import forward, random_model
from tests.controls.second_heads import rotated_head, shuffled, unnamed

MILLIMETRE = 1e-3


@cache
def rotated() -> HeadModel:
    return rotated_head()


@cache
def image_of_vertex() -> np.ndarray:
    """For each vertex of the open head the one at its mirror image: its mesh is the same on both sides."""
    points = load_open_head().v_template.astype(np.float64)
    away, image = cKDTree(points).query(points * (-1, 1, 1))
    assert away.max() < 1e-4
    return image


def reflected(vertices: np.ndarray) -> np.ndarray:
    return vertices[image_of_vertex()] * (-1, 1, 1)


def face_of(model: HeadModel, seed: int, strength: float = 0.4) -> Params:
    fields = ["shape", "expr", "neck_pose", "jaw_pose", "eyes_pose"]
    params = Params.random(model, seed, strength, fields)
    params = params.replace(rotation=(0.2, -0.3, 0.1), translation=(0.03, 0.1, 0.0))
    return params if model.eyelids is None else params.replace(eyelids=(0.3, 0.7))


def apart(model: HeadModel, first: Params, second: np.ndarray) -> np.ndarray:
    return np.linalg.norm(forward(model, first).vertices - second, axis=1) / MILLIMETRE


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("make", [load_open_head, rotated])
def test_a_flipped_head_is_the_reflected_head(make, seed: int) -> None:
    model = make()
    params = face_of(model, seed)
    away = apart(model, flipped(model, params), reflected(forward(model, params).vertices))
    assert np.quantile(away, 0.9) < 0.1
    assert away.max() < 0.8


@pytest.mark.parametrize("make", [load_open_head, rotated, lambda: random_model(200, 300, 7, 6)])
def test_flipped_twice_is_what_it_was(make) -> None:
    model = make()
    params = face_of(model, 3, 1.0)
    twice = flipped(model, flipped(model, params))
    for name in VECTORS:
        np.testing.assert_allclose(getattr(twice, name), getattr(params, name), atol=1e-5)


def test_names_swap_sides(head_model: HeadModel) -> None:
    names = head_model.expression_names
    expr = np.arange(len(names), dtype=np.float32)
    after = flipped(head_model, Params.neutral(head_model).replace(expr=expr)).expr
    for left, right in (
        ("mouthSmileLeft", "mouthSmileRight"),
        ("jawLeft", "jawRight"),
        ("mouthLeft", "mouthRight"),
        ("cheekPuff", "cheekPuff"),
    ):
        assert after[names.index(left)] == names.index(right)
        assert after[names.index(right)] == names.index(left)


def test_joints_and_lids_flip_on_any_model(tiny_model: HeadModel) -> None:
    params = Params.neutral(tiny_model).replace(
        rotation=(0.1, 0.2, 0.3),
        neck_pose=(0.4, 0.5, 0.6),
        jaw_pose=(0.1, 0.05, 0.02),
        eyes_pose=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
        translation=(1.0, 2.0, 3.0),
        eyelids=(0.2, 0.8),
    )
    after = flipped(tiny_model, params)
    np.testing.assert_allclose(after.rotation, (0.1, -0.2, -0.3))
    np.testing.assert_allclose(after.neck_pose, (0.4, -0.5, -0.6))
    np.testing.assert_allclose(after.jaw_pose, (0.1, -0.05, -0.02))
    np.testing.assert_allclose(after.eyes_pose, (0.4, -0.5, -0.6, 0.1, -0.2, -0.3))
    np.testing.assert_allclose(after.translation, (-1.0, 2.0, 3.0))
    np.testing.assert_allclose(after.eyelids, (0.8, 0.2))


@pytest.mark.parametrize("source", ["left", "right"])
@pytest.mark.parametrize("make", [load_open_head, rotated])
def test_a_mirrored_face_is_the_same_on_both_sides(make, source) -> None:
    model = make()
    turned = Params.neutral(model)
    params = face_of(model, 4).replace(
        **{name: getattr(turned, name) for name in ("rotation", "neck_pose", "eyes_pose", "translation")}
    )
    after = mirrored(model, params, source)
    vertices, before = forward(model, after).vertices, forward(model, params).vertices
    assert np.quantile(apart(model, after, reflected(vertices)), 0.99) < 0.4
    # The source's side stays, but for jaw and mouth that went sideways and the strip in the middle.
    straight = forward(model, params.replace(jaw_pose=after.jaw_pose)).vertices
    side = 1.0 if source == "left" else -1.0
    kept = side * model.v_template[:, 0] > 0.02
    away = np.linalg.norm(vertices - straight, axis=1) / MILLIMETRE
    assert np.median(away[kept]) < 0.3
    assert np.quantile(away[kept], 0.9) < 1.2
    assert np.linalg.norm(vertices - before, axis=1).max() > 2.0 * MILLIMETRE


def test_mirroring_keeps_the_head_and_looks_one_way(head_model: HeadModel) -> None:
    params = face_of(head_model, 5)
    after = mirrored(head_model, params, "right")
    for name in ("rotation", "neck_pose", "translation"):
        np.testing.assert_array_equal(getattr(after, name), getattr(params, name))
    np.testing.assert_array_equal(after.eyes_pose, np.tile(params.eyes_pose[3:], 2))
    np.testing.assert_array_equal(after.eyelids, np.tile(params.eyelids[1], 2))
    assert after.jaw_pose[0] == params.jaw_pose[0]
    assert not after.jaw_pose[1:].any()


def test_a_mouth_that_goes_to_one_side_comes_back_to_the_middle(head_model: HeadModel) -> None:
    names = head_model.expression_names
    expr = np.zeros(len(names))
    expr[names.index("mouthLeft")] = 0.8
    expr[names.index("mouthSmileRight")] = 0.5
    after = mirrored(head_model, Params.neutral(head_model).replace(expr=expr), "right").expr
    assert after[names.index("mouthLeft")] == 0.0
    assert after[names.index("mouthSmileLeft")] == 0.5


def test_the_other_side_of_a_component(head_model: HeadModel, tiny_model: HeadModel) -> None:
    names = head_model.expression_names
    assert other_sides(head_model, "expr", [names.index("mouthSmileLeft")]) == {
        names.index("mouthSmileRight"): 1.0
    }
    assert other_sides(head_model, "expr", [names.index("mouthLeft")]) == {}
    assert other_sides(head_model, "eyelids", [1]) == {0: 1.0}
    assert other_sides(head_model, "eyes_pose", [0]) == {3: 1.0}
    assert other_sides(head_model, "eyes_pose", [4]) == {1: -1.0}
    assert other_sides(head_model, "eyes_pose", [0, 3]) == {}
    assert other_sides(head_model, "jaw_pose", [1]) == {}
    assert other_sides(tiny_model, "expr", [2]) == {}


def test_offsets_flip_with_the_surface(head_model: HeadModel) -> None:
    random = np.random.default_rng(0)
    offset = (2 * MILLIMETRE * random.normal(size=(head_model.vertex_count, 3))).astype(np.float32)
    params = Params.neutral(head_model).replace(vertex_offset=offset)
    after = flipped(head_model, params)
    away = apart(head_model, after, reflected(forward(head_model, params).vertices))
    assert away.max() < 0.01
    np.testing.assert_allclose(flipped(head_model, after).vertex_offset, offset, atol=1e-7)
    copied = mirrored(head_model, params, "left").vertex_offset
    left = head_model.v_template[:, 0] > 0.02
    assert copied is not None
    np.testing.assert_allclose(copied[left], offset[left], atol=1e-7)
    np.testing.assert_allclose(copied, reflected(copied), atol=1e-6)


def test_the_order_of_vertices_does_not_matter() -> None:
    head = load_open_head()
    order = np.random.default_rng(1).permutation(head.vertex_count)
    mixed = mirror_surface(shuffled(head, order))
    np.testing.assert_array_equal(order[mixed.corners[:, 0]], image_of_vertex()[order])


def test_what_has_no_image_in_the_basis_stays() -> None:
    # Only what the left side does: the mirror image of no component is in the basis.
    head = load_open_head()
    lefts = [i for i, name in enumerate(head.expression_names) if name.endswith("SmileLeft")]
    model = unnamed(head, head.expressiondirs[:, :, lefts])
    np.testing.assert_allclose(mirror_basis(model, "expr").flip, np.eye(1), atol=1e-9)


def test_a_model_without_components_flips(tiny_model: HeadModel) -> None:
    from dataclasses import replace

    none = np.zeros((62, 3, 0), np.float32)
    model = replace(tiny_model, expressiondirs=none, expression_ranges=np.zeros((0, 2), np.float32))
    assert len(flipped(model, Params.neutral(model)).expr) == 0


def test_the_matrix_is_the_flip(head_model: HeadModel) -> None:
    fields = ("shape", "expr", "eyelids", "jaw_pose")
    params = face_of(head_model, 6)
    values = np.concatenate([getattr(params, name) for name in fields])
    after = flipped(head_model, params)
    expected = np.concatenate([getattr(after, name) for name in fields])
    np.testing.assert_allclose(mirror_matrix(head_model, fields) @ values, expected, atol=1e-5)
