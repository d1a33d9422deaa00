"""The real window under mouse and keyboard: pose, undo, play, picture, turntable, and what goes wrong."""

from __future__ import annotations

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QMessageBox, QPushButton

from studio.document.commands import set_component
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.export.options import FilmOptions
from studio.sequence.examples import example_clips
from studio.settings import Settings
from studio.widgets.slider_row import SliderRow
from studio.window import StudioWindow
from tests.windows import WAIT, shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        yield shown


def caught_up(window):
    return window.result.params == window.document.params


def row(window, dock, label):
    """The slider row of ``label`` in a dock, brought to the front."""
    window.workspace.docks[dock].show()
    window.workspace.docks[dock].raise_()
    QTest.qWait(50)
    rows = window.workspace.docks[dock].findChildren(SliderRow)
    return next(found for found in rows if found.scale.label == label and found.isVisible())


def drag(widget, start, end, steps=12):
    QTest.mousePress(widget, LEFT, pos=start)
    for step in range(1, steps + 1):
        where = start + (end - start) * (step / steps)
        QTest.mouseMove(widget, where)
        QTest.qWait(5)
    QTest.mouseRelease(widget, LEFT, pos=end)


def pose_by_mouse(window):
    """Drag the handle of the jaw's slider to the right."""
    slider = row(window, "Pose", "Open")
    parts = slider.geometry_of_parts
    start = QPointF(parts.handle_x(slider.scale.fraction(slider.value)), slider.height() / 2).toPoint()
    drag(slider, start, start + QPoint(50, 0))


def save_to(monkeypatch, path, kind=""):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), kind))


def trigger(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, key, modifiers)


CONTROL = Qt.KeyboardModifier.ControlModifier


def test_pose_undo_play_picture_turntable(qtbot, window, monkeypatch, tmp_path):
    neutral = window.result.surface.vertices.copy()
    pose_by_mouse(window)
    opened = window.document.params.jaw_pose[0]
    assert opened > 0.05
    qtbot.waitUntil(lambda: caught_up(window), timeout=WAIT)
    assert np.abs(window.result.surface.vertices - neutral).max() > 0.005
    assert window.actions_by_id["undo"].text() == "Undo Jaw open"
    assert window.history.stack.count() == 1

    trigger(window, Qt.Key.Key_Z, CONTROL)
    assert window.document.params.jaw_pose[0] == 0.0
    qtbot.waitUntil(lambda: caught_up(window), timeout=WAIT)
    np.testing.assert_allclose(window.result.surface.vertices, neutral, atol=1e-7)

    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take.clip) > 30, timeout=WAIT)
    trigger(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.document.position > 5.0, timeout=WAIT)
    trigger(window, Qt.Key.Key_Space)
    assert not window.player.playing
    qtbot.waitUntil(lambda: caught_up(window), timeout=WAIT)

    picture = tmp_path / "head.png"
    save_to(monkeypatch, picture)
    with qtbot.waitSignal(window.jobs.ended, timeout=WAIT):
        window.exports.picture(window.workspace.late.export.picture_options)
    with Image.open(picture) as image:
        assert image.size == window.workspace.late.export.picture_options.size
        assert np.asarray(image.convert("RGB")).std() > 10

    film = tmp_path / "turn.mp4"
    save_to(monkeypatch, film)
    options = window.workspace.late.export.turntable_options
    with qtbot.waitSignal(window.jobs.ended, timeout=4 * WAIT):
        window.exports.turntable(type(options)(seconds=0.5, fps=12.0, size=(320, 240), samples=1))
    assert imageio_ffmpeg.count_frames_and_secs(str(film))[0] == 6
    assert "turn.mp4" in window.notices.text


def test_dragging_on_the_canvas_orbits_and_f_frames(qtbot, window):
    before = window.document.camera
    view = window.canvas.view
    centre = QPoint(view.width() // 2, view.height() // 2)
    drag(view, centre, centre + QPoint(80, 0))
    turned = window.document.camera
    assert turned.azimuth != before.azimuth
    assert turned.distance == pytest.approx(before.distance)
    trigger(window, Qt.Key.Key_F)
    assert window.document.camera.azimuth == pytest.approx(turned.azimuth)
    trigger(window, Qt.Key.Key_3)
    assert abs(window.document.camera.azimuth) == pytest.approx(np.pi / 2)


def test_typing_an_exact_number(qtbot, window):
    slider = row(window, "Pose", "Open")
    QTest.mouseClick(slider, LEFT, pos=slider.geometry_of_parts.number.center().toPoint())
    field = slider.findChild(QLineEdit)
    QTest.keyClicks(field, "12.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert np.degrees(window.document.params.jaw_pose[0]) == pytest.approx(12.5, abs=1e-4)


def test_a_bad_file_is_one_sentence_and_leaves_the_document(qtbot, window, tmp_path):
    bad = tmp_path / "broken.npz"
    bad.write_bytes(b"PK\x03\x04 this is not an archive")
    takes = window.document.takes
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(bad))])
    event = QDropEvent(
        QPointF(100, 100), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: "broken.npz" in window.notices.text, timeout=WAIT)
    assert window.document.takes is takes
    assert window.history.stack.count() == 0


def test_a_hostile_model_is_refused_by_name(qtbot, window, tmp_path):
    ran = tmp_path / "ran"
    hostile = tmp_path / "model.pkl"
    hostile.write_bytes(f"cos\nsystem\n(S'touch {ran}'\ntR.".encode())
    window.files.open([hostile])
    qtbot.waitUntil(lambda: "system" in window.notices.text, timeout=WAIT)
    assert not ran.exists()


def test_backend_is_switched_from_the_menu_while_posing(qtbot, window):
    with qtbot.waitSignal(
        window.engine.ready, timeout=WAIT, check_params_cb=lambda result: result.backend == "mlx"
    ):
        window.use_backend("mlx", "cpu")
    set_component(window.document, "Jaw open", "jaw_pose", 0, 0.2).apply(window.document)
    qtbot.waitUntil(lambda: caught_up(window), timeout=WAIT)
    assert window.result.backend == "mlx"


def test_a_picture_is_copied_to_the_clipboard(qtbot, window):
    with qtbot.waitSignal(window.jobs.ended, timeout=WAIT):
        trigger(window, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=WAIT)


def test_cancelling_a_turntable_writes_nothing(qtbot, window, monkeypatch, tmp_path):
    path = tmp_path / "long.mp4"
    save_to(monkeypatch, path)
    options = window.workspace.late.export.turntable_options
    window.exports.turntable(type(options)(seconds=30.0, fps=30.0, size=(640, 480), samples=1))
    QTest.qWait(300)
    with qtbot.waitSignals([window.jobs.cancelled, window.jobs.ended], timeout=5000):
        window.jobs.cancel()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "kept"), [(QMessageBox.StandardButton.No, True), (QMessageBox.StandardButton.Yes, False)]
)
def test_a_name_that_gets_its_ending_here_replaces_nothing_unasked(
    qtbot, window, monkeypatch, tmp_path, answer, kept
):
    there = tmp_path / "head.ply"
    there.write_bytes(b"older")
    save_to(monkeypatch, tmp_path / "head", "PLY (*.ply)")
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *words: asked.append(words[2]) or answer)
    window.exports.mesh("ply")
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    assert asked == ["head.ply is there already. Replace it?"]
    assert (there.read_bytes() == b"older") == kept


def test_the_take_is_filmed_with_its_changes(qtbot, window, monkeypatch, tmp_path):
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take.clip) > 30, timeout=WAIT)
    window.player.go_to(4.0)
    window.actions_by_id["mark_out"].trigger()
    save_to(monkeypatch, tmp_path / "film.gif")
    with qtbot.waitSignal(window.jobs.done, timeout=4 * WAIT):
        window.exports.film(FilmOptions(size=(160, 120), samples=1))
    with Image.open(tmp_path / "film.gif") as film:
        assert film.n_frames == 5


def test_layout_is_remembered(qapp, qtbot, window, head_model):
    window.workspace.docks["Look"].setFloating(True)
    window.workspace.docks["Appearance"].hide()
    window.close()
    again = StudioWindow(Document(head_model), BackendChoice("torch", "cpu"), Settings())
    again.show()
    qtbot.waitExposed(again)
    assert again.workspace.docks["Look"].isFloating()
    assert again.workspace.docks["Appearance"].isHidden()
    again.workspace.reset()
    assert not again.workspace.docks["Look"].isFloating()
    again.close()
    again.deleteLater()


def test_a_layout_of_other_panels_gives_way_to_the_first_one(qapp, qtbot, window, head_model):
    window.workspace.docks["Look"].setFloating(True)
    del window.workspace.docks["Appearance"]
    window.close()
    again = StudioWindow(Document(head_model), BackendChoice("torch", "cpu"), Settings())
    again.show()
    qtbot.waitExposed(again)
    assert not again.workspace.docks["Look"].isFloating()
    assert again.workspace.docks["Appearance"] in again.tabifiedDockWidgets(again.workspace.docks["Look"])
    again.close()
    again.deleteLater()


def test_the_palette_reaches_the_examples(qtbot, window):
    titles = [str(action.data()) for action in window.workspace.commands()]
    assert "Examples: Speak" in titles
    assert "Shading: Depth" in titles
    assert len(titles) == len(set(titles))


def test_chips_show_and_change_what_is_drawn(qtbot, window):
    window.resize(1600, 800)
    QTest.qWait(50)
    chips = {chip.text(): chip for chip in window.canvas.findChildren(QPushButton) if chip.isVisible()}
    QTest.mouseClick(chips["68"], LEFT)
    assert window.document.look.show_landmarks
    assert chips["68"].isChecked()
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.look.show_landmark_numbers
    assert window.actions_by_id["landmark_numbers"].isChecked()
    window.document.set(look=window.document.look.replace(landmark_set="51"))
    assert chips["68"].text() == "51"
    QTest.mouseClick(chips["Depth"], LEFT)
    assert window.document.look.mode == "depth"
    assert window.actions_by_id["mode.depth"].isChecked()


def test_a_narrow_canvas_has_the_shadings_in_one_chip(qtbot, window):
    window.resize(1100, 800)
    QTest.qWait(50)
    chips = {chip.text(): chip for chip in window.canvas.findChildren(QPushButton) if chip.isVisible()}
    assert "Depth" not in chips
    menu = chips["Skin"].menu()
    next(action for action in menu.actions() if action.text() == "Depth").trigger()
    assert window.document.look.mode == "depth"
    assert chips["Skin"].text() == "Depth"


def test_nothing_to_undo_at_the_start(window):
    assert not window.actions_by_id["undo"].isEnabled()
    assert not window.actions_by_id["redo"].isEnabled()


def test_closing_asks_before_it_stops_a_job(qtbot, window, monkeypatch, tmp_path):
    save_to(monkeypatch, tmp_path / "long.mp4")
    options = window.workspace.late.export.turntable_options
    window.exports.turntable(type(options)(seconds=30.0, fps=30.0, size=(640, 480), samples=1))
    answers = iter((QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes))
    monkeypatch.setattr(QMessageBox, "question", lambda *args: next(answers))
    window.close()
    assert window.isVisible()
    assert window.jobs.busy
    window.close()
    assert not window.jobs.busy
    assert list(tmp_path.iterdir()) == []


def test_every_action_has_a_title_and_unique_shortcut(window):
    actions = window.actions_by_id.values()
    shortcuts = [keys.toString() for action in actions for keys in action.shortcuts()]
    assert len(shortcuts) == len(set(shortcuts))
    assert all(action.text() for action in actions)


def test_the_history_is_opened_by_key_and_leads_back(qtbot, window):
    dock = window.workspace.docks["History"]
    assert dock.isHidden()
    pose_by_mouse(window)
    trigger(window, Qt.Key.Key_H, CONTROL)
    states = dock.findChild(QListView)
    qtbot.waitUntil(states.isVisible)
    rows = [states.model().index(row, 0).data() for row in range(states.model().rowCount())]
    assert rows == ["Original state", "Jaw open"]
    QTest.mouseClick(states.viewport(), LEFT, pos=states.visualRect(states.model().index(0, 0)).center())
    assert window.document.params.jaw_pose[0] == 0.0
    assert window.actions_by_id["redo"].text() == "Redo Jaw open"


def test_a_reset_tells_that_something_was_locked(window):
    pose_by_mouse(window)
    opened = window.document.params.jaw_pose[0]
    QTest.keyClick(row(window, "Pose", "Open"), Qt.Key.Key_K)
    trigger(window, Qt.Key.Key_0, CONTROL)
    assert window.document.params.jaw_pose[0] == opened
    assert window.notices.text == "Locked sliders kept their values."
    window.actions_by_id["unlock_all"].trigger()
    assert not window.document.locks
    trigger(window, Qt.Key.Key_0, CONTROL)
    assert window.document.params.jaw_pose[0] == 0.0


def test_the_timeline_is_low_while_there_is_nothing_to_play(qtbot, window):
    dock = window.workspace.docks["Timeline"]
    empty = dock.height()
    assert empty < 160
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take.clip) > 30, timeout=WAIT)
    qtbot.waitUntil(lambda: dock.height() > empty + 40)
