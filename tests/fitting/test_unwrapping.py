"""The texture taken off a photo is the one that was painted, where it was seen and on the other side too."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from studio.backends import create_backend
from studio.fitting.observation import Observation
from studio.fitting.state import FitState
from studio.fitting.texels import texels_of
from studio.fitting.unwrapping import unwrap
from studio.flame.params import Params
from studio.storage.errors import StudioError
from tests.fitting.painted_photo import camera_before, painted_photo

SIZE = 256
LIGHT = np.zeros((9, 3))
LIGHT[0], LIGHT[1], LIGHT[2] = 2.6, (0.5, 0.45, 0.4), 0.3


@pytest.fixture(scope="module")
def texels(head_model):
    return texels_of(head_model, SIZE)


def symmetrical(texels) -> np.ndarray:
    """A skin whose colour changes smoothly over the neutral head, the same on both sides."""
    place = texels.at(texels.model.v_template.astype(np.float64))
    colour = np.array((190, 140, 115)) + 900 * np.stack(
        [np.abs(place[:, 0]), place[:, 1], -np.abs(place[:, 0])], 1
    ) * (0.3, 0.25, 0.2)
    empty = np.isnan(texels.picture(colour, np.full((SIZE, SIZE, 3), np.nan))[..., 0])
    nearest = distance_transform_edt(empty, return_distances=False, return_indices=True)
    return texels.picture(np.clip(colour, 30, 250), np.zeros((SIZE, SIZE, 3)))[tuple(nearest)].astype(
        np.uint8
    )


def taken(head_model, texels, yaw: float, **changes):
    """What was painted, and what was taken off a photo of it."""
    params = Params.neutral(head_model).replace(rotation=(0.0, yaw, 0.0))
    surface = create_backend("torch", head_model, device="cpu").forward(params)
    camera, albedo = camera_before(), symmetrical(texels)
    photo = painted_photo(head_model, surface, camera, albedo, LIGHT)
    observation = Observation("photo", photo, **changes)
    state = FitState(params, camera, LIGHT)
    found = unwrap(head_model, surface, state, observation, SIZE)
    return SimpleNamespace(albedo=albedo.astype(float), found=found, surface=surface, photo=photo)


def errors(case, places) -> np.ndarray:
    """Largest difference of the channels (N,), of 255, at the texels ``places``."""
    away = np.abs(case.found.picture.astype(float) - case.albedo).max(axis=2)
    return away.ravel()[places]


def test_what_is_seen_is_what_was_painted(head_model, texels):
    case = taken(head_model, texels, 0.0, mask=np.ones((440, 360), np.float32))
    seen = texels.places[case.found.seen.ravel()[texels.places] > 0.9]
    assert len(seen) > 0.15 * len(texels.places)
    away = errors(case, seen)
    assert np.median(away) < 2.0
    assert np.percentile(away, 95) < 6.0


def test_the_side_that_is_turned_away_comes_from_the_other_one(head_model, texels):
    case = taken(head_model, texels, 0.7, mask=np.ones((440, 360), np.float32))
    shares = case.found.seen.ravel()[texels.places]
    rows, columns = (np.clip(np.rint(part), 0, SIZE - 1).astype(int) for part in texels.mirrored)
    other = case.found.seen[rows, columns]
    hidden = texels.places[(shares == 0.0) & (other > 0.9)]
    assert len(hidden) > 1000
    assert np.median(errors(case, hidden)) < 4.0
    assert np.percentile(errors(case, hidden), 90) < 12.0


def test_a_hidden_cheek_does_not_take_the_colour_of_the_nose_before_it(head_model, texels):
    case = taken(head_model, texels, 0.7)
    normals = texels.at(case.surface.normals)
    away = normals[:, 2] < 0.0
    assert (case.found.seen.ravel()[texels.places[away]] == 0.0).all()


def test_mask_and_colour_keep_out_what_is_before_the_face(head_model, texels):
    plain = taken(head_model, texels, 0.0)
    photo = plain.photo.copy()
    photo[300:360, 120:240] = (20, 30, 200)  # something blue over the mouth
    mask = np.ones((440, 360), np.float32)
    mask[296:364, 116:244] = 0.0
    params, camera = Params.neutral(head_model), camera_before()
    state = FitState(params, camera, LIGHT)
    for given in (mask, None):
        found = unwrap(head_model, plain.surface, state, Observation("photo", photo, mask=given), SIZE)
        blue = found.picture[..., 2].astype(int) - found.picture[..., 0] > 40
        assert not blue.ravel()[texels.places].any()


def test_every_texel_has_a_colour(head_model, texels):
    found = taken(head_model, texels, 0.4).found
    assert found.picture.shape == (SIZE, SIZE, 3)
    assert (found.picture.reshape(-1, 3).max(axis=1) > 0).all()


def test_mirrored_texels_show_mirrored_points(head_model, texels):
    rows, columns = texels.mirrored
    place = texels.at(head_model.v_template.astype(np.float64))
    image = texels.picture(place, np.full((SIZE, SIZE, 3), np.nan))
    found = image[
        np.clip(np.rint(rows), 0, SIZE - 1).astype(int), np.clip(np.rint(columns), 0, SIZE - 1).astype(int)
    ]
    inside = np.isfinite(found).all(axis=1)
    away = np.linalg.norm(found[inside] * (-1.0, 1.0, 1.0) - place[inside], axis=1)
    assert inside.mean() > 0.95
    assert np.percentile(away, 95) < 0.003


def test_a_model_without_texture_coordinates_says_so(tiny_model):
    with pytest.raises(StudioError, match="has no texture coordinates"):
        texels_of(tiny_model, 64)
