"""Clips that stay in their files: the numbers of a clip in memory, at a cost that length does not change."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.clip import CHANNELS, Clip
from studio.sequence.files import read_clip, write_clip
from studio.sequence.stream import ClipStream, open_clip
from studio.storage import tables
from studio.storage.errors import StudioError
from tests.sequence.layouts import LAYOUTS, columns, write

FRAMES = 40


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_stream_says_what_the_whole_clip_says(tmp_path: Path, tiny_model: HeadModel, layout: str) -> None:
    path = write(layout, tmp_path, columns(FRAMES))
    clip, notices = read_clip(path, tiny_model)
    random = np.random.default_rng(4)
    with open_clip(path, tiny_model, kept=8) as stream:
        assert (len(stream), stream.fps, stream.duration) == (FRAMES, clip.fps, clip.duration)
        for index in [*range(FRAMES), *range(FRAMES - 1, -1, -1), *random.integers(0, FRAMES, 60)]:
            assert stream.frame(int(index)) == clip.frame(int(index))
        for position in [*random.uniform(-1, FRAMES, 80), 0.5, FRAMES - 1.0, FRAMES - 0.1, 0.0]:
            assert stream.at(position) == clip.at(position)
        for size in (1, 7, 1000):
            blocks = list(stream.blocks(size))
            assert [len(block) for block in blocks[:-1]] == [size] * (len(blocks) - 1)
            assert all(block.shape is stream.shape for block in blocks)
            for name in CHANNELS:
                whole = np.concatenate([getattr(block, name) for block in blocks])
                np.testing.assert_array_equal(whole, getattr(clip, name))
        assert stream.notices == notices


def test_a_clip_in_memory_gives_blocks_too(tmp_path: Path, tiny_model: HeadModel) -> None:
    clip, _ = read_clip(write("npz", tmp_path, columns(10)), tiny_model)
    moving = clip.replace(dynamic_offset=np.random.default_rng(1).normal(size=(10, 62, 3)))
    parts = list(moving.blocks(4))
    assert [len(part) for part in parts] == [4, 4, 2]
    assert [frame for part in parts for frame in part.frames()] == list(moving.frames())


def offset_of(params: Params) -> np.ndarray:
    """Where the vertices are moved to; nowhere is 0."""
    return np.zeros((62, 3)) if params.vertex_offset is None else params.vertex_offset


@pytest.mark.parametrize("layout", ["npz", "packed", "npy folder", "folder of npz"])
def test_vertex_offsets_come_frame_by_frame(tmp_path: Path, tiny_model: HeadModel, layout: str) -> None:
    random = np.random.default_rng(7)
    arrays = columns(20)
    arrays["dynamic_offset"] = random.normal(0, 0.01, (20, 62, 3)).astype(np.float32)
    arrays["dynamic_offset"][5:9] = 0.0
    arrays["static_offset"] = random.normal(0, 0.01, (1, 62, 3)).astype(np.float32)
    path = write(layout, tmp_path, arrays)
    clip, _ = read_clip(path, tiny_model)
    with open_clip(path, tiny_model, kept=0) as stream:
        assert stream.frame(6).vertex_offset is stream.frame(7).vertex_offset
    with open_clip(path, tiny_model) as stream:
        for position in random.uniform(0, 19, 60):
            moved, wanted = offset_of(stream.at(position)), offset_of(clip.at(position))
            np.testing.assert_allclose(moved, wanted, rtol=0, atol=1e-8)
        blocks = [frame for block in stream.blocks(3) for frame in block.frames()]
        for index, frame in enumerate(blocks):
            np.testing.assert_array_equal(offset_of(frame), offset_of(clip.frame(index)))


def test_offsets_of_as_many_vertices_as_frames_are_not_cut(tmp_path: Path, tiny_model: HeadModel) -> None:
    arrays = columns(62)
    arrays["dynamic_offset"] = np.full((1, 62, 3), 0.25, np.float32)
    with open_clip(write("npz", tmp_path, arrays), tiny_model) as stream:
        np.testing.assert_array_equal(offset_of(stream.frame(40)), np.full((62, 3), 0.25))


def test_offsets_for_other_frames_are_refused_at_once(tmp_path: Path, tiny_model: HeadModel) -> None:
    arrays = columns(9)
    arrays["dynamic_offset"] = np.full((2, 62, 3), 0.25, np.float32)
    with pytest.raises(StudioError, match=r"dynamic_offset in clip\.npz has 2 frames where .* 9"):
        open_clip(write("npz", tmp_path, arrays), tiny_model)


def test_frames_outside_are_refused_and_ends_held(tmp_path: Path, tiny_model: HeadModel) -> None:
    with open_clip(write("npz", tmp_path, columns(5)), tiny_model) as stream:
        for index in (-1, 5):
            with pytest.raises(IndexError):
                stream.frame(index)
        assert stream.at(-9.0) == stream.frame(0)
        assert stream.at(4.99) == stream.at(4.0) == stream.frame(4)
        assert stream.at(np.inf) == stream.frame(4)
        with pytest.raises(ValueError, match="number"):
            stream.at(np.nan)
        with pytest.raises(TypeError):
            stream.frame(1.5)  # type: ignore[arg-type]


def test_a_closed_stream_says_so(tmp_path: Path, tiny_model: HeadModel) -> None:
    stream = open_clip(write("npz", tmp_path, columns(5)), tiny_model)
    stream.frame(1)
    stream.close()
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.frame(1)
    with pytest.raises(ValueError, match="closed"):
        next(stream.blocks(2))


def test_a_bad_frame_spoils_itself_alone_and_is_named(tmp_path: Path, tiny_model: HeadModel) -> None:
    arrays = columns(30)
    arrays["jaw_pose"][17, 2] = np.nan
    with open_clip(write("npz", tmp_path, arrays), tiny_model) as stream:
        for index in (*range(17), *range(18, 30)):
            stream.frame(index)
        for _ in range(2):
            with pytest.raises(StudioError, match=r"jaw_pose in clip\.npz .* frame 17"):
                stream.frame(17)
        with pytest.raises(StudioError, match="frame 17"):
            stream.at(16.5)
        with pytest.raises(StudioError, match="frame 17"):
            list(stream.blocks(10))


@pytest.mark.parametrize("layout", ["npz", "packed"])
def test_random_damage_never_ends_in_anything_but_a_sentence(
    tmp_path: Path, tiny_model: HeadModel, layout: str
) -> None:
    random = np.random.default_rng(9)
    path = write(layout, tmp_path, columns(6))
    whole = path.read_bytes()
    for round_ in range(150):
        damaged = bytearray(whole)
        for place in random.integers(0, len(whole), 4):
            damaged[place] = random.integers(0, 256)
        path.write_bytes(damaged if round_ % 2 else damaged[: random.integers(1, len(whole))])
        told = path.name
        try:
            with open_clip(path, tiny_model) as stream:
                stream.frame(len(stream) - 1)
                list(stream.blocks(4))
        except StudioError as error:
            told = str(error)
        assert path.name in told


def test_a_changing_identity_is_that_of_the_first_frame(tmp_path: Path, tiny_model: HeadModel) -> None:
    arrays = columns(20)
    arrays["shape"] = np.repeat(arrays["shape"][None], 20, axis=0)
    arrays["shape"][11:] += 1.0
    path = write("npz", tmp_path, arrays)
    with open_clip(path, tiny_model) as stream:
        assert not any("identity" in notice for notice in stream.notices)
        assert stream.frame(15).shape is stream.frame(2).shape
        assert [notice for notice in stream.notices if "changes the identity" in notice]
        clip, _ = read_clip(path, tiny_model)
        np.testing.assert_array_equal(stream.shape, clip.shape)


def test_named_components_find_their_place(tmp_path: Path, tiny_model: HeadModel) -> None:
    source = replace(tiny_model, digest="ab" * 32, expression_names=("a", "b", "c", "d"))
    other = replace(tiny_model, digest="cd" * 32, expression_names=("d", "x", "b", "y"))
    clip, _ = read_clip(write("npz", tmp_path, columns(12)), tiny_model)
    path = tmp_path / "named.npz"
    write_clip(path, clip.replace(model_name="", model_digest=""), source)
    carried, notices = read_clip(path, other)
    with open_clip(path, other) as stream:
        assert [stream.frame(index) for index in range(12)] == list(carried.frames())
        assert stream.notices == notices


class Counted:
    """Counts the rows that tables hand out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = 0
        ask = tables.Table.rows

        def rows(table: tables.Table, name: str, start: int, stop: int) -> np.ndarray:
            values = ask(table, name, start, stop)
            self.rows += len(values) if values.ndim else 1
            return values

        monkeypatch.setattr(tables.Table, "rows", rows)


@pytest.mark.parametrize("layout", ["npz", "packed", "npy folder", "json"])
def test_an_access_reads_as_many_rows_however_long_the_clip_is(
    tmp_path: Path, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    counted, costs = Counted(monkeypatch), []
    for frames in (200, 4000):
        folder = tmp_path / str(frames)
        folder.mkdir()
        with open_clip(write(layout, folder, columns(frames)), tiny_model) as stream:
            counted.rows = 0
            for access in range(100):
                stream.frame(97 * access % frames)
            costs.append(counted.rows)
            counted.rows = 0
            stream.frame(97 * access % frames)
            assert counted.rows == 0
    assert costs[0] == costs[1]


@pytest.mark.parametrize("layout", ["folder of npz", "folder of json", "numbered"])
def test_a_frame_in_a_file_of_its_own_opens_that_file_alone(
    tmp_path: Path, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    read = []
    from studio.sequence import opened

    original = opened.open_file
    monkeypatch.setattr(opened, "open_file", lambda path, **_: read.append(path.name) or original(path))
    with open_clip(write(layout, tmp_path, columns(60)), tiny_model) as stream:
        assert len(read) == 2
        read.clear()
        stream.frame(40)
        stream.frame(40)
        stream.at(40.0)
        assert len(read) == 1


LONG = """
import resource, sys, tracemalloc
import numpy as np
from studio.flame.open_head import load_open_head
from studio.sequence.stream import open_clip

def private():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))

model = load_open_head()
with open_clip(sys.argv[2], model) as warm:
    warm.frame(0)
before = private()
tracemalloc.start()
with open_clip(sys.argv[1], model) as stream:
    opened = tracemalloc.get_traced_memory()[1]
    for index in np.random.default_rng(0).integers(0, len(stream), 1500):
        stream.frame(int(index))
    for index in range(50_000, 50_600):
        stream.frame(index)
    total = sum(len(block) for block in stream.blocks(512))
    print(len(stream), total, opened, tracemalloc.get_traced_memory()[1], (private() - before) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system for the memory of a process")
def test_a_hundred_thousand_frames_take_the_memory_of_a_few(tmp_path: Path) -> None:
    long, short = tmp_path / "long.npz", tmp_path / "short.npz"
    for path, frames in ((long, 100_000), (short, 10)):
        np.savez(path, expr=np.zeros((frames, 100), np.float32), pose=np.zeros((frames, 15), np.float32))
    run = [sys.executable, "-c", LONG, str(long), str(short)]
    told = subprocess.run(run, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    frames, total, opened, peak, grown = map(int, told.stdout.split())
    assert frames == total == 100_000
    assert opened < 1 << 20
    assert peak < 6 << 20
    assert grown < 24 << 20


def test_params_of_a_stream_are_values_like_any_other(tmp_path: Path, tiny_model: HeadModel) -> None:
    with open_clip(write("npz", tmp_path, columns(5)), tiny_model) as stream:
        frame = stream.frame(2)
        assert isinstance(stream, ClipStream)
        assert isinstance(frame, Params)
        assert isinstance(next(stream.blocks(2)), Clip)
        with pytest.raises(ValueError, match="read-only"):
            frame.expr[0] = 1.0


def test_json_is_parsed_once(tmp_path: Path, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("json", tmp_path, columns(50))
    parsed = []
    decode = json.JSONDecoder.raw_decode
    monkeypatch.setattr(
        json.JSONDecoder,
        "raw_decode",
        lambda self, text, at=0: parsed.append(at) or decode(self, text, at),
    )
    with open_clip(path, tiny_model, kept=0) as stream:
        parsed.clear()
        for index in range(50):
            stream.frame(index)
    assert parsed == []
