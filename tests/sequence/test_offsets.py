"""Vertex offsets in clip files: kept where they fit the mesh, and written back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.flame.model import HeadModel, Variant
from studio.flame.params import FIELD_WIDTHS
from studio.flame.variants import make_variant
from studio.sequence.clip import Clip
from studio.sequence.files import read_clip, write_clip
from studio.sequence.stream import open_clip
from studio.storage.errors import StudioError
from tests.flame.plain_head import plain_head

FRAMES, VERTICES = 4, 62


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.01, shape).astype(np.float32)


def clip_of(model: HeadModel, frames: int = FRAMES, **offsets: np.ndarray | None) -> Clip:
    widths = {**FIELD_WIDTHS, "expr": model.expression_count}
    channels = {name: np.zeros((frames, width)) for name, width in widths.items()}
    return Clip(shape=np.zeros(model.shape_count), **channels, **offsets)


def save(path: Path, **entries: np.ndarray) -> Path:
    np.savez(path, expr=np.zeros((FRAMES, 4)), rotation=np.zeros((FRAMES, 3)), fps=25.0, **entries)
    return path


@pytest.mark.parametrize(("still", "moving"), [(True, True), (True, False), (False, True), (False, False)])
def test_what_is_written_is_read_again(
    tmp_path: Path, tiny_model: HeadModel, still: bool, moving: bool
) -> None:
    clip = clip_of(
        tiny_model,
        static_offset=random(VERTICES, 3) if still else None,
        dynamic_offset=random(FRAMES, VERTICES, 3) if moving else None,
    )
    write_clip(tmp_path / "clip.npz", clip, tiny_model)
    again, notices = read_clip(tmp_path / "clip.npz", tiny_model)
    assert notices == []
    for name in ("static_offset", "dynamic_offset"):
        mine, theirs = getattr(clip, name), getattr(again, name)
        assert (mine is None) is (theirs is None)
        if mine is not None:
            np.testing.assert_array_equal(theirs, mine)
            assert theirs.dtype == np.float32
            assert not theirs.flags.writeable
    with np.load(tmp_path / "clip.npz") as stored:
        assert stored["static_offset"].shape == (1, VERTICES if still else 1, 3)
        assert stored["dynamic_offset"].shape == (FRAMES, VERTICES if moving else 1, 3)
        whole = stored["static_offset"] + stored["dynamic_offset"][0]
    if still or moving:
        np.testing.assert_allclose(whole[0], clip.frame(0).vertex_offset, atol=1e-7)


@pytest.mark.parametrize("shape", [(VERTICES, 3), (1, VERTICES, 3), (1, 1, 3), (1, 5143, 3)])
def test_zeros_are_none_whatever_their_mesh(tmp_path: Path, tiny_model: HeadModel, shape: tuple) -> None:
    path = save(tmp_path / "c.npz", static_offset=np.zeros(shape), dynamic_offset=np.zeros((FRAMES, 9, 3)))
    clip, notices = read_clip(path, tiny_model)
    assert clip.static_offset is None
    assert clip.dynamic_offset is None
    assert notices == []


def test_one_row_of_dynamic_offsets_holds_for_all_frames(tmp_path: Path, tiny_model: HeadModel) -> None:
    still, moving = random(VERTICES, 3), 2.0 * random(1, VERTICES, 3)
    path = save(tmp_path / "c.npz", static_offset=still, dynamic_offset=moving)
    clip, _ = read_clip(path, tiny_model)
    assert clip.dynamic_offset is None
    np.testing.assert_allclose(clip.static_offset, still + moving[0], atol=1e-8)


def _with(value: float, *place: int) -> np.ndarray:
    values = random(FRAMES, VERTICES, 3)
    values[place] = value
    return values


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"static_offset": random(2, VERTICES, 3)}, "the shape (2, 62, 3) where (1, vertices, 3)"),
        ({"static_offset": random(VERTICES, 2)}, "the shape (62, 2)"),
        ({"dynamic_offset": random(3, VERTICES, 3)}, "the shape (3, 62, 3) where (4, vertices, 3)"),
        ({"dynamic_offset": np.array(["a", "b"])}, "dynamic_offset in c.npz does not hold numbers"),
        ({"dynamic_offset": _with(np.nan, 2, 7, 1)}, "not a finite number at vertex 7 in frame 2"),
        ({"dynamic_offset": _with(np.inf, 0, 0, 0)}, "not a finite number at vertex 0 in frame 0"),
        ({"dynamic_offset": _with(-8.0, 3, 61, 2)}, "-8, beyond ±1 m, at vertex 61 in frame 3"),
        (
            {"static_offset": random(9, 3), "dynamic_offset": random(FRAMES, 8, 3)},
            "moves 9 vertices in static_offset and 8 in dynamic_offset",
        ),
    ],
)
def test_bad_offsets_are_told(tmp_path: Path, tiny_model: HeadModel, entries: dict, words: str) -> None:
    with pytest.raises(StudioError) as told:
        read_clip(save(tmp_path / "c.npz", **entries), tiny_model)
    assert words in str(told.value)
    assert "c.npz" in str(told.value)


def test_more_than_memory_is_told(tmp_path: Path, tiny_model: HeadModel, monkeypatch: Any) -> None:
    monkeypatch.setattr("studio.sequence.offsets.LARGEST_MEMORY", 1000)
    path = save(tmp_path / "c.npz", dynamic_offset=random(FRAMES, VERTICES, 3))
    with pytest.raises(StudioError, match="GiB of memory; cut the clip into parts"):
        read_clip(path, tiny_model)


def test_teeth_are_added_and_cut(tmp_path: Path) -> None:
    plain = plain_head()
    toothed = make_variant(plain, Variant(teeth=True))
    count = toothed.vertex_count
    clip = clip_of(toothed, static_offset=random(count, 3), dynamic_offset=random(FRAMES, count, 3))
    write_clip(tmp_path / "with.npz", clip, toothed)
    cut, notices = read_clip(tmp_path / "with.npz", plain)
    assert notices == [
        "with.npz also moves teeth, which plain has not; add teeth to the model before opening it to see "
        "them move."
    ]
    np.testing.assert_array_equal(cut.dynamic_offset, clip.dynamic_offset[:, : plain.vertex_count])
    write_clip(tmp_path / "without.npz", cut, plain)
    padded, notices = read_clip(tmp_path / "without.npz", toothed)
    assert notices == []
    np.testing.assert_array_equal(padded.static_offset[: plain.vertex_count], cut.static_offset)
    assert not padded.static_offset[plain.vertex_count :].any()


def test_a_head_with_teeth_of_its_own_takes_no_others(tmp_path: Path, head_model: HeadModel) -> None:
    path = tmp_path / "c.npz"
    np.savez(path, jaw_pose=np.zeros((1, 3)), static_offset=random(head_model.vertex_count + 120, 3))
    clip, notices = read_clip(path, head_model)
    assert clip.static_offset is None
    assert any("are left out" in notice for notice in notices)


def test_frames_in_files_of_their_own(tmp_path: Path, tiny_model: HeadModel) -> None:
    still, moving = random(1, VERTICES, 3), random(FRAMES, VERTICES, 3)
    for index, frame in enumerate(moving):
        extra = {"dynamic_offset": frame[None]} if index != 1 else {}
        static = still if index != 2 else 3.0 * still
        np.savez(tmp_path / f"{index:05d}.npz", expr=np.zeros((1, 4)), static_offset=static, **extra)
    clip, _ = read_clip(tmp_path, tiny_model)
    for index, factor in enumerate((1.0, 1.0, 3.0, 1.0)):
        wanted = factor * still[0] + (moving[index] if index != 1 else 0.0)
        np.testing.assert_allclose(clip.frame(index).vertex_offset, wanted, atol=1e-8)


def test_frames_that_agree_stay_still(tmp_path: Path, tiny_model: HeadModel) -> None:
    still = random(1, VERTICES, 3)
    for index in range(3):
        np.savez(tmp_path / f"{index}.npz", expr=np.zeros((1, 4)), static_offset=still)
    clip, _ = read_clip(tmp_path, tiny_model)
    assert clip.dynamic_offset is None
    np.testing.assert_array_equal(clip.static_offset, still[0])


def test_frames_of_different_meshes_are_told(tmp_path: Path, tiny_model: HeadModel) -> None:
    for index in range(2):
        np.savez(tmp_path / f"{index}.npz", expr=np.zeros((1, 4)), static_offset=random(VERTICES + index, 3))
    with pytest.raises(StudioError, match="move 62 and 63 vertices"):
        read_clip(tmp_path, tiny_model)


@pytest.mark.parametrize("kind", ["npz", "folder of frames"])
def test_a_stream_gives_the_same_offsets(tmp_path: Path, tiny_model: HeadModel, kind: str) -> None:
    still, moving = random(1, VERTICES, 3), random(FRAMES, VERTICES, 3)
    if kind == "npz":
        path = save(tmp_path / "c.npz", static_offset=still, dynamic_offset=moving)
    else:
        path = tmp_path
        for index, frame in enumerate(moving):
            np.savez(
                path / f"{index}.npz", expr=np.zeros((1, 4)), static_offset=still, dynamic_offset=frame[None]
            )
    clip, _ = read_clip(path, tiny_model)
    with open_clip(path, tiny_model) as stream:
        for position in (0.0, 1.0, 2.5, 3.0):
            np.testing.assert_allclose(
                stream.at(position).vertex_offset, clip.at(position).vertex_offset, atol=1e-8
            )
        blocks = list(stream.blocks(3))
    np.testing.assert_array_equal(blocks[0].dynamic_offset, moving[:3])
