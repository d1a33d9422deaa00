"""The open head's own texture model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio.flame.open_head_texture import TEXTURE, open_head_textures
from studio.flame.texture_model import albedo
from studio.flame.textures import PLAIN, read_texture, source_called, texture_picture
from studio.storage.errors import StudioError


@pytest.fixture(scope="module")
def source(head_model):
    return head_model.textures[0]


@pytest.fixture(scope="module")
def texture(head_model, source):
    return read_texture(source, head_model)


def coefficients(source, **values):
    chosen = [0.0] * source.count
    for name, value in values.items():
        chosen[source.names.index(name.replace("_", " "))] = value
    return tuple(chosen)


@pytest.fixture(scope="module")
def charts(head_model):
    """Which texels show which region of the head: a coarse mask of (H, W) for each name."""
    size = 2048
    masks = {}
    for name in ("teeth", "eyeballs", "lips", "face", "scalp", "tongue"):
        inside = np.isin(head_model.faces, head_model.regions[name]).all(axis=1)
        corners = head_model.uv[head_model.uv_faces[inside]].mean(axis=1) * size
        mask = np.zeros((size, size), bool)
        mask[corners[:, 1].astype(int), corners[:, 0].astype(int)] = True
        masks[name] = mask
    return masks


def test_it_is_small_and_named(source):
    assert TEXTURE.stat().st_size < 1_500_000
    assert source.names[0] == "Skin tone"
    assert len(set(source.names)) == source.count >= 10
    assert set(source.groups) == {"Skin", "Mouth", "Hair", "Eyes"}
    assert all(low <= 0.0 < high for low, high in source.ranges)
    assert source.licence.startswith("CC0")


def test_without_coefficients_it_is_the_shipped_picture(head_model, source):
    shipped = np.asarray(Image.open(head_model.albedo).convert("RGB"))[::-1]
    np.testing.assert_array_equal(texture_picture(source, head_model), shipped)


def test_pictures_are_the_plain_formula(head_model, source, texture):
    chosen = coefficients(source, Skin_tone=2.0, Freckles=1.0, Iris_darkness=-1.0)
    wanted = albedo(texture, chosen) * 255.0
    got = texture_picture(source, head_model, chosen)
    assert np.abs(got - wanted).max() < 1.0
    assert (np.abs(got - wanted) > 0.6).mean() < 1e-3


def test_skin_goes_from_light_to_dark_and_eyes_and_teeth_stay(head_model, source, charts):
    low, high = source.ranges[0]
    light, middle, dark = (
        texture_picture(source, head_model, coefficients(source, Skin_tone=value)).astype(int)
        for value in (low, 0.0, high)
    )
    face = [picture[charts["face"]].mean(axis=0) for picture in (light, middle, dark)]
    assert face[0].mean() > 180 > face[1].mean() > 120 > 85 > face[2].mean()
    for colour in face:
        assert colour[0] > colour[1] > colour[2]
    for part in ("teeth", "eyeballs", "tongue"):
        np.testing.assert_array_equal(light[charts[part]], middle[charts[part]])
        np.testing.assert_array_equal(dark[charts[part]], middle[charts[part]])


def test_no_component_leaves_the_colours_there_are(head_model, source):
    for end in (0, 1):
        every = tuple(limits[end] for limits in source.ranges)
        picture = texture_picture(source, head_model, every)
        assert picture[700:1300, 400:1200].std() > 5


def test_the_seam_at_the_back_of_the_head_does_not_open(head_model, source):
    """Both sides of the seam change alike: they are one place of the skin in two of the map."""
    uv, uv_faces, faces = head_model.uv, head_model.uv_faces, head_model.faces
    first = {}
    pairs = []
    for vertex, place in zip(faces.ravel(), uv_faces.ravel(), strict=True):
        other = first.setdefault(vertex, place)
        if other != place and (uv[[other, place]] < 0.8).any() and (uv[[other, place], 1] > 0.205).all():
            pairs.append((other, place))
    pairs = np.unique(pairs, axis=0)
    pairs = pairs[np.abs(uv[pairs[:, 0]] - uv[pairs[:, 1]]).max(axis=1) > 0.3]
    pairs = pairs[(uv[pairs] < 0.8).all(axis=(1, 2))]
    assert len(pairs) > 10
    texels = np.clip((uv[pairs] * 2048).astype(int), 0, 2047)
    for name in ("Skin tone", "Redness", "Uneven skin", "Undertone"):
        picture = texture_picture(source, head_model, coefficients(source, **{name.replace(" ", "_"): 2.0}))
        plain = texture_picture(source, head_model)
        sides = [picture[texels[:, k, 1], texels[:, k, 0]].astype(int) for k in (0, 1)]
        before = [plain[texels[:, k, 1], texels[:, k, 0]].astype(int) for k in (0, 1)]
        opened = np.abs(sides[0] - sides[1]).mean() - np.abs(before[0] - before[1]).mean()
        assert opened < 8.0, name


def test_which_texture_is_meant(head_model, source):
    assert source_called(head_model, "") is source
    assert source_called(head_model, source.key) is source
    assert source_called(head_model, "another model's") is source
    assert source_called(head_model, PLAIN) is None
    assert source_called(replace(head_model, uv=None), "") is None
    assert source_called(replace(head_model, textures=()), "") is None


def test_a_missing_or_damaged_file_leaves_the_head_as_it_is(tmp_path, head_model, source):
    assert open_head_textures(tmp_path / "none.npz") == ()
    (tmp_path / "cut.npz").write_bytes(TEXTURE.read_bytes()[:5000])
    assert open_head_textures(tmp_path / "cut.npz") == ()
    broken = replace(source, path=tmp_path / "cut.npz")
    with pytest.raises(StudioError, match=r"cut\.npz is damaged"):
        texture_picture(broken, head_model, (1.0,))
    assert texture_picture(broken, head_model).shape == (2048, 2048, 3)
