"""Operations on the clip in the window: what is shown while one is tried, what applying and leaving do."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QSpinBox

from studio.document.commands import open_clip, play_between
from studio.document.document import FIELDS
from studio.operations import takes as takes_of_operations
from studio.operations.names import ELSEWHERE, TITLES
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.sequence.operations.moments import moved_curve
from tests.panels.hands import press
from tests.scripting.test_recall import walk
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, low=True) as window:
        clip = noisy(head_model)
        window.push(open_clip(window.document, "Walk", clip))
        window.push(open_clip(window.document, "Run", walk(head_model, 20)))
        window.document.set(active=1, position=10.0)
        window.history.stack.clear()
        yield window


def noisy(model, frames=40) -> Clip:
    clip = walk(model, frames)
    slow = np.sin(np.arange(frames) / 6.0)[:, None]
    jaw = 0.2 + 0.1 * slow * (1.0, 0.0, 0.0) + np.random.default_rng(1).normal(0, 0.01, (frames, 3))
    return clip.replace(jaw_pose=jaw, expr=np.zeros_like(clip.expr), fps=25.0)


def short(window, frames=4):
    """Let the take have few frames, of what a fit finds quickly."""
    clip = noisy(window.document.model, frames)
    still = {name: 0.0 * getattr(clip, name) for name in ("rotation", "eyes_pose", "translation")}
    window.push(open_clip(window.document, "Short", clip.replace(**still)))
    window.history.stack.clear()


def dialog_of(window):
    return window.operations._dialog


def opened(qtbot, window, name):
    """The dialog of the operation ``name``, opened by its action, with its result."""
    window.actions_by_id[f"clip.{name}"].trigger()
    settled(qtbot, window)
    qtbot.waitUntil(dialog_of(window).isActiveWindow, timeout=WAIT)
    return dialog_of(window)


def settled(qtbot, window):
    """Wait until the settings as they stand have been tried."""
    QTest.qWait(50)
    qtbot.waitUntil(lambda: not dialog_of(window)._soon.isActive(), timeout=WAIT)
    qtbot.waitUntil(lambda: window.operations._found is not None, timeout=WAIT)


def field(dialog, kind, name):
    return next(w for w in dialog.findChildren(kind) if w.accessibleName() == name and w.isVisible())


def told(dialog):
    return next(w.text() for w in dialog.findChildren(QLabel) if w.accessibleName() == "What comes of it")


def shown(qtbot, window, wanted):
    """Wait until the canvas has the face ``wanted``."""
    qtbot.waitUntil(lambda: window.result is not None and window.result.params == wanted, timeout=WAIT)


def test_the_result_is_seen_before_it_is_done(qtbot, window):
    document = window.document
    before = document.read(FIELDS)
    dialog = opened(qtbot, window, "smooth")
    assert not dialog.isModal()
    smoothed = document.preview.take(document.model)
    assert smoothed is not None
    assert not np.array_equal(smoothed.clip.jaw_pose, document.take.clip.jaw_pose)
    shown(qtbot, window, smoothed.params(10.0))
    press(dialog, "Before")
    shown(qtbot, window, document.params)
    press(dialog, "After")
    shown(qtbot, window, smoothed.params(10.0))
    document.set(position=20.0)
    shown(qtbot, window, smoothed.params(20.0))
    document.set(position=10.0)
    qtbot.waitUntil(lambda: "mesh" in told(dialog), timeout=WAIT)
    assert "Jitter" in told(dialog)
    press(dialog, "Cancel")
    assert document.read(FIELDS) == before
    assert document.preview.owner is None
    shown(qtbot, window, document.params)
    assert not window.history.stack.canUndo()


def test_settings_by_hand_change_what_is_seen_and_apply_is_one_step(qtbot, window):
    document = window.document
    before = document.read(FIELDS)
    dialog = opened(qtbot, window, "smooth")
    narrow = document.preview.take(document.model)
    window_field = field(dialog, QSpinBox, "Window")
    window_field.setFocus()
    window_field.selectAll()
    QTest.keyClicks(window_field, "15")
    QTest.keyClick(window_field, Qt.Key.Key_Tab)
    settled(qtbot, window)
    wide = document.preview.take(document.model)
    bumps = [np.abs(np.diff(take.clip.jaw_pose, 2, axis=0)).mean() for take in (narrow, wide)]
    assert bumps[1] < bumps[0]
    press(dialog, "Apply")
    assert not dialog.isVisible()
    assert document.take.clip == wide.clip
    assert document.preview.owner is None
    stack = window.history.stack
    assert (stack.count(), stack.undoText()) == (1, "Smooth")
    stack.undo()
    assert document.read(FIELDS) == before
    stack.redo()
    assert document.take.clip == wide.clip


def test_another_method_asks_for_its_own_settings(qtbot, window):
    dialog = opened(qtbot, window, "smooth")
    method = field(dialog, QComboBox, "Method")
    method.setFocus()
    QTest.keyClick(method, Qt.Key.Key_Down)
    settled(qtbot, window)
    assert field(dialog, QDoubleSpinBox, "Cutoff at rest").isVisible()
    assert not any(
        box.isVisible() for box in dialog.findChildren(QSpinBox) if box.accessibleName() == "Window"
    )
    assert window.operations._found.trial.given["method"] == "one_euro"


def test_only_the_frames_played_are_changed(qtbot, window):
    document = window.document
    window.push(play_between(document, "Range", 10, 20))
    dialog = opened(qtbot, window, "smooth")
    press(dialog, "Frames played")
    settled(qtbot, window)
    before = document.take.clip
    press(dialog, "Apply")
    changed = np.flatnonzero((document.take.clip.jaw_pose != before.jaw_pose).any(axis=1))
    assert (changed.min(), changed.max()) == (10, 20)


def test_trimming_keeps_the_frames_played(qtbot, window):
    document = window.document
    window.push(play_between(document, "Range", 10, 20))
    wanted = document.take.clip.frame(12)
    dialog = opened(qtbot, window, "trim")
    assert "40 frames" in told(dialog)
    assert "11 frames" in told(dialog)
    press(dialog, "Apply")
    assert len(document.take) == 11
    assert document.take.clip.frame(2) == wanted
    assert document.play_range == (0, 10)


@pytest.mark.parametrize("name", ["reverse", "split"])
def test_keys_are_moved_beside_the_window_and_once(qtbot, window, monkeypatch, name):
    keys = Layer("Keys", {"expr/0": Curve.of([5, 20], [0.0, 1.0], "linear")})
    takes = [replace(take, layers=(keys,)) for take in window.document.takes]
    window.document.set(takes=tuple(takes))
    threads = []

    def noted(*given):
        threads.append(threading.current_thread())
        return moved_curve(*given)

    monkeypatch.setattr(takes_of_operations, "moved_curve", noted)
    dialog = opened(qtbot, window, name)
    seen = window.document.preview.take(window.document.model)
    tried = len(threads)
    press(dialog, "Apply")
    assert window.document.take is seen
    assert window.history.stack.count() == 1
    assert len(threads) == tried > 0
    before = window.document.take
    window.operations.show(name)
    press(dialog, "Apply")  # at once, before it was tried
    qtbot.waitUntil(lambda: window.document.take is not before, timeout=WAIT)
    assert threading.main_thread() not in threads


def test_another_take_is_joined(qtbot, window):
    dialog = opened(qtbot, window, "join")
    assert field(dialog, QComboBox, "Second clip").findText("Run") >= 0
    choose = field(dialog, QComboBox, "Second clip")
    choose.setCurrentText("Run")
    settled(qtbot, window)
    press(dialog, "Apply")
    assert len(window.document.take) == 40 + 20 - 8


def test_joining_begins_with_what_can_be_joined(qtbot, window):
    dialog = opened(qtbot, window, "join")  # Pose, of one frame, comes before Run
    assert field(dialog, QComboBox, "Second clip").currentText() == "Run"
    assert field(dialog, QSpinBox, "Cross-fade").value() == 8
    assert "52 frames" in told(dialog)
    window.document.set(takes=window.document.takes[:2], active=1)
    window.operations.show("join")
    settled(qtbot, window)
    assert field(dialog, QComboBox, "Second clip").currentText() == window.document.takes[0].name
    assert field(dialog, QSpinBox, "Cross-fade").value() == 0
    assert "41 frames" in told(dialog)


def test_what_changes_nothing_is_no_step(qtbot, window):
    keys = Layer("Keys", {"expr/0": Curve.of([5, 20.3], [0.0, 1.0], "bezier")})
    window.document.set(takes=tuple(replace(take, layers=(keys,)) for take in window.document.takes))
    before = window.document.read(FIELDS)
    dialog = opened(qtbot, window, "retime")
    assert told(dialog) == "Nothing changes."
    press(dialog, "Apply")
    assert window.history.stack.count() == 0
    assert window.document.read(FIELDS) == before
    assert window.notices.text == "Retime: Nothing changes."


def test_what_cannot_be_done_is_told_and_not_offered(qtbot, window):
    dialog = opened(qtbot, window, "resample")
    rate = field(dialog, QComboBox, "Frames a second")
    rate.setFocus()
    rate.lineEdit().selectAll()
    QTest.keyClicks(rate.lineEdit(), "fast")
    QTest.qWait(400)
    qtbot.waitUntil(lambda: "no frame rate" in told(dialog), timeout=WAIT)
    assert window.document.preview.owner is None
    rate.lineEdit().selectAll()
    QTest.keyClicks(rate.lineEdit(), "50")
    qtbot.waitUntil(lambda: "79 frames" in told(dialog), timeout=WAIT)


def test_a_change_of_the_take_is_tried_anew(qtbot, window):
    dialog = opened(qtbot, window, "reverse")
    press(dialog, "After")
    window.history.stack.clear()
    window.operations.show("mirror")
    settled(qtbot, window)
    first = window.document.preview.take(window.document.model)
    window.push(play_between(window.document, "Range", 3, 9))
    settled(qtbot, window)
    assert window.document.preview.take(window.document.model) is not first
    window.history.stack.undo()
    settled(qtbot, window)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.document.preview.owner is None


def test_parts_are_chosen_by_boxes(qtbot, window):
    dialog = opened(qtbot, window, "scale")
    for box in dialog.findChildren(QCheckBox):
        if box.isVisible() and box.text() != "Jaw":
            box.click()
    factor = field(dialog, QDoubleSpinBox, "Factor")
    factor.setFocus()
    factor.selectAll()
    QTest.keyClicks(factor, "0.5")
    QTest.keyClick(factor, Qt.Key.Key_Tab)
    settled(qtbot, window)
    assert window.operations._found.trial.given["parts"] == ["jaw"]
    before = window.document.take.clip
    press(dialog, "Apply")
    np.testing.assert_allclose(window.document.take.clip.jaw_pose, 0.5 * before.jaw_pose, atol=1e-6)


def test_long_work_is_a_job_that_ends_in_one_step(qtbot, window):
    short(window)
    document = window.document
    before = document.take
    window.operations.show("vertices_to_parameters")
    dialog = dialog_of(window)
    assert "computed when you apply it" in told(dialog)
    assert document.preview.owner is None
    press(dialog, "Apply")
    assert window.jobs.busy
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    qtbot.waitUntil(lambda: document.take is not before, timeout=WAIT)
    assert window.history.stack.undoText() == "Vertices to parameters"
    qtbot.waitUntil(lambda: "mm from the vertices" in window.notices.text, timeout=WAIT)
    window.history.stack.undo()
    assert document.take is before


def test_long_work_that_is_cancelled_changes_nothing(qtbot, window):
    short(window)
    document = window.document
    before = document.take
    window.operations.show("vertices_to_parameters")
    press(dialog_of(window), "Apply")
    window.jobs.cancel()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    assert document.take is before
    qtbot.waitUntil(lambda: "was cancelled" in window.notices.text, timeout=WAIT)


def test_every_operation_has_an_entry_and_opens(qtbot, window):
    for name in TITLES:
        if name not in ELSEWHERE:
            window.actions_by_id[f"clip.{name}"].trigger()
            assert dialog_of(window).now().operation.id == name
    window.actions_by_id["operations"].trigger()
    assert dialog_of(window).isVisible()
    press(dialog_of(window), "Cancel")
