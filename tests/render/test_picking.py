"""What is under a point of the picture, against an independent ray caster and the rasterizer."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.flame.model import Variant
from studio.flame.variants import make_variant
from studio.render.camera import Bounds, eye, project, projection_matrix, unproject, view_matrix
from studio.render.framing import frame_head, view_preset
from studio.render.picking import pick, ray_through
from studio.render.rasterizer import rasterize
from tests.render.heads import neutral_surface
from tests.render.raycast import cast

SIZE = (120, 90)
CAMERAS = {
    "front": Camera(),
    "profile": Camera(azimuth=1.4, elevation=-0.2),
    "parallel": Camera(azimuth=-0.5, elevation=0.3, orthographic=True),
    "inside": Camera(azimuth=0.3),
}


def camera_of(name, model):
    camera = frame_head(model, CAMERAS[name], SIZE[0] / SIZE[1])
    return camera.replace(distance=0.06) if name == "inside" else camera


@pytest.mark.parametrize("name", CAMERAS)
def test_the_face_met_is_the_one_that_an_independent_ray_caster_meets(head_model, name):
    camera, vertices = camera_of(name, head_model), neutral_surface(head_model).vertices
    places = np.random.default_rng(3).uniform(0.0, SIZE, (400, 2))
    corners = vertices.astype(float)[head_model.faces]
    ends = unproject(np.column_stack([places, np.full(len(places), camera.distance)]), camera, SIZE)
    met = 0
    for place, end in zip(places, ends, strict=True):
        away = end - np.asarray(eye(camera))
        axis = np.asarray(camera.target) - eye(camera)
        direction = axis if camera.orthographic else away
        origin = end - 5.0 * axis if camera.orthographic else eye(camera)
        hits = cast(origin, direction[None], corners, 0.002 / camera.distance)
        found = pick(head_model, vertices, camera, SIZE, tuple(place))
        assert (found is None) == (hits.faces[0] < 0)
        if found is None:
            continue
        met += 1
        point = origin + hits.distances[0] * direction
        assert found.point == pytest.approx(point, abs=1e-6)
        if found.face == hits.faces[0]:
            assert found.barycentric == pytest.approx(hits.weights[0], abs=1e-4)
        near = np.linalg.norm(vertices[head_model.faces[found.face]] - point, axis=1)
        assert found.vertex == head_model.faces[found.face][near.argmin()]
        assert project(found.point, camera, SIZE)[0] == pytest.approx((*place, found.depth), abs=1e-3)
    assert met > 100


@pytest.mark.parametrize("name", ["front", "parallel"])
def test_it_is_the_face_that_the_picture_shows(head_model, name):
    camera, vertices = camera_of(name, head_model), neutral_surface(head_model).vertices
    projection = projection_matrix(camera, SIZE, Bounds.of(vertices)) @ view_matrix(camera)
    clip = np.column_stack([vertices, np.ones(len(vertices))]) @ projection.T
    shown = rasterize(clip, head_model.faces, *SIZE).faces
    same = []
    for row in range(0, SIZE[1], 3):
        for column in range(0, SIZE[0], 3):
            found = pick(head_model, vertices, camera, SIZE, (column + 0.5, row + 0.5))
            same.append((-1 if found is None else found.face) == shown[row, column])
    assert np.mean(same) > 0.995


def test_the_smallest_region_is_told_and_parts_that_are_hidden_are_passed_through(head_model):
    camera = frame_head(head_model, view_preset("front"), SIZE[0] / SIZE[1])
    vertices = neutral_surface(head_model).vertices
    lips = head_model.regions["lips"]
    middle = lips[np.argmin(np.abs(vertices[lips, 0]) - vertices[lips, 2])]
    place = tuple(project(vertices[middle], camera, SIZE)[0, :2])
    found = pick(head_model, vertices, camera, SIZE, place)
    assert found.region == "lips"
    bare = make_variant(head_model, Variant(without=frozenset({"lips"})))
    behind = pick(bare, vertices, camera, SIZE, place)
    assert behind.depth > found.depth + 0.001
    assert behind.region in {"teeth", "upper_teeth", "lower_teeth", "tongue", "mouth_cavity", "gums"}


def test_nothing_is_found_beside_the_head_or_behind_the_eye(head_model):
    vertices = neutral_surface(head_model).vertices
    camera = frame_head(head_model, view_preset("front"), 1.0)
    assert pick(head_model, vertices, camera, (100, 100), (1.0, 1.0)) is None
    away = camera.replace(target=(0.0, 0.0, -10.0))
    assert pick(head_model, vertices, away, (100, 100), (50.0, 50.0)) is None


def test_a_ray_passes_through_its_place_at_every_depth():
    for camera in (Camera(azimuth=0.4), Camera(elevation=0.3, orthographic=True)):
        ray = ray_through((30.0, 70.0), camera, (100, 80))
        for along in (0.2, 1.0, 3.0):
            assert project(ray.at(along), camera, (100, 80))[0, :2] == pytest.approx((30.0, 70.0))
