"""What the curve editor costs under the hand, over an example clip and over 100,000 frames."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Measure, median_milliseconds
from studio.backends import create_backend
from studio.document.commands import open_clip
from studio.document.document import Document
from studio.document.key_commands import edit_keys
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.panels.curves_view import CurvesView
from studio.panels.key_desk import KeyDesk
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.reducing import Wish, reduce
from studio.theme import apply_theme
from studio.undo import History

PART = "Curves"
LONG = 100_000  # frames


def measure() -> list[Measure]:
    """Medians of drag steps, with the picture and without, and the time to reduce a clip."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "dark", 100)
    model = load_open_head()
    clip, _ = read_clip(str(example_path("speak")), model)
    random = np.random.default_rng(0)
    few = {
        "jaw_pose": Curve.of([10, 40, 80, 110], random.normal(0.0, 0.1, (4, 3)), turns=True),
        "expr/30": Curve.of([5, 50, 90], [0.1, 0.5, 0.2]),
    }
    half = np.arange(0, LONG, 2)
    many = {
        "jaw_pose": Curve.of(half, random.normal(0.0, 0.1, (len(half), 3)), turns=True),
        "expr/30": Curve.of(half, random.random(len(half))),
    }
    return [
        *_dragged(model, clip, few, 40, "126 frames, 7 keys", 3.0),
        *_dragged(model, _long(model, random), many, LONG // 2, "100,000 frames, 100,000 keys", 16.0),
        _reduced(model, clip),
    ]


def _long(model: HeadModel, random: np.random.Generator) -> Clip:
    def values(width: int) -> np.ndarray:
        return random.normal(0.0, 0.1, (LONG, width)).astype(np.float32)

    return Clip(
        shape=np.zeros(model.shape_count, np.float32),
        expr=values(model.expression_count),
        rotation=values(3),
        neck_pose=values(3),
        jaw_pose=values(3),
        eyes_pose=values(6),
        translation=values(3),
    )


def _dragged(
    model: HeadModel, clip: Clip, curves: Mapping[str, Curve], frame: int, note: str, at_most: float
) -> list[Measure]:
    document = Document(model)
    open_clip(document, "Clip", clip).apply(document)
    edit_keys(document, "Keys", document.take, curves).apply(document)
    desk = KeyDesk(document, History(document).push)
    view = CurvesView("", desk)
    document.changed.connect(lambda _: view.set_take(document.take, model))
    view.resize(1300, 400)
    view.show()
    view.set_take(document.take, model)
    QTest.qWait(300)
    plot = view.plot
    jaw = next(curve for curve in plot.keyed if curve.name == "jaw_pose#0")
    key = int(np.abs(jaw.frames - frame).argmin())
    start = plot.pixels().map(QPointF(float(jaw.frames[key]), float(jaw.values[key]))).toPoint()
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=start)

    def move(step: int) -> None:
        where = start + QPoint(step // 4 + 2, step + 2)
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            QPointF(where),
            QPointF(plot.viewport().mapToGlobal(where)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(plot.viewport(), event)

    def draw(step: int) -> None:
        move(step)
        plot.viewport().repaint()

    found = [
        Measure(PART, "a step of dragging a key", median_milliseconds(move, 20, 3), at_most, note),
        Measure(PART, "the same with the picture", median_milliseconds(draw, 20, 3), None, note),
    ]
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=start)
    view.close()
    return found


def _reduced(model: HeadModel, clip: Clip) -> Measure:
    backend = create_backend("auto", model)
    start = time.perf_counter()
    made = reduce(clip, model, backend, Wish(), lambda _done: None)
    milliseconds = 1000.0 * (time.perf_counter() - start)
    note = f"{made.key_count} keys for {len(clip)} frames, within {1000.0 * made.error:.2f} mm"
    return Measure(PART, "a clip reduced to 0.5 mm", milliseconds, None, note)
