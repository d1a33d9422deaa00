"""Jaw, head, neck and eyes under a hand, seen by cameras from several sides."""

from __future__ import annotations

import numpy as np
import pytest

from studio.backends import create_backend
from studio.controls.gaze import gaze_target
from studio.controls.head_parts import PARTS, part_indices, part_of_point
from studio.controls.head_turns import head_value
from studio.controls.joint_drags import EyeDrag, HeadDrag, Hold, JawDrag, NeckDrag
from studio.document.camera import Camera
from studio.flame.carried_points import world_turns
from studio.flame.params import Params
from studio.render.camera import project
from studio.render.framing import frame_head
from studio.render.picking import cast_ray, ray_through

SIZE = (800, 800)
FRONT, SIDE, PARALLEL = Camera(azimuth=0.15), Camera(azimuth=1.3), Camera(azimuth=0.4, orthographic=True)


class Hand:
    """Takes hold of a head and looks where what it holds is seen."""

    def __init__(self, model, params, camera, point):
        self.model = model
        self.backend = create_backend("torch", model, "cpu")
        self.camera = frame_head(model, camera)
        vertices = self.backend.forward(params).vertices
        self.place = tuple(project(point(vertices), self.camera, SIZE)[0, :2])
        ray = ray_through(self.place, self.camera, SIZE)
        self.face, _, self.weights, _ = cast_ray(vertices, model.faces, ray)
        self.hold = Hold(
            model.faces[self.face],
            self.weights,
            self.place,
            lambda points: project(points, self.camera, SIZE),
            lambda place: (lambda ray: (ray.origin, ray.direction))(ray_through(place, self.camera, SIZE)),
        )

    @property
    def part(self):
        return part_of_point(self.model, self.face, self.weights)

    def moved(self, right, down):
        return self.place[0] + right, self.place[1] + down

    def seen(self, params):
        corners = self.backend.forward(params).vertices[self.hold.corners]
        return project(np.asarray(self.weights) @ corners, self.camera, SIZE)[0, :2]


def chin(vertices):
    return vertices[np.argmin(vertices[:, 1] + 1e3 * (np.abs(vertices[:, 0]) > 0.004) - 1.5 * vertices[:, 2])]


def nose(vertices):
    return vertices[vertices[:, 2].argmax()]


def top(vertices):
    return vertices[vertices[:, 1].argmax()] - (0.0, 0.005, 0.0)


def pupil(model, name):
    ball = model.regions[f"{name}_eyeball"]
    return lambda vertices: vertices[ball[vertices[ball, 2].argmax()]]


@pytest.fixture
def neutral(head_model):
    return Params.neutral(head_model)


@pytest.mark.parametrize("camera", [FRONT, SIDE, PARALLEL])
def test_the_chin_follows_the_pointer_and_the_jaw_opens(head_model, neutral, camera):
    start = neutral.replace(rotation=(0.1, 0.2, 0.0), expr=Params.random(head_model, seed=2).expr)
    hand = Hand(head_model, start, camera, chin)
    assert hand.part == "jaw"
    opened = JawDrag(head_model, start, hand.hold).to(hand.moved(0.0, 35.0))
    assert 0.1 < opened.jaw_pose[0] < 0.52
    assert np.hypot(*(hand.seen(opened) - hand.moved(0.0, 35.0))) < (3.0 if camera is not SIDE else 25.0)
    assert opened.replace(jaw_pose=start.jaw_pose) == start


def test_the_jaw_swings_unless_both_sides_do_the_same(head_model, neutral):
    hand = Hand(head_model, neutral, FRONT, chin)
    swung = JawDrag(head_model, neutral, hand.hold).to(hand.moved(25.0, 15.0))
    assert swung.jaw_pose[1] > 0.05
    assert np.hypot(*(hand.seen(swung) - hand.moved(25.0, 15.0))) < 4.0
    even = JawDrag(head_model, neutral, hand.hold, symmetric=True).to(hand.moved(25.0, 15.0))
    assert even.jaw_pose[1] == 0.0
    assert even.jaw_pose[0] > 0.03


def test_the_range_ends_softly(head_model, neutral):
    hand = Hand(head_model, neutral, FRONT, chin)
    drag = JawDrag(head_model, neutral, hand.hold)
    angles = [np.degrees(drag.to(hand.moved(0.0, way)).jaw_pose[0]) for way in (60.0, 120.0, 400.0, 3000.0)]
    assert angles == sorted(angles)
    assert 29.0 < angles[1] < 39.1
    assert angles[3] < 39.1
    assert drag.to(hand.moved(0.0, -400.0)).jaw_pose[0] > np.radians(-9.1)


@pytest.mark.parametrize("camera", [FRONT, PARALLEL])
def test_the_nose_follows_the_pointer_and_neck_and_root_share_it(head_model, neutral, camera):
    hand = Hand(head_model, neutral, camera, nose)
    assert hand.part == "head"
    turned = HeadDrag(head_model, neutral, hand.hold).to(hand.moved(90.0, 40.0))
    assert np.hypot(*(hand.seen(turned) - hand.moved(90.0, 40.0))) < 4.0
    assert head_value(turned, "headTurn") > 0.15
    assert head_value(turned, "headNod") > 0.05
    assert abs(head_value(turned, "headTilt")) < 0.4 * head_value(turned, "headTurn")
    assert turned.neck_pose[1] == pytest.approx(1.5 * turned.rotation[1], rel=1e-3)


def test_held_by_the_top_the_head_tilts(head_model, neutral):
    hand = Hand(head_model, neutral, FRONT, top)
    tilted = HeadDrag(head_model, neutral, hand.hold).to(hand.moved(60.0, 10.0))
    by_nose = Hand(head_model, neutral, FRONT, nose)
    turned = HeadDrag(head_model, neutral, by_nose.hold).to(by_nose.moved(60.0, 10.0))
    assert head_value(tilted, "headTilt") < 3.0 * head_value(turned, "headTilt") < 0.0
    assert np.hypot(*(hand.seen(tilted) - hand.moved(60.0, 10.0))) < 8.0


def test_only_the_neck_bends_where_the_neck_is_held(head_model, neutral):
    parts = part_indices(head_model.lbs_weights)

    def throat(vertices):
        front = np.flatnonzero(parts == PARTS.index("neck"))
        front = front[np.abs(vertices[front, 0]) < 0.01]
        return vertices[front[vertices[front, 2].argmax()]]

    hand = Hand(head_model, neutral, FRONT, throat)
    assert hand.part == "neck"
    bent = NeckDrag(head_model, neutral, hand.hold).to(hand.moved(50.0, 0.0))
    assert bent.neck_pose[1] > 0.05
    assert bent.replace(neck_pose=neutral.neck_pose) == neutral


@pytest.mark.parametrize("name", ["left", "right"])
def test_the_pupil_follows_the_pointer_and_both_eyes_look_at_one_point(head_model, neutral, name):
    start = neutral.replace(rotation=(0.0, 0.2, 0.05))
    hand = Hand(head_model, start, FRONT, pupil(head_model, name))
    assert hand.part == f"{name}_eye"
    eye = int(name == "right")
    looking = EyeDrag(head_model, start, hand.hold, eye).to(hand.moved(9.0, 4.0))
    assert np.hypot(*(hand.seen(looking) - hand.moved(9.0, 4.0))) < 1.5
    first, second = looking.eyes_pose.reshape(2, 3)
    assert first[1] > 0.1
    assert first == pytest.approx(second, abs=0.02)
    assert np.isfinite(gaze_target(head_model, looking)).all()


def test_one_eye_alone_and_both_mirrored(head_model, neutral):
    hand = Hand(head_model, neutral, FRONT, pupil(head_model, "left"))
    alone = EyeDrag(head_model, neutral, hand.hold, 0, alone=True).to(hand.moved(8.0, 5.0))
    assert (alone.eyes_pose[3:] == 0.0).all()
    assert alone.eyes_pose[1] > 0.1
    mirrored = EyeDrag(head_model, neutral, hand.hold, 0, mirrored=True).to(hand.moved(8.0, 5.0))
    assert mirrored.eyes_pose[3:] == pytest.approx(alone.eyes_pose[:3] * (1.0, -1.0, -1.0))


def test_far_beside_the_eye_it_turns_as_far_as_it_can(head_model, neutral):
    hand = Hand(head_model, neutral, FRONT, pupil(head_model, "left"))
    looking = EyeDrag(head_model, neutral, hand.hold, 0).to(hand.moved(400.0, 0.0))
    assert np.degrees(looking.eyes_pose[1]) == pytest.approx(45.0, abs=1.0)


def test_a_hand_that_does_not_move_moves_nothing(head_model):
    start = Params.random(head_model, seed=4).replace(rotation=(0.1, -0.2, 0.0))
    for point, kind in ((chin, JawDrag), (nose, HeadDrag), (nose, NeckDrag)):
        hand = Hand(head_model, start, FRONT, point)
        same = kind(head_model, start, hand.hold).to(hand.place)
        assert world_turns(same, head_model.parents) == pytest.approx(
            world_turns(start, head_model.parents), abs=1e-4
        )
