from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.flame.distances import (
    Summary,
    normal_distances,
    rigid_motion,
    skull_vertices,
    vertex_distances,
)


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def turn(axis, angle):
    """Rodrigues' matrix, term by term in Python floats."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross


def test_distances_are_those_of_plain_python(rng):
    one, two = rng.normal(0.0, 0.1, (2, 50, 3)).astype(np.float32)
    expected = [1000.0 * math.dist(map(float, a), map(float, b)) for a, b in zip(one, two, strict=True)]
    np.testing.assert_allclose(vertex_distances(one, two), expected, rtol=1e-6)


def test_distances_along_normals_have_the_side_as_their_sign(rng):
    one = rng.normal(size=(40, 3)).astype(np.float32)
    normals = (one / np.linalg.norm(one, axis=1, keepdims=True)).astype(np.float32)
    out = rng.uniform(-0.01, 0.01, 40)
    two = (one + normals * out[:, None]).astype(np.float32)
    np.testing.assert_allclose(normal_distances(one, normals, two), 1000.0 * out, atol=1e-3)


def test_a_summary_counts_sizes_and_not_sides():
    distances = np.array([-3.0, 4.0, 0.0, 1.0] + [0.0] * 96, np.float32)
    summary = Summary.of(distances)
    assert summary.largest == 4.0
    assert summary.mean == pytest.approx(8.0 / 100)
    assert summary.rms == pytest.approx(math.sqrt(26.0 / 100))
    assert summary.most == pytest.approx(np.percentile(np.abs(distances), 95))
    assert Summary.of(np.zeros(0, np.float32)) == Summary(0.0, 0.0, 0.0, 0.0)


def test_a_turned_and_shifted_copy_is_laid_back_exactly(rng):
    target = rng.normal(0.0, 0.1, (200, 3))
    matrix, shift = turn((0.2, 1.0, -0.4), 2.4), np.array([0.3, -0.1, 0.2])
    moving = (target - shift) @ matrix
    moving[150:] += 0.5  # what is not the skull may be anywhere
    rotation, back = rigid_motion(target, moving, np.arange(150))
    np.testing.assert_allclose(moving[:150] @ rotation + back, target[:150], atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_a_mirrored_copy_is_turned_and_never_mirrored(rng):
    target = rng.normal(0.0, 0.1, (60, 3))
    rotation, _ = rigid_motion(target, target * [-1.0, 1.0, 1.0], np.arange(60))
    assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_no_other_motion_lays_the_skull_better(rng):
    target = rng.normal(0.0, 0.1, (80, 3))
    moving = target @ turn((1, 2, 3), 0.5) + rng.normal(0.0, 0.01, (80, 3))
    rotation, shift = rigid_motion(target, moving, np.arange(80))
    best = ((moving @ rotation + shift - target) ** 2).sum()
    for _ in range(50):
        nudged = rotation @ turn(rng.normal(size=3), 1e-3)
        worse = ((moving @ nudged + shift + rng.normal(0.0, 1e-4, 3) - target) ** 2).sum()
        assert worse > best


def test_the_skull_lies_above_the_face_with_and_without_regions(head_model):
    named = skull_vertices(head_model)
    found = skull_vertices(replace(head_model, regions={}))
    lips = head_model.regions["lips"]
    for skull in (named, found):
        assert len(skull) > 100
        assert not np.isin(skull, lips).any()
    moves = np.linalg.norm(head_model.expressiondirs, axis=1).max(axis=1)
    assert moves[found].max() < np.median(moves[lips])
