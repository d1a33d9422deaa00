"""Sequences of vertices: they play as they are, to a thousandth of a millimetre, and stay in their files."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.model import HeadModel
from studio.scripting.files import kind_of
from studio.sequence import vertex_rows
from studio.sequence.adapt import finished_report
from studio.sequence.files import read_clip, read_recording, write_clip
from studio.sequence.joints import GapsError
from studio.sequence.stream import open_clip
from studio.sequence.vertex_rows import VertexRows
from studio.storage.errors import StudioError
from tests.sequence import foreign

COUNT = 5


@pytest.fixture
def head(tiny_model: HeadModel) -> HeadModel:
    """A model with as many numbers a frame as make a row of vertices."""
    random = np.random.default_rng(8)
    count = 400
    template = (0.1 * random.normal(size=(count, 3))).astype(np.float32)

    def frozen(*shape: int) -> np.ndarray:
        made = random.normal(0.0, 1e-3, shape).astype(np.float32)
        made.setflags(write=False)
        return made

    template.setflags(write=False)
    weights = random.dirichlet(np.ones(5), count).astype(np.float32)
    weights.setflags(write=False)
    regressor = random.dirichlet(np.ones(count), 5).astype(np.float32)
    regressor.setflags(write=False)
    return replace(
        tiny_model, v_template=template, shapedirs=frozen(count, 3, 6), expressiondirs=frozen(count, 3, 4),
        posedirs=frozen(count, 3, 36), j_regressor=regressor, lbs_weights=weights,
    )  # fmt: skip


def speech(head: HeadModel) -> np.ndarray:
    """Vertices (T, V, 3) near the neutral head, float64."""
    return head.v_template + np.random.default_rng(4).normal(0.0, 0.01, (COUNT, head.vertex_count, 3))


def assert_shown(path: Path, head: HeadModel, vertices: np.ndarray) -> None:
    """What is read of ``path`` at once and streamed has the surface ``vertices``."""
    assert kind_of(path) == "clip"
    backend = create_backend("torch", head, "cpu")
    clip, _ = read_clip(path, head)
    assert len(clip) == len(vertices)
    with open_clip(path, head) as stream:
        for index, wanted in enumerate(vertices):
            for params in (clip.frame(index), stream.frame(index)):
                np.testing.assert_allclose(backend.forward(params).vertices, wanted, rtol=0, atol=1e-6)
    assert not clip.expr.any()
    assert not clip.pose.any()


@pytest.mark.parametrize("kind", ["rows", "vertices", "double", "fortran", "npz", "packed", "mm", "dump"])
def test_vertices_play_as_they_are(tmp_path: Path, head: HeadModel, kind: str) -> None:
    vertices = speech(head)
    path = tmp_path / ("clip.npz" if kind in ("npz", "packed") else "clip.npy")
    single = vertices.astype(np.float32)
    if kind == "rows":
        np.save(path, single.reshape(COUNT, -1))
    elif kind == "npz":
        np.savez(path, vertices=single, fps=np.array(30.0))
    elif kind == "packed":
        np.savez_compressed(path, vertices=vertices, faces=head.faces)
    elif kind == "mm":
        np.save(path, 1000.0 * vertices)
    elif kind == "fortran":
        np.save(path, np.asfortranarray(single))
    elif kind == "dump":
        np.save(path, {"prediction": single.reshape(1, COUNT, -1, 3), "gt": single}, allow_pickle=True)
    else:
        np.save(path, vertices if kind == "double" else single)
    assert_shown(path, head, vertices)


@pytest.mark.parametrize("ending", ["obj", "ply"])
def test_a_folder_of_meshes(tmp_path: Path, head: HeadModel, ending: str) -> None:
    import trimesh

    vertices = speech(head)
    folder = tmp_path / "meshes"
    folder.mkdir()
    for index, points in enumerate(vertices):
        if ending == "ply":
            trimesh.Trimesh(points, head.faces, process=False).export(folder / f"frame.{index}.ply")
            continue
        lines = [f"v {x:.9f} {y:.9f} {z:.9f}" for x, y, z in points]
        lines += [f"vt 0.{i} 0.5" for i in range(9)]
        lines += [f"f {a + 1}/{1 + a % 9} {b + 1}/{1 + b % 7} {c + 1}/1" for a, b, c in head.faces]
        (folder / f"frame.{index}.obj").write_text("\n".join(lines))
    assert_shown(folder, head, vertices)


def test_long_sequences_stay_in_their_file(
    tmp_path: Path, head: HeadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    vertices = speech(head).astype(np.float32)
    np.save(tmp_path / "long.npy", vertices)
    monkeypatch.setattr(vertex_rows, "IN_MEMORY", 10_000)
    clip, _ = read_clip(tmp_path / "long.npy", head)
    assert isinstance(clip.dynamic_offset, VertexRows)
    assert clip.dynamic_offset.shape == vertices.shape
    backend = create_backend("torch", head, "cpu")
    for index, wanted in enumerate(vertices):
        np.testing.assert_allclose(backend.forward(clip.frame(index)).vertices, wanted, rtol=0, atol=1e-6)
    part = clip.part(1, 5)
    assert isinstance(part.dynamic_offset, VertexRows)
    np.testing.assert_allclose(part.frame(2).vertex_offset, clip.frame(3).vertex_offset)
    blocks = np.concatenate([s.vertices.copy() for s in backend.stream(b.batch() for b in clip.blocks(2))])
    np.testing.assert_allclose(blocks, vertices, rtol=0, atol=1e-6)
    write_clip(tmp_path / "again.npy", clip, head)
    np.testing.assert_allclose(np.load(tmp_path / "again.npy"), vertices, rtol=0, atol=1e-6)


def test_a_long_file_that_changes_shows_the_neutral_head(
    tmp_path: Path, head: HeadModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.npy"
    vertices = speech(head).astype(np.float32)
    vertices[2, 7] = np.nan
    np.save(path, vertices)
    monkeypatch.setattr(vertex_rows, "IN_MEMORY", 10_000)
    clip, _ = read_clip(path, head)
    backend = create_backend("torch", head, "cpu")
    shown = backend.forward(clip.frame(2)).vertices
    np.testing.assert_allclose(shown[7], head.v_template[7], atol=1e-6)
    np.testing.assert_allclose(shown[8], vertices[2, 8], atol=1e-6)
    later, _ = read_clip(path, head)  # of which nothing was looked at, or read ahead, before the file changes
    path.write_bytes(path.read_bytes()[:500])
    np.testing.assert_allclose(backend.forward(later.frame(1)).vertices, head.v_template, atol=1e-6)
    np.testing.assert_allclose(backend.forward(later.frame(4)).vertices, head.v_template, atol=1e-6)
    assert clip.dynamic_offset.faults >= 1
    assert later.dynamic_offset.faults >= 2


def test_frames_are_read_ahead_on_a_thread(tmp_path: Path, head: HeadModel) -> None:
    reads: list[tuple[int, int, bool]] = []

    def read(start: int, stop: int) -> np.ndarray:
        reads.append((start, stop, threading.current_thread() is threading.main_thread()))
        return np.zeros((stop - start, 9, 3), np.float32)

    rows = VertexRows(read, 1000, 9)
    for index in range(3):
        rows[index]
    for _ in range(200):
        if any(not on_main and stop > 30 for _, stop, on_main in reads):
            break
        time.sleep(0.02)
    assert any(not on_main for *_, on_main in reads)
    here = [span for span in reads if span[2]]
    rows[20]
    assert [span for span in reads if span[2]] == here


def test_another_mesh_is_refused_in_a_sentence(
    tmp_path: Path, tiny_model: HeadModel, head: HeadModel
) -> None:
    np.save(tmp_path / "clip.npy", speech(head))
    with pytest.raises(StudioError, match=r"clip\.npy has 400 vertices and tiny 62; open the head model"):
        read_clip(tmp_path / "clip.npy", tiny_model)


def test_templates_give_the_neutral_head_of_the_subject(tmp_path: Path, head: HeadModel) -> None:
    random = np.random.default_rng(1)
    heads = {
        name: head.v_template + 0.01 * random.normal(size=head.v_template.shape)
        for name in ("FaceTalk_170725_00137_TA", "FaceTalk_170728_03272_TA")
    }
    foreign.save_pickle(tmp_path / "templates.pkl", heads, 2)
    folder = tmp_path / "vertices_npy"
    folder.mkdir()
    vertices = speech(head).astype(np.float32)
    path = folder / "FaceTalk_170728_03272_TA_sentence01.npy"
    np.save(path, vertices.reshape(COUNT, -1))
    assert_shown(path, head, vertices)
    clip, notices = read_clip(path, head)
    neutral = heads["FaceTalk_170728_03272_TA"] - head.v_template
    np.testing.assert_allclose(clip.static_offset, neutral, atol=1e-6)
    report = finished_report(read_recording(path), clip, notices)
    assert "FaceTalk_170728_03272_TA" in " ".join(report.notes)
    np.save(folder / "someone.npy", vertices)
    clip, notices = read_clip(folder / "someone.npy", head)
    assert clip.static_offset is None
    report = finished_report(read_recording(folder / "someone.npy"), clip, notices)
    assert "none of the subjects" in " ".join(report.notes)
    assert_shown(tmp_path / "templates.pkl", head, np.stack([heads[name] for name in sorted(heads)]))


def test_differences_are_added_to_the_neutral_head(tmp_path: Path, head: HeadModel) -> None:
    moved = np.random.default_rng(2).normal(0.0, 1e-3, (COUNT, head.vertex_count, 3))
    np.save(tmp_path / "moves.npy", moved)
    assert_shown(tmp_path / "moves.npy", head, head.v_template + moved)


def test_a_dump_with_its_neck_and_neutral_head(tmp_path: Path, head: HeadModel) -> None:
    vertices, neck = speech(head).astype(np.float32), foreign.turns(3, COUNT)
    dump = {"vertice": vertices.reshape(COUNT, -1), "pose": neck, "template": vertices[0]}
    np.save(tmp_path / "dump.npy", dump, allow_pickle=True)
    clip, _ = read_clip(tmp_path / "dump.npy", head)
    np.testing.assert_array_equal(clip.neck_pose, neck.astype(np.float32))
    np.testing.assert_allclose(clip.static_offset, vertices[0] - head.v_template, atol=1e-6)
    still = clip.replace(neck_pose=np.zeros((COUNT, 3)))
    backend = create_backend("torch", head, "cpu")
    for index in range(COUNT):
        np.testing.assert_allclose(backend.forward(still.frame(index)).vertices, vertices[index], atol=1e-6)


def test_gaps_in_vertices_are_refused_or_filled(tmp_path: Path, head: HeadModel) -> None:
    vertices = speech(head)
    broken = vertices.copy()
    broken[2, 5] = np.nan
    np.save(tmp_path / "gaps.npy", broken)
    with pytest.raises(GapsError, match=r"gaps\.npy are not finite in frame 2"):
        read_clip(tmp_path / "gaps.npy", head)
    clip, _ = read_clip(tmp_path / "gaps.npy", head, fill=True)
    shown = create_backend("torch", head, "cpu").forward(clip.frame(2)).vertices
    np.testing.assert_allclose(shown, 0.5 * (vertices[1] + vertices[3]), atol=1e-6)


def test_written_vertices_come_back(tmp_path: Path, head: HeadModel) -> None:
    np.save(tmp_path / "a.npy", speech(head))
    clip, _ = read_clip(tmp_path / "a.npy", head)
    write_clip(tmp_path / "b.npy", clip, head)
    assert_shown(tmp_path / "b.npy", head, speech(head))
