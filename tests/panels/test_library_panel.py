"""The Library panel under mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
)

from studio.controls.named_controls import control_set, read
from studio.controls.preset_file import write_preset
from studio.controls.preset_folders import keep
from studio.controls.presets import Exact, Preset
from studio.document.commands import open_clip, set_component, use_model
from studio.document.document import Document, new_take
from studio.flame.params import Params
from studio.panels.library_panel import LibraryPanel
from studio.panels.pose_grid import PoseGrid
from studio.pose_shelf import PoseShelf
from studio.sequence.clip import Clip
from studio.thumbnails import Thumbnails
from studio.undo import History
from studio.widgets.group import Group
from tests.panels.conftest import Desk
from tests.panels.hands import drag, press, row, type_number

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk(head_model):
    document = Document(head_model)
    return Desk(document, History(document))


@pytest.fixture
def shelf(tmp_path):
    return PoseShelf(tmp_path / "poses")


@pytest.fixture
def panel(desk, shelf, shown, tmp_path):
    return shown(LibraryPanel(desk.document, desk.push, shelf, Thumbnails(tmp_path / "cache")), height=900)


def grid(panel):
    return panel.findChild(PoseGrid)


def names(panel):
    return [entry.preset.name for entry in grid(panel).poses.stored]


def place_of(panel, name):
    view = grid(panel)
    index = view.poses.index(names(panel).index(name))
    view.scrollTo(index)
    return view.visualRect(index).center()


def click(panel, name):
    place = place_of(panel, name)
    QTest.mouseClick(grid(panel).viewport(), LEFT, pos=place)


def double_click(panel, name):
    """Two clicks, as the window system sends them."""
    place = place_of(panel, name)
    QTest.mouseClick(grid(panel).viewport(), LEFT, pos=place)
    QTest.mouseDClick(grid(panel).viewport(), LEFT, pos=place)


def chip(panel, title, number=0):
    chips = [b for b in panel.findChildren(QPushButton) if b.text() == title and b.isVisible()]
    QTest.mouseClick(chips[number], LEFT)


def unfold(panel, title):
    next(group for group in panel.findChildren(Group) if group.title == title).set_unfolded(True)
    QTest.qWait(20)


def search(panel, text):
    field = next(f for f in panel.findChildren(QLineEdit) if f.accessibleName() == "Search poses")
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    return field


def value(desk, name):
    return read(control_set(desk.document.model), desk.document.params)[name]


def menu_of(panel, name):
    place = place_of(panel, name)
    view = grid(panel)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)
    return next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())


def trigger(menu, text):
    action = next(action for action in menu.actions() if action.text() == text)
    if action.menu() is not None:
        return action.menu()
    action.trigger()
    menu.close()
    return None


def test_a_click_applies_at_the_strength_and_undoes(desk, panel):
    type_number(row(panel, "Strength"), "50")
    click(panel, "Grin")
    assert desk.steps == ["Grin 50 %"]
    assert value(desk, "mouthSmileLeft") == pytest.approx(0.425, abs=1e-4)
    desk.undo()
    assert desk.document.params == Params.neutral(desk.document.model)


def test_two_clicks_apply_fully_in_one_step(desk, panel):
    drag(row(panel, "Strength"), 30.0)
    double_click(panel, "Kiss")
    assert desk.steps == ["Kiss"]
    assert value(desk, "mouthPucker") == pytest.approx(0.85, abs=1e-4)
    assert row(panel, "Strength").value == 100.0


def test_the_slider_changes_the_pose_just_chosen_in_its_step(desk, panel):
    click(panel, "Kiss")
    drag(row(panel, "Strength"), 20.0, 60.0)
    drag(row(panel, "Strength"), 40.0)
    assert desk.steps == ["Kiss 40 %"]
    assert value(desk, "mouthPucker") == pytest.approx(0.34, abs=1e-4)


def test_another_pose_begins_from_the_face_before(desk, panel):
    desk.push(set_component(desk.document, "Brow", "expr", 2, 0.5))
    type_number(row(panel, "Strength"), "50")
    click(panel, "Kiss")
    click(panel, "Grin")
    assert desk.steps == ["Brow", "Kiss 50 %", "Grin 50 %"]
    assert value(desk, "mouthPucker") == pytest.approx(0.0, abs=1e-6)
    assert value(desk, "browInnerUp") == pytest.approx(0.25, abs=1e-5)
    desk.undo()
    assert value(desk, "mouthPucker") == pytest.approx(0.425, abs=1e-4)


def test_after_the_user_s_own_hand_the_slider_only_sets_the_strength(desk, panel):
    click(panel, "Kiss")
    desk.push(set_component(desk.document, "Brow", "expr", 2, 0.5))
    before = desk.document.params
    drag(row(panel, "Strength"), 20.0)
    assert desk.document.params == before
    assert desk.steps == ["Kiss", "Brow"]


def test_undo_ends_it_too(desk, panel):
    click(panel, "Kiss")
    desk.undo()
    drag(row(panel, "Strength"), 50.0)
    assert desk.document.params == Params.neutral(desk.document.model)


def test_only_the_parts_switched_on_change(desk, panel):
    unfold(panel, "Parts")
    for part in ("Eyes", "Cheeks and nose", "Jaw", "Mouth"):
        chip(panel, part)
    click(panel, "Surprise")
    assert value(desk, "browInnerUp") == pytest.approx(0.75, abs=1e-4)
    assert value(desk, "jawOpen") == pytest.approx(0.0, abs=1e-6)
    assert value(desk, "eyeWideLeft") == pytest.approx(0.0, abs=1e-6)


def test_a_pose_of_parts_that_are_switched_off_says_so(desk, panel, qtbot):
    unfold(panel, "Parts")
    chip(panel, "Gaze")
    with qtbot.waitSignal(panel.problem) as told:
        click(panel, "Look up")
    assert told.args == ["Look up changes gaze, which is switched off under Parts."]
    assert desk.steps == []


def test_adding_and_mirroring(desk, panel):
    click(panel, "Kiss")
    for name in ("Add to the face", "Mirror"):
        box = next(box for box in panel.findChildren(QCheckBox) if box.text() == name)
        QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    click(panel, "Half smile")
    assert value(desk, "mouthPucker") == pytest.approx(0.85, abs=1e-4)
    assert value(desk, "mouthSmileRight") == pytest.approx(0.8, abs=1e-4)


def test_locks_are_respected_and_told(desk, panel, qtbot):
    place = desk.document.model.expression_names.index("mouthPucker")
    desk.document.set(locks=frozenset({("expr", place)}))
    with qtbot.waitSignal(panel.told) as told:
        click(panel, "Kiss")
    assert told.args == ["Locked sliders kept their values."]
    assert desk.document.params.expr[place] == 0.0
    assert value(desk, "mouthFunnel") == pytest.approx(0.15, abs=1e-4)


def test_search_finds_names_tags_and_notes(panel):
    search(panel, "smile")
    assert set(names(panel)) == {"Smile", "Closed-mouth smile", "Half smile"}
    search(panel, "teeth happy")
    assert {"Grin", "Laugh"} <= set(names(panel))
    assert "Rage" not in names(panel)
    search(panel, "father")
    assert names(panel) == ["aa"]
    search(panel, "zebra")
    assert names(panel) == []
    assert any("zebra" in label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_return_in_the_search_applies_the_first(desk, panel):
    QTest.keyClick(search(panel, "yawn"), Qt.Key.Key_Return)
    assert desk.steps == ["Yawn"]


def test_filters(panel, shelf):
    shelf.save(Preset("Own", ("mouth",)))
    assert names(panel)[0] == "Own"
    chip(panel, "Speech")
    assert len(names(panel)) == 15
    chip(panel, "Head")
    assert "Turn left" in names(panel)
    assert "Smile" not in names(panel)
    chip(panel, "Mine")
    assert names(panel) == ["Own"]
    chip(panel, "All")
    assert len(names(panel)) > 50


def test_keys_go_through_the_grid_and_apply(desk, panel):
    chip(panel, "Speech")
    view = grid(panel)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert desk.steps == [names(panel)[1]] == ["PP"]
    assert view.poses.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "PP, viseme, speech"


def test_the_menu_applies_to_one_part_and_keeps_what_ships(desk, panel):
    menu = menu_of(panel, "Surprise")
    allowed = {action.text(): action.isEnabled() for action in menu.actions()}
    assert not allowed["Delete"]
    assert not allowed["Rename and tag…"]
    assert allowed["Share…"]
    trigger(trigger(menu, "Apply only to"), "Brows")
    menu.close()
    assert value(desk, "browInnerUp") == pytest.approx(0.75, abs=1e-4)
    assert value(desk, "jawOpen") == pytest.approx(0.0, abs=1e-6)


def test_keys_rename_and_delete_the_user_s_own_only(panel, shelf, qtbot):
    own = shelf.save(Preset("Own", ("mouth",)))
    asked = []
    panel.edit_asked.connect(lambda entry: asked.append(("edit", entry.path)))
    panel.delete_asked.connect(lambda entry: asked.append(("delete", entry.path)))
    for name in ("Own", "Smile"):
        click(panel, name)
        for key in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
            QTest.keyClick(grid(panel), key)
    assert asked == [("edit", own.path), ("delete", own.path)]


def test_a_pose_of_another_basis_is_one_sentence(desk, panel, shelf, qtbot):
    strange = Exact("Another head", "11", Params.zeros(3, 2).replace(expr=(1.0, 0.0)))
    shelf.save(Preset("Strange", ("mouth",), exact=strange))
    with qtbot.waitSignal(panel.problem) as told:
        click(panel, "Strange")
    assert told.args[0].startswith("Strange holds only components of Another head")
    assert desk.steps == []


def test_files_that_another_program_adds_appear_and_damaged_ones_are_told(panel, shelf, qtbot):
    shelf.save(Preset("First", ("mouth",)))
    with qtbot.waitSignal(shelf.changed, timeout=10_000):
        keep(shelf.folder, Preset("Second", ("mouth",)))
    assert names(panel)[:2] == ["First", "Second"]
    with qtbot.waitSignal(panel.problem, timeout=10_000) as told:
        (shelf.folder / "bad.flamepose").write_text("{")
    assert "bad.flamepose" in told.args[0]


def test_randomise_draws_the_chosen_parts_anew_each_time(desk, panel):
    unfold(panel, "Randomise")
    press(panel, "Randomise")
    first = desk.document.params
    press(panel, "Randomise")
    assert desk.document.params != first
    assert desk.steps == ["Randomise face", "Randomise face"]
    assert not desk.document.params.shape.any()
    chip(panel, "Identity")
    press(panel, "Randomise")
    assert desk.document.params.shape.any()
    assert not desk.document.params.neck_pose.any()


def test_a_blend_with_a_pose_is_one_step(desk, panel):
    click(panel, "Kiss")
    desk.undo()
    grid(panel).setFocus()
    unfold(panel, "Blend")
    drag(row(panel, "Blend"), 20.0, 50.0)
    drag(row(panel, "Blend"), 80.0)
    assert desk.steps == ["Blend 80 %"]
    assert value(desk, "mouthPucker") == pytest.approx(0.68, abs=0.01)
    drag(row(panel, "Blend"), 0.0)
    assert desk.document.params == Params.neutral(desk.document.model)


def test_a_blend_with_a_frame_of_a_take(desk, panel):
    model = desk.document.model
    frames = np.zeros((4, 3))
    frames[3, 1] = 0.6
    expr = np.zeros((4, model.expression_count))
    clip = Clip(np.zeros(model.shape_count), expr, frames, frames, 0 * frames, np.zeros((4, 6)), 0 * frames)
    desk.push(open_clip(desk.document, "Turn", clip))
    unfold(panel, "Blend")
    box = panel.findChildren(QComboBox)[1]
    box.setFocus()
    while not box.currentText().endswith("Turn"):
        QTest.keyClick(box, Qt.Key.Key_Down)
    frame = next(spin for spin in panel.findChildren(QSpinBox) if spin.isVisible())
    frame.selectAll()
    QTest.keyClicks(frame, "3")
    type_number(row(panel, "Blend"), "50")
    assert desk.document.params.neck_pose[1] == pytest.approx(0.3, abs=1e-3)


def test_another_model_is_served_by_the_controls(desk, panel):
    from tests.controls.second_heads import rotated_head

    second = rotated_head(digest="77" * 32)
    desk.push(use_model(desk.document, second, (new_take(second),)))
    click(panel, "Grin")
    assert value(desk, "mouthSmileLeft") == pytest.approx(0.85, abs=0.05)
    assert desk.document.params.validate(second) == []


def test_a_file_is_taken_in_once(shelf, tmp_path):
    path = tmp_path / "x.flamepose"
    write_preset(path, Preset("Mine", ("mouth",), {"jawOpen": 0.2}))
    first, is_new = shelf.take_in(path)
    again, is_new_again = shelf.take_in(path)
    assert (is_new, is_new_again) == (True, False)
    assert first.path == again.path
    write_preset(path, Preset("Mine", ("mouth",), {"jawOpen": 0.4}))
    assert shelf.take_in(path)[0].preset.name == "Mine 2"
    assert [entry.preset.name for entry in shelf.mine] == ["Mine", "Mine 2"]


def test_renaming_keeps_the_file_and_names_do_not_collide(shelf):
    first, second = shelf.save(Preset("A", ("mouth",))), shelf.save(Preset("B", ("mouth",)))
    renamed = shelf.replace(second, second.preset.replace(name="a", tags=("new",)))
    assert renamed.path == second.path
    assert renamed.preset.name == "a 2"
    assert shelf.replace(first, first.preset.replace(note="x")).preset.name == "A"
