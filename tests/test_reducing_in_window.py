"""A clip is reduced to keys from the Animate menu, by a job, in one step."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QDialogButtonBox

from studio.actions.table import ACTIONS
from studio.backends import create_backend
from studio.document.commands import open_clip
from studio.finder import Finder
from studio.panels.reduce_dialog import ReduceDialog
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip
from studio.sequence.reducing import Wish, farthest
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, low=True) as found:
        clip = read_clip(example_path("smile"), head_model)[0]
        found.push(open_clip(found.document, "Smile", clip))
        yield found


def test_the_clip_becomes_keys_and_comes_back(window, qtbot, head_model):
    before = window.document.take
    window.actions_by_id["reduce_keys"].trigger()
    dialog = window.findChild(ReduceDialog)
    assert dialog.isVisible()
    assert dialog.wish == Wish()
    buttons = dialog.findChild(QDialogButtonBox).buttons()
    with qtbot.waitSignal(window.jobs.ended, timeout=WAIT):
        next(button for button in buttons if button.text() == "Reduce").click()
    qtbot.waitUntil(lambda: window.history.stack.undoText() == "Reduce to keys", timeout=WAIT)
    take = window.document.take
    assert len(take.clip) == 1
    assert len(take) == len(before)
    assert [layer.name for layer in take.layers] == ["Clip"]
    errors = farthest(create_backend("torch", head_model), before.baked(), take.baked(), lambda: None)
    assert errors.max() <= 0.0005 + 1e-6
    assert "keys in place of 110 frames" in window.notices.text
    assert f"{1000.0 * errors.max():.2f} mm" in window.notices.text
    window.history.stack.undo()
    assert window.document.take is before
    assert np.array_equal(window.document.take.baked().expr, before.clip.expr)


def test_a_change_meanwhile_is_not_lost(window, qtbot):
    window.reducing.start(Wish())
    window.push(open_clip(window.document, "Other", window.document.take.clip.part(0, 9)))
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    qtbot.waitUntil(lambda: "changed meanwhile" in window.notices.text, timeout=WAIT)
    assert len(window.document.take.clip) == 9


def test_it_can_be_cancelled(window, qtbot):
    before = window.document.take
    window.reducing.start(Wish(1e-5))
    window.jobs.cancel()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    assert window.document.take is before


def test_what_starts_a_job_is_not_offered_while_one_runs(window, qtbot):
    starting = {row.id for row in ACTIONS if row.starts_job}
    assert "reduce_keys" in starting
    before = enabled(window)
    assert starting <= before
    with qtbot.waitSignal(window.jobs.ended, timeout=WAIT):
        window.reducing.start(Wish())
        assert window.jobs.busy
        assert before - enabled(window) == starting
        told = {entry.id: entry.why_not for entry in Finder(window).entries()}
        assert all("running job" in told[name] for name in starting)
    qtbot.waitUntil(lambda: starting <= enabled(window), timeout=WAIT)
    assert not window.jobs.busy


def test_a_job_that_was_cancelled_lets_others_start(window, qtbot):
    starting = {row.id for row in ACTIONS if row.starts_job}
    window.reducing.start(Wish(1e-5))
    assert not starting & enabled(window)
    window.jobs.cancel()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    qtbot.waitUntil(lambda: starting <= enabled(window), timeout=WAIT)


def enabled(window):
    """The ids of the actions that are offered."""
    return {name for name, action in window.actions_by_id.items() if action.isEnabled()}
