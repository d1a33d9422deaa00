"""All that is known of a photo is found where people put it, and what is missing is told."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from studio.fitting.reading import gathering
from studio.fitting.reading.beside import belongs_to_another, landmarks_beside, mask_beside
from studio.fitting.reading.gathering import Given, landmarks_alone, observation_of, require_landmarks
from studio.fitting.reading.mesh_finding import landmarker_file, meshes_of
from studio.storage.errors import StudioError
from tests.fitting.reading.faces import face_points, mmpose, write_json

SIZE = (640, 480)
FACE = face_points()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "set" / "images" / "me.png"
    path.parent.mkdir(parents=True)
    Image.new("RGB", SIZE, (90, 80, 70)).save(path)
    return path


def save(path, array=FACE):
    path.parent.mkdir(exist_ok=True)
    np.save(path, array)
    return path


@pytest.mark.parametrize("place", ["me.npy", "me_lmks.npy", "landmarks/me.npy", "../landmarks/me.npy"])
def test_landmarks_beside_a_photo_are_taken(photo, place):
    save(photo.parent / place)
    found, notices = observation_of(photo)
    assert np.array_equal(found.landmarks.points, FACE)
    assert found.box == pytest.approx((*FACE.min(axis=0), *FACE.max(axis=0)))
    assert not notices


def test_results_beside_a_photo_are_not_taken_for_landmarks(photo):
    np.save(photo.with_suffix(".npy"), np.zeros((1, 5023, 3)))
    write_json(photo.with_suffix(".json"), {"width": 640, "height": 480})
    assert landmarks_beside(photo) is None


@pytest.mark.parametrize("place", ["me_mask.npy", "masks/me.npy", "../masks/me.npy", "../images_seg/me.npy"])
def test_a_mask_beside_a_photo_is_taken(photo, place):
    mask = np.zeros((480, 640), bool)
    mask[100:200] = True
    save(photo.parent / place, mask)
    assert np.array_equal(observation_of(photo)[0].mask, mask)


def test_what_is_given_wins_over_what_lies_beside(photo, tmp_path):
    save(photo.parent / "me.npy")
    other = save(tmp_path / "other.npy", FACE + 5.0)
    found, _ = observation_of(photo, given=Given(landmarks=other))
    assert np.array_equal(found.landmarks.points, FACE + 5.0)


def test_the_lens_is_given_in_pixels_or_degrees_or_told_by_the_photo(photo):
    save(photo.parent / "me.npy")
    assert observation_of(photo)[0].focal is None
    assert observation_of(photo, given=Given(focal=700.0))[0].focal == 700.0
    wide = observation_of(photo, given=Given(field_of_view=math.radians(90.0)))[0]
    assert wide.focal == pytest.approx(320.0)
    for given in (Given(focal=-3.0), Given(focal=float("nan")), Given(field_of_view=4.0)):
        with pytest.raises(StudioError, match="makes no sense"):
            observation_of(photo, given=given)


def test_without_landmarks_there_is_a_box_around_the_face(photo, monkeypatch):
    boxes = ((1.0, 2.0, 90.0, 91.0), (200.0, 100.0, 260.0, 160.0))
    monkeypatch.setattr(gathering, "find_faces", lambda *_args, **_named: boxes)
    found, notices = observation_of(photo)
    assert (found.landmarks, found.box) == (None, boxes[0])
    assert notices == ("me.png shows 2 faces: the clearest was taken.",)
    assert observation_of(photo, given=Given(face=1))[0].box == boxes[1]
    with pytest.raises(StudioError, match=r"me\.png shows 2 faces, so there is no face 7"):
        observation_of(photo, given=Given(face=6))
    with pytest.raises(StudioError, match=r"me\.png has no landmarks; .* me\.json"):
        require_landmarks(found)


def test_a_photo_without_a_face_is_told(photo):
    found, notices = observation_of(photo)
    assert (found.landmarks, found.box) == (None, None)
    assert notices == ("No face was found in me.png; draw a box around it, or give landmarks.",)
    with pytest.raises(StudioError, match=r"me\.png shows no face that could be found"):
        require_landmarks(found)


def test_one_of_several_faces_of_a_file(photo):
    small = face_points(at=(560.0, 100.0), width=60.0)
    write_json(photo.with_suffix(".json"), [mmpose(small), mmpose(FACE)])
    assert np.array_equal(observation_of(photo, given=Given(face=1))[0].landmarks.points, small)
    found = observation_of(photo, given=Given(box=(530.0, 60.0, 600.0, 140.0)))[0]
    assert np.array_equal(found.landmarks.points, small)


def test_masks_and_overlays_are_not_photos_of_their_own(photo):
    for name in ("me_mask.png", "me_overlay.png", "you_mask.png"):
        Image.new("L", SIZE).save(photo.parent / name)
    assert belongs_to_another(photo.parent / "me_mask.png")
    assert belongs_to_another(photo.parent / "me_overlay.png")
    assert not belongs_to_another(photo.parent / "you_mask.png")
    assert not belongs_to_another(photo)
    assert mask_beside(photo) == photo.parent / "me_mask.png"


def test_mediapipe_finds_meshes_in_a_still_picture():
    marks = [SimpleNamespace(x=0.25, y=0.5)] * 478
    module = SimpleNamespace(
        ImageFormat=SimpleNamespace(SRGB=1), Image=lambda image_format, data: (image_format, data)
    )
    made = SimpleNamespace(detect=lambda image: SimpleNamespace(face_landmarks=[marks] * len(image[1][:2])))
    faces = meshes_of(module, made, np.zeros((480, 640, 3), np.uint8))
    assert len(faces) == 2
    assert faces[0].points[477].tolist() == [160.0, 240.0]


def test_a_landmarker_is_used_only_where_its_package_is(tmp_path, monkeypatch):
    (tmp_path / "face_landmarker.task").write_bytes(b"")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert landmarker_file([tmp_path]) is None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    assert landmarker_file([tmp_path]) == tmp_path / "face_landmarker.task"
    assert landmarker_file([tmp_path / "nowhere"]) is None


@pytest.mark.parametrize("farthest", [2e4, 1e7, 1e300])
def test_landmarks_without_a_photo_make_no_photo_that_nobody_could_hold(tmp_path, farthest):
    points = face_points()
    np.save(tmp_path / "far.npy", points * (farthest / points.max()))
    with pytest.raises(StudioError, match=r"far\.npy has a point at .*give its photo"):
        landmarks_alone(tmp_path / "far.npy")


def test_landmarks_without_a_photo_are_on_one_of_a_usual_size(tmp_path):
    points = face_points()
    np.save(tmp_path / "near.npy", points * (500.0 / points.max()))
    seen, _ = landmarks_alone(tmp_path / "near.npy")
    assert seen.size == (512, 512)
