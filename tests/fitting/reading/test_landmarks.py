"""Landmarks of every published layout become iBUG's 68 in pixels; what does not fit is mended or told."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.io import savemat

from studio.fitting.reading.landmarks import read_landmarks
from studio.storage.errors import RefusedFileError, StudioError
from tests.fitting.reading.faces import face_points, mmpose, write_json

SIZE = (640, 480)
FACE = face_points()


def points_of(path, size=SIZE, **options) -> np.ndarray:
    return read_landmarks(path, size, **options).landmarks.points


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda face: [face],
        lambda face: {"meta_info": {}, "instance_info": [face]},
        lambda face: [{"frame_id": 0, "instances": [face]}],
        lambda face: {"instance_info": [{"frame_id": 0, "instances": [face]}]},
        lambda face: {"predictions": [[face]]},
        lambda face: face,
    ],
    ids=["inferencer", "demo", "film", "film of the demo", "predictions", "bare"],
)
def test_json_of_mmpose_in_all_its_wrappings(tmp_path, wrapped):
    face = mmpose(FACE, bbox=[[1.0, 2.0, 3.0, 4.0]], bbox_score=0.9)
    found = read_landmarks(write_json(tmp_path / "me.json", wrapped(face)), SIZE)
    assert np.array_equal(found.landmarks.points, FACE)
    assert found.landmarks.set_name == "68"
    assert not found.notices


def test_scores_are_confidences_also_as_a_third_column_and_above_one(tmp_path):
    scores = np.linspace(0.0, 1.2, 68)
    wanted = np.minimum(scores, 1.0)
    old = write_json(tmp_path / "old.json", [{"keypoints": np.column_stack([FACE, scores]).tolist()}])
    new = write_json(tmp_path / "new.json", [mmpose(FACE, scores)])
    for path in (old, new):
        assert np.allclose(read_landmarks(path, SIZE).landmarks.confidence, wanted)


def test_a_third_column_of_depths_is_no_score(tmp_path):
    np.save(tmp_path / "deep.npy", np.column_stack([FACE, np.linspace(-40.0, 90.0, 68)]))
    assert (read_landmarks(tmp_path / "deep.npy", SIZE).landmarks.confidence == 1.0).all()


def wide(count: int, places: dict[int, int]) -> np.ndarray:
    """``count`` points whose ``places`` hold the face's and the others something else."""
    points = np.full((count, 2), 200.0) + np.arange(count)[:, None] * 0.1
    for place, index in places.items():
        points[place] = FACE[index]
    return points


def halves() -> dict[int, int]:
    return {2 * index: index for index in range(17)}


LAYOUTS = {
    133: {23 + index: index for index in range(68)},
    98: halves()
    | {33 + index: 17 + index for index in range(5)}
    | {42 + index: 22 + index for index in range(5)}
    | {51 + index: 27 + index for index in range(9)}
    | dict(zip((60, 61, 63, 64, 65, 67, 68, 69, 71, 72, 73, 75), range(36, 48), strict=True))
    | {76 + index: 48 + index for index in range(20)},
    106: halves()
    | {33 + index: 17 + index for index in range(5)}
    | {42 + index: 22 + index for index in range(5)}
    | {51 + index: 27 + index for index in range(4)}
    | {58 + index: 31 + index for index in range(5)}
    | dict(zip((66, 67, 69, 70, 71, 73, 75, 76, 78, 79, 80, 82), range(36, 48), strict=True))
    | {84 + index: 48 + index for index in range(20)},
    70: {index: index for index in range(68)},
}


@pytest.mark.parametrize("count", LAYOUTS)
def test_layouts_of_other_counts_become_the_68(tmp_path, count):
    path = write_json(tmp_path / "me.json", [mmpose(wide(count, LAYOUTS[count]))])
    assert np.array_equal(points_of(path), FACE)


def test_51_points_leave_the_contour_unknown(tmp_path):
    np.save(tmp_path / "me.npy", FACE[17:])
    found = read_landmarks(tmp_path / "me.npy", SIZE).landmarks
    assert np.array_equal(found.points[17:], FACE[17:])
    assert not found.known[:17].any()
    assert found.known[17:].all()


def test_a_mesh_of_mediapipe_gives_the_68_without_contour(tmp_path):
    mesh = np.zeros((478, 3))
    mesh[:, :2] = (0.5, 0.5)
    for index, place in ((33, 36), (263, 45), (4, 30), (61, 48), (291, 54), (152, 8)):
        mesh[index, :2] = FACE[place] / SIZE
    np.save(tmp_path / "mesh.npy", mesh)
    found = read_landmarks(tmp_path / "mesh.npy", SIZE)
    assert np.allclose(found.landmarks.points[[36, 45, 30, 48, 54]], FACE[[36, 45, 30, 48, 54]])
    assert not found.landmarks.known[:17].any()
    assert "from 0 to 1" in found.notices[0]


def test_pts_count_from_one_and_text_takes_commas(tmp_path):
    rows = "\n".join(f"{x} {y}" for x, y in FACE + 0.5)
    (tmp_path / "me.pts").write_text(f"version: 1\nn_points: 68\n{{\n{rows}\n}}\n")
    assert np.allclose(points_of(tmp_path / "me.pts"), FACE)
    for name, text in (
        ("plain.txt", "\n".join(f"{x}\t{y}" for x, y in FACE)),
        ("csv.txt", "x,y\n" + "\n".join(f"{x}, {y}" for x, y in FACE)),
        ("line.txt", " ".join(str(value) for value in FACE.ravel())),
    ):
        (tmp_path / name).write_text(text)
        assert np.allclose(points_of(tmp_path / name), FACE)


def test_mat_files_of_deca_and_300w(tmp_path):
    shares = 2.0 * FACE / SIZE - 1.0
    savemat(tmp_path / "deca.mat", {"landmarks2d": shares[None], "verts": np.zeros((1, 5, 3))})
    found = read_landmarks(tmp_path / "deca.mat", SIZE)
    assert np.allclose(found.landmarks.points, FACE)
    assert "from -1 to 1" in found.notices[0]
    savemat(tmp_path / "other.mat", {"pt2d": FACE.T})
    assert np.allclose(points_of(tmp_path / "other.mat"), FACE)


def test_of_several_faces_the_largest_or_the_one_that_is_meant(tmp_path):
    small = face_points(at=(520.0, 100.0), width=60.0)
    path = write_json(tmp_path / "two.json", [mmpose(small), mmpose(FACE)])
    found = read_landmarks(path, SIZE)
    assert np.array_equal(found.landmarks.points, FACE)
    assert found.notices == ("two.json holds 2 faces: the largest was taken.",)
    assert np.array_equal(points_of(path, face=1), small)
    assert np.array_equal(points_of(path, box=(480.0, 60.0, 560.0, 150.0)), small)
    with pytest.raises(StudioError, match=r"two\.json holds 2 faces, so there is no face 3"):
        read_landmarks(path, SIZE, face=2)


def test_one_frame_of_a_film(tmp_path):
    frames = [{"frame_id": n, "instances": [mmpose(FACE + n)]} for n in range(3)]
    path = write_json(tmp_path / "film.json", frames)
    assert np.array_equal(points_of(path, frame=2), FACE + 2)
    with pytest.raises(StudioError, match=r"film\.json has 3 frames"):
        read_landmarks(path, SIZE, frame=3)


def test_points_that_are_not_known_count_nothing(tmp_path):
    broken = FACE.copy()
    broken[[3, 40]] = np.nan
    np.save(tmp_path / "me.npy", broken)
    found = read_landmarks(tmp_path / "me.npy", SIZE).landmarks
    assert not found.known[[3, 40]].any()
    assert found.known.sum() == 66
    nulls = [[None, None] if index == 7 else point for index, point in enumerate(FACE.tolist())]
    path = write_json(tmp_path / "null.json", [{"keypoints": nulls}])
    assert read_landmarks(path, SIZE).landmarks.known.sum() == 67
    np.save(tmp_path / "none.npy", np.full((68, 2), np.nan))
    with pytest.raises(StudioError, match=r"none\.npy has fewer than 6 points"):
        read_landmarks(tmp_path / "none.npy", SIZE)


@pytest.mark.parametrize("side", [256, 1024])
def test_points_of_a_prepared_picture_are_scaled_where_a_face_tells_so(tmp_path, side):
    photo = (800, 800)
    face = face_points(at=(420.0, 400.0), width=420.0)
    np.save(tmp_path / "me.npy", face * side / 800.0)
    box = (220.0, 220.0, 620.0, 640.0)
    found = read_landmarks(tmp_path / "me.npy", photo, found=(box,))
    assert np.allclose(found.landmarks.points, face)
    assert f"of a picture of {side} pixels" in found.notices[0]


def test_points_of_a_larger_picture_are_scaled_only_where_one_size_can_be_meant(tmp_path):
    face = face_points(at=(512.0, 520.0), width=600.0)
    np.save(tmp_path / "me.npy", face)
    assert np.allclose(points_of(tmp_path / "me.npy", (256, 256)), face / 4.0)
    with pytest.raises(StudioError, match=r"lie outside of the photo of 300 x 200 pixels"):
        read_landmarks(tmp_path / "me.npy", (300, 200))


def test_landmarks_of_a_face_that_was_not_found_are_not_moved_to_the_one_that_was(tmp_path):
    face = face_points(at=(300.0, 330.0), width=200.0)
    np.save(tmp_path / "me.npy", face)
    other = (480.0, 540.0, 700.0, 760.0)
    assert np.array_equal(points_of(tmp_path / "me.npy", (1000, 1000), found=(other,)), face)


def test_points_far_from_every_face_are_told(tmp_path):
    np.save(tmp_path / "me.npy", face_points(at=(120.0, 120.0), width=100.0))
    found = read_landmarks(tmp_path / "me.npy", (4000, 3000), found=((3000.0, 2000.0, 3400.0, 2400.0),))
    assert found.notices == (
        "The points of me.npy are not where a face was found; check that they belong to this photo.",
    )


def swap_sides(points: np.ndarray) -> np.ndarray:
    """The same places under the names of the other side: what a mirrored photo's face is called."""
    mirrored = face_points() * (-1.0, 1.0) + (640.0, 0.0)
    order = [int(np.argmin(np.hypot(*(mirrored - point).T))) for point in face_points()]
    return points[order]


@pytest.mark.parametrize("turn", [0.0, 50.0, 90.0, 180.0])
def test_turned_faces_are_left_as_they_are(tmp_path, turn):
    angle = np.deg2rad(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = (FACE - (320.0, 240.0)) @ matrix.T + (320.0, 240.0)
    np.save(tmp_path / "me.npy", turned)
    found = read_landmarks(tmp_path / "me.npy", SIZE)
    assert np.allclose(found.landmarks.points, turned)
    assert not found.notices


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (FACE[:, ::-1], "x and y swapped"),
        (FACE * (1.0, -1.0) + (0.0, 480.0), "y from the bottom"),
        (swap_sides(FACE), "right and the left side of the face swapped"),
    ],
)
def test_swapped_landmarks_are_swapped_back(tmp_path, broken, told):
    np.save(tmp_path / "me.npy", broken)
    found = read_landmarks(tmp_path / "me.npy", SIZE)
    assert np.allclose(found.landmarks.points, FACE)
    assert told in found.notices[0]


def test_landmarks_of_the_mirror_image_are_mirrored_where_a_face_tells_so(tmp_path):
    face = face_points(at=(500.0, 240.0), width=120.0)
    np.save(tmp_path / "me.npy", face * (-1.0, 1.0) + (640.0, 0.0))
    found = read_landmarks(tmp_path / "me.npy", SIZE, found=((440.0, 180.0, 560.0, 310.0),))
    assert np.allclose(found.landmarks.points, face)
    assert "mirror image" in found.notices[0]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (5, "5 points a face, too few"),
        (1, "1 points|no landmarks"),
        (29, "29 points a face"),
        (17, "body joints"),
    ],
)
def test_other_counts_are_refused_with_those_that_are_known(tmp_path, count, told):
    path = write_json(tmp_path / "odd.json", [mmpose(np.full((count, 2), 9.0))])
    with pytest.raises(StudioError, match=told) as problem:
        read_landmarks(path, SIZE)
    assert str(problem.value).startswith("odd.json ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b"", "empty"),
        ("a.json", b"[]", "no landmarks"),
        ("a.json", b'{"keypoints": [[1, 2], [3]]}', "no landmarks"),
        ("a.json", b'{"keypoints": [[1' + b"0" * 400 + b", 2], [3, 4]]}", "no landmarks"),
        ("a.json", b"[[1, 2], ", "not whole JSON"),
        ("a.json", b"[" * 90 + b"]" * 90, "nested deeper"),
        ("a.pts", b"version: 1\nn_points: 68\n{\n1 2\n", "ends within its points"),
        ("a.txt", b"1 2\nhello\n", "no point: 'hello'"),
        ("a.txt", b"1 2\n3 4 5\n", "different lengths"),
        ("a.txt", b"1 2 3\n", "3 numbers"),
        ("a.npy", b"\x93NUMPY\x01\x00", "not a whole NumPy array"),
        ("a.npy", b"\x89PNG\r\n\x1a\n", "a PNG picture, not a file of landmarks"),
        ("a.bin", bytes(range(256)), "not a file of landmarks"),
    ],
)
def test_files_that_are_none_are_refused_in_one_sentence(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudioError, match=told) as problem:
        read_landmarks(tmp_path / name, SIZE)
    assert name in str(problem.value)


class _Trap:
    def __reduce__(self):
        return (print, ("it ran",))


def test_pickles_and_objects_are_never_run(tmp_path, capsys):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"landmarks": _Trap()}))
    np.save(tmp_path / "a.npy", np.array({"landmarks": _Trap()}, object), allow_pickle=True)
    for name in ("a.pkl", "a.npy"):
        with pytest.raises(RefusedFileError):
            read_landmarks(tmp_path / name, SIZE)
    assert not capsys.readouterr().out


def test_several_thousand_faces_are_not_taken_for_a_photo(tmp_path):
    path = write_json(tmp_path / "many.json", [mmpose(FACE[:2])] * 1001)
    with pytest.raises(StudioError, match="1001 faces"):
        read_landmarks(path, SIZE)
