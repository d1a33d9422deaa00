"""What is written in other people's layouts, read by nothing of the studio."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.model import HeadModel
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.files import write_clip
from studio.storage.errors import StudioError

COUNT = 7


@pytest.fixture
def clip(tiny_model: HeadModel) -> Clip:
    random = np.random.default_rng(12)
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: random.normal(0, 0.2, (COUNT, width)) for name, width in widths.items()}
    lids = random.random((COUNT, 2))
    return Clip(shape=random.normal(size=6), eyelids=lids, fps=29.97, **channels)


def test_json_as_oxigaf_has_it(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    assert write_clip(tmp_path / "clip.json", clip, tiny_model) == []
    told = json.loads((tmp_path / "clip.json").read_text())
    assert told["fps"] == 29.97
    assert len(told["frames"]) == COUNT
    for index, frame in enumerate(told["frames"]):
        np.testing.assert_array_equal(np.float32(frame["shape"]), clip.shape)
        np.testing.assert_array_equal(np.float32(frame["expression"]), clip.expr[index])
        joints = np.concatenate([
            clip.rotation[index], clip.neck_pose[index], clip.jaw_pose[index], clip.eyes_pose[index]
        ])  # fmt: skip
        np.testing.assert_array_equal(np.float32(frame["pose"]), joints)
        np.testing.assert_array_equal(np.float32(frame["translation"]), clip.translation[index])
        np.testing.assert_array_equal(np.float32(frame["eyelids"]), clip.eyelids[index])


def test_table_with_a_header_of_names(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    write_clip(tmp_path / "clip.csv", clip, tiny_model)
    with (tmp_path / "clip.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["frame"] for row in rows] == [str(index) for index in range(COUNT)]
    assert float(rows[-1]["time"]) == pytest.approx((COUNT - 1) / 29.97, abs=1e-9)
    for index, row in enumerate(rows):
        assert np.float32(row["jaw_pose/x"]) == clip.jaw_pose[index, 0]
        assert np.float32(row["right_eye/z"]) == clip.eyes_pose[index, 5]
        assert np.float32(row["eyelids/right"]) == clip.eyelids[index, 1]
        assert [np.float32(row[f"expr/{i}"]) for i in range(4)] == clip.expr[index].tolist()
        assert [np.float32(row[f"shape/{i}"]) for i in range(6)] == clip.shape.tolist()


def test_vertices_of_every_frame(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    told = write_clip(tmp_path / "clip.npy", clip, tiny_model)
    vertices = np.load(tmp_path / "clip.npy")
    backend = create_backend("torch", tiny_model, "cpu")
    assert vertices.shape == (COUNT, tiny_model.vertex_count, 3)
    assert vertices.dtype == np.float32
    for index, params in enumerate(clip.frames()):
        np.testing.assert_allclose(vertices[index], backend.forward(params).vertices, rtol=0, atol=2e-7)
    assert "29.97" in told[0]


def test_a_file_for_each_frame(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    write_clip(tmp_path / "flame_param", clip, tiny_model)
    names = sorted(entry.name for entry in (tmp_path / "flame_param").iterdir())
    assert names == [f"{index:05d}.npz" for index in range(COUNT)]
    for index, name in enumerate(names):
        with np.load(tmp_path / "flame_param" / name) as stored:
            for channel in CHANNELS:
                np.testing.assert_array_equal(stored[channel], getattr(clip, channel)[index : index + 1])
            np.testing.assert_array_equal(stored["shape"], clip.shape)
            assert stored["fps"] == 29.97


def test_what_a_layout_has_no_place_for_is_told(tmp_path: Path, tiny_model: HeadModel, clip: Clip) -> None:
    moved = clip.replace(static_offset=np.full((tiny_model.vertex_count, 3), 0.01))
    assert "offsets" in write_clip(tmp_path / "clip.json", moved, tiny_model)[0]
    assert "frame rate" in write_clip(tmp_path / "clip.csv", moved.part(0, 1), tiny_model)[1]


def test_an_unknown_ending_and_a_full_folder_are_refused(
    tmp_path: Path, tiny_model: HeadModel, clip: Clip
) -> None:
    with pytest.raises(StudioError, match=r"\.npz, \.json, \.csv or \.npy"):
        write_clip(tmp_path / "clip.fbx", clip, tiny_model)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("kept")
    with pytest.raises(StudioError, match="folder of that name already"):
        write_clip(tmp_path / "full", clip, tiny_model)
    assert (tmp_path / "full" / "kept.txt").read_text() == "kept"


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.npy", "frames"])
def test_stopping_leaves_nothing(tmp_path: Path, tiny_model: HeadModel, clip: Clip, name: str) -> None:
    def stop(done: int, _count: int) -> None:
        if done >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_clip(tmp_path / name, clip, tiny_model, watch=stop)
    assert list(tmp_path.iterdir()) == []
