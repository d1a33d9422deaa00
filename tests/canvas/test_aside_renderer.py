"""Pictures drawn aside: what the window draws, from several threads, and without a context of its own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from vispy import gloo

from studio.canvas import aside_renderer
from studio.canvas.aside_renderer import AsideRenderer
from studio.canvas.window_renderer import WindowRenderer
from studio.document.look import Caption, Look
from studio.document.occasion import Occasion


def in_background(qtbot, *works):
    """What each of ``works`` gives on a thread of its own, while the window lives."""
    with ThreadPoolExecutor(len(works)) as pool:
        made = [pool.submit(work) for work in works]
        qtbot.waitUntil(lambda: all(one.done() for one in made), timeout=60_000)
    return [one.result() for one in made]


@pytest.fixture
def window_renderer(canvas):
    return WindowRenderer(canvas._view.canvas, canvas)


@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look(mode="normals", wire_over=True, show_landmarks=True, show_landmark_numbers=True),
        Look(mode="matcap", caption=Caption("{take} {frame}", letter_height=0.1)),
    ],
    ids=["skin", "marks", "caption"],
)
def test_pictures_aside_are_those_of_the_window(canvas, qtbot, window_renderer, look):
    assert isinstance(canvas.renderer, AsideRenderer)
    shot = replace(canvas.shot((240, 180)), look=look, occasion=Occasion("Smile", 3))
    aside, window = in_background(
        qtbot, lambda: canvas.renderer.render(shot), lambda: window_renderer.render(shot)
    )
    difference = np.abs(aside.astype(int) - window)
    assert difference.mean() < 0.1
    assert difference.max() < 60


def test_two_jobs_get_the_pictures_that_they_asked_for(canvas, qtbot):
    shot = canvas.shot((200, 150))
    looks = [Look(mode="shaded"), Look(mode="normals")]
    alone = [canvas.renderer.render(replace(shot, look=look)) for look in looks]

    def film(look):
        return [canvas.renderer.render(replace(shot, look=look)) for _ in range(4)]

    both = in_background(qtbot, lambda: film(looks[0]), lambda: film(looks[1]))
    for wanted, made in zip(alone, both, strict=True):
        assert all(np.array_equal(wanted, picture) for picture in made)


def test_without_a_context_the_window_s_is_used(canvas, qtbot, monkeypatch, window_renderer):
    def fail(*_):
        raise aside_renderer._NoContextError

    monkeypatch.setattr(aside_renderer, "_open", fail)
    renderer = AsideRenderer(window_renderer, lambda: True, canvas)
    shot = canvas.shot((120, 90))
    (first,) = in_background(qtbot, lambda: renderer.render(shot))
    (again,) = in_background(qtbot, lambda: renderer.render(shot))
    assert np.array_equal(first, again)
    assert first[..., :3].std() > 5.0
    renderer.close()


class Useless:
    """A context that nothing can be drawn with."""

    def __init__(self, error):
        self.error, self.ends = error, 0

    def make_current(self):
        raise self.error

    def destroy(self):
        self.ends += 1


@pytest.mark.parametrize("error", [OSError("no surface"), aside_renderer._NoContextError()])
def test_a_context_that_draws_nothing_is_let_go_of(canvas, qtbot, monkeypatch, window_renderer, error):
    useless = Useless(error)
    monkeypatch.setattr(aside_renderer, "_open", lambda *_: useless)
    renderer = AsideRenderer(window_renderer, lambda: True, canvas)
    shot = canvas.shot((120, 90))
    (picture,) = in_background(qtbot, lambda: renderer.render(shot))
    assert useless.ends == 1
    assert picture[..., :3].std() > 5.0
    renderer.close()
    assert useless.ends == 1


def test_each_thread_has_a_current_canvas_of_its_own(canvas):
    canvas.renderer.render(canvas.shot((16, 16)))
    mine = gloo.get_current_canvas()
    seen = []
    thread = threading.Thread(target=lambda: seen.append(gloo.get_current_canvas()))
    thread.start()
    thread.join()
    assert mine is not None
    assert seen == [None]
