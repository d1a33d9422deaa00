from __future__ import annotations

import numpy as np

from studio.render.rasterizer import rasterize


def flat(points):
    """Clip positions of points (N, 2) in -1..1."""
    return np.column_stack([points, np.zeros(len(points)), np.ones(len(points))])


def test_faces_that_share_edges_cover_every_pixel_once():
    random = np.random.default_rng(3)
    inner = random.uniform(-0.95, 0.95, (60, 2))
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float)
    points = np.concatenate([corners, inner])
    faces = [[0, 1, 2], [0, 2, 3]]
    for index in range(4, len(points)):
        home = next(face for face in faces if _inside(points[index], points[face]))
        faces.remove(home)
        a, b, c = home
        faces += [[a, b, index], [b, c, index], [c, a, index]]
    found = rasterize(flat(points), np.array(faces, dtype=np.int32), 97, 83)
    assert (found.faces >= 0).all()
    total = sum(
        (rasterize(flat(points), np.array([face], dtype=np.int32), 97, 83).faces >= 0).astype(int)
        for face in faces
    )
    assert (total == 1).all()


def _inside(point, triangle):
    edges = np.roll(triangle, -1, axis=0) - triangle
    to = point - triangle
    return (edges[:, 0] * to[:, 1] - edges[:, 1] * to[:, 0] >= 0).all()


def test_the_nearest_face_is_seen_whatever_the_order():
    points = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8]] * 2))
    points[3:, 2] = -0.5
    for faces, nearest in (([[0, 1, 2], [3, 4, 5]], 1), ([[3, 4, 5], [0, 1, 2]], 0)):
        found = rasterize(points, np.array(faces, dtype=np.int32), 64, 64)
        assert set(np.unique(found.faces)) == {-1, nearest}


def test_weights_are_right_in_perspective():
    world = np.array([[-1.0, -1.0, -2.0], [1.0, -1.0, -6.0], [0.0, 1.5, -3.0]])
    clip = np.column_stack([world[:, :2], -world[:, 2] - 1.0, -world[:, 2]])
    found = rasterize(clip, np.array([[0, 1, 2]], dtype=np.int32), 200, 200)
    rows, columns = np.nonzero(found.faces == 0)
    points = found.weights[rows, columns] @ world
    x = (points[:, 0] / -points[:, 2] * 0.5 + 0.5) * 200
    y = (0.5 - 0.5 * points[:, 1] / -points[:, 2]) * 200
    assert np.abs(x - columns - 0.5).max() < 0.02
    assert np.abs(y - rows - 0.5).max() < 0.02


def test_faces_behind_the_eye_are_left_out():
    clip = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8]]))
    clip[1, 3] = -1.0
    assert (rasterize(clip, np.array([[0, 1, 2]], dtype=np.int32), 32, 32).faces == -1).all()
