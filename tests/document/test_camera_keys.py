"""The camera along keys: where it is between them, and keys as steps that undo."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.camera_following import CameraFollowing
from studio.document.auto_key import STILL_LENGTH
from studio.document.camera import ELEVATION_LIMIT, Camera
from studio.document.camera_commands import (
    clear_camera_keys,
    delete_camera_key,
    key_camera,
    toggle_following,
)
from studio.document.camera_keys import CAMERA_CHANNELS, camera_at, camera_path
from studio.document.document import Document
from studio.session.layer_arrays import layer_arrays, layers_of


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


def key(document, frame, **camera):
    """Go to ``frame``, look from ``camera`` and set a key."""
    document.set(position=float(frame))
    document.set(camera=document.camera.replace(**camera))
    command = key_camera(document)
    command.apply(document)
    return command


def degrees(document, frame):
    return math.degrees(camera_at(document.take, frame, document.camera).azimuth)


def test_a_still_gets_time_to_move_in(document):
    key(document, 0, azimuth=0.3)
    assert len(document.take) == STILL_LENGTH
    assert set(document.take.camera_keys) == set(CAMERA_CHANNELS)


def test_between_keys_the_camera_is_on_its_way(document):
    key(document, 0, azimuth=0.0, distance=1.0, target=(0.0, 0.0, 0.0))
    key(document, 40, azimuth=1.0, distance=0.5, target=(0.1, 0.2, 0.0))
    middle = camera_at(document.take, 20.0, document.camera)
    assert middle.azimuth == pytest.approx(0.5)
    assert middle.distance == pytest.approx(0.75)
    np.testing.assert_allclose(middle.target, (0.05, 0.1, 0.0), atol=1e-12)
    assert camera_at(document.take, 40.0, document.camera) == document.camera
    assert camera_at(document.take, 80.0, document.camera) == document.camera


def test_around_the_back_it_goes_the_shorter_way_without_a_jump(document):
    key(document, 0, azimuth=math.radians(170.0))
    key(document, 20, azimuth=math.radians(-170.0))
    key(document, 40, azimuth=math.radians(-100.0))
    frames = np.linspace(0.0, 40.0, 161)
    angles = np.array([degrees(document, frame) for frame in frames])
    steps = (np.diff(angles) + 180.0) % 360.0 - 180.0
    assert steps.min() >= -1e-9
    assert steps.max() < 2.0
    assert steps.sum() == pytest.approx(90.0)
    assert (np.abs(angles) <= 180.0).all()


def test_a_key_set_anew_keeps_the_turns_of_those_after_it(document):
    for frame, angle in ((0, 0.0), (10, 120.0), (20, -120.0), (30, 0.0)):  # once around
        key(document, frame, azimuth=math.radians(angle))
    assert document.take.camera_keys["camera/azimuth"].values[-1, 0] == pytest.approx(2.0 * math.pi)
    key(document, 20, azimuth=math.radians(-150.0))
    values = np.degrees(document.take.camera_keys["camera/azimuth"].values[:, 0])
    np.testing.assert_allclose(values, [0.0, 120.0, 210.0, 360.0])


def test_handles_lead_the_camera_nowhere_it_cannot_be(document):
    key(document, 0, elevation=0.0, distance=1.0)
    key(document, 10, elevation=ELEVATION_LIMIT, distance=0.02)
    take = document.take
    curve = take.camera_keys["camera/elevation"]
    handles = curve.handles.copy()
    handles[1, 0, 1] = 5.0
    wild = curve.replace(handles=handles, interpolation=np.full(2, 4, np.uint8))

    bent = replace(take, camera_keys={**take.camera_keys, "camera/elevation": wild})
    found = [camera_at(bent, frame, Camera()).elevation for frame in np.linspace(0.0, 10.0, 41)]
    assert max(found) == ELEVATION_LIMIT


def test_keys_are_steps_that_undo(document):
    first = key(document, 0, azimuth=0.2)
    before = document.take
    command = key(document, 10, azimuth=0.8)
    command.revert(document)
    assert document.take.camera_keys == before.camera_keys
    command.apply(document)
    removed = delete_camera_key(document)
    removed.apply(document)
    assert document.take.camera_keys == before.camera_keys
    assert delete_camera_key(document) is None
    cleared = clear_camera_keys(document)
    cleared.apply(document)
    assert not document.take.camera_keys
    assert clear_camera_keys(document) is None
    cleared.revert(document)
    assert document.take.camera_keys == before.camera_keys
    assert first.name == "Key camera"


def test_the_camera_follows_until_a_hand_moves_it_and_again_with_the_next_frame(document):
    following = CameraFollowing(document)
    key(document, 0, azimuth=0.0)
    key(document, 20, azimuth=1.0)
    document.set(position=10.0)
    assert document.camera.azimuth == pytest.approx(0.5)
    document.set(camera=document.camera.replace(azimuth=-1.0))
    document.set(look=document.look.replace(exposure=1.0))
    assert document.camera.azimuth == -1.0
    document.set(position=11.0)
    assert document.camera.azimuth > 0.5
    toggle_following(document)
    here = document.camera
    document.set(position=0.0)
    assert document.camera == here
    toggle_following(document)
    assert document.camera.azimuth == pytest.approx(0.0)
    assert following is not None


def test_undo_brings_the_camera_back_to_its_keys(document):
    following = CameraFollowing(document)
    key(document, 0, azimuth=0.0)
    command = key(document, 0, azimuth=0.7)
    command.revert(document)
    assert document.camera.azimuth == pytest.approx(0.0)
    assert following is not None


def test_a_path_is_frozen_and_only_there_while_the_camera_follows(document):
    assert camera_path(document) is None
    key(document, 0, azimuth=0.0)
    key(document, 20, azimuth=1.0)
    way = camera_path(document)
    clear_camera_keys(document).apply(document)
    assert way(10.0).azimuth == pytest.approx(0.5)
    key(document, 0)
    toggle_following(document)
    assert camera_path(document) is None


def test_sessions_carry_them(document):
    key(document, 0, azimuth=0.0, target=(0.1, 0.2, 0.3))
    key(document, 20, azimuth=1.0)
    arrays = layer_arrays(document.take)
    assert layers_of(arrays, 4, "test")["camera_keys"] == dict(document.take.camera_keys)
