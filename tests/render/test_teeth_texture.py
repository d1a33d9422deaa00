"""Added teeth are white under a texture that knows nothing of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel, Variant
from studio.flame.variants import make_variant
from studio.render.texture import TEETH, read_albedo
from tests.flame.plain_head import plain_head

DARK = np.full((512, 512, 3), 40, np.uint8)


@pytest.fixture
def textured(monkeypatch: pytest.MonkeyPatch, head_model: HeadModel) -> HeadModel:
    """A head without teeth whose texture models all give a dark picture; its map ends below the teeth."""
    monkeypatch.setattr("studio.render.texture.texture_picture", lambda *_: DARK)
    plain = plain_head()
    assert plain.uv is not None
    low = (plain.uv * np.array([1.0, 0.9])).astype(np.float32)
    return replace(plain, uv=low, albedo=Path("none.png"), textures=head_model.textures)


def test_the_patch_of_the_teeth_is_painted_and_nothing_else(textured: HeadModel) -> None:
    assert read_albedo(textured) is DARK
    toothed = make_variant(textured, Variant(teeth=True))
    painted = read_albedo(toothed)
    assert painted is not None
    assert toothed.uv is not None
    u, v = toothed.uv[-120:].T
    columns, rows = (u * 511).round().astype(int), (v * 511).round().astype(int)
    np.testing.assert_array_equal(painted[rows, columns], np.tile(TEETH, (120, 1)))
    assert (painted[:460] == 40).all()
    assert (painted != 40).any(axis=2).mean() < 0.02


def test_the_same_picture_is_painted_once(textured: HeadModel) -> None:
    toothed = make_variant(textured, Variant(teeth=True))
    assert read_albedo(toothed) is read_albedo(toothed)


def test_a_patch_that_other_faces_show_is_left_alone(textured: HeadModel) -> None:
    full = replace(textured, uv=np.array([[0, 0], [1, 0], [0.5, 1]], np.float32), uv_faces=textured.faces % 3)
    assert read_albedo(make_variant(full, Variant(teeth=True))) is DARK
