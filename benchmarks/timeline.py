"""What the timeline costs over 100,000 frames with a million keys, 1600 pixels wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Measure, median_milliseconds
from studio.document.commands import open_clip
from studio.document.document import Document
from studio.document.key_commands import edit_keys
from studio.flame.open_head import load_open_head
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.key_selection import KeySelection
from studio.theme import apply_theme
from studio.undo import History
from studio.widgets.gesture import next_gesture
from studio.widgets.timeline import Timeline

PART = "Timeline"
FRAMES, KEYS = 100_000, 1_000_000
NOTE = "a million keys, 100,000 frames"
AT_MOST = 8.0  # milliseconds


def measure() -> list[Measure]:
    """Medians of drawing, of a step of zooming, and of steps of drags from the hand to the picture."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application, "dark", 100)
    document = _document()
    panel = TimelinePanel(document, History(document).push)
    panel.resize(1600, 320)
    panel.show()
    while not panel.windowHandle().isExposed():
        QApplication.processEvents()
    timeline = panel.findChild(Timeline)
    assert isinstance(timeline, Timeline)
    return [
        _measure("everything drawn anew", lambda _: _draw_anew(timeline)),
        _measure("the cursor moved", lambda step: _move_cursor(timeline, step)),
        _measure("a step of zooming", lambda step: _zoom(timeline, step)),
        _drag(panel, timeline, "one key", KeySelection.between(panel.desk.keys, ["expr/3"], 50_000, 50_004)),
        _drag(panel, timeline, "a box of 5,000 keys", _box(panel)),
        _drag(panel, timeline, "all keys", KeySelection.all_of(panel.desk.keys)),
    ]


def _document() -> Document:
    model, random = load_open_head(), np.random.default_rng(0)
    moving: dict[str, Any] = {
        name: random.normal(0.0, 0.1, (FRAMES, width)).astype(np.float32)
        for name, width in (
            ("expr", model.expression_count),
            ("rotation", 3),
            ("neck_pose", 3),
            ("jaw_pose", 3),
            ("eyes_pose", 6),
            ("translation", 3),
        )
    }
    document = Document(model)
    open_clip(
        document, "Long", Clip(shape=np.zeros(model.shape_count, np.float32), fps=30.0, **moving)
    ).apply(document)
    each = KEYS // model.expression_count
    curves = {
        f"expr/{place}": Curve.of(np.sort(random.choice(FRAMES, each, replace=False)), random.random(each))
        for place in range(model.expression_count)
    }
    edit_keys(document, "Keys", document.take, curves).apply(document)
    return document


def _box(panel: TimelinePanel) -> KeySelection:
    return KeySelection.between(panel.desk.keys, [f"expr/{place}" for place in range(10)], 40_000, 42_150)


def _measure(name: str, work: Callable[[int], object]) -> Measure:
    milliseconds = median_milliseconds(work, repeats=20, warm_up=3)
    return Measure(PART, name, milliseconds, AT_MOST, NOTE)


def _draw_anew(timeline: Timeline) -> None:
    size = timeline.size()
    timeline.resize(size.width() - 1, size.height())  # nothing that was drawn before fits
    timeline.repaint()
    timeline.resize(size)


def _move_cursor(timeline: Timeline, step: int) -> None:
    timeline.set_position(100.0 * step)
    timeline.repaint()


def _zoom(timeline: Timeline, step: int) -> None:
    timeline.show_part(timeline.ruler.zoomed(1.25 if step % 20 < 10 else 0.8, 700.0))
    timeline.repaint()


def _drag(panel: TimelinePanel, timeline: Timeline, what: str, chosen: KeySelection) -> Measure:
    timeline.show_all()
    panel.desk.choose(chosen)
    gesture = next_gesture()

    def step(index: int) -> None:
        panel.desk.move(float(index + 1), gesture)
        timeline.repaint()

    made = _measure(f"a step of dragging {what}", step)
    panel.desk.cancel(gesture, "Move keys")
    return made
