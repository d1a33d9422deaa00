"""Points on surfaces: evenly spread, on the mesh, the same for a seed, never where there is no area."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from scipy.stats import chisquare

from studio.flame.normals import vertex_normals
from studio.flame.sampling import (
    BLOCK,
    LARGEST_SEED,
    MOST_POINTS,
    SurfaceChances,
    faces_within,
    sample_surface,
)
from studio.storage.errors import StudioError

LEAST_P = 1e-3
KNOWN_FACES = [1, 1, 0]
KNOWN = [[0.31968954, 0.46295053, 0.0], [0.85596585, 0.9978988, 0.0], [0.42523384, 0.15293403, 0.0]]


def true_areas(vertices, faces):
    a, b, c = (np.asarray(vertices, np.float64)[faces[:, corner]] for corner in range(3))
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_faces_are_drawn_by_their_area(head_model, seed):
    vertices, faces = head_model.v_template, head_model.faces
    count = 400_000
    points = sample_surface(vertices, faces, count, seed)
    wanted = true_areas(vertices, faces)
    wanted *= count / wanted.sum()
    found = np.bincount(points.face_index, minlength=len(faces))
    order = np.argsort(wanted)
    ends = np.searchsorted(np.cumsum(wanted[order]), np.linspace(0, count, 1001)[1:-1])
    groups = [group for group in np.split(order, ends) if len(group)]  # each expects some 400 points
    sums = [(found[group].sum(), wanted[group].sum()) for group in groups]
    assert len(groups) > 900
    assert min(expected for _, expected in sums) > 20
    assert chisquare(*np.transpose(sums)).pvalue > LEAST_P


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_points_are_spread_evenly_inside_a_triangle(seed):
    corners = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.5, 1.5, 0.3]])
    points = sample_surface(corners, np.array([[0, 1, 2]]), 90_000, seed)
    # A triangle is cut into n² equal ones by lines of equal weights: a cell is two weights rounded down,
    # and whether the third falls above or below the diagonal of the parallelogram.
    steps = 12
    u, v = points.barycentric[:, 1] * steps, points.barycentric[:, 2] * steps
    upper = (u % 1.0 + v % 1.0 > 1.0).astype(int)
    cells = np.ravel_multi_index(
        (u.astype(int).clip(0, steps - 1), v.astype(int).clip(0, steps - 1), upper), (steps, steps, 2)
    )
    found = np.unique(cells, return_counts=True)[1]
    assert len(found) == steps * steps
    assert chisquare(found).pvalue > LEAST_P


def test_positions_are_the_weighted_corners_and_normals_are_unit(head_model):
    vertices, faces = head_model.v_template, head_model.faces
    normals = vertex_normals(vertices, faces)
    points = sample_surface(vertices, faces, 5000, 3)
    corners = faces[points.face_index]
    weights = points.barycentric.astype(np.float64)
    exact = np.einsum("nc,nck->nk", weights, vertices[corners].astype(np.float64))
    np.testing.assert_allclose(points.position, exact, rtol=0.0, atol=1e-8)
    mixed = np.einsum("nc,nck->nk", weights, normals[corners].astype(np.float64))
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    np.testing.assert_allclose(points.normal, mixed, rtol=0.0, atol=1e-7)
    np.testing.assert_allclose(np.linalg.norm(points.normal, axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=2e-7)
    assert weights.min() >= 0.0
    assert [array.dtype.str for array in (points.position, points.normal, points.barycentric)] == ["<f4"] * 3
    assert points.face_index.dtype == np.int32


def test_the_same_seed_gives_the_same_points_on_any_machine(tiny_model):
    points = sample_surface(tiny_model.v_template, tiny_model.faces, 50_000, 7)
    again = sample_surface(tiny_model.v_template, tiny_model.faces, 50_000, 7)
    other = sample_surface(tiny_model.v_template, tiny_model.faces, 50_000, 8)
    assert points.position.tobytes() == again.position.tobytes()
    assert (points.position != other.position).any(axis=1).mean() > 0.99
    square = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    known = sample_surface(square, np.array([[0, 1, 2], [0, 2, 3]]), 3, 2024)
    assert known.face_index.tolist() == KNOWN_FACES
    np.testing.assert_array_equal(known.position, np.array(KNOWN, np.float32))


def test_more_points_begin_with_the_same_ones(tiny_model):
    few = sample_surface(tiny_model.v_template, tiny_model.faces, 10, 7)
    many = sample_surface(tiny_model.v_template, tiny_model.faces, BLOCK + 10, 7)
    np.testing.assert_array_equal(few.position, many.position[:10])
    assert (many.position[:10] != many.position[BLOCK:]).any()


def test_faces_without_area_are_never_drawn():
    vertices = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [2, 0, 0], [0.1, 0.1, 0]])
    faces = np.array([[0, 0, 1], [0, 1, 3], [0, 1, 2], [4, 4, 4], [1, 0, 3]])
    points = sample_surface(vertices, faces, 20_000, 0)
    assert set(points.face_index.tolist()) == {2}


def test_thousands_of_tiny_faces_beside_a_large_one_get_their_share():
    count = 4000
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], float)
    tiny = [0.003 * corners + [2 + index, 0, 0] for index in range(count)]
    vertices = np.concatenate([corners, *tiny])
    faces = np.arange(3 * (count + 1)).reshape(-1, 3)
    points = sample_surface(vertices, faces, 200_000, 5)
    share = 9e-6 * count / (1 + 9e-6 * count)
    on_tiny = points.face_index[points.face_index > 0]
    assert len(on_tiny) / 200_000 == pytest.approx(share, rel=0.05)
    assert chisquare(np.histogram(on_tiny, 50, (1, count + 1))[0]).pvalue > LEAST_P


def test_a_mask_keeps_points_on_faces_inside_its_regions(head_model):
    faces, regions = head_model.faces, head_model.regions
    chosen = [regions["nose"], regions["lips"]]
    mask = faces_within(faces, chosen)
    assert 0 < mask.sum() < len(faces)
    points = sample_surface(head_model.v_template, faces, 5000, 1, mask=mask)
    assert np.isin(faces[points.face_index], np.concatenate(chosen)).all()
    whole = vertex_normals(head_model.v_template, faces)
    np.testing.assert_array_equal(
        points.normal, sample_surface(head_model.v_template, faces, 5000, 1, whole, mask).normal
    )


def test_no_points_are_no_error(tiny_model):
    points = sample_surface(tiny_model.v_template, tiny_model.faces, 0, 0)
    shapes = [points.position.shape, points.normal.shape, points.face_index.shape, points.barycentric.shape]
    assert shapes == [(0, 3), (0, 3), (0,), (0, 3)]


def test_points_in_blocks_need_no_more_memory_than_a_block(head_model):
    chances = SurfaceChances(head_model.v_template, head_model.faces)
    tracemalloc.start()
    drawn = sum(len(draw.face_index) for draw in chances.draws(3 * BLOCK + 5, 0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert drawn == 3 * BLOCK + 5
    assert peak < 40e6


TRIANGLE = np.array([[0, 1, 2]])
FLAT = np.zeros((3, 3))
GOOD = np.eye(3)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("none of its faces has an area", (FLAT, TRIANGLE, 5, 0)),
        ("none of its faces has an area", (GOOD, np.empty((0, 3), int), 5, 0)),
        ("none of its faces has an area", (GOOD, TRIANGLE, 5, 0, None, np.array([False]))),
        ("not finite", (np.full((3, 3), np.nan), TRIANGLE, 5, 0)),
        ("not finite", (np.float64([[0, 0, 0], [1e200, 0, 0], [0, 1e200, 0]]), TRIANGLE, 5, 0)),
        ("-1 points", (GOOD, TRIANGLE, -1, 0)),
        ("2.5 points", (GOOD, TRIANGLE, 2.5, 0)),
        ("points cannot be drawn", (GOOD, TRIANGLE, MOST_POINTS + 1, 0)),
        ("-3 is no seed", (GOOD, TRIANGLE, 5, -3)),
        ("is no seed", (GOOD, TRIANGLE, 5, LARGEST_SEED + 1)),
        ("refers to a vertex", (GOOD, TRIANGLE + 1, 5, 0)),
        ("refers to a vertex", (GOOD, TRIANGLE - 1, 5, 0)),
        (r"Faces must be whole numbers \(F, 3\)", (GOOD, TRIANGLE[:, :2], 5, 0)),
        (r"Faces must be whole numbers \(F, 3\)", (GOOD, TRIANGLE * 1.0, 5, 0)),
        (r"numbers \(V, 3\)", (GOOD[:, :2], TRIANGLE, 5, 0)),
        (r"numbers \(V, 3\)", (GOOD.astype(complex), TRIANGLE, 5, 0)),
        ("one a face", (GOOD, TRIANGLE, 5, 0, None, np.array([True, True]))),
        ("one a face", (GOOD, TRIANGLE, 5, 0, None, np.array([1]))),
    ],
)
def test_what_cannot_be_drawn_is_told(words, arguments):
    with pytest.raises(StudioError, match=words):
        sample_surface(*arguments)


@pytest.mark.parametrize("region", [np.array([-1]), np.array([0.5]), np.array(["nose"])])
def test_a_region_of_anything_but_vertices_is_told(region):
    with pytest.raises(StudioError, match="A region must hold vertex numbers"):
        faces_within(TRIANGLE, [region])


def test_a_region_of_vertices_beyond_the_faces_adds_nothing():
    assert faces_within(TRIANGLE, [np.array([0, 1, 9])]).tolist() == [False]
