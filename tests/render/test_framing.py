from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.render.camera import project
from studio.render.framing import VIEWS, frame_head, view_preset


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("orthographic", [False, True])
@pytest.mark.parametrize("size", [(400, 400), (900, 300), (200, 800)])
def test_the_whole_head_is_seen_in_the_middle_and_large(head_model, view, orthographic, size):
    camera = view_preset(view, Camera(orthographic=orthographic))
    framed = frame_head(head_model, camera, size[0] / size[1])
    assert (framed.azimuth, framed.elevation) == (camera.azimuth, camera.elevation)
    seen = project(head_model.v_template, framed, size)[:, :2]
    low, high = seen.min(axis=0), seen.max(axis=0)
    assert (low >= 0).all()
    assert (high <= size).all()
    assert ((high - low) / size).max() > 0.8
    assert np.allclose((low + high) / 2, np.array(size) / 2, atol=0.02 * max(size))


def test_an_unknown_view_is_refused():
    with pytest.raises(KeyError):
        view_preset("inside")
