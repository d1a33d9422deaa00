"""A canvas on the screen that shows the head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from studio.canvas import head_canvas
from studio.canvas.head_canvas import HeadCanvas
from studio.flame.model import HeadModel
from studio.render.ambient_occlusion import bake
from studio.render.display_mesh import load_kernels
from studio.render.framing import frame_head, view_preset
from tests.render.heads import neutral_surface


@contextmanager
def shown_canvas(qtbot: QtBot, head_model: HeadModel) -> Iterator[HeadCanvas]:
    """Shown, 400 x 400, the head framed; cameras that it proposes come back to it."""
    bake(head_model)  # or hollows would come into the picture while a test looks at it
    load_kernels()
    canvas = HeadCanvas()
    canvas.resize(400, 400)
    canvas.camera_changed.connect(canvas.set_camera)
    canvas.set_model(head_model)
    canvas.set_surface(neutral_surface(head_model))
    canvas.set_camera(frame_head(head_model, view_preset("front")))
    with qtbot.waitSignal(canvas.first_drawn, timeout=20_000):
        canvas.show()
    yield canvas
    canvas.shut_down()
    canvas.close()
    canvas.deleteLater()


@pytest.fixture
def canvas(qtbot: QtBot, head_model: HeadModel) -> Iterator[HeadCanvas]:
    """A canvas on the screen, drawn by OpenGL."""
    with shown_canvas(qtbot, head_model) as shown:
        yield shown


@pytest.fixture
def processor_canvas(
    qtbot: QtBot, head_model: HeadModel, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HeadCanvas]:
    """As ``canvas``, on a machine without OpenGL."""
    monkeypatch.setattr(head_canvas, "why_no_opengl", lambda: "a test says so")
    with shown_canvas(qtbot, head_model) as shown:
        yield shown
