"""Little pictures of poses, and the folder that keeps them."""

from __future__ import annotations

import os

import numpy as np
import pytest

from studio.backends import create_backend
from studio.controls.preset_folders import named_preset
from studio.controls.presets import Preset
from studio.document.control_state import ControlState
from studio.document.look import Texture
from studio.flame.params import Params
from studio.render.cpu_renderer import CPURenderer
from studio.render.thumbnails import SIDE, PictureCache, Sitter, Studio
from tests.controls.second_heads import rotated_head


@pytest.fixture(scope="module")
def studio():
    return Studio(CPURenderer(), lambda model: create_backend("torch", model, "cpu"))


def sitter(model, **changes):
    shape = changes.pop("shape", Params.neutral(model).shape)
    return Sitter(model, shape, Texture(), ControlState())


def test_a_pose_is_seen_and_the_background_is_not_there(studio, head_model):
    neutral = studio.picture(sitter(head_model), Preset("", ("mouth",)))
    laugh = studio.picture(sitter(head_model), named_preset("Laugh"))
    assert neutral.shape == (SIDE, SIDE, 4)
    assert neutral[0, 0, 3] == 0
    assert neutral[SIDE // 2, SIDE // 2, 3] == 255
    moved = np.abs(neutral[..., :3].astype(int) - laugh[..., :3]).max(axis=2) > 30
    rows = np.flatnonzero(moved.any(axis=1))
    assert 0.01 < moved.mean() < 0.5
    assert rows.max() < SIDE * 0.95


def test_another_model_sits_too(studio):
    assert studio.picture(sitter(rotated_head()), named_preset("Grin"))[SIDE // 2, SIDE // 2, 3] == 255


def test_what_is_seen_tells_pictures_apart_and_names_do_not(head_model):
    one = sitter(head_model)
    smile = named_preset("Smile")
    assert one.key(smile) == one.key(smile.replace(name="Other", tags=("x",), note="y"))
    assert one.key(smile) != one.key(named_preset("Grin"))
    other = Params.neutral(head_model).replace(shape=np.eye(head_model.shape_count)[0]).shape
    assert one.key(smile) != sitter(head_model, shape=other).key(smile)
    assert one.key(smile) != sitter(rotated_head(digest="77" * 32)).key(smile)


def test_pictures_are_kept_and_damaged_ones_forgotten(tmp_path):
    cache = PictureCache(tmp_path / "new")
    picture = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 4)).astype(np.uint8)
    assert cache.read("a") is None
    cache.write("a", picture)
    np.testing.assert_array_equal(cache.read("a"), picture)
    (path,) = (tmp_path / "new").iterdir()
    path.write_bytes(path.read_bytes()[:200])
    assert cache.read("a") is None
    path.write_bytes(b"not a picture")
    assert cache.read("a") is None
    cache.write("a", picture)
    assert cache.read("a") is not None


@pytest.mark.skipif(os.name != "posix", reason="a file in the folder's place")
def test_a_folder_that_may_not_be_written_only_forgets(tmp_path):
    (tmp_path / "blocked").write_text("")
    cache = PictureCache(tmp_path / "blocked" / "poses")
    cache.write("a", np.zeros((SIDE, SIDE, 4), np.uint8))
    assert cache.read("a") is None
