from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from studio.document.look import Look
from studio.storage.errors import JobCancelled


def test_twenty_pictures_from_a_worker_while_the_window_lives(canvas, qtbot):
    qtbot.wait(400)
    before = canvas.read()
    shot = canvas.shot((320, 320))
    shots = [
        replace(shot, camera=shot.camera.replace(azimuth=0.3 * step), look=Look(mode="shaded"))
        for step in range(20)
    ]
    beats = []
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(lambda: [canvas.renderer.render(one) for one in shots])
        while not made.done():
            qtbot.wait(1)
            beats.append(time.perf_counter())
    pictures = made.result()
    assert len({picture.tobytes() for picture in pictures}) == 20
    assert len(beats) > 20
    assert np.diff(beats).max() < 1.0
    assert np.array_equal(canvas.read(), before)


def test_pictures_are_those_of_the_other_renderers(canvas):
    from studio.render.cpu_renderer import CPURenderer

    shot = canvas.shot((150, 150), samples=4, transparent=True)
    mine, other = canvas.renderer.render(shot), CPURenderer().render(shot)
    assert np.abs(mine.astype(int) - other).mean() < 0.5
    assert len(np.unique(mine[..., 3])) > 4


def test_a_worker_that_is_cancelled_stops_soon(canvas, qtbot):
    asked = threading.Event()
    shot = canvas.shot((4000, 4000), samples=16)
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(canvas.renderer.render, shot, asked.is_set)
        qtbot.wait(200)
        asked.set()
        start = time.perf_counter()
        while not made.done():
            qtbot.wait(5)
    assert time.perf_counter() - start < 1.0
    with pytest.raises(JobCancelled):
        made.result()


def test_closing_the_window_ends_a_waiting_worker(canvas, qtbot):
    shot = canvas.shot((2000, 2000), samples=16)
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(canvas.renderer.render, shot)
        qtbot.wait(100)
        canvas.shut_down()
        with pytest.raises(JobCancelled):
            made.result(timeout=5)
