"""Poses on the document's face: replacing, adding, strength, locks and steps."""

from __future__ import annotations

import numpy as np
import pytest

from studio.controls.named_controls import control_set, read
from studio.controls.presets import Preset
from studio.document.commands import set_params
from studio.document.document import Document
from studio.document.posing import begin, show
from studio.flame.param_ranges import FIELD_RANGES
from studio.flame.params import Params
from studio.undo import History

SMILE = Preset("Smile", ("mouth",), {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8})


@pytest.fixture
def document(head_model):
    return Document(head_model)


def value(document, name):
    return read(control_set(document.model), document.params)[name]


def test_replacing_makes_the_chosen_parts_the_preset_s(document):
    begun = {"mouthPucker": 0.5, "browInnerUp": 0.4}
    history = History(document)
    history.push(show(document, begin(document, Preset("", ("mouth", "brows"), begun)), 1.0))
    history.push(show(document, begin(document, SMILE), 1.0))
    assert value(document, "mouthPucker") == pytest.approx(0.0, abs=1e-6)
    assert value(document, "mouthSmileLeft") == pytest.approx(0.8, abs=1e-6)
    assert value(document, "browInnerUp") == pytest.approx(0.4, abs=1e-6)


def test_adding_comes_on_top(document):
    History(document).push(show(document, begin(document, Preset("", ("mouth",), {"mouthPucker": 0.5})), 1.0))
    show(document, begin(document, SMILE, adds=True), 0.5).apply(document)
    assert value(document, "mouthPucker") == pytest.approx(0.5, abs=1e-6)
    assert value(document, "mouthSmileLeft") == pytest.approx(0.4, abs=1e-6)


def test_the_strength_counts_from_the_face_before_and_is_one_step(document):
    history = History(document)
    posing = begin(document, SMILE)
    for strength in (0.2, 0.9, 0.6):
        history.push(show(document, posing, strength, gesture=77))
    assert value(document, "mouthSmileLeft") == pytest.approx(0.48, abs=1e-6)
    assert history.stack.count() == 1
    assert history.stack.undoText() == "Smile 60 %"
    history.stack.undo()
    assert document.params == Params.neutral(document.model)


def test_no_strength_changes_nothing(document):
    face = Params.random(document.model, 2)
    set_params(document, "", face).apply(document)
    assert show(document, begin(document, SMILE), 0.0).changes_nothing


def test_locks_are_respected(document):
    place = document.model.expression_names.index("mouthSmileLeft")
    document.set(locks=frozenset({("expr", place)}))
    show(document, begin(document, SMILE), 1.0).apply(document)
    assert document.params.expr[place] == 0.0
    assert value(document, "mouthSmileRight") == pytest.approx(0.8, abs=1e-6)


def test_flipped(document):
    half = Preset("Half", ("mouth",), {"mouthSmileLeft": 0.8})
    show(document, begin(document, half, flipped=True), 1.0).apply(document)
    assert value(document, "mouthSmileLeft") == pytest.approx(0.0, abs=1e-6)
    assert value(document, "mouthSmileRight") == pytest.approx(0.8, abs=1e-6)


def test_on_a_clip_the_pose_holds_where_the_cursor_is(document):
    from studio.document.commands import open_clip
    from studio.sequence.clip import Clip

    frames = 5
    poses = {name: np.zeros((frames, 3)) for name in ("rotation", "neck_pose", "jaw_pose", "translation")}
    expr = np.zeros((frames, document.model.expression_count))
    clip = Clip(np.zeros(document.model.shape_count), expr, eyes_pose=np.zeros((frames, 6)), **poses)
    open_clip(document, "Clip", clip).apply(document)
    document.set(position=3.0)
    show(document, begin(document, SMILE), 1.0).apply(document)
    assert value(document, "mouthSmileLeft") == pytest.approx(0.8, abs=1e-6)


def test_adding_stops_where_a_body_does(document):
    wide = Preset("Wide", ("jaw",), {"jawOpen": 1.0})
    for _ in range(3):
        show(document, begin(document, wide, adds=True), 1.5).apply(document)
    assert document.params.jaw_pose[0] == pytest.approx(FIELD_RANGES["jaw_pose"][0, 1])
