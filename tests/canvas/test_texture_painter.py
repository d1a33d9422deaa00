"""Textures on the canvas: made aside, shown as they come, told where they cannot be made."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject

from studio.canvas import texture_painter
from studio.canvas.gl_view import GLView
from studio.document.look import Look, Texture
from studio.flame.texture_files import source_of
from tests.flame.texture_cases import flame_texture
from tests.render.heads import neutral_surface


@pytest.fixture
def gl_canvas(canvas):
    if not isinstance(canvas._view, GLView):
        pytest.skip("there is no OpenGL here")
    return canvas


def middle(canvas):
    return canvas.read()[150:250, 150:250, :3].astype(int)


def look(*coefficients):
    return Look(texture=Texture("open head", coefficients))


def test_the_newest_texture_ends_up_on_the_screen(gl_canvas, qtbot):
    qtbot.wait(300)
    before = middle(gl_canvas).mean()
    for value in np.linspace(0.1, 2.5, 25):
        gl_canvas.set_look(look(float(value)))
    qtbot.waitUntil(lambda: middle(gl_canvas).mean() < 0.7 * before, timeout=20_000)
    qtbot.wait(400)
    screen = gl_canvas.read().astype(int)
    picture = gl_canvas.renderer.render(gl_canvas.shot()).astype(int)
    assert np.abs(screen - picture).mean() < 1.5


def test_the_window_does_not_wait_for_a_slow_texture(gl_canvas, qtbot, monkeypatch):
    enough, asked = threading.Event(), threading.Event()
    read = texture_painter.read_albedo

    def slow(*wanted):
        asked.set()
        enough.wait(20.0)
        return read(*wanted)

    monkeypatch.setattr(texture_painter, "read_albedo", slow)
    before = middle(gl_canvas).mean()
    gl_canvas.set_look(look(2.0))
    assert asked.wait(10.0)
    gl_canvas.set_look(look(2.0).replace(show_joints=True))
    qtbot.wait(50)
    assert middle(gl_canvas).mean() == pytest.approx(before, abs=4.0)
    enough.set()
    qtbot.waitUntil(lambda: middle(gl_canvas).mean() < 0.8 * before, timeout=20_000)


def test_each_texture_is_made_once_and_replaced_ones_never(qtbot, tiny_model, monkeypatch):
    enough, asked, made = threading.Event(), threading.Event(), []

    def slow(_, texture):
        made.append(texture.key)
        asked.set()
        enough.wait(20.0)

    monkeypatch.setattr(texture_painter, "read_albedo", slow)
    parent = QObject()
    painter = texture_painter.TexturePainter(parent)
    painter.ask(tiny_model, Texture("first"))
    assert asked.wait(10.0)
    painter.ask(tiny_model, Texture("replaced"))
    painter.ask(tiny_model, Texture("last"))
    with qtbot.waitSignals([painter.painted, painter.painted], timeout=10_000):
        enough.set()
    qtbot.wait(50)
    painter.stop()
    assert made == ["first", "last"]


def test_what_was_made_for_another_model_is_not_shown(gl_canvas, head_model, qtbot):
    qtbot.wait(300)
    before = middle(gl_canvas).mean()
    gl_canvas._view._show_texture(replace(head_model), Texture("open head", (2.5,)))
    qtbot.wait(300)
    assert middle(gl_canvas).mean() == pytest.approx(before, abs=1.0)


def test_a_texture_that_cannot_be_read_is_told_and_the_last_one_stays(gl_canvas, head_model, qtbot, tmp_path):
    np.savez(tmp_path / "gone.npz", **flame_texture(np.random.default_rng(5)))
    source = source_of(tmp_path / "gone.npz")
    model = replace(head_model, textures=(*head_model.textures, source))
    gl_canvas.set_model(model)
    gl_canvas.set_surface(neutral_surface(model))
    qtbot.wait(300)
    before = middle(gl_canvas).mean()
    source.path.unlink()
    with qtbot.waitSignal(gl_canvas.problem, timeout=10_000) as told:
        gl_canvas.set_look(Look(texture=Texture(source.key, (1.0,))))
    assert "gone.npz" in told.args[0]
    assert middle(gl_canvas).mean() == pytest.approx(before, abs=1.0)


def test_a_model_with_its_coefficients_is_shown_with_them(gl_canvas, head_model, qtbot):
    qtbot.wait(300)
    before = middle(gl_canvas).mean()
    gl_canvas.set_look(look(2.5))
    again = replace(head_model)
    gl_canvas.set_model(again)
    gl_canvas.set_surface(neutral_surface(again))
    qtbot.waitUntil(lambda: middle(gl_canvas).mean() < 0.7 * before, timeout=20_000)
