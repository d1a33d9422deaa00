from __future__ import annotations

import math

import numpy as np
import pytest

from studio.document.harmonics import (
    CONSTANTS,
    about_vertical,
    directions_of,
    project,
    quadratic_forms,
    shading,
    turned,
)

DECA = [0.282095, 1.023328, 1.023328, 1.023328, 0.858086, 0.858086, 0.858086, 0.429043, 0.247708]


def _normals(count=200, seed=0):
    values = np.random.default_rng(seed).normal(size=(count, 3))
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def test_the_constants_are_decas():
    assert np.allclose(CONSTANTS, DECA, atol=2e-6)


def test_even_light_is_even_and_one():
    lit = shading(project(np.ones((64, 128, 3))), _normals())
    assert np.allclose(lit, 1.0, atol=2e-4)


@pytest.mark.parametrize(("row", "column"), [(10, 30), (32, 64), (50, 100)])
def test_a_single_light_gives_the_cosine_cut_off_at_order_two(row, column):
    panorama = np.zeros((64, 128, 3))
    panorama[row, column] = (3.0, 2.0, 1.0)
    directions, angles = directions_of(64, 128)
    cosine = _normals() @ directions[row, column]
    bands = math.pi / (4 * math.pi) + (2 * math.pi / 3) * 3 / (4 * math.pi) * cosine
    bands += (math.pi / 4) * 5 / (4 * math.pi) * (1.5 * cosine**2 - 0.5)
    wanted = bands[:, None] * panorama[row, column] * angles[row] / math.pi
    assert np.allclose(shading(project(panorama), _normals()), wanted, atol=1e-9)


def test_smooth_light_is_what_integrating_it_slowly_gives():
    directions, angles = directions_of(128, 256)
    x, y, z = np.moveaxis(directions, -1, 0)
    light = 1.0 + 0.4 * x - 0.3 * y + 0.2 * z + 0.2 * x * y - 0.1 * (3 * z * z - 1)
    lit = shading(project(np.repeat(light[..., None], 3, axis=2)), _normals(20))[:, 0]
    for normal, found in zip(_normals(20), lit, strict=True):
        slow = (np.maximum(directions @ normal, 0.0) * light * angles).sum() / math.pi
        assert found == pytest.approx(slow, abs=1e-3)


def test_the_middle_of_a_panorama_lies_before_the_face_and_its_left_at_the_heads_left():
    directions, _ = directions_of(100, 200)
    assert directions[50, 100] @ [0, 0, 1] > 0.99
    assert directions[50, 50] @ [1, 0, 0] > 0.99
    assert directions[0, 100] @ [0, 1, 0] > 0.99


def test_quadratic_forms_say_the_same_and_turn():
    coefficients = np.random.default_rng(1).normal(size=(9, 3))
    normals = _normals()
    rotation = about_vertical(0.7)
    forms = turned(quadratic_forms(coefficients), rotation)
    q = np.concatenate([normals, np.ones((len(normals), 1))], axis=1)
    found = np.einsum("ni,cij,nj->nc", q, forms, q)
    assert np.allclose(found, shading(coefficients, normals @ rotation.T))
    assert about_vertical(math.pi / 2) @ [0, 0, 1] == pytest.approx([1, 0, 0])
