from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.render.camera_file import read_camera, read_cameras, write_camera
from studio.render.pinhole import PinholeCamera
from studio.storage.errors import StudioError
from tests.render.test_pinhole import POINTS, camera

SEEN = camera()
LENS = {"fx": 300.0, "fy": 320.0, "cx": 70.0, "cy": 66.0}
SIZE = {"width": 150, "height": 120}
PLACE = {"R": [list(row) for row in SEEN.rotation], "t": list(SEEN.translation)}
OPENGL = SEEN.in_convention("opengl")
NERF = {"transform_matrix": OPENGL.camera_to_world.tolist()}
TWENTY = 0.3490658503988659  # degrees in radians


@pytest.fixture
def written(tmp_path: Path):
    def write(content: object) -> Path:
        path = tmp_path / "camera.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_what_is_written_is_read_back(tmp_path: Path):
    for seen in (SEEN, OPENGL.replace(name="left", near=0.01)):
        write_camera(tmp_path / "a.json", seen)
        assert read_camera(tmp_path / "a.json") == seen


@pytest.mark.parametrize(
    "content",
    [
        {**LENS, **SIZE, **PLACE},
        {"fl_x": 300, "fl_y": 320, "cx": 70, "cy": 66, "w": 150, "h": 120, **PLACE},
        {"K": SEEN.intrinsics.tolist(), "size": [150, 120], **PLACE},
        {**LENS, **SIZE, "world_to_camera": SEEN.world_to_camera.tolist()},
        {**LENS, **SIZE, "extrinsics": SEEN.world_to_camera[:3].tolist()},
        {**LENS, **SIZE, "R": PLACE["R"], "T": [[value] for value in PLACE["t"]]},
        {**LENS, **SIZE, "camera_to_world": SEEN.camera_to_world.tolist()},
        {**LENS, **SIZE, **NERF},
        {**LENS, **SIZE, "transform_matrix": SEEN.camera_to_world.tolist(), "convention": "OpenCV"},
        {
            **LENS,
            **SIZE,
            "R": [list(row) for row in OPENGL.rotation],
            "t": OPENGL.translation,
            "convention": "opengl",
        },
        {**LENS, **SIZE, **PLACE, "k1": 0, "dist_coeffs": [0, 0, 0, 0, 0]},
        {"cameras": [{**LENS, **PLACE}], **SIZE},
        [{**LENS, **SIZE, **PLACE}],
        {
            **LENS,
            **SIZE,
            "camera_model": "OPENCV",
            "frames": [NERF],
        },
    ],
)
def test_every_way_to_say_it_is_the_same_camera(written, content):
    found = read_camera(written(content))
    np.testing.assert_allclose(found.project(POINTS), SEEN.project(POINTS), atol=1e-9)
    assert found.size == (150, 120)


@pytest.mark.parametrize(
    ("lens", "side"),
    [
        ({"field_of_view": 20.0}, 120),
        ({"fov": 20}, 120),
        ({"camera_angle_y": TWENTY}, 120),
        ({"camera_angle_x": TWENTY}, 150),
    ],
)
def test_angles_give_the_focal_length_and_the_middle_is_the_pictures(written, lens, side):
    found = read_camera(written({**lens, **SIZE, **PLACE}))
    assert found.fx == found.fy == pytest.approx(side / 2 / np.tan(np.radians(10)))
    assert (found.cx, found.cy) == (75.0, 60.0)


def test_the_size_may_come_from_outside(written):
    assert read_camera(written({**LENS, **PLACE}), (150, 120)).size == (150, 120)
    assert read_camera(written({**LENS, **SIZE, **PLACE}), (15, 12)).size == (150, 120)


def test_a_list_has_names_and_shares_what_it_does_not_say(written):
    shared = {**LENS, **SIZE, "near": 0.05}
    own = {"K": (np.diag([2, 2, 1]) @ SEEN.intrinsics).tolist()}
    found = read_cameras(
        written({**shared, "cameras": [{**PLACE, "name": "left"}, {**PLACE, **own}, {**PLACE, "near": 0.2}]})
    )
    assert [seen.name for seen in found] == ["left", "1", "2"]
    assert [seen.near for seen in found] == [0.05, 0.05, 0.2]
    assert [seen.fx for seen in found] == [300.0, 600.0, 300.0]


ALL = {**LENS, **SIZE, **PLACE}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not whole JSON"),
        ("{", "not whole JSON"),
        ("\x00\x01", "not whole JSON"),
        ("3", "holds no camera"),
        ("[]", "holds no camera"),
        ('{"cameras": []}', "holds no camera"),
        ('{"cameras": {"a": 1}}', "holds no camera"),
        ('{"cameras": [3]}', "cameras[0]"),
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000, "nested deeper"),
        ("{}", "width and height"),
        ({**SIZE, **PLACE}, "fx, K or field_of_view"),
        ({**LENS, **SIZE}, "R and t"),
        ({**LENS, **SIZE, "R": PLACE["R"]}, "t is missing"),
        ({**ALL, "transform_matrix": SEEN.camera_to_world.tolist()}, "say the same thing twice"),
        ({**ALL, "fx": 7, "K": SEEN.intrinsics.tolist()}, "K and fx contradict each other"),
        ({**ALL, "fx": 0}, "fx is 0"),
        ({**ALL, "fx": -1}, "fx is -1"),
        ({**ALL, "fx": "300"}, "fx does not hold numbers"),
        ({**ALL, "fx": True}, "fx does not hold numbers"),
        ({**ALL, "fx": [1, 2]}, "fx is not one number"),
        ({**ALL, "fx": None, "fy": None}, "fx, K or field_of_view"),
        ({**ALL, "cx": float("nan")}, "cx holds a number that is not finite"),
        ({**ALL, "cx": 10**400}, "cx does not hold numbers"),
        (json.dumps(ALL).replace("150", "1" * 5000), "too many digits"),
        ({**ALL, "width": 10**9}, "width is 1e+09"),
        ({**ALL, "height": 0}, "height is 0"),
        ({**ALL, "height": 1.5}, "height is 1.5"),
        ({**SIZE, **PLACE, "size": [10**6, 2], "K": SEEN.intrinsics.tolist()}, "size is 1e+06"),
        ({**SIZE, **PLACE, "K": np.zeros((3, 3)).tolist()}, "K is not of the form"),
        ({**SIZE, **PLACE, "K": np.eye(4).tolist()}, "K is not 3 by 3"),
        ({**SIZE, **PLACE, "K": [[1, 2, 3], [4]]}, "K does not hold numbers"),
        ({**SIZE, **PLACE, "K": [[300, 5, 1], [0, 300, 1], [0, 0, 1]]}, "K is not of the form"),
        ({**SIZE, **PLACE, "K": [[0, 0, 1], [0, 300, 1], [0, 0, 1]]}, "K is 0, but"),
        ({**SIZE, **PLACE, "field_of_view": 0.35}, "given in degrees"),
        ({**SIZE, **PLACE, "camera_angle_x": 20}, "given in radians"),
        ({**ALL, "R": np.diag([1.0, 1.0, -1.0]).tolist()}, "R is no rotation but a reflection"),
        ({**ALL, "R": (2 * np.eye(3)).tolist()}, "R is no rotation"),
        ({**ALL, "R": [[float("nan")] * 3] * 3}, "R holds a number that is not finite"),
        ({**ALL, "R": [1, 0, 0]}, "R is not 3 by 3"),
        ({**ALL, "t": [1, 2]}, "t is not 3 numbers"),
        ({**LENS, **SIZE, "transform_matrix": np.zeros((4, 4)).tolist()}, "last row of transform_matrix"),
        (
            {**LENS, **SIZE, "transform_matrix": np.diag([2, 2, 2, 1]).tolist()},
            "matrix is no rotation",
        ),
        ({**LENS, **SIZE, "world_to_camera": np.eye(3).tolist()}, "3 or 4 rows of 4"),
        ({**ALL, "convention": "blender"}, "convention is 'blender'"),
        ({**ALL, "convention": ["opencv"]}, "convention is"),
        ({**ALL, "near": 0}, "near is 0"),
        ({**ALL, "near": "close"}, "near does not hold numbers"),
        ({**ALL, "k1": 0.1}, "k1 says that the lens distorts"),
        ({"cameras": [ALL, {**ALL, "fx": -2}]}, "cameras[1] in camera.json: fx is -2"),
    ],
)
def test_bad_files_are_one_sentence_that_names_file_and_key(written, content, words):
    path = written(content)
    with pytest.raises(StudioError) as caught:
        read_cameras(path)
    sentence = str(caught.value)
    assert words in sentence
    assert "camera.json" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 250


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path):
    with pytest.raises(StudioError, match=r"gone\.json does not exist"):
        read_camera(tmp_path / "gone.json")
    with pytest.raises(StudioError, match="is a folder"):
        read_camera(tmp_path)


def test_a_picture_is_no_camera(tmp_path: Path):
    path = tmp_path / "camera.json"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pytest.raises(StudioError, match="not text in UTF-8"):
        read_camera(path)


def test_numbers_survive_a_round_trip_of_both_conventions(tmp_path: Path):
    for seen in (SEEN, OPENGL, PinholeCamera(1e3 / 3, 7.0, -50.0, 1e4, 8192, 1)):
        write_camera(tmp_path / "a.json", seen)
        assert read_camera(tmp_path / "a.json") == seen


def test_the_camera_of_the_readme_sees_the_face(tmp_path: Path, head_model: HeadModel):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    path = tmp_path / "camera.json"
    path.write_text(re.findall(r"```json\n(.*?)```", readme, flags=re.DOTALL)[0])
    seen = read_camera(path)
    placed = seen.project(head_model.v_template)
    assert (placed[:, :2] > 0).all()
    assert (placed[:, :2] < seen.size).all()
    assert placed[head_model.v_template[:, 1].argmax(), 1] < placed[head_model.v_template[:, 1].argmin(), 1]
    assert seen.eye[2] > 0.5
