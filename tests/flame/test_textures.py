"""Texture models in memory: read when they are needed, and only few of them kept."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame import textures
from studio.flame.texture_files import source_of
from studio.flame.textures import KEPT, texture_picture
from tests.flame.texture_cases import flame_texture


@pytest.fixture
def sources(tmp_path):
    found = []
    for number in range(KEPT + 1):
        path = tmp_path / f"texture{number}.npz"
        np.savez(path, **flame_texture(np.random.default_rng(number)))
        found.append(source_of(path))
    return found


@pytest.fixture
def reads(monkeypatch):
    """What is read: the file's name, and whether with its components."""
    done = []
    read_texture = textures.read_texture

    def counted(source, model, whole=True):
        done.append((source.path.stem, whole))
        return read_texture(source, model, whole)

    monkeypatch.setattr(textures, "read_texture", counted)
    return done


def test_components_are_read_once_and_only_where_one_is_moved(tiny_model, sources, reads):
    mean = texture_picture(sources[0], tiny_model)
    assert texture_picture(sources[0], tiny_model, (0.0, 0.0)) is mean
    assert reads == [("texture0", False)]
    moved = texture_picture(sources[0], tiny_model, (1.0,))
    assert texture_picture(sources[0], tiny_model, (1.0, 0.0)) is moved
    assert reads == [("texture0", False), ("texture0", True)]


def test_the_one_used_longest_ago_is_forgotten(tiny_model, sources, reads):
    for source in sources:
        texture_picture(source, tiny_model)
    reads.clear()
    for source in sources[1:]:
        texture_picture(source, tiny_model)
    assert not reads
    texture_picture(sources[0], tiny_model)
    assert reads == [("texture0", False)]
