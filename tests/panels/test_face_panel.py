"""The Face panel under mouse and keys: named controls on heads that name them, and on those that do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.controls.emotions import EMOTIONS
from studio.controls.gaze import Gaze, gaze_of, with_gaze
from studio.controls.mapping_file import UnitMapping
from studio.document.commands import set_component, set_params
from studio.document.control_state import control_values
from studio.document.document import Document
from studio.document.faces import set_control, set_controls, use_mapping
from studio.panels.face_panel import FacePanel
from studio.theme import apply_theme
from studio.undo import History
from studio.widgets.group import Group
from studio.widgets.lock_button import LockButton
from studio.widgets.pad import Pad
from studio.widgets.slider_row import SliderRow
from tests.controls.second_heads import rotated_head, unnamed
from tests.panels.conftest import Desk
from tests.panels.hands import LEFT, drag, press, row, rows, type_number

WAIT = 30_000  # milliseconds, for controls to be solved


def desk_of(model) -> Desk:
    document = Document(model)
    return Desk(document, History(document))


@pytest.fixture
def face_desk(head_model):
    """A neutral open head, which names its units."""
    return desk_of(head_model)


@pytest.fixture
def face(face_desk, shown):
    return shown(FacePanel(face_desk.document, face_desk.push), height=2600)


@pytest.fixture
def second():
    """A head that does not name its units, and whose controls nobody has asked for."""
    return replace(rotated_head(seed=21), digest="33" * 32)


@pytest.fixture
def solved(second, shown, qtbot):
    """A desk on the second head and its panel, once the controls are there."""
    desk = desk_of(second)
    panel = shown(FacePanel(desk.document, desk.push), height=2600)
    qtbot.waitUntil(lambda: bool(rows(panel, "Smile left")), timeout=WAIT)
    return desk, panel


def group_of(panel, title):
    return next(group for group in panel.findChildren(Group) if group.title == title)


def pad_of(panel):
    return panel.findChild(Pad)


def test_groups_are_in_the_order_in_which_people_look(face):
    titles = [group.title for group in sorted(face.findChildren(Group), key=lambda g: g.y())]
    assert titles == [
        "Emotions",
        "Head",
        "Gaze",
        "Eyelids",
        "Jaw",
        "Brows",
        "Eyes",
        "Cheeks and nose",
        "Mouth",
    ]


def test_dragging_a_unit_is_one_step_with_its_name(face, face_desk):
    drag(row(face, "Smile left"), 0.2, 0.5, 0.8)
    assert row(face, "Smile left").accessibleName() == "Mouth smile left"
    assert face_desk.steps == ["Mouth smile left"]
    place = face_desk.document.model.expression_names.index("mouthSmileLeft")
    assert face_desk.document.params.expr[place] == pytest.approx(0.8, abs=0.02)
    assert row(face, "Smile right").value == 0.0
    face_desk.undo()
    assert row(face, "Smile left").value == 0.0


def test_an_emotion_moves_its_units_and_reads_back(face, face_desk):
    type_number(row(face, "Surprise"), "0.5")
    assert face_desk.steps == ["Surprise"]
    assert row(face, "Surprise").value == pytest.approx(0.5)
    wanted = 0.5 * EMOTIONS["surprise"]["eyeWideLeft"]
    assert row(face, "Wide left").value == pytest.approx(wanted, abs=1e-3)


def test_the_head_turns_in_degrees_shared_by_neck_and_root(face, face_desk):
    type_number(row(face, "Turn"), "30")
    params = face_desk.document.params
    assert np.degrees(params.neck_pose[1] + params.rotation[1]) == pytest.approx(30.0)
    assert 0.0 < params.rotation[1] < params.neck_pose[1]
    assert row(face, "Turn").value == pytest.approx(30.0)


def test_the_dot_leads_both_eyes_in_one_step(face, face_desk):
    pad = pad_of(face)
    QTest.mousePress(pad, LEFT, pos=pad.point_at(0.0, 0.0).toPoint())
    for across, up in ((5.0, 5.0), (20.0, 15.0)):
        QTest.mouseMove(pad, pad.point_at(across, up).toPoint())
    QTest.mouseRelease(pad, LEFT, pos=pad.point_at(20.0, 15.0).toPoint())
    assert face_desk.steps == ["Gaze"]
    gaze = gaze_of(face_desk.document.model, face_desk.document.params)
    assert np.degrees((gaze.sideways, gaze.up)) == pytest.approx((20.0, 15.0), abs=1.0)
    assert row(face, "Left / right").value == pytest.approx(20.0, abs=1.0)
    QTest.mouseDClick(pad, LEFT, pos=pad.point_at(*pad.place).toPoint())
    assert not face_desk.document.params.eyes_pose.any()


def test_the_dot_goes_by_keys_and_stops_where_eyes_do(face, face_desk):
    pad = pad_of(face)
    pad.setFocus()
    for _ in range(3):
        QTest.keyClick(pad, Qt.Key.Key_Right)
    QTest.keyClick(pad, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert pad.place == pytest.approx((3.0, -0.1))
    assert pad.accessibleDescription() == "3.0° across, -0.1° up"
    QTest.mouseClick(pad, LEFT, pos=QPoint(pad.width() - 1, 1))
    gaze = gaze_of(face_desk.document.model, face_desk.document.params)
    assert np.degrees(gaze.sideways) <= 45.1
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.place == (0.0, 0.0)


def test_near_eyes_converge(face, face_desk):
    type_number(row(face, "Distance"), "20")
    left, right = face_desk.document.params.eyes_pose[[1, 4]]
    assert left < -0.1 < 0.1 < right
    assert row(face, "Distance").value == pytest.approx(20, abs=1)
    assert face_desk.steps == ["Gaze distance"]


def test_symmetry_moves_the_other_side_along(face, face_desk):
    press(face, "Symmetric")
    assert face_desk.document.tools.symmetric
    assert not face_desk.steps
    drag(row(face, "Squint right"), 0.6)
    assert row(face, "Squint left").value == row(face, "Squint right").value > 0.5
    press(face, "Symmetric")
    drag(row(face, "Squint left"), 0.1)
    assert row(face, "Squint right").value > 0.5


def test_a_group_is_mirrored(face, face_desk):
    values = {"mouthSmileLeft": 0.7, "mouthRight": 0.4, "browDownLeft": 0.5}
    face_desk.push(set_controls(face_desk.document, "Face", values))
    press(face, "Mirror mouth")
    after = control_values(face_desk.document)
    assert after["mouthSmileRight"] == pytest.approx(0.7)
    assert after["mouthLeft"] == pytest.approx(0.4)
    assert after["mouthSmileLeft"] == after["mouthRight"] == pytest.approx(0.0)
    assert after["browDownLeft"] == pytest.approx(0.5)
    assert face_desk.steps[-1] == "Mirror mouth"


def test_gaze_is_mirrored_and_reset(face, face_desk):
    document = face_desk.document
    face_desk.push(
        set_params(document, "Look", with_gaze(document.model, document.params, Gaze(0.3, 0.1, 0.5)))
    )
    press(face, "Mirror gaze")
    assert gaze_of(document.model, document.params).sideways == pytest.approx(-0.3, abs=1e-3)
    press(face, "Reset gaze")
    assert not document.params.eyes_pose.any()


def test_a_group_is_reset_alone(face, face_desk):
    face_desk.push(set_controls(face_desk.document, "Face", {"mouthSmileLeft": 0.7, "browDownLeft": 0.5}))
    press(face, "Reset mouth")
    after = control_values(face_desk.document)
    assert after["mouthSmileLeft"] == pytest.approx(0.0)
    assert after["browDownLeft"] == pytest.approx(0.5)


def test_a_narrow_panel_shows_every_number(face_desk, shown, qapp):
    apply_theme(qapp, "dark")
    narrow = shown(FacePanel(face_desk.document, face_desk.push), width=250, height=2600)
    QTest.qWait(50)
    view = narrow._scroll.viewport()
    for shown_row in rows_shown(narrow):
        right = shown_row.mapTo(narrow, shown_row.rect().topRight()).x()
        assert right < view.mapTo(narrow, view.rect().topRight()).x() + 1


def test_what_is_locked_is_neither_drawn_nor_reset(face, face_desk):
    drag(row(face, "Smile left"), 0.8)
    kept = row(face, "Smile left").value
    QTest.mouseClick(
        row(face, "Smile left"), LEFT, pos=row(face, "Smile left").geometry_of_parts.lock.center().toPoint()
    )
    assert row(face, "Smile left").locked
    for _ in range(5):
        press(face, "Randomise mouth")
        press(face, "Randomise")
    assert row(face, "Smile left").value == pytest.approx(kept, abs=1e-3)
    press(face, "Reset all")
    values = control_values(face_desk.document)
    assert values["mouthSmileLeft"] == pytest.approx(kept, abs=1e-3)
    assert sum(abs(values[name]) > 1e-3 for name in face_desk.document.model.expression_names) == 1


def test_a_group_locks_whole(face, face_desk):
    lock = next(b for b in group_of(face, "Head").findChildren(LockButton))
    QTest.mouseClick(lock, LEFT)
    assert face_desk.document.locks == {(f, a) for f in ("neck_pose", "rotation") for a in range(3)}
    assert all(row(face, label).locked for label in ("Turn", "Nod", "Tilt"))
    press(face, "Randomise")
    assert not face_desk.document.params.neck_pose.any()


def test_randomise_is_one_step_and_stays_within_its_group(face, face_desk):
    press(face, "Randomise brows")
    assert face_desk.steps == ["Randomise brows"]
    moved = np.flatnonzero(face_desk.document.params.expr)
    names = [face_desk.document.model.expression_names[place] for place in moved]
    assert names
    assert all(name.startswith("brow") for name in names)


def test_search_finds_by_word_by_unit_and_by_group(face):
    QTest.keyClicks(face._search, "smile")
    assert {r.scale.label for r in rows_shown(face)} == {"Smile left", "Smile right"}
    assert not pad_of(face).isVisible()
    face._search.clear()
    QTest.keyClicks(face._search, "gaze")
    assert pad_of(face).isVisible()
    face._search.clear()
    QTest.keyClicks(face._search, "browInnerUp")
    assert {r.scale.label for r in rows_shown(face)} == {"Inner up"}
    QTest.keyClick(face._search, Qt.Key.Key_Return)
    assert face.focusWidget() is rows_shown(face)[0]


def rows_shown(panel):
    listed = [r for r in panel.findChildren(SliderRow) if r.isVisible()]
    return [r for r in listed if r.scale.label != "Strength"]


def test_a_head_without_names_is_solved_while_the_panel_stands(second, shown, qtbot):
    desk = desk_of(second)
    panel = shown(FacePanel(desk.document, desk.push), height=2600)
    assert panel._state.isVisible()
    assert panel._state.text() == "Finding the controls of second…"
    qtbot.waitUntil(lambda: bool(rows(panel, "Smile left")), timeout=WAIT)
    assert not panel._state.isVisible()
    drag(row(panel, "Smile left"), 0.7)
    assert desk.steps == ["Mouth smile left"]
    assert control_values(desk.document)["mouthSmileLeft"] == pytest.approx(0.7, abs=0.03)


def test_rows_tell_how_well_a_control_comes_out(solved, head_model):
    _, panel = solved
    smile = row(panel, "Smile left")
    assert smile.scale.quality > 0.99
    assert "Shown to 9" in smile.toolTip()
    assert "mm of the open head's" in smile.toolTip()
    assert row(panel, "Turn").scale.quality is None


def test_a_row_that_nothing_moves_is_disabled_and_says_why(head_model, shown, qtbot):
    desk = desk_of(unnamed(head_model, head_model.expressiondirs[:, :, :10]))
    panel = shown(FacePanel(desk.document, desk.push), height=2600)
    qtbot.waitUntil(lambda: bool(rows(panel, "Tongue out")), timeout=WAIT)
    tongue = row(panel, "Tongue out")
    assert not tongue.isEnabled()
    assert tongue.toolTip() == "Tongue out: second has no component that moves like this."
    assert row(panel, "Down left").isEnabled()


def test_a_control_follows_components_and_what_it_cannot_say_stays(solved):
    desk, panel = solved
    desk.push(set_component(desk.document, "Expression 3", "expr", 2, 0.8))
    before = desk.document.params.expr.copy()
    smile = row(panel, "Smile left")
    told = smile.value
    assert told == pytest.approx(control_values(desk.document)["mouthSmileLeft"], abs=1e-3)
    drag(smile, 0.9)
    desk.push(set_control(desk.document, "mouthSmileLeft", told))
    np.testing.assert_allclose(desk.document.params.expr, before, atol=0.01)
    assert np.abs(before).max() > 0.5


def test_a_locked_mix_holds_its_value(solved):
    desk, panel = solved
    drag(row(panel, "Cheek puff"), 0.6)
    kept = row(panel, "Cheek puff").value
    row(panel, "Cheek puff").setFocus()
    QTest.keyClick(row(panel, "Cheek puff"), Qt.Key.Key_K)
    assert desk.document.locks == {("unit.cheekPuff", 0)}
    for _ in range(3):
        press(panel, "Randomise")
    assert row(panel, "Cheek puff").value == pytest.approx(kept, abs=0.005)
    press(panel, "Reset all")
    assert row(panel, "Cheek puff").value == pytest.approx(kept, abs=0.005)


def test_a_mapping_is_named_and_dropped(solved, second, qtbot):
    desk, panel = solved
    matrix = np.eye(second.expression_count)[:1]
    desk.push(use_mapping(desk.document, UnitMapping(("cheekPuff",), matrix), "mine.npz"))
    qtbot.waitUntil(lambda: bool(rows(panel, "Cheek puff")), timeout=WAIT)
    assert panel._mapping._name.text() == "Units from mine.npz"
    type_number(row(panel, "Cheek puff"), "1")
    np.testing.assert_allclose(desk.document.params.expr, matrix[0], atol=1e-6)
    press(panel, "Drop mapping")
    assert desk.document.controls.mapping is None
    assert panel._mapping._name.text() == "Units of the model"
    desk.undo()
    assert desk.document.controls.mapping_name == "mine.npz"
    with qtbot.waitSignal(panel.mapping_asked):
        QTest.mouseClick(next(b for b in panel.findChildren(QPushButton) if b.text() == "Mapping…"), LEFT)


def test_another_model_gets_rows_of_its_own(face, face_desk, solved):
    desk, _ = solved
    document = face_desk.document
    document.set(model=desk.document.model, takes=desk.document.takes)
    assert row(face, "Smile left").scale.quality is not None
