from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.theme import current
from studio.widgets.slider_paint import quality_bars
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale
from tests.panels.hands import turn_wheel

LEFT = Qt.MouseButton.LeftButton
MIDDLE = 12


@pytest.fixture
def row(qtbot):
    holder = QWidget()
    layout = QVBoxLayout(holder)
    other = QPushButton("other")
    made = SliderRow(SliderScale("Nod", -3.0, 3.0, hard_low=-9.0, hard_high=9.0))
    layout.addWidget(other)
    layout.addWidget(made)
    holder.resize(340, 90)
    qtbot.addWidget(holder)
    holder.show()
    qtbot.waitExposed(holder)
    holder.activateWindow()
    other.setFocus()
    made.holder, made.asked = holder, []
    made.value_changed.connect(lambda value, gesture: made.asked.append((value, gesture)))
    return made


def _at(row, value) -> QPoint:
    parts = row.geometry_of_parts
    return QPoint(round(parts.handle_x(row.scale.fraction(value))), MIDDLE)


def _number(row) -> QPoint:
    return row.geometry_of_parts.number.center().toPoint()


def _type(row, text, end=Qt.Key.Key_Return):
    editor = row.findChild(QLineEdit)
    assert editor.isVisible()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, end)


def test_a_drag_is_one_gesture_that_ends_under_the_hand(row):
    QTest.mousePress(row, LEFT, pos=_at(row, 0.0))
    assert row.asked == []
    for value in (0.5, 1.0, 1.5):
        QTest.mouseMove(row, _at(row, value))
    QTest.mouseRelease(row, LEFT, pos=_at(row, 1.5))
    assert len(row.asked) == 3
    assert row.asked[-1][0] == pytest.approx(1.5, abs=0.05)
    assert len({gesture for _, gesture in row.asked}) == 1
    assert row.asked[0][1] is not None


def test_two_drags_are_two_gestures(row):
    for value in (1.0, 2.0):
        QTest.mouseClick(row, LEFT, pos=_at(row, value))
    assert len({gesture for _, gesture in row.asked}) == 2


def test_pressing_the_groove_jumps_there(row):
    QTest.mouseClick(row, LEFT, pos=_at(row, -2.0))
    assert row.value == pytest.approx(-2.0, abs=0.05)


def test_the_slider_stops_at_its_ends(row):
    QTest.mousePress(row, LEFT, pos=_at(row, 0.0))
    QTest.mouseMove(row, QPoint(row.width() + 500, MIDDLE))
    QTest.mouseRelease(row, LEFT, pos=QPoint(row.width() + 500, MIDDLE))
    assert row.value == 3.0


@pytest.mark.parametrize("where", ["groove", "label"])
def test_double_click_resets_as_one_step_with_its_first_click(row, where):
    row.set_value(2.0)
    point = _at(row, 1.0) if where == "groove" else QPoint(10, MIDDLE)
    QTest.mouseClick(row, LEFT, pos=point)
    QTest.mouseDClick(row, LEFT, pos=point)
    assert row.value == 0.0
    assert len({gesture for _, gesture in row.asked}) == 1


def test_the_number_can_be_typed_beyond_the_slider(row):
    QTest.mouseClick(row, LEFT, pos=_number(row))
    _type(row, "4.25")
    assert row.asked == [(4.25, None)]
    assert not row.findChild(QLineEdit).isVisible()


def test_a_typed_number_stops_at_the_hard_limit(row):
    QTest.mouseClick(row, LEFT, pos=_number(row))
    _type(row, "77")
    assert row.asked == [(9.0, None)]


@pytest.mark.parametrize(("typed", "end"), [("rubbish", Qt.Key.Key_Return), ("2", Qt.Key.Key_Escape)])
def test_rubbish_and_escape_leave_the_number(row, typed, end):
    row.set_value(1.0)
    QTest.mouseClick(row, LEFT, pos=_number(row))
    _type(row, typed, end)
    assert row.asked == []
    assert row.value == 1.0


def test_dragging_the_number_scrubs_in_one_gesture(row):
    QTest.mousePress(row, LEFT, pos=_number(row))
    for distance in (10, 20, 50):
        QTest.mouseMove(row, _number(row) + QPoint(distance, 0))
    QTest.mouseRelease(row, LEFT, pos=_number(row) + QPoint(50, 0))
    assert row.value == pytest.approx(1.5, abs=0.1)
    assert len({gesture for _, gesture in row.asked}) == 1
    assert row.findChild(QLineEdit) is None


def test_the_wheel_needs_the_focus(row, qtbot):
    assert not turn_wheel(row, QPointF(_at(row, 0.0))).isAccepted()
    assert row.asked == []
    row.setFocus()
    qtbot.waitUntil(row.hasFocus)
    assert turn_wheel(row, QPointF(_at(row, 0.0))).isAccepted()
    turn_wheel(row, QPointF(_at(row, 0.0)), -2)
    assert [value for value, _ in row.asked] == [0.1, -0.1]
    assert len({gesture for _, gesture in row.asked}) == 1


def test_arrow_and_page_keys_step(row):
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Right)
    QTest.keyClick(row, Qt.Key.Key_Up)
    assert row.value == pytest.approx(0.2)
    QTest.keyClick(row, Qt.Key.Key_PageDown)
    assert row.value == pytest.approx(-0.8)
    QTest.keyClick(row, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert row.value == pytest.approx(-0.79)
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert row.value == 0.0


def test_return_opens_the_number(row):
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    _type(row, "-1.5")
    assert row.value == -1.5


def test_the_fill_runs_from_the_middle(row):
    row.set_value(1.5)
    image = row.grab().toImage()
    accent = current().accent
    assert image.pixelColor(_at(row, 0.7)).name() == accent
    assert image.pixelColor(_at(row, -0.7)).name() == current().groove


def test_it_says_what_it_is(row):
    assert row.accessibleName() == "Nod"


def test_showing_a_value_asks_for_nothing(row):
    row.set_value(1.0)
    assert row.asked == []


def test_a_number_that_cannot_be_taken_is_told_while_it_is_typed(row):
    row.edit()
    editor = row.findChild(QLineEdit)
    wrong = []
    for text in ("0.5", "99", "nan", "50%", "-", "1,5"):
        editor.selectAll()
        QTest.keyClicks(editor, text)
        wrong.append(bool(editor.property("wrong")))
    assert wrong == [False, True, True, True, False, False]
    editor.setText("99")
    assert editor.accessibleDescription() == row.scale.range_text
    row.edit()
    assert not editor.property("wrong")


def test_the_open_padlock_is_seen_under_the_mouse_only(qtbot):
    box = QWidget()
    box.resize(320, 60)
    made = SliderRow(SliderScale("Jaw", 0.0, 1.0), box, lockable=True)
    made.setGeometry(0, 0, 320, made.height())
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    place = made.geometry_of_parts.lock.toRect()
    QTest.mouseMove(box.windowHandle(), QPoint(160, 50))
    qtbot.waitUntil(lambda: not made.underMouse())
    empty = made.grab(place).toImage()
    QTest.mouseMove(box.windowHandle(), QPoint(20, 12))
    qtbot.waitUntil(made.underMouse)
    hovered = made.grab(place).toImage()
    made.set_locked(True)
    assert len({bytes(image.constBits()) for image in (empty, hovered, made.grab(place).toImage())}) == 3


def test_quality_is_told_by_one_to_three_bars(qtbot):
    def bars(quality):
        row = SliderRow(SliderScale("Smile", quality=quality))
        row.resize(300, row.height())
        qtbot.addWidget(row)
        picture = row.grab().toImage()
        area = row.geometry_of_parts.label.toRect()
        return picture.copy(area)

    pictures = [bars(quality) for quality in (None, 0.1, 0.7, 0.95)]
    assert [quality_bars(quality) for quality in (0.1, 0.7, 0.95)] == [1, 2, 3]
    assert all(one != other for index, one in enumerate(pictures) for other in pictures[:index])


def test_a_row_that_is_not_available_cannot_be_moved(qtbot):
    row = SliderRow(SliderScale("Tongue out", available=False, tip="Nothing moves like this."))
    qtbot.addWidget(row)
    row.show()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    QTest.keyClick(row, Qt.Key.Key_Right)
    assert row.value == 0.0
    assert row.toolTip() == "Nothing moves like this."


def test_a_diamond_asks_for_a_key_and_shows_it(qtbot):
    made = SliderRow(SliderScale("Nod", -3.0, 3.0), keyable=True)
    made.resize(340, 24)
    qtbot.addWidget(made)
    made.show()
    asked, values = [], []
    made.key_asked.connect(lambda: asked.append(1))
    made.value_changed.connect(lambda value, _gesture: values.append(value))
    place = made.geometry_of_parts.key.center().toPoint()
    plain = made.grab().toImage()
    QTest.mouseClick(made, LEFT, pos=place)
    assert (asked, values) == ([1], [])
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert len(asked) == 2
    made.set_key("here")
    assert made.accessibleDescription() == "0.00, has a key here"
    pictures = [made.grab().toImage()]
    made.set_key("keyed")
    pictures.append(made.grab().toImage())
    colours = [picture.pixelColor(place).name() for picture in (plain, *pictures)]
    assert colours[1] == current().accent
    assert colours[0] == colours[2] != colours[1]
    assert pictures[1] != plain


def test_a_row_without_keys_has_no_diamond(row):
    asked = []
    row.key_asked.connect(lambda: asked.append(1))
    assert row.geometry_of_parts.key.isEmpty()
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert not asked
