"""The rotation gizmo: where its rings are, which one is under the pointer, and the angle of a drag."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.flame.rotations import to_matrices
from studio.render.camera import project
from studio.render.gizmo import OUTER_RADIUS, RADIUS, RingDrag, gizmo_at, snapped

SIZE = (800, 600)
CENTRE = np.array((0.02, -0.01, 0.03))
CAMERAS = [Camera(azimuth=0.5, elevation=0.4), Camera(azimuth=-0.7, elevation=0.2, orthographic=True)]
AXES = to_matrices((0.3, -0.2, 0.5)).T


def moved(gizmo, right, down):
    return gizmo.place[0] + right, gizmo.place[1] + down


def radii(gizmo):
    return [np.linalg.norm(ring.points - gizmo.place, axis=1) for ring in gizmo.rings]


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("distance", [0.4, 1.0, 3.0])
def test_it_has_one_size_on_the_screen(camera, distance):
    gizmo = gizmo_at(2, CENTRE, AXES, camera.replace(distance=distance), SIZE)
    *about_axes, facing = radii(gizmo)
    for radius in about_axes:
        assert radius.max() == pytest.approx(RADIUS, rel=0.12)
    assert facing == pytest.approx(OUTER_RADIUS, rel=0.02)


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_ring_under_the_pointer_is_found_and_its_near_half_goes_first(camera):
    gizmo = gizmo_at(2, CENTRE, np.eye(3), camera, SIZE)
    for index, ring in enumerate(gizmo.rings):
        found = [gizmo.ring_at(tuple(point)) for point in ring.points[:-1][ring.near]]
        assert np.mean([other == index for other in found]) > 0.75
    assert gizmo.ring_at(moved(gizmo, 150.0, 0.0)) is None


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("ring", range(4))
@pytest.mark.parametrize("angle", [0.4, -0.9])
def test_a_drag_along_a_ring_is_the_angle_it_goes_around(camera, ring, angle):
    gizmo = gizmo_at(1, CENTRE, AXES, camera, SIZE)
    axis = gizmo.rings[ring].axis
    start = np.argmax(gizmo.rings[ring].near)
    arm = np.cross(axis, (0.3, 0.5, -0.8))
    arm *= 0.03 / np.linalg.norm(arm)
    assert start >= 0
    places = [
        project(CENTRE + to_matrices(part * angle * axis) @ arm, camera, SIZE)[0, :2]
        for part in np.linspace(0.0, 1.0, 9)
    ]
    drag = RingDrag(gizmo, ring, tuple(places[0]))
    angles = [drag.to(tuple(place)) for place in places]
    assert angles[-1] == pytest.approx(angle, abs=1e-6)


def test_a_ring_seen_from_its_edge_turns_along_its_line():
    camera = Camera()
    gizmo = gizmo_at(2, np.zeros(3), np.eye(3), camera, SIZE)
    across = gizmo.rings[0]  # about X, seen as an upright line
    assert np.ptp(across.points[:, 0]) < 8.0
    drag = RingDrag(gizmo, 0, tuple(gizmo.place))
    down = drag.to(moved(gizmo, 0.0, 30.0))
    assert down == pytest.approx(30.0 / RADIUS, rel=0.1)
    assert drag.to(moved(gizmo, 0.0, -30.0)) == pytest.approx(-down, rel=0.1)


def test_more_than_one_turn_counts():
    camera = Camera()
    gizmo = gizmo_at(2, np.zeros(3), np.eye(3), camera, SIZE)
    drag = RingDrag(gizmo, 2, moved(gizmo, 70.0, 0.0))
    for turn in np.linspace(0.0, 3.0 * np.pi, 40):
        angle = drag.to(tuple(gizmo.place + 70.0 * np.array((np.cos(turn), -np.sin(turn)))))
    assert angle == pytest.approx(3.0 * np.pi, abs=1e-6)


def test_behind_the_eye_there_is_none():
    assert gizmo_at(0, (0.0, 0.0, 5.0), np.eye(3), Camera(), SIZE) is None


def test_angles_snap():
    assert snapped(np.radians(12.6), np.radians(5.0)) == pytest.approx(np.radians(15.0))
    assert snapped(np.radians(-2.4), np.radians(5.0)) == pytest.approx(0.0)
