"""Clips of other programs, against slow conversions of what was put into their files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat
from scipy.spatial.transform import Rotation

from studio.backends import create_backend
from studio.flame.model import HeadModel
from studio.flame.versions import FLAME_2020, FLAME_2023
from studio.scripting.files import kind_of
from studio.sequence import bvh
from studio.sequence.adapt import finished_report, on_model
from studio.sequence.clip import Clip
from studio.sequence.files import read_clip, read_recording
from studio.sequence.report import ImportReport
from studio.sequence.stream import open_clip
from tests.sequence import foreign
from tests.sequence.foreign import COUNT


@pytest.fixture(scope="session")
def flame(tiny_model: HeadModel) -> HeadModel:
    """A model with FLAME's numbers of components, on a small mesh."""
    random = np.random.default_rng(3)
    count = tiny_model.vertex_count

    def basis(components: int) -> np.ndarray:
        made = random.normal(0.0, 1e-4, (count, 3, components)).astype(np.float32)
        made.setflags(write=False)
        return made

    return replace(
        tiny_model,
        name="FLAME for tests",
        version=FLAME_2020,
        digest="20" * 32,
        shapedirs=basis(300),
        expressiondirs=basis(100),
    )


def taken(path: Path, model: HeadModel) -> tuple[Clip, ImportReport, list[str]]:
    """The clip and its report; what is read at once and what is streamed must be the same."""
    assert kind_of(path) == "clip"
    clip, notices = read_clip(path, model)
    with open_clip(path, model) as stream:
        assert len(stream) == len(clip)
        assert stream.fps == clip.fps
        for index in range(len(clip)):
            assert stream.frame(index) == clip.frame(index)
    return clip, finished_report(read_recording(path), clip, notices), notices


def told(report: ImportReport) -> str:
    return "\n".join(report.lines())


def assert_turned(actual: np.ndarray, vectors: np.ndarray) -> None:
    """``actual`` turns as ``vectors`` do."""
    apart = Rotation.from_rotvec(actual.reshape(-1, 3)) * Rotation.from_rotvec(vectors.reshape(-1, 3)).inv()
    assert apart.magnitude().max() < 1e-6


@pytest.mark.parametrize("tensors", [False, True])
def test_metrical_tracker(tmp_path: Path, flame: HeadModel, tensors: bool) -> None:
    clip, report, _ = taken(foreign.save_tracker(tmp_path, torch_tensors=tensors), flame)
    assert len(clip) == COUNT
    np.testing.assert_array_equal(clip.expr, foreign.numbers(3, COUNT, 100).astype(np.float32))
    np.testing.assert_array_equal(clip.shape, foreign.numbers(4, 1, 300)[0].astype(np.float32))
    assert_turned(clip.jaw_pose, foreign.turns(1, COUNT))
    assert_turned(clip.eyes_pose, foreign.turns(2, COUNT, 2))
    np.testing.assert_array_equal(clip.eyelids, np.tile(np.float32([0.25, 0.5]), (COUNT, 1)))
    assert report.made_on == FLAME_2020
    for words in (
        "flame/jaw as jaw (6 numbers, 6-D rotations made axis-angle)",
        "flame/tex",
        "camera stands still",
    ):
        assert words in told(report)


def test_the_head_of_a_tracker_moves_as_its_camera_did(tmp_path: Path, flame: HeadModel) -> None:
    clip, _ = read_clip(foreign.save_tracker(tmp_path), flame)
    backend = create_backend("torch", flame, "cpu")
    start = None
    for index, params in enumerate(clip.frames()):
        moved = backend.forward(params).vertices.astype(np.float64)
        still = backend.forward(params.replace(rotation=np.zeros(3), translation=np.zeros(3))).vertices
        turn, shift = foreign.head_before_camera(index)
        expected = still.astype(np.float64) @ turn.T + shift
        start = (moved - expected).mean(axis=0) if start is None else start
        np.testing.assert_allclose(moved - expected, np.broadcast_to(start, moved.shape), atol=2e-6)
    root = create_backend("torch", flame, "cpu").forward(clip.frame(0)).joints[0]
    rest = (
        create_backend("torch", flame, "cpu").forward(clip.frame(0).replace(rotation=np.zeros(3))).joints[0]
    )
    assert np.abs(root - rest).max() < 5e-3


def test_a_camera_of_pytorch3d_says_the_same(tmp_path: Path, flame: HeadModel) -> None:
    import torch

    for name, lost in (("a", "camera"), ("b", "opencv")):
        (tmp_path / name).mkdir()
        for index in range(COUNT):
            frame = foreign.tracker_frame(index)
            del frame[lost]
            torch.save(frame, tmp_path / name / f"{index:05d}.frame")
    first, second = (read_clip(tmp_path / name, flame)[0] for name in ("a", "b"))
    assert_turned(first.rotation, second.rotation)
    np.testing.assert_allclose(first.translation, second.translation, atol=1e-6)


@pytest.mark.parametrize("ending", ["npz", "pkl", "pickle2", "npy", "mat", "nested"])
def test_codes_of_deca(tmp_path: Path, flame: HeadModel, ending: str) -> None:
    codes = foreign.deca()
    path = tmp_path / f"codes.{ending}"
    if ending == "npz":
        np.savez(path, **codes)
    elif ending == "npy":
        np.save(path, codes, allow_pickle=True)
    elif ending == "mat":
        savemat(path, codes, do_compression=True)
    elif ending == "nested":
        foreign.save_pickle(path, {"codedict": codes})
    else:
        foreign.save_pickle(path, codes, 2 if ending == "pickle2" else 4)
    clip, report, notices = taken(path, flame)
    np.testing.assert_array_equal(clip.shape, np.pad(codes["shape"][0], (0, 200)))
    np.testing.assert_array_equal(clip.expr[0], np.pad(codes["exp"][0], (0, 50)))
    np.testing.assert_array_equal(clip.rotation[0], codes["pose"][0, :3])
    np.testing.assert_array_equal(clip.jaw_pose[0], codes["pose"][0, 3:])
    assert not clip.neck_pose.any()
    assert report.made_on == FLAME_2020
    assert "50 numbers, padded to 100" in told(report)
    left = {entry.source.rpartition("/")[2]: entry.why for entry in report.dropped}
    assert left.keys() == {"tex", "cam", "light", "detail"}
    assert "camera" in left["cam"]
    assert any("50 of the 100 expression" in notice for notice in notices)


def test_the_surface_of_deca_is_no_code(tmp_path: Path, flame: HeadModel) -> None:
    head = foreign.numbers(1, flame.vertex_count, 3) * 0.05
    savemat(tmp_path / "opdict.mat", {"verts": head[None], "landmarks2d": np.zeros((1, 68, 3))})
    clip, report, _ = taken(tmp_path / "opdict.mat", flame)
    vertices = create_backend("torch", flame, "cpu").forward(clip.frame(0)).vertices
    np.testing.assert_allclose(vertices, head, atol=1e-6)
    assert "not its codes" in told(report)


def test_folders_of_emoca(tmp_path: Path, flame: HeadModel) -> None:
    out = foreign.save_emoca(tmp_path)
    clip, report, _ = taken(out, flame)
    for index in range(COUNT):
        codes = foreign.deca(10 * index)
        np.testing.assert_array_equal(clip.expr[index, :50], codes["exp"][0])
        np.testing.assert_array_equal(clip.jaw_pose[index], codes["pose"][0, 3:])
    np.testing.assert_array_equal(clip.shape[:100], foreign.deca(0)["shape"][0])
    assert (report.layout, report.made_on) == ("codes of EMOCA", FLAME_2020)
    one, _, _ = taken(out / "frame_3", flame)
    np.testing.assert_array_equal(one.expr, clip.expr[3:4])


def test_flame_head_tracker(tmp_path: Path, flame: HeadModel) -> None:
    entries = foreign.head_tracker()
    np.savez(tmp_path / "0.npz", **entries)
    clip, report, _ = taken(tmp_path / "0.npz", flame)
    for name, key in (("rotation", "head_pose"), ("neck_pose", "neck_pose"), ("eyes_pose", "eye_pose")):
        np.testing.assert_array_equal(getattr(clip, name), entries[key])
    assert report.layout == "frames of flame-head-tracker"
    assert {entry.source for entry in report.dropped} == {"tex", "light", "cam", "fov", "K"}


def test_identity_of_mica(tmp_path: Path, flame: HeadModel) -> None:
    np.save(tmp_path / "identity.npy", foreign.numbers(2, 300).astype(np.float32))
    clip, report, notices = taken(tmp_path / "identity.npy", flame)
    np.testing.assert_array_equal(clip.shape, foreign.numbers(2, 300).astype(np.float32))
    assert len(clip) == 1
    assert not clip.expr.any()
    assert report.made_on == FLAME_2020
    assert notices == []


def test_imavatar(tmp_path: Path, flame: HeadModel) -> None:
    clip, report, _ = taken(foreign.save_json(tmp_path / "flame_params.json", foreign.imavatar()), flame)
    np.testing.assert_array_equal(clip.shape[:100], foreign.numbers(1, 100).astype(np.float32))
    np.testing.assert_array_equal(clip.expr[:, :50], foreign.numbers(2, COUNT, 50).astype(np.float32))
    joints = foreign.turns(3, COUNT, 5).astype(np.float32)
    np.testing.assert_array_equal(clip.rotation, joints[:, 0])
    np.testing.assert_array_equal(clip.neck_pose, joints[:, 1])
    np.testing.assert_array_equal(clip.eyes_pose, joints[:, 3:].reshape(COUNT, 6))
    sources = {entry.source for entry in report.dropped}
    assert sources == {"intrinsics", "frames/file_path", "frames/world_mat", "frames/bbox"}


def test_ringnet(tmp_path: Path, flame: HeadModel) -> None:
    values = {"cam": np.zeros(3), "pose": foreign.turns(1, 2).reshape(6), "shape": foreign.numbers(2, 100),
              "expression": foreign.numbers(3, 50)}  # fmt: skip
    np.save(tmp_path / "image.npy", values, allow_pickle=True)
    clip, report, _ = taken(tmp_path / "image.npy", flame)
    np.testing.assert_array_equal(clip.expr[0, :50], values["expression"].astype(np.float32))
    np.testing.assert_array_equal(clip.jaw_pose[0], values["pose"][3:].astype(np.float32))
    assert report.layout == "parameters of RingNet"


def test_tf_flame(tmp_path: Path, flame: HeadModel) -> None:
    pose = foreign.turns(2, COUNT, 4).reshape(COUNT, 12)
    np.savez(tmp_path / "tf.npz", trans=foreign.numbers(1, COUNT, 3), rot=foreign.turns(4, COUNT), pose=pose)
    clip, report, _ = taken(tmp_path / "tf.npz", flame)
    np.testing.assert_array_equal(clip.rotation, foreign.turns(4, COUNT).astype(np.float32))
    np.testing.assert_array_equal(clip.neck_pose, pose[:, :3].astype(np.float32))
    np.testing.assert_array_equal(clip.jaw_pose, pose[:, 3:6].astype(np.float32))
    np.testing.assert_array_equal(clip.eyes_pose, pose[:, 6:].astype(np.float32))
    np.testing.assert_array_equal(clip.translation, foreign.numbers(1, COUNT, 3).astype(np.float32))
    assert report.layout == "parameters of TF_FLAME"


def vhap() -> dict[str, np.ndarray]:
    joints = {
        name: foreign.turns(seed, COUNT) for seed, name in enumerate(("rotation", "neck_pose", "jaw_pose"))
    }
    return {
        **joints,
        "translation": foreign.numbers(4, COUNT, 3),
        "eyes_pose": foreign.turns(5, COUNT, 2).reshape(COUNT, 6),
        "shape": foreign.numbers(6, 300),
        "expr": foreign.numbers(7, COUNT, 100),
        "timestep_id": np.array([f"{index:05d}" for index in range(COUNT)]),
        "n_processed_frames": np.array(COUNT),
        "image_size": np.array([802, 550]),
        "focal_length": np.array([1.5]),
        "lights": np.zeros((9, 3)),
        "static_offset": np.zeros((1, 5143, 3)),
    }


def test_vhap_is_of_another_release_and_says_so(tmp_path: Path, flame: HeadModel) -> None:
    np.savez(tmp_path / "tracked_flame_params_30.npz", **vhap())
    clip, report, notices = taken(tmp_path / "tracked_flame_params_30.npz", flame)
    np.testing.assert_array_equal(clip.expr, vhap()["expr"].astype(np.float32))
    assert (report.layout, report.made_on) == ("tracking of VHAP", FLAME_2023)
    assert any(FLAME_2023 in notice and "versions do not mean the same" in notice for notice in notices)
    _, notices = read_clip(tmp_path / "tracked_flame_params_30.npz", replace(flame, version=FLAME_2023))
    assert not any("do not mean the same" in notice for notice in notices)
    assert {"lights", "focal_length", "timestep_id"} <= {entry.source for entry in report.dropped}


def test_canonical_parameters_are_a_still(tmp_path: Path, flame: HeadModel) -> None:
    entries = {
        name: values[:1] for name, values in vhap().items() if name not in ("shape", "n_processed_frames")
    }
    entries["jaw_pose"] = np.array([[0.3, 0.0, 0.0]])
    np.savez(tmp_path / "canonical_flame_param.npz", **entries, shape=vhap()["shape"])
    clip, _, _ = taken(tmp_path / "canonical_flame_param.npz", flame)
    assert len(clip) == 1
    assert clip.jaw_pose[0, 0] == np.float32(0.3)


def test_a_data_set_is_its_frames(tmp_path: Path, flame: HeadModel) -> None:
    folder = tmp_path / "person" / "flame_param"
    folder.mkdir(parents=True)
    frames = {name: values for name, values in vhap().items() if name not in ("n_processed_frames",)}
    for index in range(COUNT):
        still = {
            name: values[index : index + 1] if len(values) == COUNT else values
            for name, values in frames.items()
        }
        np.savez(folder / f"{index:05d}.npz", **still)
    np.savez(tmp_path / "person" / "canonical_flame_param.npz", expr=np.zeros((1, 100)))
    foreign.save_json(tmp_path / "person" / "transforms.json", {"frames": [{"rotation": [0, 0, 0]}]})
    clip, report, _ = taken(tmp_path / "person", flame)
    np.testing.assert_array_equal(clip.expr, vhap()["expr"].astype(np.float32))
    np.testing.assert_array_equal(clip.shape, vhap()["shape"].astype(np.float32))
    assert report.frames == COUNT


@pytest.mark.parametrize(("shape", "width"), [((COUNT, 3, 3), 9), ((COUNT, 1, 3), 3), ((COUNT, 6), 6)])
def test_other_ways_to_write_a_turn(tmp_path: Path, flame: HeadModel, shape: tuple, width: int) -> None:
    vectors = foreign.turns(2, COUNT)
    matrices = Rotation.from_rotvec(vectors).as_matrix()
    written = {9: matrices, 3: vectors, 6: matrices[:, :2].reshape(COUNT, 6)}[width].reshape(shape)
    both = foreign.rows_of(foreign.turns(3, COUNT, 2))
    np.savez(
        tmp_path / "c.npz", jaw=written, leye_pose=both[:, 0], reye_pose=both[:, 1], expr=np.zeros((COUNT, 4))
    )
    clip, _, _ = taken(tmp_path / "c.npz", flame)
    assert_turned(clip.jaw_pose, vectors)
    assert_turned(clip.eyes_pose, foreign.turns(3, COUNT, 2))


@pytest.mark.parametrize("part", [1, 7, 50])
def test_numbers_of_a_skeleton_that_are_read_in_parts_are_the_same(
    tmp_path: Path, flame: HeadModel, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    path = foreign.save_bvh(tmp_path / "walk.bvh", foreign.bvh_rows())
    whole, _, _ = taken(path, flame)
    monkeypatch.setattr(bvh, "PART", part)
    clip, _, _ = taken(path, flame)
    np.testing.assert_array_equal(clip.neck_pose, whole.neck_pose)


def test_turns_of_a_skeleton(tmp_path: Path, flame: HeadModel) -> None:
    rows = foreign.bvh_rows()
    clip, report, _ = taken(foreign.save_bvh(tmp_path / "walk.bvh", rows), flame)
    neck = Rotation.from_euler("ZXY", rows[:, 9:12], degrees=True)
    head = Rotation.from_euler("YXZ", rows[:, 12:15], degrees=True)
    assert_turned(clip.neck_pose, (neck * head).as_rotvec())
    assert not clip.rotation.any()
    assert clip.fps == 30.0
    assert {entry.source for entry in report.dropped} == {"Hips", "Spine", "LeftArm"}
    assert "Neck and Head as neck" in told(report)


def test_a_take_on_another_model_says_what_it_lost(tmp_path: Path, tiny_model: HeadModel) -> None:
    np.savez(tmp_path / "codes.npz", **foreign.deca())
    clip, notices = on_model(read_recording(tmp_path / "codes.npz"), tiny_model, "codes.npz")
    report = finished_report(read_recording(tmp_path / "codes.npz"), clip, notices)
    assert "cut to 4" in told(report)
    assert "cut to 6" in told(report)
