"""The canvas shows look and camera of the document, or of what stands in for its head."""

from __future__ import annotations

import pytest

from studio.document.camera import Camera
from tests.windows import shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as found:
        yield found


def shot(window):
    found = window.canvas.shot()
    return found.look, found.camera


def test_a_preview_is_seen_in_its_own_look_from_its_own_camera(window):
    document = window.document
    before = shot(window)
    look, camera = document.look.replace(mode="normals"), Camera(distance=0.7)
    document.preview.show("fit", document.model, document.params, look, camera)
    assert shot(window) == (look, camera)
    document.set(look=document.look.replace(clay=(0.1, 0.2, 0.3)))
    assert shot(window)[0] is look
    document.preview.show("fit", document.model, document.params, look)
    assert shot(window) == (look, before[1])
    document.preview.clear("fit")
    assert shot(window) == (document.look, before[1])
