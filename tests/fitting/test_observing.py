"""The document's reference becomes what a fit is given."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.document.media import Media
from studio.document.reference import PhotoPoint, Reference
from studio.fitting.reading.observing import reference_observation
from studio.storage.errors import StudioError


@pytest.fixture
def photo(tmp_path) -> Media:
    path = tmp_path / "photo.png"
    Image.fromarray(np.full((48, 64, 3), (200, 100, 50), np.uint8)).save(path)
    return Media(str(path))


def test_photo_points_face_and_lens_are_read(photo):
    points = tuple(PhotoPoint(float(n), 2.0, 0.5, hidden=n == 3) for n in range(68))
    found = reference_observation(Reference(photo, points=points, box=(1.0, 2.0, 30.0, 40.0), lens=50.0))
    assert found.name == "photo.png"
    assert found.size == (64, 48)
    assert tuple(found.pixels[0, 0]) == (200, 100, 50)
    assert found.box == (1.0, 2.0, 30.0, 40.0)
    assert found.focal == pytest.approx(50.0 / np.hypot(36.0, 24.0) * 80.0)
    assert found.landmarks.confidence[3] == 0.0
    assert found.landmarks.confidence[4] == 0.5
    assert found.landmarks.points[4].tolist() == [4.0, 2.0]


def test_nothing_is_made_up(photo):
    found = reference_observation(Reference(photo))
    assert found.landmarks is found.mask is found.box is found.focal is None


def test_a_mask_of_another_size_is_stretched(photo, tmp_path):
    mask = np.zeros((24, 32), np.uint8)
    mask[:, 16:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    found = reference_observation(Reference(photo, mask=Media(str(tmp_path / "mask.png"))))
    assert found.mask.shape == (48, 64)
    assert found.mask[:, :28].max() < 0.5
    assert found.mask[:, 36:].min() > 0.5


def test_what_is_missing_is_told(tmp_path):
    with pytest.raises(StudioError, match="no photo"):
        reference_observation(Reference())
    with pytest.raises(StudioError, match=r"gone\.png"):
        reference_observation(Reference(Media(str(tmp_path / "gone.png"))))
