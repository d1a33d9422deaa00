"""What a film costs, part by part, and how long the window is held up while one is made."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measure import Measure, Stopwatch
from studio.backends import create_backend
from studio.document.camera import Camera
from studio.document.look import Look
from studio.export.film import FilmJob
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.render.framing import frame_head
from studio.render.offscreen import open_renderer
from studio.render.shot import Shot
from studio.sequence.clip import Clip
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip

SIZE, SAMPLES = (1280, 720), 4
WHOLE, FRAMES = 300, 45  # frames of ten seconds, and how many of them are made
TICK = 1  # milliseconds between two looks at the clock


def measure() -> list[Measure]:
    """Milliseconds a frame of a film at 720p as MP4, part by part, and the window's longest hold."""
    model = load_open_head()
    path = example_path("speak")
    assert path is not None
    clip, _ = read_clip(path, model)
    with tempfile.TemporaryDirectory() as folder:
        return [*_shares(model, clip, Path(folder)), *_holds(Path(folder))]


def _shares(model: HeadModel, clip: Clip, folder: Path) -> list[Measure]:
    """A film without a window, with a clock on everything that takes long."""
    from vispy.gloo import gl

    from studio.export import ffmpeg
    from studio.render import sample_kernel, scene

    renderer, backend = open_renderer(), create_backend("torch", model, "cpu")
    surface = backend.forward(clip.frame(0))
    camera = frame_head(surface.vertices, Camera(), SIZE[0] / SIZE[1])
    shot = Shot(model, surface, Look(), camera, SIZE, SAMPLES)
    job = FilmJob(renderer, backend, clip, shot, folder / "film.mp4", 0, FRAMES - 1)
    replace(job, path=folder / "first.mp4", last=1).run(lambda _: None, lambda: False)
    clocks = {
        name: Stopwatch() for name in ("forward", "shadows", "drawing", "reading", "filtering", "encoder")
    }
    with ExitStack() as stack:
        on = stack.enter_context
        on(clocks["forward"].on(backend, "forward"))  # type: ignore[arg-type]
        on(clocks["shadows"].on(scene, "reach_of"))
        for name in ("glDrawElements", "glDrawArrays", "glFinish"):
            on(clocks["drawing"].on(gl, name))
        on(clocks["reading"].on(gl, "glReadPixels"))
        on(clocks["filtering"].on(sample_kernel, "filter_samples"))
        for name in ("_hand_over", "_close"):
            on(clocks["encoder"].on(ffmpeg, name))
        started = time.perf_counter()
        job.run(lambda _: None, lambda: False)
        whole = 1000.0 * (time.perf_counter() - started) / FRAMES
    parts = {name: 1000.0 * clock.seconds / FRAMES for name, clock in clocks.items()}
    parts["rest"] = whole - sum(parts.values())
    titles = {
        "forward": "forward pass",
        "shadows": "finding shadows",
        "drawing": "rasterizing",
        "reading": "reading back",
        "filtering": "filtering samples",
        "encoder": "waiting for the encoder",
        "rest": "all the rest",
    }
    note = f"{SIZE[0]} x {SIZE[1]}, {SAMPLES} samples; 10 s of film in {whole * WHOLE / 1000.0:.0f} s"
    return [
        Measure("Export", "a frame of a film", whole, note=note),
        *(
            Measure("Export", f"of it {titles[name]}", cost, note=f"{100.0 * cost / whole:.0f} %")
            for name, cost in parts.items()
        ),
    ]


def _holds(folder: Path) -> list[Measure]:
    """The window's own film, beside a clock on its thread that should tick all the time."""
    from PySide6.QtCore import QSettings, QTimer
    from PySide6.QtWidgets import QApplication, QFileDialog

    from studio.document.document import Document
    from studio.engine import BackendChoice
    from studio.export.options import FilmOptions
    from studio.sequence.examples import example_clips
    from studio.settings import Settings
    from studio.theme import apply_theme
    from studio.window import StudioWindow

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "dark")
    window = StudioWindow(Document(load_open_head()), BackendChoice("torch", "cpu"), Settings())
    window.show()
    window.start()
    _until(application, lambda: window.result is not None)
    window.files.open_example(*example_clips()[0])
    _until(application, lambda: len(window.document.take) > FRAMES)
    window.document.set(playback=window.document.playback.replace(last=FRAMES - 1))
    QFileDialog.getSaveFileName = lambda *_: (str(folder / "window.mp4"), "")  # type: ignore[method-assign]
    gaps: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append(1000.0 * (now - last[0]))
        last[0] = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(TICK)
    _for(application, 1.0)
    idle = sorted(gaps)
    gaps.clear()
    started = time.perf_counter()
    window.exports.film(FilmOptions(SIZE, SAMPLES))
    _until(application, lambda: not window.exports.queue.unfinished)
    whole = 1000.0 * (time.perf_counter() - started) / FRAMES
    timer.stop()
    window.history.stack.setClean()  # nobody is there to answer what to do with the changes
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    application.shutdown()
    held = sorted(gaps)
    note = f"99 of 100 under {held[int(0.99 * len(held))]:.0f} ms; {idle[-1]:.0f} ms without an export"
    return [
        Measure("Export", "a frame of a film in the window", whole),
        Measure("Export", "longest hold of the window meanwhile", held[-1], note=note),
    ]


def _until(application: Any, done: Callable[[], bool], patience: float = 300.0) -> None:
    end = time.monotonic() + patience
    while not done() and time.monotonic() < end:
        application.processEvents()
        time.sleep(0.0005)


def _for(application: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    _until(application, lambda: time.monotonic() > end)
