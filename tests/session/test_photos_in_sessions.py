"""A session keeps the photo, its points, its face and its painted mask, and bears wrong ones."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.document import Document
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.document.photo_mask import as_media
from studio.document.photo_points import of_places, with_confidence, with_hidden
from studio.document.reference import Reference
from studio.session.on_model import open_session
from studio.session.plain import from_plain, to_plain
from studio.session.state import State
from studio.session.writing import write_session


def known():
    points = of_places((1.5 * i, 700.25 - i) for i in range(68))
    points = with_hidden(with_confidence(points, [3], 0.25), [5], hidden=True)
    return Reference(
        Media("face.png", b"the bytes of a photo"),
        points=points,
        points_from="hand",
        box=(10.0, 20.5, 300.0, 400.0),
        mask=as_media(np.arange(200, dtype=np.uint8).reshape(10, 20)),
        lens=35.0,
        camera=PhotoCamera(600, 700, "perspective", 900.0, 0.0, 300.0, 350.0, (0.01, 0.02, -0.9)),
        showing="wipe",
        opacity=0.25,
        wipe=0.75,
    )


def test_all_that_is_known_of_a_photo_comes_back(tiny_model, tmp_path):
    document = Document(tiny_model)
    document.set(reference=known())
    path = tmp_path / "one.flame"
    write_session(path, State.of(document), {})
    opened = open_session(path, (tiny_model,), tiny_model)
    assert opened.state.reference == known()


@pytest.mark.parametrize(
    "points",
    [
        "all of them",
        [1.0, 2.0],
        [{"x": 1.0}],
        [{"x": 1.0, "y": "high"}],
        [{"x": 1.0, "y": float("nan")}],
        [{"x": 1.0, "y": 2.0, "confidence": 7.0}],
        [{"x": 1.0, "y": 2.0}] * 20_000,
    ],
)
def test_points_that_are_none_are_left_out_and_told(points):
    faults = []
    plain = {**to_plain(Reference(opacity=0.25)), "points": points}
    read = from_plain(Reference(), plain, "reference", faults)
    assert read.points == ()
    assert read.opacity == 0.25
    assert faults == ["reference.points"]
