from __future__ import annotations

import numpy as np

from studio.render.expansion import area_weighted_normals
from studio.render.occlusion import openness
from studio.render.topology import find_edges


def valley(depth: float):
    """A sheet of 21 x 21 vertices, folded along its middle."""
    x, y = np.meshgrid(np.arange(21.0), np.arange(21.0))
    vertices = np.stack([x, y, depth * np.abs(x - 10)], axis=-1).reshape(-1, 3).astype(np.float32)
    corner = (np.arange(20)[:, None] * 21 + np.arange(20)).ravel()
    faces = np.concatenate([corner[:, None] + [0, 1, 22], corner[:, None] + [0, 22, 21]]).astype(np.int32)
    normals = np.empty_like(vertices)
    area_weighted_normals(vertices, faces, normals)
    return openness(vertices, normals, find_edges(faces, len(vertices))).reshape(21, 21)


def test_a_valley_is_shaded_and_a_ridge_and_a_plain_are_not():
    assert valley(1.0)[10, 10] < 0.8
    assert valley(1.0)[10, 10] < valley(0.3)[10, 10] < 1.0
    assert np.allclose(valley(-1.0)[5:16, 10], 1.0)
    assert np.allclose(valley(0.0)[5:16, 5:16], 1.0, atol=1e-6)


def test_no_part_of_the_head_goes_black(head_model):
    normals = np.empty_like(head_model.v_template)
    area_weighted_normals(head_model.v_template, head_model.faces, normals)
    edges = find_edges(head_model.faces, head_model.vertex_count)
    light = openness(head_model.v_template, normals, edges)
    assert light.min() > 0.2
    assert np.median(light) > 0.95
