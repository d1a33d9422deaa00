"""What a face covers, against rays through a slanted one."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.render.camera import eye
from studio.render.visibility import is_seen

FACE = np.array([[-0.4, -0.3, 0.6], [0.5, -0.2, -1.5], [0.0, 0.5, -0.4]], np.float32)  # metres
LIFT = 0.01


@pytest.mark.parametrize("orthographic", [False, True])
def test_what_lies_behind_a_slanted_face_is_covered_and_what_lies_before_it_is_not(orthographic):
    camera = Camera(distance=1.5, field_of_view=1.2, orthographic=orthographic)
    weights = np.random.default_rng(4).dirichlet(np.full(3, 2.0), 200)
    on_face = weights @ FACE.astype(float)
    rays = np.array([[0.0, 0.0, -1.0]]) if orthographic else on_face - eye(camera)
    along = rays / np.abs(rays[:, 2:])  # one metre along the camera's axis
    faces = np.array([[0, 1, 2]], np.int32)
    for step, seen in ((-2.0 * LIFT, True), (0.5 * LIFT, True), (1.5 * LIFT, False), (0.5, False)):
        assert (is_seen(on_face + step * along, FACE, faces, camera, LIFT) == seen).all()


def test_beside_a_face_and_behind_the_eye_nothing_is_covered_or_seen():
    camera = Camera(distance=1.5)
    faces = np.array([[0, 1, 2]], np.int32)
    points = [[-2.0, 0.0, -3.0], [0.0, 0.0, 5.0]]
    assert is_seen(points, FACE, faces, camera, LIFT).tolist() == [True, False]
