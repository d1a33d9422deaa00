from __future__ import annotations

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.render.pinhole import PinholeCamera
from studio.render.rasterizer import find_visible, rasterize
from tests.render.raycast import agreeing, pictured


def flat(points):
    """Clip positions of points (N, 2) in -1..1."""
    return np.column_stack([points, np.zeros(len(points)), np.ones(len(points))])


def look_at(target, eye, size=(96, 80), focal=120.0, near=0.002):
    """A camera at ``eye`` that looks at ``target``, upright."""
    forward = np.subtract(target, eye) / np.linalg.norm(np.subtract(target, eye))
    right = np.cross(forward, [0.1, 1.0, 0.05])
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(forward, right), forward])
    width, height = size
    return PinholeCamera(
        focal,
        1.1 * focal,
        0.47 * width,
        0.55 * height,
        width,
        height,
        tuple(map(tuple, turn)),
        tuple(-turn @ eye),
        near=near,
    )


def coverage(clip, faces, width, height):
    """How many of ``faces`` cover each pixel, each drawn alone."""
    count = np.zeros((height, width), int)
    for face in faces:
        count += find_visible(clip, face[None], width, height).faces >= 0
    return count


@pytest.mark.parametrize("seed", range(4))
def test_faces_that_share_edges_cover_every_pixel_once(seed):
    random = np.random.default_rng(seed)
    inner = random.uniform(-0.95, 0.95, (60, 2))
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float)
    points = np.concatenate([corners, inner])
    faces = [[0, 1, 2], [0, 2, 3]]
    for index in range(4, len(points)):
        home = next(face for face in faces if _inside(points[index], points[face]))
        faces.remove(home)
        a, b, c = home
        faces += [[a, b, index], [b, c, index], [c, a, index]]
    triangles = np.array(faces, dtype=np.int32)
    assert (find_visible(flat(points), triangles, 97, 83).faces >= 0).all()
    assert (coverage(flat(points), triangles, 97, 83) == 1).all()


def _inside(point, triangle):
    edges = np.roll(triangle, -1, axis=0) - triangle
    to = point - triangle
    return (edges[:, 0] * to[:, 1] - edges[:, 1] * to[:, 0] >= 0).all()


@pytest.mark.parametrize("mirrored", [1, -1])
@pytest.mark.parametrize("snapped", [False, True])
def test_a_grid_covers_every_pixel_once_on_centres_and_between_them(snapped, mirrored):
    """With ``snapped``, corners and whole edges lie exactly on the centres of pixels."""
    side, pixels = 11, 40
    random = np.random.default_rng(8)
    steps = np.linspace(0, pixels, side)
    x, y = np.meshgrid(steps, steps)
    interior = (x > 0) & (x < pixels) & (y > 0) & (y < pixels)
    x = x + interior * random.uniform(-0.9, 0.9, x.shape)
    y = y + interior * random.uniform(-0.9, 0.9, y.shape)
    if snapped:
        x, y = np.rint(x - 0.5) + 0.5, np.rint(y - 0.5) + 0.5
        x[:, 0], x[:, -1], y[0], y[-1] = -1.5, pixels + 1.5, -1.5, pixels + 1.5
    points = np.column_stack([mirrored * (x.ravel() / pixels * 2 - 1), 1 - y.ravel() / pixels * 2])
    corner = np.arange(side * side).reshape(side, side)
    a, b, c, d = (corner[i : side - 1 + i, j : side - 1 + j].ravel() for i in (0, 1) for j in (0, 1))
    faces = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)
    assert (coverage(flat(points), faces, pixels, pixels) == 1).all()


def test_spans_are_those_of_exact_arithmetic():
    """Slivers of every direction and size, against whole numbers that have no rounding."""
    random = np.random.default_rng(5)
    width, height = 61, 47
    for scale in (3, 60, 4000, 60000):
        corners = np.rint(random.uniform(-scale, scale, (40, 3, 2)) * 256)
        corners += np.array([width, height]) * 128
        corners[::3, 2] = corners[::3, 1] + random.integers(-3, 4, (14, 2))
        points = corners.reshape(-1, 2) / 256 / (width, height) * (2, -2) + (-1, 1)
        for index, exact in enumerate(corners.astype(object)):
            face = np.arange(3 * index, 3 * index + 3, dtype=np.int32)[None]
            drawn = find_visible(flat(points), face, width, height).faces >= 0
            np.testing.assert_array_equal(drawn, _covered(exact, width, height))


def _covered(corners, width, height):
    """Which centres lie inside a triangle of whole 256ths of a pixel, or on an edge that is its own."""
    (ax, ay), (bx, by), (cx, cy) = [[int(value) for value in corner] for corner in corners]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if area < 0:
        bx, by, cx, cy = cx, cy, bx, by
    result = np.zeros((height, width), bool)
    edges = (((ax, ay), (bx, by)), ((bx, by), (cx, cy)), ((cx, cy), (ax, ay)))
    for row in range(height if area else 0):
        for column in range(width):
            x, y = 256 * column + 128, 256 * row + 128
            sides = [(qx - px) * (y - py) - (qy - py) * (x - px) for (px, py), (qx, qy) in edges]
            owns = [qy > py or (qy == py and qx > px) for (px, py), (qx, qy) in edges]
            result[row, column] = all(s > 0 or (s == 0 and o) for s, o in zip(sides, owns, strict=True))
    return result


def test_the_nearest_face_is_seen_whatever_the_order():
    points = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8]] * 2))
    points[3:, 2] = -0.5
    for faces, nearest in (([[0, 1, 2], [3, 4, 5]], 1), ([[3, 4, 5], [0, 1, 2]], 0)):
        found = rasterize(points, np.array(faces, dtype=np.int32), 64, 64)
        assert set(np.unique(found.faces)) == {-1, nearest}


def test_of_faces_equally_near_the_first_is_seen():
    points = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8]]))
    faces = np.array([[0, 1, 2], [1, 2, 0], [2, 1, 0]], dtype=np.int32)
    for order in ([0, 1, 2], [2, 1, 0]):
        assert set(np.unique(find_visible(points, faces[order], 64, 64).faces)) == {-1, 0}


def test_weights_are_right_in_perspective():
    world = np.array([[-1.0, -1.0, -2.0], [1.0, -1.0, -6.0], [0.0, 1.5, -3.0]])
    clip = np.column_stack([world[:, :2], -world[:, 2] - 1.0, -world[:, 2]])
    found = rasterize(clip, np.array([[0, 1, 2]], dtype=np.int32), 200, 200)
    rows, columns = np.nonzero(found.faces == 0)
    points = found.weights[rows, columns] @ world
    x = (points[:, 0] / -points[:, 2] * 0.5 + 0.5) * 200
    y = (0.5 - 0.5 * points[:, 1] / -points[:, 2]) * 200
    assert np.median(np.abs(x - columns - 0.5)) < 1e-4
    assert np.abs(x - columns - 0.5).max() < 0.005
    assert np.abs(y - rows - 0.5).max() < 0.005


@pytest.mark.parametrize("seed", range(3))
def test_random_faces_are_what_rays_meet(seed):
    random = np.random.default_rng(seed)
    middles = random.uniform(-0.12, 0.12, (300, 1, 3))
    vertices = (middles + random.normal(0, 0.03, (300, 3, 3))).reshape(-1, 3)
    faces = np.arange(900, dtype=np.int32).reshape(-1, 3)
    _compare(look_at((0, 0, 0), random.normal(0, 0.3, 3) + np.array([0, 0, 0.6])), vertices, faces)


def test_the_head_is_what_rays_meet(head_model: HeadModel):
    _compare(PinholeCamera.front(head_model, (90, 110)), head_model.v_template, head_model.faces)


@pytest.mark.parametrize(
    ("eye", "target"),
    [
        ((0.0, 0.03, 0.0), (0.0, 0.02, 0.1)),
        ((0.01, 0.0, -0.05), (-0.1, 0.1, -0.2)),
        ((0.0, -0.02, 0.09), (0, 0, 0)),
    ],
)
def test_from_inside_the_head_rays_meet_the_same(head_model: HeadModel, eye, target):
    camera = look_at(target, np.array(eye), focal=40.0, near=0.004)
    clip = camera.clip(head_model.v_template)
    behind = clip[:, 3] < camera.near
    crossing = behind[head_model.faces].any(axis=1) & ~behind[head_model.faces].all(axis=1)
    assert crossing.any()
    seen = _compare(camera, head_model.v_template, head_model.faces)
    assert (seen.faces >= 0).mean() > 0.5


def _compare(camera, vertices, faces):
    """Draw, and hold faces, weights and depths against the ray caster."""
    seen = rasterize(camera.clip(vertices), faces, *camera.size)
    hits = pictured(camera, vertices, faces)
    same = agreeing(seen, hits, camera, vertices, faces) & (hits.faces >= 0)
    weights = seen.weights.reshape(-1, 3)[same]
    places = np.einsum("nk,nkd->nd", weights, np.asarray(vertices, float)[faces[hits.faces[same]]])
    rays = camera.rays().reshape(-1, 3)[same]
    expected = camera.eye + hits.distances[same, None] * rays
    # A weight is a float32; on a face seen nearly from its side, a ray's point is less exact than that.
    assert np.median(np.abs(weights - hits.weights[same])) < 1e-7
    assert np.quantile(np.abs(weights - hits.weights[same]).max(axis=1), 0.99) < 1e-5
    assert np.quantile(np.abs(places - expected).max(axis=1), 0.99) < 1e-6
    assert (weights >= 0).all()
    assert np.abs(weights.sum(axis=1) - 1).max() < 1e-6
    depths = -camera.near / seen.depths.ravel()[same]
    assert np.quantile(np.abs(depths - hits.distances[same]) / hits.distances[same], 0.9) < 1e-3
    return seen


def test_threads_do_not_change_the_picture(head_model: HeadModel):
    camera = PinholeCamera.front(head_model, (333, 301))
    clip = camera.clip(head_model.v_template)
    alone = rasterize(clip, head_model.faces, *camera.size, threads=1)
    for threads in (2, 3, 7, None):
        shared = rasterize(clip, head_model.faces, *camera.size, threads=threads)
        np.testing.assert_array_equal(shared.faces, alone.faces)
        np.testing.assert_array_equal(shared.weights, alone.weights)
        np.testing.assert_array_equal(shared.depths, alone.depths)


def test_bands_do_not_change_the_picture(head_model: HeadModel, monkeypatch: pytest.MonkeyPatch):
    clip = PinholeCamera.front(head_model, (100, 100)).clip(head_model.v_template)
    alone = rasterize(clip, head_model.faces, 100, 100, threads=1)
    for rows in (1, 7, 99, 100, 1000):
        monkeypatch.setattr("studio.render.rasterizer.BAND", rows)
        shared = rasterize(clip, head_model.faces, 100, 100, threads=2)
        np.testing.assert_array_equal(shared.faces, alone.faces)
        np.testing.assert_array_equal(shared.depths, alone.depths)


def test_faces_behind_the_eye_are_left_out():
    clip = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8]]))
    clip[:, 3] = -1.0
    assert (rasterize(clip, np.array([[0, 1, 2]], dtype=np.int32), 32, 32).faces == -1).all()


def test_a_floor_that_passes_under_the_eye_reaches_the_lower_border():
    floor = np.array([[-50.0, -1, -50], [50, -1, -50], [50, -1, 50], [-50, -1, 50]])
    camera = PinholeCamera(40, 40, 32, 32, 64, 64)
    seen = rasterize(camera.clip(floor), np.array([[0, 1, 2], [0, 2, 3]], np.int32), 64, 64)
    assert (seen.faces[33:] >= 0).all()
    assert (seen.faces[:32] == -1).all()
    rows = np.arange(33, 64)
    np.testing.assert_allclose(
        -camera.near / seen.depths[33:, 20], 40.0 / (rows + 0.5 - 32.0), rtol=2e-3
    )  # corners cut off far beside the picture are snapped too


def test_a_face_that_reaches_far_beside_the_picture_is_drawn_exactly():
    camera = PinholeCamera(2000, 2000, 50, 50, 100, 100, near=1e-6)
    wall = np.array([[-9e3, 7e3, -1e-3], [-9e3, -8e3, -1e-3], [1e-6, 0.0, -1e-3]])
    camera = camera.replace(near=1e-5)
    seen = rasterize(camera.clip(wall), np.array([[0, 1, 2]], np.int32), 100, 100)
    hits = pictured(camera, wall, np.array([[0, 1, 2]]))
    agreeing(seen, hits, camera, wall, np.array([[0, 1, 2]]))
    assert 0.2 < (seen.faces >= 0).mean() < 0.8


def test_backs_are_seen_unless_culled(head_model: HeadModel):
    camera = PinholeCamera.front(head_model, (64, 64))
    clip = camera.clip(head_model.v_template)
    turned = np.ascontiguousarray(head_model.faces[:, ::-1])
    front = rasterize(clip, head_model.faces, 64, 64, cull=True)
    both_sides = rasterize(clip, head_model.faces, 64, 64)
    np.testing.assert_array_equal(rasterize(clip, turned, 64, 64).faces, both_sides.faces)
    assert (front.faces >= 0).sum() > 1000
    behind = rasterize(clip, turned, 64, 64, cull=True)
    both = (front.faces >= 0) & (behind.faces >= 0)
    assert (behind.depths[both] >= front.depths[both]).mean() > 0.9


def test_faces_that_are_not_finite_are_left_out_and_the_rest_is_drawn():
    clip = flat(np.array([[-0.8, -0.8], [0.8, -0.8], [0, 0.8], [0.5, 0.9]]))
    clip[3, 1] = np.nan
    faces = np.array([[0, 1, 2], [1, 2, 3]], np.int32)
    assert set(np.unique(rasterize(clip, faces, 32, 32).faces)) == {-1, 0}
    clip[3, 1] = np.inf
    assert set(np.unique(rasterize(clip, faces, 32, 32).faces)) == {-1, 0}


def test_nothing_to_draw_is_an_empty_picture():
    seen = rasterize(np.zeros((0, 4)), np.zeros((0, 3), np.int32), 5, 3)
    assert seen.faces.shape == (3, 5)
    assert (seen.faces == -1).all()
    assert np.isinf(seen.depths).all()
    assert (seen.weights == 0).all()


def test_faces_of_no_area_show_nothing():
    clip = flat(np.array([[-0.8, -0.8], [0.8, 0.8], [0, 0]]))
    for face in ([0, 1, 2], [0, 0, 1], [2, 2, 2]):
        assert (rasterize(clip, np.array([face], np.int32), 32, 32).faces == -1).all()


@pytest.mark.parametrize("faces", [[[0, 1, 3]], [[0, -1, 2]]])
def test_foreign_indices_are_refused(faces):
    with pytest.raises(ValueError, match="none of the 3"):
        rasterize(flat(np.zeros((3, 2))), np.array(faces, np.int32), 8, 8)


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"\(N, 4\)"):
        rasterize(np.zeros((3, 3)), np.zeros((1, 3), np.int32), 8, 8)
    with pytest.raises(ValueError, match="at least one pixel"):
        rasterize(np.zeros((3, 4)), np.zeros((1, 3), np.int32), 0, 8)


@pytest.mark.parametrize("seed", range(4))
def test_from_inside_a_closed_surface_every_pixel_is_covered_once(tiny_model: HeadModel, seed):
    """Most of its faces cross the near plane or the eye's own, some far beside the picture."""
    random = np.random.default_rng(seed)
    eye = random.uniform(-0.03, 0.03, 3)
    camera = look_at(random.normal(size=3), eye, (41, 37), focal=6.0, near=0.001 + 0.002 * seed)
    clip = camera.clip(tiny_model.v_template)
    assert (clip[:, 3] < camera.near).any()
    assert (coverage(clip, tiny_model.faces, *camera.size) == 1).all()
