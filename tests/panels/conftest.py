"""A document with its undo stack, on models with and without names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from studio.document.commands import open_clip
from studio.document.document import Document
from studio.document.key_commands import edit_keys
from studio.flame.params import frozen
from studio.panels.timeline_panel import TimelinePanel
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.undo import History
from tests.panels.timeline_hands import BROW, SMILE

NAMES = ("browInnerUp", "eyeBlinkLeft", "eyeBlinkRight", "jawForward", "mouthSmileLeft", "mouthSmileRight")


@dataclass
class Desk:
    """What a panel works on."""

    document: Document
    history: History

    @property
    def push(self):
        return self.history.push

    @property
    def steps(self):
        stack = self.history.stack
        return [stack.text(index) for index in range(stack.count())]

    def undo(self):
        self.history.stack.undo()


def _sized(model, shapes, expressions, **changes):
    count = model.vertex_count
    return replace(
        model,
        shapedirs=frozen(np.zeros((count, 3, shapes))),
        expressiondirs=frozen(np.zeros((count, 3, expressions))),
        shape_ranges=frozen(np.tile([-3.0, 3.0], (shapes, 1))),
        **changes,
    )


@pytest.fixture
def named_model(tiny_model):
    """Six expression units with ARKit names and a range of 0..1."""
    ranges = frozen(np.tile([0.0, 1.0], (len(NAMES), 1)))
    return _sized(tiny_model, 8, len(NAMES), expression_ranges=ranges, expression_names=NAMES)


@pytest.fixture
def large_model(tiny_model):
    """As many components as FLAME has, without names."""
    return _sized(tiny_model, 300, 100, expression_ranges=frozen(np.tile([-3.0, 3.0], (100, 1))))


@pytest.fixture
def desk(tiny_model):
    """A neutral head on the tiny model."""
    return _desk(tiny_model)


@pytest.fixture
def named_desk(named_model):
    """A neutral head on the model with names."""
    return _desk(named_model)


@pytest.fixture
def large_desk(large_model):
    """A neutral head on the large model."""
    return _desk(large_model)


def _desk(model):
    document = Document(model)
    return Desk(document, History(document))


@pytest.fixture
def playing_desk(named_desk):
    """A clip of 51 frames at 25 frames a second, whose smile grows from 0 to 1."""
    frames = 51
    expr = np.zeros((frames, len(NAMES)))
    expr[:, 4] = np.linspace(0.0, 1.0, frames)
    clip = Clip(
        shape=np.zeros(8),
        expr=expr,
        rotation=np.zeros((frames, 3)),
        neck_pose=np.zeros((frames, 3)),
        jaw_pose=np.zeros((frames, 3)),
        eyes_pose=np.zeros((frames, 6)),
        translation=np.zeros((frames, 3)),
    )
    named_desk.push(open_clip(named_desk.document, "Smile", clip))
    return named_desk


@pytest.fixture
def shown(qtbot):
    """Show a panel in a dock's usual size."""

    def show(panel, width=340, height=640):
        panel.resize(width, height)
        qtbot.addWidget(panel)
        panel.show()
        qtbot.waitExposed(panel)
        panel.activateWindow()
        return panel

    return show


@pytest.fixture
def keyed_panel(playing_desk, shown):
    """A timeline of a smile, a brow and a jaw that have keys over a clip."""
    document = playing_desk.document
    keys = {
        SMILE: Curve.of([10, 20, 30], [0.1, 0.2, 0.3]),
        BROW: Curve.of([20, 40], [0.5, 0.6]),
        "jaw_pose": Curve.of([10, 30], np.zeros((2, 3)), turns=True),
    }
    playing_desk.push(edit_keys(document, "Keys", document.take, keys))
    return shown(TimelinePanel(document, playing_desk.push), 1200, 320)
