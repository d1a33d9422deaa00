from __future__ import annotations

import numpy as np
import pytest

from studio.render import expansion
from studio.render.topology import find_edges, loop_stencils, split_faces

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], dtype=np.int32)
SQUARE = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)


def subdivided(vertices, faces):
    edges = find_edges(faces, len(vertices))
    stencils = loop_stencils(faces, edges, len(vertices))
    points = np.zeros((len(stencils.starts) - 1, 3), dtype=np.float32)
    tables = (stencils.starts, stencils.vertices, stencils.weights)
    expansion.apply_stencils(*tables, np.asarray(vertices, dtype=np.float32), points)
    return points, split_faces(faces, edges, len(vertices))


def test_every_face_becomes_four_that_face_the_same_way():
    vertices = np.array([[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]], dtype=np.float32)
    points, faces = subdivided(vertices, TETRAHEDRON)
    assert points.shape == (4 + 6, 3)
    assert faces.shape == (16, 3)
    coarse = np.cross(vertices[TETRAHEDRON[:, 1]] - vertices[TETRAHEDRON[:, 0]],
                      vertices[TETRAHEDRON[:, 2]] - vertices[TETRAHEDRON[:, 0]])  # fmt: skip
    fine = np.cross(points[faces[:, 1]] - points[faces[:, 0]], points[faces[:, 2]] - points[faces[:, 0]])
    assert ((fine.reshape(4, 4, 3) * coarse[:, None]).sum(axis=2) > 0).all()


def test_loops_weights_on_a_closed_mesh():
    vertices = np.eye(4, 3, dtype=np.float32)
    edges = find_edges(TETRAHEDRON, 4)
    points, _ = subdivided(vertices, TETRAHEDRON)
    others = vertices[1:].sum(axis=0)
    assert np.allclose(points[0], 7 / 16 * vertices[0] + 3 / 16 * others, atol=1e-6)
    a, b = edges.ends[0]
    c, d = sorted({0, 1, 2, 3} - {int(a), int(b)})
    assert np.allclose(
        points[4], 3 / 8 * (vertices[a] + vertices[b]) + 1 / 8 * (vertices[c] + vertices[d]), atol=1e-6
    )


def test_a_border_depends_on_the_border_alone():
    vertices = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=np.float32)
    moved = vertices.copy()
    moved[2] += (0, 0, 5)
    edges = find_edges(SQUARE, 4)
    border = 4 + int(np.flatnonzero((edges.ends == (0, 1)).all(axis=1))[0])
    before, after = subdivided(vertices, SQUARE)[0], subdivided(moved, SQUARE)[0]
    assert np.allclose(before[border], (0.5, 0, 0))
    assert np.allclose(after[border], before[border])
    assert np.allclose(before[1], 0.75 * vertices[1] + 0.125 * (vertices[0] + vertices[2]))


def test_a_flat_mesh_stays_flat_and_moves_as_one(head_model):
    faces, count = head_model.faces, head_model.vertex_count
    stencils = loop_stencils(faces, find_edges(faces, count), count)
    sums = np.add.reduceat(stencils.weights, stencils.starts[:-1])
    assert np.allclose(sums, 1.0, atol=1e-5)
    assert (np.diff(stencils.starts) > 0).all()
    assert (stencils.weights > 0).all()


@pytest.mark.parametrize(
    "faces",
    [
        [[0, 1, 2], [1, 0, 3], [0, 1, 4]],  # three faces on one edge
        [[0, 1, 2], [2, 3, 4]],  # two that touch in a corner
        [[0, 1, 2]],  # vertices 3 and 4 unused
    ],
)
def test_odd_meshes_are_subdivided_all_the_same(faces):
    vertices = np.random.default_rng(2).normal(size=(5, 3)).astype(np.float32)
    points, fine = subdivided(vertices, np.array(faces, dtype=np.int32))
    assert np.isfinite(points).all()
    assert len(fine) == 4 * len(faces)
    assert fine.max() < len(points)
