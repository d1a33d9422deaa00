"""Clips in every layout: read for what they are, or refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.sequence.files import is_clip, read_clip
from studio.storage.errors import StudioError
from tests.sequence.layouts import LAYOUTS, columns, oxigaf_frames, write


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_clip(tmp_path: Path, tiny_model: HeadModel, layout: str) -> None:
    arrays = columns(11)
    path = write(layout, tmp_path, arrays)
    clip, _ = read_clip(path, tiny_model)
    for name, values in arrays.items():
        np.testing.assert_array_equal(getattr(clip, name), values)
    assert clip.fps == {"json": 60.0, "packed": 30.0}.get(layout, 25.0)
    if layout != "numbered":
        assert is_clip(path)


def frame(**changes: Any) -> dict[str, Any]:
    """A frame of oxigaf-flame's JSON, written by hand."""
    usual = {"shape": [0.5, 1], "expression": [0.1, -0.2], "pose": [0.0] * 6 + [0.3] + [0] * 8}
    return {**usual, "translation": None, **changes}


def save(folder: Path, content: Any, name: str = "clip.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_frame_written_by_hand(tmp_path: Path, tiny_model: HeadModel) -> None:
    moved = frame(expression=[[1.0, 0.0]], translation=[0, 0.25, 0])
    path = save(tmp_path, {"frames": [frame(translation=[0, 0, 0]), moved], "fps": 12.5, "note": {"a": []}})
    clip, _ = read_clip(path, tiny_model)
    assert (len(clip), clip.fps) == (2, 12.5)
    assert clip.jaw_pose[1].tolist() == pytest.approx([0.3, 0.0, 0.0])
    assert clip.expr.tolist()[1] == [1.0, 0.0, 0.0, 0.0]
    assert clip.shape.tolist()[:3] == [0.5, 1.0, 0.0]
    assert clip.translation.tolist()[1] == [0.0, 0.25, 0.0]


def test_one_identity_beside_the_frames(tmp_path: Path, tiny_model: HeadModel) -> None:
    frames = [{"expr": [0.1], "jaw_pose": [0.2, 0, 0]}, {"expr": [0.3], "jaw_pose": [0.4, 0, 0]}]
    clip, _ = read_clip(save(tmp_path, {"shape": [2.0], "frames": frames}), tiny_model)
    assert clip.shape[0] == 2.0
    assert clip.jaw_pose[:, 0].tolist() == pytest.approx([0.2, 0.4])


def test_a_single_frame_without_a_list(tmp_path: Path, tiny_model: HeadModel) -> None:
    clip, notices = read_clip(save(tmp_path, frame()), tiny_model)
    assert len(clip) == 1
    assert not any("rate" in notice for notice in notices)


NESTED = "[" * 5000 + "]" * 5000
HOSTILE = {
    "ragged": ({"frames": [frame(), frame(expression=[1.0])]}, "expression in frame 1 .* 1 numbers .* 2"),
    "missing": ({"frames": [frame(), {"shape": [0, 0], "expression": [0, 0]}]}, "Frame 1 .* has no pose"),
    "added": ({"frames": [frame(), frame(neck_pose=[0, 0, 0])]}, "Frame 1 .* has neck_pose"),
    "text": ({"frames": [frame(), frame(pose="none")]}, "pose in frame 1 .* no list of numbers"),
    "words": ({"frames": [frame(expression=["a", "b"])]}, "expression in frame 0 .* no list of numbers"),
    "truth": ({"frames": [frame(expression=[True, False])]}, "expression in frame 0 .* no list of numbers"),
    "holes": ({"frames": [frame(expression=[0.0, None])]}, "expression in frame 0 .* no list of numbers"),
    "deep lists": ({"frames": [frame(expression=[[0.0], [1.0]])]}, "expression in frame 0 .* no list"),
    "no object": ({"frames": [frame(), [1, 2]]}, "Frame 1 .* no object"),
    "no list": ({"frames": {"0": frame()}}, "no list of frames"),
    "no frames": ({"frames": []}, "none of a clip's parameters"),
    "other keys": ({"frames": [{"camera": [1.0]}]}, "none of a clip's parameters"),
    "nothing": ({}, "none of a clip's parameters"),
    "NaN": ('{"frames": [{"expression": [0, 1]}, {"expression": [0, NaN]}]}', "finite number in frame 1"),
    "endless": ('{"frames": [{"expression": [1e999]}]}', "finite number in frame 0"),
    "huge": ('{"frames": [{"expression": [1' + "0" * 400 + "]}]}", "beyond all bounds"),
    "digits": ('{"frames": [{"expression": [1' + "0" * 9000 + "]}]}", "too many digits"),
    "beyond": ({"frames": [frame(pose=[1e4] * 15)]}, "pose .* beyond"),
    "pose of 7": ({"frames": [frame(pose=[0.0] * 7)]}, "3, 6, 12 or 15"),
    "empty rows": ({"frames": [frame(pose=[])]}, "3, 6, 12 or 15"),
    "ragged columns": ({"expr": [[1, 2], [3]]}, "different lengths"),
    "columns of text": ({"expr": [["a"], ["b"]]}, "does not hold numbers"),
    "columns of unequal length": ({"expr": [[1], [2]], "jaw_pose": [[0, 0, 0]] * 3}, "2 frames .* 3"),
    "cube": ({"expr": [[[1.0]]]}, "shape"),
    "deep": ('{"frames": [{"expression": ' + NESTED + "}]}", "nested deeper"),
    "twice": ('{"frames": [{"expression": [1], "expression": [2]}]}', "twice"),
    "frames twice": ('{"frames": [{"expression": [1]}], "frames": []}', "twice"),
    "rest": ('{"frames": [{"expression": [1]}]} and more', "not whole JSON"),
    "cut": ('{"frames": [{"expression": [1, 2', "not whole JSON"),
    "list": ("[1, 2]", "no JSON object"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_json_is_refused_in_one_sentence(tmp_path: Path, tiny_model: HeadModel, case: str) -> None:
    content, words = HOSTILE[case]
    with pytest.raises(StudioError, match=words) as told:
        read_clip(save(tmp_path, content), tiny_model)
    assert "clip.json" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["clip.json", "clip.npz"])
def test_an_empty_file_is_refused(tmp_path: Path, tiny_model: HeadModel, name: str) -> None:
    with pytest.raises(StudioError, match=name.replace(".", r"\.")):
        read_clip(save(tmp_path, "", name), tiny_model)


def test_random_damage_never_ends_in_anything_but_a_sentence(tmp_path: Path, tiny_model: HeadModel) -> None:
    random = np.random.default_rng(6)
    whole = json.dumps({"fps": 25, "frames": oxigaf_frames(columns(2))}).encode()
    for _ in range(300):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            damaged[place] = random.integers(0, 256)
        path = tmp_path / "clip.json"
        path.write_bytes(damaged[: random.integers(1, len(whole) + 1)])
        told = "clip.json"
        try:
            read_clip(path, tiny_model)
        except StudioError as error:
            told = str(error)
        assert "clip.json" in told


def test_other_json_is_no_clip(tmp_path: Path) -> None:
    camera = {"frames": [{"file_path": "a.png", "rotation": 0.01, "transform_matrix": [[1, 0, 0, 0]]}]}
    assert not is_clip(save(tmp_path, camera, "transforms.json"))
    assert not is_clip(save(tmp_path, {"R": [], "translation": [0, 0, 1]}, "camera.json"))
    assert is_clip(save(tmp_path, '{"frames": [{"expression": [1, 2', "damaged.json"))
    assert not is_clip(save(tmp_path, 'note "expr": 1', "note.txt"))


def test_frames_come_in_the_order_of_their_numbers(tmp_path: Path, tiny_model: HeadModel) -> None:
    for number in (10, 9, 100, 1):
        save(tmp_path, frame(expression=[number, 0]), f"f{number}.json")
    (tmp_path / "._f1.json").write_bytes(b"\0\0hidden by the system")
    clip, _ = read_clip(tmp_path, tiny_model)
    assert clip.expr[:, 0].tolist() == [1, 9, 10, 100]


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("{}.json", [0, 7, 12]),
        ("%d.json", [0, 7, 12]),
        ("{:04}.json", [3, 12, 12345]),
        ("{:04d}.json", [3, 12, 12345]),
        ("%04d.json", [3, 12, 12345]),
        ("take.%d.json", [5]),
    ],
)
def test_patterns_name_their_files_and_no_other(
    tmp_path: Path, tiny_model: HeadModel, pattern: str, wanted: list[int]
) -> None:
    for name in ("0", "7", "12", "0003", "0012", "12345", "00012", "take.5", "takex5", "7b"):
        digits = "".join(sign for sign in name if sign.isdigit())
        save(tmp_path, frame(expression=[int(digits) / 100, 0]), f"{name}.json")
    if pattern in ("{}.json", "%d.json"):
        (tmp_path / "12345.json").unlink()
    clip, notices = read_clip(tmp_path / pattern, tiny_model)
    assert (clip.expr[:, 0] * 100).tolist() == pytest.approx(wanted)
    assert any("numbers out" in notice for notice in notices) == (len(wanted) > 1)


def test_a_pattern_without_files_is_refused(tmp_path: Path, tiny_model: HeadModel) -> None:
    for pattern in ("{}.npz", "%05d.json"):
        with pytest.raises(StudioError, match="No file in"):
            read_clip(tmp_path / pattern, tiny_model)
    with pytest.raises(StudioError, match="cannot be read"):
        read_clip(tmp_path / "gone" / "{}.npz", tiny_model)


def test_a_folder_of_whole_clips_is_refused(tmp_path: Path, tiny_model: HeadModel) -> None:
    for name in ("a.npz", "b.npz"):
        np.savez(tmp_path / name, **columns(5))
    with pytest.raises(StudioError, match=r"a\.npz in .* holds 5 frames"):
        read_clip(tmp_path, tiny_model)
    (tmp_path / "b.npz").unlink()
    assert len(read_clip(tmp_path, tiny_model)[0]) == 5


def test_a_folder_of_arrays_as_trackers_leave_it(tmp_path: Path, tiny_model: HeadModel) -> None:
    for name, width in {"shape": 100, "exp": 50, "tex": 50, "pose": 6}.items():
        np.save(tmp_path / f"{name}.npy", np.full(width, 0.25))
    clip, _ = read_clip(tmp_path, tiny_model)
    assert (len(clip), clip.expr[0, 0], clip.jaw_pose[0, 0]) == (1, 0.25, 0.25)
    np.save(tmp_path / "exp.npy", np.array([{"a": 1}], object))
    with pytest.raises(StudioError, match=r"exp\.npy"):
        read_clip(tmp_path, tiny_model)
