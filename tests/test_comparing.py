"""Comparing in the real window: menu, panel, line on the canvas, undo, and states that go bad."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox

from studio.backends import create_backend
from studio.canvas.wipe_handle import WipeHandle
from studio.document.commands import open_clip, set_component, use_model, use_take
from studio.document.document import new_take
from studio.render.annotations import Bar, Words
from studio.render.picking import is_ready
from studio.sequence.clip import CHANNELS
from tests.panels.hands import LEFT, drag, press, row
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as shown:
        yield shown
        shown.history.stack.setClean()


def act(window, name):
    window.actions_by_id[name].trigger()


def until(qtbot, condition):
    qtbot.waitUntil(condition, timeout=WAIT)


def open_jaw(window, value=0.2):
    window.push(set_component(window.document, "Jaw open", "jaw_pose", 0, value))


@pytest.fixture
def kept(window, qtbot):
    """The window with its head kept as B, and its jaw opened after that."""
    act(window, "keep_take")
    open_jaw(window)
    until(qtbot, lambda: window.result.params == window.document.params)
    return window


def notice(window):
    return window.notices.text


def moving(document):
    """Nine frames of an opening jaw."""
    clip = document.take.clip
    frames = np.linspace(0.0, 0.4, 9, dtype=np.float32)
    same = {name: np.repeat(getattr(clip, name)[:1], 9, axis=0) for name in CHANNELS if name != "jaw_pose"}
    return clip.replace(**same, jaw_pose=np.stack([frames, 0 * frames, 0 * frames], axis=1))


def test_without_another_take_the_wipe_says_what_to_do(window):
    act(window, "compare_wipe")
    assert "Open a second clip to compare with" in notice(window)
    assert window.document.comparison.kind == "off"
    assert not window.actions_by_id["compare_wipe"].isChecked()


def test_measurements_that_a_wipe_leaves_out_are_told(kept):
    act(kept, "compare_wipe")
    act(kept, "dimensions")
    assert "not beside a wipe" in notice(kept)


def test_the_kept_head_is_seen_right_of_the_line(kept, qtbot):
    act(kept, "compare_wipe")
    until(qtbot, lambda: kept.canvas.extras.wiped is not None)
    assert kept.actions_by_id["compare_wipe"].isChecked()
    still = kept.document.takes[1].params(0.0)
    assert still.jaw_pose[0] == 0.0
    vertices = kept.canvas.extras.other.vertices
    assert np.abs(vertices - kept.document.model.v_template).max() < 1e-5
    assert np.abs(vertices - kept.result.surface.vertices).max() > 0.005
    words = [mark.text for mark in kept.canvas.annotations if isinstance(mark, Words)]
    assert words == ["A  Pose", "B  Take B"]


def test_the_line_is_dragged_in_one_step_and_moved_by_keys(kept, qtbot):
    act(kept, "compare_wipe")
    handle = kept.canvas.findChild(WipeHandle)
    until(qtbot, handle.isVisible)
    steps = kept.history.stack.count()
    QTest.mousePress(handle, LEFT, pos=QPoint(11, 200))
    for _ in range(4):
        QTest.mouseMove(handle, QPoint(11 - 40, 210))
    QTest.mouseRelease(handle, LEFT, pos=QPoint(11, 210))
    share = kept.document.comparison.wipe
    assert share == pytest.approx(0.5 - 160 / kept.canvas.width(), abs=0.01)
    assert kept.history.stack.count() == steps + 1
    assert abs(handle.geometry().center().x() - share * kept.canvas.width()) < 2
    QTest.keyClick(handle, Qt.Key.Key_Right)
    QTest.keyClick(handle, Qt.Key.Key_Right)
    assert kept.document.comparison.wipe == pytest.approx(share + 0.02)
    assert kept.history.stack.count() == steps + 3
    for _ in range(3):
        act(kept, "undo")
    assert kept.document.comparison.wipe == 0.5
    assert kept.document.comparison.kind == "wipe"


def test_a_step_that_keeps_the_take_takes_the_comparison_back_with_it(kept, qtbot):
    act(kept, "compare_wipe")
    until(qtbot, lambda: kept.canvas.extras.wiped is not None)
    while kept.history.stack.canUndo():
        act(kept, "undo")
    assert len(kept.document.takes) == 1
    until(qtbot, lambda: kept.canvas.extras.wiped is None)
    assert not kept.canvas.findChild(WipeHandle).isVisible()


def test_deleting_b_ends_the_comparison_and_undo_brings_both_back(kept, qtbot):
    act(kept, "compare_distance")
    act(kept, "swap_takes")
    assert kept.document.active == 1
    assert kept.document.comparison.take == 0
    act(kept, "swap_takes")
    open_clip(kept.document, "third", moving(kept.document)).apply(kept.document)
    kept.document.set(active=1)  # B itself: nothing to compare
    assert "Nothing is compared" in notice(kept)
    assert not kept.actions_by_id["compare_distance"].isChecked()
    until(qtbot, lambda: kept.canvas.extras.heat is None)
    act(kept, "delete_take")
    assert [take.name for take in kept.document.takes] == ["Pose", "third"]
    assert kept.document.comparison.kind == "off"
    act(kept, "undo")
    assert [take.name for take in kept.document.takes] == ["Pose", "Take B", "third"]
    assert kept.document.comparison.kind == "distance"


def test_showing_b_compares_it_with_what_was_shown(kept):
    act(kept, "compare_wipe")
    kept.push(use_take(kept.document, 1))
    assert (kept.document.active, kept.document.comparison.take) == (1, 0)
    act(kept, "undo")
    assert (kept.document.active, kept.document.comparison.take) == (0, 1)


def test_the_only_take_is_not_deleted(window):
    act(window, "delete_take")
    assert len(window.document.takes) == 1
    assert "only take" in notice(window)


def test_switching_the_model_while_comparing_breaks_nothing(kept, qtbot, tiny_model):
    act(kept, "compare_distance")
    until(qtbot, lambda: kept.canvas.extras.heat is not None)
    kept.push(use_model(kept.document, tiny_model, (new_take(tiny_model), new_take(tiny_model))))
    until(qtbot, lambda: kept.canvas.model is tiny_model)
    until(qtbot, lambda: kept.canvas.extras.heat is not None)
    assert len(kept.canvas.extras.heat) == tiny_model.vertex_count
    act(kept, "undo")
    until(qtbot, lambda: kept.canvas.extras.heat is not None and kept.canvas.model is not tiny_model)
    assert len(kept.canvas.extras.heat) == kept.document.model.vertex_count


@pytest.fixture
def panel(kept, qtbot):
    dock = kept.workspace.docks["Compare"]
    dock.show()
    dock.raise_()
    qtbot.waitUntil(lambda: bool(kept.workspace.late.compare.findChildren(QComboBox)), timeout=WAIT)
    return kept.workspace.late.compare


def test_the_panel_tells_the_distances_and_fits_the_scale(kept, panel, qtbot):
    press(panel, "Distance")
    until(qtbot, lambda: kept.canvas.extras.summary is not None)
    summary = kept.canvas.extras.summary
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert any(text.startswith(f"Largest {summary.largest:.2f} mm") for text in texts)
    one, two = kept.result.surface.vertices.astype(float), kept.canvas.extras.other.vertices
    expected = 1000.0 * np.linalg.norm(one - two, axis=1)
    assert summary.largest == pytest.approx(expected.max(), abs=1e-3)
    assert summary.mean == pytest.approx(expected.mean(), abs=1e-3)
    press(panel, "Fit the scale to the largest distance")
    assert kept.document.comparison.farthest == pytest.approx(expected.max(), abs=0.006)
    bar = [mark for mark in kept.canvas.annotations if isinstance(mark, Bar)]
    assert len(bar) == 1
    drag(row(panel, "Scale end"), 12.0)
    assert kept.document.comparison.farthest == pytest.approx(12.0, abs=0.2)


def test_the_panel_compares_nothing_where_there_is_nothing(window, qtbot):
    dock = window.workspace.docks["Compare"]
    dock.show()
    dock.raise_()
    panel = window.workspace.late.compare
    until(qtbot, lambda: bool(panel.findChildren(QComboBox)))
    press(panel, "Wipe")
    assert window.history.stack.count() == 0
    assert any(
        "Open a second clip" in label.text() for label in panel.findChildren(QLabel) if label.isVisible()
    )
    press(panel, "Keep as take B")
    press(panel, "Wipe")
    until(qtbot, lambda: window.canvas.extras.wiped is not None)


def test_a_frame_without_extras_is_drawn_once(window, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(window.canvas._view, "set_extras", told.append)
    for step in range(1, 6):
        open_jaw(window, 0.02 * step)
        until(qtbot, lambda: window.result.params == window.document.params)
    qtbot.wait(50)
    assert not told


def test_the_mean_and_the_neutral_head_can_be_b(kept, panel, qtbot):
    box = panel.findChild(QComboBox)
    titles = [box.itemText(index) for index in range(box.count())]
    assert titles == ["Take B", "This head, neutral", "The mean head"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    press(panel, "Wipe")
    until(qtbot, lambda: kept.canvas.extras.wiped is not None and kept.canvas.extras.names[1] == "Mean head")
    assert kept.history.stack.undoText() == "Compare by wipe"


def test_b_stays_at_the_frame_that_is_chosen(kept, panel, qtbot):
    box = panel.findChild(QSpinBox)
    assert not box.isVisible()  # a still has no other frames
    kept.document.set(takes=(*kept.document.takes, replace(kept.document.take, clip=moving(kept.document))))
    chosen = panel.findChild(QComboBox)
    chosen.setCurrentIndex(1)
    chosen.activated.emit(1)
    press(panel, "Distance")
    until(qtbot, box.isVisible)
    assert (box.minimum(), box.maximum()) == (0, 8)
    follows = next(check for check in panel.findChildren(QCheckBox) if "follows" in check.text())
    QTest.mouseClick(follows, LEFT, pos=QPoint(8, follows.height() // 2))
    steps = kept.history.stack.count()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert kept.document.comparison.frame == 2.0
    assert kept.history.stack.count() == steps + 2
    wanted = kept.document.takes[2].params(2.0)
    surface = create_backend("torch", kept.document.model, "cpu").forward(wanted)

    def at_its_frame():
        other = kept.canvas.extras.other
        return other is not None and np.allclose(other.vertices, surface.vertices, atol=1e-5)

    until(qtbot, at_its_frame)


def test_measurements_are_live_drawn_and_copied(kept, panel, qtbot):
    until(qtbot, lambda: kept.canvas.extras.measured is not None)
    assert kept.canvas.extras.measured.values["jaw_angle"] == pytest.approx(np.degrees(0.2), abs=1e-3)
    open_jaw(kept, 0.3)
    until(qtbot, lambda: kept.canvas.extras.measured.values["jaw_angle"] > 17.0)
    assert not kept.canvas.annotations
    box = next(box for box in panel.findChildren(QCheckBox) if box.text() == "Draw on the head")
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert kept.document.comparison.dimensions
    until(qtbot, lambda: bool(kept.canvas.annotations))
    words = [mark.text for mark in kept.canvas.annotations if isinstance(mark, Words)]
    assert all(word.endswith(" mm") for word in words)
    press(panel, "Copy measurements as CSV")
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0] == ["measure", "unit", "Pose", "Neutral", "B: Take B"]
    told = {line[0]: line[1:] for line in rows[1:]}
    assert told["jaw_angle"][0] == "°"
    assert float(told["jaw_angle"][1]) == pytest.approx(np.degrees(0.3), abs=1e-2)
    assert float(told["jaw_angle"][3]) == 0.0


def test_ghosts_follow_the_chip_and_the_take(window, qtbot):
    act(window, "onion")
    assert "more than one frame" in notice(window)
    window.push(open_clip(window.document, "moving", moving(window.document)))
    window.document.set(position=4.0)
    until(qtbot, lambda: [ghost.offset for ghost in window.canvas.extras.ghosts] == [-3, 3])
    act(window, "onion")
    until(qtbot, lambda: not window.canvas.extras.ghosts)
    assert not window.document.look.onion.shown


def test_a_film_and_a_picture_show_what_the_canvas_shows(kept, qtbot, tmp_path, monkeypatch):
    act(kept, "compare_wipe")
    until(qtbot, lambda: kept.canvas.extras.wiped is not None)
    shot = kept.exports._shot((200, 200))
    assert shot.extras is kept.canvas.extras
    asked = []
    monkeypatch.setattr(kept.exports, "ask", lambda *_: tmp_path / "film.gif")
    render = kept.canvas.renderer.render
    monkeypatch.setattr(
        type(kept.canvas.renderer),
        "render",
        lambda _, shot, *rest: (asked.append(shot), render(shot, *rest))[1],
    )
    with qtbot.waitSignal(kept.jobs.done, timeout=WAIT):
        act(kept, "film")
    assert all(shot.extras.wiped is not None for shot in asked)
    assert asked


def test_a_head_out_of_a_mesh_is_compared_and_told_under_the_pointer(window, qtbot, tmp_path):
    """The mesh is the head 3 mm to its left, so that every vertex is 3 mm away."""
    path = tmp_path / "moved.obj"
    points = window.document.model.v_template.astype(float) + np.array([0.003, 0.0, 0.0])
    path.write_text("".join(f"v {x:.9f} {y:.9f} {z:.9f}\n" for x, y, z in points), encoding="utf-8")
    window.comparing.compare_with_file(path)
    until(qtbot, lambda: window.canvas.extras.wiped is not None)
    assert window.document.take.name == "Pose"
    act(window, "compare_distance")
    until(qtbot, lambda: window.canvas.extras.heat is not None)
    np.testing.assert_allclose(window.canvas.extras.heat, 3.0, atol=1e-3)
    view = window.canvas.view
    until(qtbot, is_ready)
    for step in range(3):
        QTest.mouseMove(view, view.rect().center() + QPoint(step, 0))
    until(qtbot, lambda: window.canvas.told.endswith("3.00 mm to moved"))


def test_a_mesh_of_another_head_is_refused_and_nothing_changes(window, qtbot, tmp_path):
    path = tmp_path / "cube.obj"
    path.write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", encoding="utf-8")
    window.comparing.compare_with_file(path)
    until(qtbot, lambda: "has 3 vertices" in notice(window))
    assert len(window.document.takes) == 1
