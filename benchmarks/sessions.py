"""A session of one minute of animation, saved and opened by the real window, and how long it is held up."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Measure
from benchmarks.sized_model import flame_sized_model
from studio.document.commands import open_clip
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import FIELD_WIDTHS, frozen
from studio.sequence.clip import Clip
from studio.session.on_model import open_session
from studio.settings import Settings
from studio.theme import apply_theme
from studio.window import StudioWindow

PART = "Sessions"
FRAMES, RATE = 3600, 60.0
TIMES = 5
PATIENCE = 60.0  # seconds
SETTLING = 0.4  # seconds
AT_MOST, HELD_AT_MOST = 500.0, 16.0  # milliseconds


def measure() -> list[Measure]:
    """The middle of five savings and openings, on the open head and on a model of FLAME's size."""
    measures = []
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        apply_theme(application, "dark")
        for title, model in (("open head", load_open_head()), ("300 + 100 components", _wide(folder))):
            measures += _of(title, model, Path(folder))
        application.shutdown()
    return measures


def _wide(folder: str) -> HeadModel:
    return replace(flame_sized_model(), source=Path(folder, "wide.npz"))


def _of(title: str, model: HeadModel, folder: Path) -> list[Measure]:
    window = StudioWindow(Document(model), BackendChoice("torch", "cpu"), Settings())
    window.show()
    window.start()
    _until(lambda: window.result is not None)
    window.push(open_clip(window.document, "Minute", _minute(model)))
    _until(lambda: False, SETTLING)
    path = folder / f"{title}.flame"
    saved, held = [], []
    for _ in range(TIMES):
        _until(lambda: False, SETTLING)  # the word in the status line is drawn, as any other would be
        began = time.perf_counter()
        window.sessions.start_saving(path)
        started = time.perf_counter() - began
        longest = _until(lambda: not window.sessions.is_saving)
        saved.append(1e3 * (time.perf_counter() - began))
        held.append(1e3 * max(started, longest))
    read, used = [], []
    for _ in range(TIMES):
        began = time.perf_counter()
        opened = open_session(path, (model,), model)
        read.append(1e3 * (time.perf_counter() - began))
        began = time.perf_counter()
        window.sessions.use(path, opened)
        used.append(1e3 * (time.perf_counter() - began))
    window.history.stack.setClean()
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    size = f"{path.stat().st_size / 2**20:.1f} MiB"
    return [
        Measure(PART, f"a minute saved, {title}", float(np.median(saved)), AT_MOST, size),
        Measure(PART, "longest that the window is held by it", float(np.median(held)), HELD_AT_MOST),
        Measure(PART, "the same read, on a thread", float(np.median(read)), AT_MOST),
        Measure(PART, "longest that the window is held by it", float(np.median(used))),
    ]


def _minute(model: HeadModel) -> Clip:
    """Every channel of 3,600 frames filled."""
    random = np.random.default_rng(1)
    widths = {"expr": model.expression_count, **FIELD_WIDTHS}
    channels: dict[str, Any] = {
        name: random.normal(0.0, 0.05, (FRAMES, width)) for name, width in widths.items()
    }
    channels["eyelids"] = abs(channels["eyelids"])
    shape = frozen(random.normal(0.0, 1.0, model.shape_count))
    return Clip(shape=shape, fps=RATE, model_name=model.name, model_digest=model.digest, **channels)


def _until(done: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Let the window work until ``done``; the longest that it took to come back, in seconds."""
    deadline, longest = time.perf_counter() + patience, 0.0
    while not done() and time.perf_counter() < deadline:
        began = time.perf_counter()
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - began)
        time.sleep(0.0005)
    return longest
