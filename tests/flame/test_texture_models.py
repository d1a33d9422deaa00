"""Texture models in every published layout, against the formulas of their publications."""

from __future__ import annotations

import numpy as np
import pytest

from studio.flame.companions import recognise
from studio.flame.describe import describe
from studio.flame.texture_files import read_published, source_of
from studio.flame.texture_model import albedo
from studio.storage.errors import StudioError
from tests.flame.texture_cases import COUNT, SIDE, albedo_mm, bfm_albedo, flame_texture


def saved(tmp_path, arrays, name="texture.npz"):
    path = tmp_path / name
    np.savez(path, **arrays)
    return path


def read(path, whole=True):
    return read_published(source_of(path), whole)


@pytest.fixture
def random():
    return np.random.default_rng(4)


@pytest.fixture
def coefficients(random):
    return random.normal(0, 1.0, COUNT)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_flame_texture_is_red_first_and_upright(tmp_path, random, coefficients, dtype):
    arrays = flame_texture(random, dtype)
    model = read(saved(tmp_path, arrays))
    wanted = (arrays["mean"] + arrays["tex_dir"] @ coefficients)[::-1, :, ::-1] / 255.0
    np.testing.assert_allclose(albedo(model, coefficients), np.clip(wanted, 0, 1), atol=1e-5)
    assert model.source.kind == "FLAME texture"
    assert model.source.count == COUNT


def test_albedo_mm_adds_diffuse_and_specular_light(tmp_path, random, coefficients):
    arrays = albedo_mm(random)
    model = read(saved(tmp_path, arrays))
    light = arrays["MU"] + arrays["PC"] @ coefficients + arrays["specMU"] + arrays["specPC"] @ coefficients
    wanted = np.clip(0.6 * light, 0, 1)[::-1] ** (1 / 2.2)
    np.testing.assert_allclose(albedo(model, coefficients), wanted, atol=3e-5)
    assert model.source.kind == "AlbedoMM"


def test_the_albedo_of_the_bfm_may_be_flattened(tmp_path, random, coefficients):
    arrays = bfm_albedo(random)
    model = read(saved(tmp_path, arrays))
    wanted = arrays["MU"] + (arrays["PC"] @ coefficients).reshape(SIDE, SIDE, 3)
    np.testing.assert_allclose(albedo(model, coefficients), np.clip(wanted, 0, 1)[::-1, :, ::-1], atol=1e-5)


def test_components_in_the_other_memory_order_are_the_same(tmp_path, random, coefficients):
    arrays = flame_texture(random)
    plain = albedo(read(saved(tmp_path, arrays)), coefficients)
    arrays["tex_dir"] = np.asfortranarray(arrays["tex_dir"])
    np.testing.assert_array_equal(albedo(read(saved(tmp_path, arrays)), coefficients), plain)


def test_compressed_files_are_read_too(tmp_path, random, coefficients):
    arrays = flame_texture(random)
    plain = albedo(read(saved(tmp_path, arrays)), coefficients)
    np.savez_compressed(tmp_path / "small.npz", **arrays)
    np.testing.assert_array_equal(albedo(read(tmp_path / "small.npz"), coefficients), plain)


def test_the_mean_alone(tmp_path, random):
    model = read(saved(tmp_path, bfm_albedo(random)), whole=False)
    assert model.components == ()
    assert model.shape == (SIDE, SIDE)


def test_one_component_is_one_piece_of_memory(tmp_path, random):
    model = read(saved(tmp_path, flame_texture(random)))
    assert all(component.whole.flags.c_contiguous for component in model.components)
    assert not model.components[0].whole.flags.writeable


def test_what_does_not_fit_in_memory_is_left_out(tmp_path, random, monkeypatch):
    monkeypatch.setattr("studio.flame.texture_files.MOST_BYTES", 3 * SIDE * SIDE * 3 * 2)
    arrays = flame_texture(random)
    model = read(saved(tmp_path, arrays))
    assert (model.source.count, len(model.components)) == (3, 3)
    wanted = (arrays["mean"] + 2.0 * arrays["tex_dir"][..., 2])[::-1, :, ::-1] / 255.0
    np.testing.assert_allclose(albedo(model, [0, 0, 2.0]), np.clip(wanted, 0, 1), atol=1e-5)


def _broken(name, change):
    return pytest.param(change, id=name)


@pytest.mark.parametrize(
    "change",
    [
        _broken("flat mean of no square", lambda a: a | {"mean": a["mean"].reshape(-1, 3)[:-1]}),
        _broken("other size", lambda a: a | {"tex_dir": a["tex_dir"][:-1]}),
        _broken("no components", lambda a: a | {"tex_dir": a["tex_dir"][..., :0]}),
        _broken("no axis of components", lambda a: a | {"tex_dir": np.zeros(5)}),
        _broken("whole numbers", lambda a: a | {"tex_dir": a["tex_dir"].astype(int)}),
        _broken("text", lambda a: a | {"mean": np.array("no")}),
        _broken("nan in the mean", lambda a: a | {"mean": a["mean"] * np.nan}),
        _broken(
            "nan in a component", lambda a: a | {"tex_dir": np.where(a["tex_dir"] > 20, np.nan, a["tex_dir"])}
        ),
        _broken("beyond float32", lambda a: a | {"tex_dir": a["tex_dir"].astype(float) * 1e300}),
        _broken("empty", lambda a: a | {"mean": np.zeros((0, 0, 3))}),
    ],
)
def test_bad_arrays_are_told_in_a_sentence(tmp_path, random, change):
    path = saved(tmp_path, change(flame_texture(random)))
    with pytest.raises(StudioError, match=r"texture\.npz: .* get the file again") as caught:
        read(path)
    assert str(caught.value).endswith(".")


def test_different_numbers_of_components(tmp_path, random):
    arrays = albedo_mm(random)
    arrays["specPC"] = arrays["specPC"][..., :3]
    with pytest.raises(StudioError, match="different numbers"):
        read(saved(tmp_path, arrays))


def test_a_file_cut_short(tmp_path, random):
    path = saved(tmp_path, flame_texture(random))
    source = source_of(path)
    content = bytearray(path.read_bytes())
    middle = content.index(b"tex_dir.npy") + 5000
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"texture\.npz"):
        read_published(source)


def test_another_file_in_its_place(tmp_path, random):
    path = saved(tmp_path, flame_texture(random))
    source = source_of(path)
    saved(tmp_path, bfm_albedo(random))
    with pytest.raises(StudioError, match="not what it was"):
        read_published(source)


def test_files_are_told_by_content_and_described(tmp_path, random):
    for arrays, kind in (
        (flame_texture(random), "FLAME texture"),
        (albedo_mm(random), "AlbedoMM"),
        (bfm_albedo(random), "BFM albedo"),
    ):
        path = saved(tmp_path, arrays, "any name.npz")
        assert recognise(path).role == "texture model"
        told = describe(path)
        assert (told.kind, told.version, told.counts) == ("texture model", kind, {"components": COUNT})
        assert "non-commercial" in told.licence
        assert told.problem == ""


def test_a_texture_of_another_mesh_is_told(tmp_path, random):
    ft = np.zeros((3, 3), np.uint32)
    told = describe(saved(tmp_path, flame_texture(random, vt=np.zeros((4, 2)), ft=ft)))
    assert "another mesh" in told.problem
    assert "3 faces" in told.problem


def test_objects_are_refused(tmp_path, random):
    arrays = flame_texture(random)
    arrays["tex_dir"] = np.array([print], object)
    path = tmp_path / "evil.npz"
    np.savez(path, allow_pickle=True, **arrays)
    with pytest.raises(StudioError, match=r"evil\.npz"):
        read(path)
