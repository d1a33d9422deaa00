"""Texture models beside a head of FLAME's layout: offered where they fit, told where they do not."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from studio.flame import load_model
from studio.flame.textures import source_called, texture_picture
from tests.flame.texture_cases import SIDE, albedo_mm, bfm_albedo, flame_texture


@pytest.fixture
def random():
    return np.random.default_rng(6)


@pytest.fixture
def coordinates(entries, random):
    return {"vt": random.random((40, 2)), "ft": entries["f"].astype(np.uint32)}


@pytest.fixture
def beside(tmp_path, entries):
    """Put files beside a model; the model."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.pkl").write_bytes(pickle.dumps(entries, 2))

    def put(**files):
        for name, arrays in files.items():
            np.savez(folder / f"{name}.npz", **arrays)
        return load_model(folder / "model.pkl")

    return put


def test_every_published_layout_is_offered(beside, random, coordinates):
    model = beside(
        a=flame_texture(random, **coordinates), b=albedo_mm(random, **coordinates), c=bfm_albedo(random)
    )
    assert [source.kind for source in model.textures] == ["FLAME texture", "AlbedoMM", "BFM albedo"]
    assert model.uv is not None
    assert model.notices == ()
    for source in model.textures:
        assert texture_picture(source, model, [1.0] * 9).shape == (SIDE, SIDE, 3)
    assert source_called(model, model.textures[1].key) is model.textures[1]


def test_the_same_file_twice_is_one_texture(beside, random, coordinates):
    arrays = flame_texture(random, **coordinates)
    assert len(beside(a=arrays, b=arrays).textures) == 1


def test_without_texture_coordinates_it_says_what_is_missing(beside, random):
    model = beside(bfm=bfm_albedo(random))
    assert model.textures == ()
    assert any("bfm.npz needs texture coordinates" in notice for notice in model.notices)


def test_other_texture_coordinates_are_told(beside, random, coordinates):
    other = coordinates | {"vt": random.random((40, 2))}
    model = beside(a=flame_texture(random, **coordinates), b=albedo_mm(random, **other))
    assert [source.kind for source in model.textures] == ["FLAME texture"]
    assert any(
        notice.startswith("b.npz is laid out by other texture coordinates") for notice in model.notices
    )


def test_a_texture_of_another_mesh_is_told(beside, random, coordinates):
    foreign = coordinates | {"ft": np.zeros((3, 3), np.uint32)}
    model = beside(a=flame_texture(random, **coordinates), b=albedo_mm(random, **foreign))
    assert len(model.textures) == 1
    assert any(notice.startswith("b.npz") for notice in model.notices)


def test_a_broken_texture_does_not_keep_the_model_from_opening(beside, random, coordinates):
    broken = flame_texture(random, **coordinates) | {"tex_dir": np.zeros(5)}
    model = beside(a=broken)
    assert model.textures == ()
    assert any("tex_dir" in notice for notice in model.notices)
