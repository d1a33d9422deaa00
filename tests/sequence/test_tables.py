"""Tables of names, face captures, uneven times, and gaps that are filled."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from studio.controls.captured import on_model
from studio.controls.named_controls import control_set, read
from studio.flame.model import HeadModel
from studio.scripting.files import kind_of
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.files import read_clip, read_recording, write_clip
from studio.sequence.joints import GapsError
from studio.sequence.stream import open_clip
from tests.sequence import foreign


def save(path: Path, header: list[str], rows: list[list[object]], between: str = ",") -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=between)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_columns_by_name(tmp_path: Path, tiny_model: HeadModel, between: str) -> None:
    header = ["frame", "time", "expr_0", "expr[2]", "jaw_pose/x", "left_eye.y", "eyelids/right", "colour"]
    rows = [[i, i / 50, i, 2 * i, 0.1 * i, -0.1 * i, 0.25, 7] for i in range(5)]
    path = save(tmp_path / "clip.csv", header, rows, between)
    assert kind_of(path) == "clip"
    clip, _ = read_clip(path, tiny_model)
    np.testing.assert_allclose(clip.expr, [[i, 0, 2 * i, 0] for i in range(5)])
    np.testing.assert_allclose(clip.jaw_pose, [[0.1 * i, 0, 0] for i in range(5)], rtol=1e-6)
    np.testing.assert_allclose(clip.eyes_pose[:, 1], [-0.1 * i for i in range(5)], rtol=1e-6)
    np.testing.assert_allclose(clip.eyelids, [[0, 0.25]] * 5)
    assert clip.fps == 50.0
    assert [entry.source for entry in read_recording(path).report.dropped] == ["colour"]


@pytest.mark.parametrize("layout", ["clip.npz", "clip.json", "clip.csv", "frames"])
@pytest.mark.parametrize("fps", [25.0, 23.976, 29.97, 120.0, 11.3])
def test_what_is_written_is_read_back(tmp_path: Path, tiny_model: HeadModel, layout: str, fps: float) -> None:
    random = np.random.default_rng(2)
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: random.normal(0, 0.3, (9, width)) for name, width in widths.items()}
    made = Clip(shape=random.normal(size=6), eyelids=random.random((9, 2)), fps=fps, **channels)
    write_clip(tmp_path / layout, made, tiny_model)
    back, _ = read_clip(tmp_path / layout, tiny_model)
    assert back.fps == pytest.approx(fps, rel=1e-9)
    for name in ("shape", *CHANNELS):
        np.testing.assert_array_equal(getattr(back, name), getattr(made, name))


def test_named_components_in_a_table_go_by_name(tmp_path: Path, head_model: HeadModel) -> None:
    header = ["expr/jawForward", "expr/mouthSmileLeft", "expr/nothing"]
    clip, notices = read_clip(save(tmp_path / "c.csv", header, [[0.5, 0.25, 1.0]] * 3), head_model)
    names = head_model.expression_names
    assert clip.expr[1, names.index("jawForward")] == 0.5
    assert clip.expr[1, names.index("mouthSmileLeft")] == 0.25
    assert any("nothing" in notice for notice in notices)


def test_a_phone_drives_the_named_controls(tmp_path: Path, head_model: HeadModel) -> None:
    rows = [
        {"JawOpen": 0.1 * i, "MouthSmileLeft": 0.5, "EyeBlinkRight": 0.75, "HeadYaw": 0.02 * i,
         "HeadPitch": -0.1,
         "EyeLookOutLeft": 0.3, "EyeLookInRight": 0.3}
        for i in range(8)
    ]  # fmt: skip
    path = foreign.save_face_csv(tmp_path / "MySlate.csv", rows, [foreign.timecode(i) for i in range(8)])
    assert kind_of(path) == "clip"
    clip, _ = read_clip(path, head_model, adapt=on_model)
    assert clip.fps == 60.0
    controls = control_set(head_model)
    with open_clip(path, head_model, adapt=on_model) as stream:
        for index in (0, 3, 7):
            assert stream.frame(index) == clip.frame(index)
            values = read(controls, clip.frame(index))
            assert values["jawOpen"] == pytest.approx(0.1 * index, abs=1e-4)
            assert values["mouthSmileLeft"] == pytest.approx(0.5, abs=1e-4)
            assert values["eyeBlinkRight"] == pytest.approx(0.75, abs=1e-4)
            assert values["eyeLookOutLeft"] == pytest.approx(0.3, abs=1e-4)
            wanted = Rotation.from_euler("YXZ", [0.02 * index, -0.1, 0.0])
            neck, root = (
                Rotation.from_rotvec(getattr(clip, name)[index]) for name in ("neck_pose", "rotation")
            )
            assert (root * neck * wanted.inv()).magnitude() < 1e-6
            assert values["headTurn"] == pytest.approx(0.02 * index, abs=1e-2)
            assert values["headNod"] == pytest.approx(-0.1, abs=1e-2)
    report = read_recording(path).report
    assert "radians" in " ".join(report.notes)
    assert {entry.source for entry in report.dropped} >= {"BlendShapeCount", "LeftEyeYaw"}


def test_lips_close_no_farther_than_the_jaw_is_open(tmp_path: Path, head_model: HeadModel) -> None:
    rows = [{"JawOpen": 0.2, "MouthClose": 0.9}, {"JawOpen": 0.6, "MouthClose": 0.3}]
    path = foreign.save_face_csv(tmp_path / "lips.csv", rows, [foreign.timecode(i) for i in range(2)])
    clip, _ = read_clip(path, head_model, adapt=on_model)
    controls = control_set(head_model)
    closed = [read(controls, clip.frame(index))["mouthClose"] for index in range(2)]
    assert closed == pytest.approx([0.2, 0.3], abs=1e-4)


def test_gaze_by_angles_where_its_units_are_empty(tmp_path: Path, head_model: HeadModel) -> None:
    rows = [{"LeftEyeYaw": 0.2, "RightEyeYaw": 0.2, "LeftEyePitch": 0.1, "RightEyePitch": 0.1}] * 3
    path = foreign.save_face_csv(tmp_path / "eyes.csv", rows, [foreign.timecode(i) for i in range(3)])
    clip, _ = read_clip(path, head_model, adapt=on_model)
    np.testing.assert_allclose(clip.eyes_pose[1], [0.1, 0.2, 0, 0.1, 0.2, 0], atol=1e-6)


@pytest.mark.parametrize(("rate", "base"), [(60.0, 60), (30.0, 60), (30.0, 30)])
def test_the_rate_of_a_timecode_that_jumps(
    tmp_path: Path, head_model: HeadModel, rate: float, base: int
) -> None:
    step = base // int(rate)
    frames = [*range(0, 100 * step, step), *range(5000 * step, 5080 * step, step)]
    frames[50:52] = []  # lost
    rows = [{"JawOpen": 0.001 * i} for i in range(len(frames))]
    path = foreign.save_face_csv(tmp_path / "jump.csv", rows, [foreign.timecode(i, base) for i in frames])
    recording = read_recording(path)
    assert recording.fps == rate
    assert len(recording) == len(frames) + 2
    assert "jumps 1 time" in " ".join(recording.report.notes)


def test_a_phone_on_a_model_without_names(tmp_path: Path, tiny_model: HeadModel) -> None:
    path = foreign.save_face_csv(tmp_path / "a.csv", [{"HeadRoll": 0.2}] * 2, ["0:00:00:01", "0:00:00:02"])
    clip, _ = read_clip(path, tiny_model)
    assert not clip.pose.any()


def test_uneven_times_become_an_even_rate(tmp_path: Path, tiny_model: HeadModel) -> None:
    times = np.array([0.0, 0.04, 0.08, 0.16, 0.2, 0.27, 0.32])
    vectors = foreign.turns(5, len(times))
    np.savez(tmp_path / "t.npz", timestamps=times, jaw_pose=vectors, expr=np.outer(times, [1, 2, 0, 0]))
    clip, notices = read_clip(tmp_path / "t.npz", tiny_model)
    assert (len(clip), clip.fps) == (9, 25.0)
    wanted = np.arange(9) / 25.0
    np.testing.assert_allclose(clip.expr[:, 1], 2 * wanted, atol=1e-6)
    expected = Slerp(times, Rotation.from_rotvec(vectors))(wanted)
    apart = (Rotation.from_rotvec(clip.jaw_pose) * expected.inv()).magnitude()
    assert apart.max() < 1e-6
    assert any("resampled to 9 at 25 a second" in notice for notice in notices)
    with open_clip(tmp_path / "t.npz", tiny_model) as stream:
        assert all(stream.frame(index) == clip.frame(index) for index in range(9))


@pytest.mark.parametrize(("factor", "fps"), [(1.0, 29.97), (1e3, 29.97), (1e6, 29.97), (1.0, 23.976)])
def test_even_times_say_the_rate(tmp_path: Path, tiny_model: HeadModel, factor: float, fps: float) -> None:
    frames = [
        {"timestamp": round(1e6 + factor * i / fps, 3), "expression": [i, 0, 0, 0], "pose": [0, 0, 0]}
        for i in range(200)
    ]
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"frames": frames}))
    clip, notices = read_clip(path, tiny_model)
    assert len(clip) == 200
    assert clip.fps == pytest.approx(fps, rel=3e-4)
    np.testing.assert_array_equal(clip.expr[:, 0], np.arange(200))
    assert not any("frame rate" in notice for notice in notices)


def test_gaps_are_filled_on_the_sphere(tmp_path: Path, tiny_model: HeadModel) -> None:
    vectors = foreign.turns(5, 7)
    broken = vectors.copy()
    broken[[0, 3, 4, 6], [1, 0, 2, 1]] = np.nan
    expr = np.arange(28.0).reshape(7, 4)
    expr[5, 2] = np.inf
    np.savez(tmp_path / "g.npz", neck_pose=broken, expr=expr, fps=30)
    with pytest.raises(GapsError, match="frame 5"):
        read_clip(tmp_path / "g.npz", tiny_model)
    clip, notices = read_clip(tmp_path / "g.npz", tiny_model, fill=True)
    np.testing.assert_allclose(clip.expr, np.arange(28.0).reshape(7, 4), atol=1e-5)
    whole = [1, 2, 5]
    expected = Slerp(whole, Rotation.from_rotvec(vectors[whole]))([1, 1, 2, 3, 4, 5, 5])
    assert (Rotation.from_rotvec(clip.neck_pose) * expected.inv()).magnitude().max() < 1e-6
    assert any("gaps in 5 frames" in notice for notice in notices)
    with open_clip(tmp_path / "g.npz", tiny_model, fill=True) as stream:
        assert all(stream.frame(index) == clip.frame(index) for index in range(7))


def test_empty_cells_are_gaps(tmp_path: Path, tiny_model: HeadModel) -> None:
    rows = [[0.0, 1.0], ["", 2.0], [0.4, 3.0]]
    path = save(tmp_path / "c.csv", ["jaw_pose/x", "expr/0"], rows)
    with pytest.raises(GapsError, match="frame 1"):
        read_clip(path, tiny_model)
    clip, _ = read_clip(path, tiny_model, fill=True)
    np.testing.assert_allclose(clip.jaw_pose[:, 0], [0.0, 0.2, 0.4], atol=1e-6)
