"""Vertices too many for memory stay in their file, which a session refers to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.sequence import vertex_rows
from studio.sequence.files import read_clip
from studio.sequence.vertex_rows import VertexRows
from studio.session.on_model import open_session
from studio.session.state import State
from studio.session.writing import write_session


@pytest.fixture
def vertices(tmp_path: Path, tiny_model: HeadModel, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vertex_rows, "IN_MEMORY", 1000)
    moved = 0.01 * np.random.default_rng(1).normal(size=(50, tiny_model.vertex_count, 3))
    np.save(tmp_path / "speech.npy", (tiny_model.v_template + moved).astype(np.float32))
    return tmp_path / "speech.npy"


def saved(path: Path, model: HeadModel, vertices: Path) -> Document:
    document = Document(model)
    clip, _ = read_clip(vertices, model)
    open_clip(document, "speech", clip.part(10, 40), vertices).apply(document)
    write_session(path, State.of(document))
    return document


def test_a_session_refers_to_the_file(tmp_path: Path, tiny_model: HeadModel, vertices: Path) -> None:
    document = saved(tmp_path / "a.flame", tiny_model, vertices)
    assert (tmp_path / "a.flame").stat().st_size < vertices.stat().st_size
    opened = open_session(tmp_path / "a.flame", (tiny_model,), tiny_model)
    clip = opened.state.takes[-1].clip
    assert isinstance(clip.dynamic_offset, VertexRows)
    assert len(clip) == 30
    for index in (0, 17, 29):
        assert clip.frame(index) == document.takes[-1].clip.frame(index)


def test_a_missing_file_is_told_and_can_come_back(
    tmp_path: Path, tiny_model: HeadModel, vertices: Path
) -> None:
    document = saved(tmp_path / "a.flame", tiny_model, vertices)
    vertices.rename(tmp_path / "away.npy")
    opened = open_session(tmp_path / "a.flame", (tiny_model,), tiny_model)
    assert any("vertices of speech are missing" in notice for notice in opened.notices)
    assert not opened.state.takes[-1].clip.frame(3).vertex_offset.any()
    write_session(tmp_path / "b.flame", opened.state)
    (tmp_path / "away.npy").rename(vertices)
    again = open_session(tmp_path / "b.flame", (tiny_model,), tiny_model)
    assert again.notices == ()
    assert again.state.takes[-1].clip.frame(3) == document.takes[-1].clip.frame(3)
