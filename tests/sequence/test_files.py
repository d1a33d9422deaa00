from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.files import is_clip, read_clip, write_clip
from studio.storage.errors import StudioError

RANDOM = np.random.default_rng(3)


def vhap(frames: int = 5, shape: int = 6, expr: int = 4, vertices: int = 62) -> dict[str, np.ndarray]:
    """A file as VHAP writes it, in float64 and with what belongs to its tracker."""
    return {
        "shape": RANDOM.normal(size=shape),
        "expr": RANDOM.normal(size=(frames, expr)),
        "rotation": RANDOM.normal(0, 0.1, (frames, 3)),
        "neck_pose": RANDOM.normal(0, 0.1, (frames, 3)),
        "jaw_pose": RANDOM.normal(0, 0.1, (frames, 3)),
        "eyes_pose": RANDOM.normal(0, 0.1, (frames, 6)),
        "translation": RANDOM.normal(0, 0.1, (frames, 3)),
        "timestep_id": np.array([f"{i:05d}" for i in range(frames)]),
        "image_size": np.array([802, 550]),
        "lights": np.zeros((9, 3)),
        "static_offset": np.zeros((1, vertices, 3)),
    }


def save(folder: Path, entries: dict[str, np.ndarray], name: str = "clip.npz") -> Path:
    path = folder / name
    np.savez(path, **entries)
    return path


def named(model: HeadModel, names: tuple[str, ...]) -> HeadModel:
    """``model`` with named expression components, as the open head has."""
    return replace(model, name="named head", digest="ab" * 32, expression_names=names)


def test_vhap_file(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = vhap()
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    assert len(clip) == 5
    for name in ("shape", "expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation"):
        np.testing.assert_array_equal(getattr(clip, name), entries[name].astype(np.float32))
    assert clip.fps == 25.0
    assert notices == ["clip.npz does not say its frame rate; 25 frames a second are used."]


def test_rate_in_the_file_is_used(tmp_path: Path, tiny_model: HeadModel) -> None:
    clip, notices = read_clip(save(tmp_path, {**vhap(), "fps": np.array(59.94)}), tiny_model)
    assert clip.fps == 59.94
    assert notices == []


@pytest.mark.parametrize("rate", [0.0, -3.0, np.nan, np.inf, 1e-300])
def test_senseless_rate_is_replaced_and_told(tmp_path: Path, tiny_model: HeadModel, rate: float) -> None:
    clip, notices = read_clip(save(tmp_path, {**vhap(), "fps": np.array(rate)}), tiny_model)
    assert clip.fps == 25.0
    assert len(notices) == 1
    assert "frame rate" in notices[0]


def test_single_frame_of_a_nerf_set(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = {**vhap(1), "jaw_pose": np.array([0.3, 0.0, 0.0]), "dynamic_offset": np.zeros((1, 62, 3))}
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    assert len(clip) == 1
    assert clip.jaw_pose[0].tolist() == pytest.approx([0.3, 0.0, 0.0])
    assert notices == []


def test_folder_of_frames(tmp_path: Path, tiny_model: HeadModel) -> None:
    whole = vhap(4)
    folder = tmp_path / "flame_param"
    folder.mkdir()
    varying = ("expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation")
    for index in reversed(range(4)):
        frame = {**whole, **{name: whole[name][index : index + 1] for name in varying}}
        save(folder, frame, f"{index:05d}.npz")
    clip, notices = read_clip(folder, tiny_model)
    np.testing.assert_array_equal(clip.expr, whole["expr"].astype(np.float32))
    np.testing.assert_array_equal(clip.eyes_pose, whole["eyes_pose"].astype(np.float32))
    assert notices == ["flame_param does not say its frame rate; 25 frames a second are used."]


def test_empty_folder_is_refused(tmp_path: Path, tiny_model: HeadModel) -> None:
    with pytest.raises(StudioError, match="without npz files"):
        read_clip(tmp_path, tiny_model)


def test_constant_parameters_are_repeated(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = {**vhap(), "translation": np.array([[0.1, 0.2, 0.3]]), "neck_pose": np.array([0.1, 0.0, 0.0])}
    clip, _ = read_clip(save(tmp_path, entries), tiny_model)
    np.testing.assert_allclose(clip.translation, np.tile([0.1, 0.2, 0.3], (5, 1)), atol=1e-7)
    assert clip.neck_pose.shape == (5, 3)


def test_names_of_other_trackers(tmp_path: Path, tiny_model: HeadModel) -> None:
    pose = RANDOM.normal(0, 0.1, (2, 15)).astype(np.float32)
    path = save(
        tmp_path, {"betas": np.ones((1, 6)), "exp": np.zeros((2, 4)), "pose": pose, "transl": np.ones(3)}
    )
    clip, _ = read_clip(path, tiny_model)
    np.testing.assert_array_equal(clip.rotation, pose[:, :3])
    np.testing.assert_array_equal(clip.neck_pose, pose[:, 3:6])
    np.testing.assert_array_equal(clip.jaw_pose, pose[:, 6:9])
    np.testing.assert_array_equal(clip.eyes_pose, pose[:, 9:])
    assert clip.shape.tolist() == [1.0] * 6
    assert clip.translation.tolist() == [[1.0] * 3] * 2


@pytest.mark.parametrize(
    ("width", "fields"),
    [
        (3, ("jaw_pose",)),
        (6, ("rotation", "jaw_pose")),
        (12, ("neck_pose", "jaw_pose", "eyes_pose")),
        (15, ("rotation", "neck_pose", "jaw_pose", "eyes_pose")),
    ],
)
def test_what_a_pose_holds_is_told_by_its_width(
    tmp_path: Path, tiny_model: HeadModel, width: int, fields: tuple[str, ...]
) -> None:
    pose = RANDOM.normal(0, 0.1, (2, width)).astype(np.float32)
    clip, _ = read_clip(save(tmp_path, {"exp": np.zeros((2, 4)), "pose": pose}), tiny_model)
    np.testing.assert_array_equal(np.concatenate([getattr(clip, name) for name in fields], axis=1), pose)
    others = {"rotation", "neck_pose", "jaw_pose", "eyes_pose"} - set(fields)
    assert not any(getattr(clip, name).any() for name in others)


def test_shorter_vectors_are_padded_and_told(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = {**vhap(shape=3, expr=2), "fps": np.array(25)}
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    np.testing.assert_array_equal(clip.expr[:, :2], entries["expr"].astype(np.float32))
    assert not clip.expr[:, 2:].any()
    assert clip.shape.shape == (6,)
    assert [("expression" in n, "shape" in n) for n in notices] == [(True, False), (False, True)]


def test_longer_vectors_are_cut_and_told_only_where_something_is_lost(
    tmp_path: Path, tiny_model: HeadModel
) -> None:
    entries = {**vhap(shape=9, expr=8), "fps": np.array(25)}
    entries["shape"][6:] = 0.0
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    assert clip.expr.shape == (5, 4)
    assert len(notices) == 1
    assert "8 expression components" in notices[0]
    assert "from 5 on are left out" in notices[0]


def test_offsets_for_another_mesh_are_told(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = {**vhap(vertices=61), "fps": np.array(25)}
    entries["static_offset"] = RANDOM.normal(0, 0.01, (1, 61, 3))
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    assert clip.static_offset is None
    assert any("a mesh of 61, and tiny has 62: these offsets are left out" in notice for notice in notices)


def test_numbered_codes_do_not_reach_a_named_model(tmp_path: Path, tiny_model: HeadModel) -> None:
    model = named(tiny_model, ("a", "b", "c"))
    model = replace(model, expressiondirs=tiny_model.expressiondirs[:, :, :3])
    entries = {**vhap(), "fps": np.array(25)}
    clip, notices = read_clip(save(tmp_path, entries), model)
    assert not clip.expr.any()
    assert not clip.shape.any()
    np.testing.assert_array_equal(clip.jaw_pose, entries["jaw_pose"].astype(np.float32))
    assert len(notices) == 1
    assert "another head model" in notices[0]


def test_another_version_is_warned_about(tmp_path: Path, tiny_model: HeadModel) -> None:
    entries = {**vhap(), "fps": np.array(25), "model_name": "FLAME 2020", "model_digest": "ef" * 32}
    clip, notices = read_clip(save(tmp_path, entries), tiny_model)
    np.testing.assert_array_equal(clip.expr, entries["expr"].astype(np.float32))
    assert (clip.model_name, clip.model_digest) == ("FLAME 2020", "ef" * 32)
    assert len(notices) == 1
    assert "FLAME 2020" in notices[0]
    assert "versions do not mean the same" in notices[0]


def test_named_components_go_by_name(tmp_path: Path, tiny_model: HeadModel) -> None:
    source = named(tiny_model, ("jawForward", "smile", "blink", "puff"))
    clip, _ = read_clip(save(tmp_path, {**vhap(), "fps": np.array(30)}), source)
    clip = clip.replace(expr=RANDOM.random((5, 4)))
    path = tmp_path / "ours.npz"
    write_clip(path, clip, source)
    other = replace(
        source, name="other head", digest="cd" * 32, expression_names=("blink", "x", "smile", "y")
    )
    carried, notices = read_clip(path, other)
    np.testing.assert_array_equal(carried.expr[:, 0], clip.expr[:, 2])
    np.testing.assert_array_equal(carried.expr[:, 2], clip.expr[:, 1])
    assert not carried.expr[:, [1, 3]].any()
    assert not carried.shape.any()
    told = " ".join(notices)
    assert "jawForward, puff" in told
    assert "shape is left neutral" in told


def test_written_clip_comes_back_whole(tmp_path: Path, tiny_model: HeadModel) -> None:
    model = named(tiny_model, ("a", "b", "c", "d"))
    made = Clip(
        **{k: v for k, v in vhap().items() if k in CHANNELS or k == "shape"},
        fps=29.97,
        model_name=model.name,
        model_digest=model.digest,
    )
    path = tmp_path / "out.npz"
    write_clip(path, made, model)
    back, notices = read_clip(path, model)
    assert back == made
    assert notices == []
    with np.load(path) as stored:
        assert str(stored["licence"]) == "Free for tests"
        assert stored["dynamic_offset"].shape == (5, 1, 3)
        floats = {name for name in stored.files if stored[name].dtype == np.float32}
        assert floats == {
            "shape", "expr", "rotation", "neck_pose", "jaw_pose", "eyes_pose", "translation",
            "static_offset", "dynamic_offset",
        }  # fmt: skip


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_numbers_that_are_none_name_key_and_frame(
    tmp_path: Path, tiny_model: HeadModel, value: float
) -> None:
    entries = vhap()
    entries["neck_pose"][3, 1] = value
    with pytest.raises(StudioError, match=r"neck_pose in clip\.npz .* frame 3"):
        read_clip(save(tmp_path, entries), tiny_model)


@pytest.mark.parametrize(
    ("key", "value", "limit"),
    [("jaw_pose", 101.0, 100), ("translation", -2e3, 1000), ("expr", 1e30, 1000), ("eyes_pose", 1e30, 100)],
)
def test_numbers_that_no_head_can_take_are_refused(
    tmp_path: Path, tiny_model: HeadModel, key: str, value: float, limit: int
) -> None:
    entries = vhap()
    entries[key][2, 1] = value
    with pytest.raises(StudioError, match=rf"{key} in clip\.npz is ") as raised:
        read_clip(save(tmp_path, entries), tiny_model)
    for words in (f"{value:g}", "frame 2", f"±{limit}"):
        assert words in str(raised.value)


@pytest.mark.parametrize(("key", "value"), [("jaw_pose", 99.0), ("translation", 999.0), ("shape", 999.0)])
def test_numbers_within_bounds_are_taken(
    tmp_path: Path, tiny_model: HeadModel, key: str, value: float
) -> None:
    entries = vhap()
    entries[key].flat[1] = value
    clip, _ = read_clip(save(tmp_path, entries), tiny_model)
    assert getattr(clip, key).flat[1] == value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"jaw_pose": np.zeros((5, 6))}, "axis-angle"),
        ({"pose": np.zeros((5, 7))}, "3, 6, 12 or 15"),
        ({"expr": np.zeros((4, 4))}, "4 frames"),
        ({"expr": np.zeros((5, 2, 2))}, "shape"),
        ({"expr": np.array(["a", "b"])}, "numbers"),
        ({"rotation": np.zeros((0, 3))}, "no frames"),
        ({"expr": np.zeros((5, 4), complex)}, "numbers"),
        ({"expr_names": np.array(["one", "two"])}, "damaged"),
    ],
)
def test_wrong_arrays_are_refused_in_one_sentence(
    tmp_path: Path, tiny_model: HeadModel, change: dict[str, np.ndarray], words: str
) -> None:
    with pytest.raises(StudioError, match=words) as raised:
        read_clip(save(tmp_path, {**vhap(), **change}), tiny_model)
    assert "clip.npz" in str(raised.value)


def test_files_that_are_no_clip_are_refused(tmp_path: Path, tiny_model: HeadModel) -> None:
    other = save(tmp_path, {"MU": np.zeros(3)}, "albedo.npz")
    with pytest.raises(StudioError, match="none of a clip's parameters"):
        read_clip(other, tiny_model)
    assert not is_clip(other)
    assert is_clip(save(tmp_path, vhap()))
    with pytest.raises(StudioError, match=r"gone\.npz"):
        read_clip(tmp_path / "gone.npz", tiny_model)
    cut = tmp_path / "cut.npz"
    cut.write_bytes(save(tmp_path, vhap()).read_bytes()[:300])
    with pytest.raises(StudioError, match=r"cut\.npz"):
        read_clip(cut, tiny_model)


def test_full_disk_keeps_the_old_file(
    tmp_path: Path, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, _ = read_clip(save(tmp_path, vhap()), tiny_model)
    target = tmp_path / "kept.npz"
    target.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.lib.format.write_array", full)
    with pytest.raises(StudioError, match="disk is full"):
        write_clip(target, clip, tiny_model)
    assert target.read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["clip.npz", "kept.npz"]


def test_masks_over_a_texture_are_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "uv_masks.npz"
    np.savez(path, neck=np.ones((8, 8), bool), jaw=np.ones((8, 8), bool), face=np.ones((8, 8), bool))
    assert not is_clip(path)
