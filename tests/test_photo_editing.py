"""The photo's face, points and mask by hand in the real window, by mouse and by keys."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.document.photo_points import group_of, opposite
from studio.document.reference_commands import FaceSeen, choose_face
from studio.panels.photo_group import PhotoGroup
from studio.widgets.slider_row import SliderRow
from tests.accessible import nameless, out_of_order, unexplained
from tests.panels.hands import drag as slide
from tests.panels.hands import press, turn_wheel
from tests.test_photo_in_window import drop, opened, own_photo
from tests.test_window import trigger
from tests.windows import WAIT, shown_window

LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=900) as shown:
        yield shown


@pytest.fixture
def photographed(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    opened(qtbot, window, tmp_path / "face.png")
    return window


def editor_of(window, mode):
    window.actions_by_id[f"photo.{mode}"].trigger()
    QTest.qWait(50)
    return window.photos.editing.editor


def place_of(editor, index):
    point = editor.points.points[index]
    return editor.view.to_view(point.x, point.y).toPoint()


def drag(view, start, by, keys=Qt.KeyboardModifier.NoModifier, steps=6):
    QTest.mousePress(view, LEFT, keys, start)
    for step in range(1, steps + 1):
        QTest.mouseMove(view, start + by * (step / steps))
        QTest.qWait(2)
    QTest.mouseRelease(view, LEFT, keys, start + by)


def places(window):
    return np.array([(point.x, point.y) for point in window.document.reference.points])


def test_the_face_of_a_photo_is_found_and_chosen_in_the_step_that_opens_it(photographed):
    reference = photographed.document.reference
    left, top, right, bottom = reference.box
    assert 0 <= left < 300 < right <= 600
    assert 0 <= top < bottom <= 700
    assert photographed.history.stack.count() == 1


def test_points_begin_on_the_face_and_a_drag_moves_one_in_one_step(photographed):
    editor = editor_of(photographed, "points")
    box = photographed.document.reference.box
    before = places(photographed)
    assert len(before) == 68
    assert (before[27:] > (box[0], box[1])).all()
    assert (before[27:, 0] < box[2]).all()
    steps = photographed.history.stack.count()
    drag(editor.view, place_of(editor, 30), QPoint(24, 12))
    after = places(photographed)
    moved = (after - before) * editor.view.scale
    np.testing.assert_allclose(moved[30], (24.0, 12.0), atol=1e-6)
    assert np.abs(np.delete(moved, 30, axis=0)).max() == 0.0
    assert photographed.history.stack.count() == steps + 1
    trigger(photographed, Qt.Key.Key_Z, CONTROL)
    np.testing.assert_array_equal(places(photographed), before)


def test_shift_drags_the_whole_part(photographed):
    editor = editor_of(photographed, "points")
    before = places(photographed)
    drag(editor.view, place_of(editor, 39), QPoint(-15, 8), SHIFT)
    moved = np.flatnonzero(np.abs(places(photographed) - before).max(axis=1))
    assert tuple(moved) == group_of(39)


def test_a_magnifier_shows_what_is_under_a_dragged_point(photographed):
    editor = editor_of(photographed, "points")
    start = place_of(editor, 48)
    QTest.mousePress(editor.view, LEFT, pos=start)
    QTest.mouseMove(editor.view, start + QPoint(10, 0))
    QTest.qWait(20)
    while_held = editor.view.grab().toImage()
    QTest.mouseRelease(editor.view, LEFT, pos=start + QPoint(10, 0))
    QTest.qWait(20)
    after = editor.view.grab().toImage()
    beside = start + QPoint(10 + 110, -110)
    if beside.x() + 74 > editor.view.width():
        beside.setX(start.x() - 100)
    differing = sum(
        while_held.pixelColor(beside + QPoint(x, y)) != after.pixelColor(beside + QPoint(x, y))
        for x in range(-40, 41, 8)
        for y in range(-40, 41, 8)
    )
    assert differing > 20


def test_keys_do_all_that_the_pointer_does_with_points(photographed):
    editor = editor_of(photographed, "points")
    view, document = editor.view, photographed.document
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _ in range(36):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert editor.points.chosen == (36,)
    assert "right eye, outer corner" in view.accessibleDescription()
    before = places(photographed)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    moved = (places(photographed) - before)[36] * view.scale
    np.testing.assert_allclose(moved, (1.0, 10.0), atol=1e-6)
    QTest.keyClick(view, Qt.Key.Key_Comma)
    assert document.reference.points[36].confidence == pytest.approx(0.9)
    QTest.keyClick(view, Qt.Key.Key_H)
    assert document.reference.points[36].hidden
    assert document.reference.showing == "behind"  # H is no shortcut of the window here
    QTest.keyClick(view, Qt.Key.Key_H)
    assert not document.reference.points[36].hidden
    QTest.keyClick(view, Qt.Key.Key_R)
    np.testing.assert_allclose(places(photographed), before, atol=1e-6)


def test_the_other_side_is_put_where_a_mirror_has_it(photographed):
    editor = editor_of(photographed, "points")
    drag(editor.view, place_of(editor, 17), QPoint(-12, -20))
    QTest.keyClick(editor.view, Qt.Key.Key_M)
    points = places(photographed)
    right, left = points[36], points[45]
    axis = (left - right) / np.linalg.norm(left - right)
    along = (points - points[27]) @ axis
    other = opposite(17)
    assert along[17] == pytest.approx(-along[other], abs=1e-6)


def test_points_are_saved_and_loaded_again(qtbot, photographed, tmp_path, monkeypatch):
    editor_of(photographed, "points")
    before = places(photographed)
    for ending in (".pts", ".json", ".npy"):
        path = tmp_path / f"points{ending}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, p=path: (str(p), ""))
        photographed.actions_by_id["photo.save_points"].trigger()
        editor = photographed.photos.editing.editor
        editor.points.choose(tuple(range(68)))
        QTest.keyClick(editor.view, Qt.Key.Key_Down, SHIFT)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, p=path: (str(p), ""))
        photographed.actions_by_id["photo.load_points"].trigger()
        qtbot.waitUntil(lambda p=path: photographed.document.reference.points_from == p.name, timeout=WAIT)
        np.testing.assert_allclose(places(photographed), before, atol=0.002)


def test_a_box_is_drawn_by_hand_also_where_no_face_was_found(qtbot, window, tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((800, 600)).save(tmp_path / "noise.png")
    opened(qtbot, window, tmp_path / "noise.png")
    assert window.document.reference.box == ()
    assert "No face was found in noise.png" in window.notices.text
    editor = editor_of(window, "faces")
    view = editor.view
    start, end = view.to_view(200, 100).toPoint(), view.to_view(500, 450).toPoint()
    drag(view, start, end - start)
    tolerance = 1.5 / view.scale
    assert window.document.reference.box == pytest.approx((200, 100, 500, 450), abs=tolerance)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert window.document.reference.box[0] == pytest.approx(200 + 4.0 / view.scale, abs=tolerance)


def test_one_of_many_faces_is_chosen_by_click_and_by_key(photographed):
    faces = tuple(
        FaceSeen((60.0 * (i % 8) + 10, 80.0 * (i // 8) + 10, 60.0 * (i % 8) + 55, 80.0 * (i // 8) + 60))
        for i in range(40)
    )
    photographed.photos.editing.know_faces(photographed.photos.showing.photo, faces)
    editor = editor_of(photographed, "faces")
    box = faces[21].box
    QTest.mouseClick(
        editor.view,
        LEFT,
        pos=editor.view.to_view((box[0] + box[2]) / 2, (box[1] + box[3]) / 2).toPoint(),
    )
    assert photographed.document.reference.box == box
    assert "40 faces, number 22" in editor.view.accessibleDescription()
    QTest.keyClick(editor.view, Qt.Key.Key_PageDown)
    assert photographed.document.reference.box == faces[22].box
    QTest.keyClick(editor.view, Qt.Key.Key_3)
    assert photographed.document.reference.box == faces[2].box


def mask_of(window):
    photo = window.photos.showing.photo
    return window.photos.editing._mask_of(window.document.reference.mask, photo)


def test_the_mask_is_painted_and_erased_a_stroke_a_step(photographed):
    editor = editor_of(photographed, "mask")
    view, steps = editor.view, photographed.history.stack.count()
    editor.view.show_whole()
    start = view.to_view(200, 300).toPoint()
    drag(view, start, QPoint(80, 0))
    mask = mask_of(photographed)
    assert photographed.history.stack.count() == steps + 1
    assert mask[300, 205] == 255
    assert mask[20, 20] == 0
    assert ((mask > 0) & (mask < 255)).any()  # the edge is soft
    drag(view, start, QPoint(80, 0), Qt.KeyboardModifier.AltModifier)
    erased = mask_of(photographed)
    assert erased[300, 205] == 0
    assert erased.max() <= 128  # half of the soft edge of both strokes is left
    trigger(photographed, Qt.Key.Key_Z, CONTROL)
    np.testing.assert_array_equal(mask_of(photographed), mask)
    np.testing.assert_array_equal(editor.brush.mask, mask)
    radius = editor.brush.radius
    QTest.keyClick(view, Qt.Key.Key_BracketRight)
    assert editor.brush.radius > radius
    QTest.keyClick(view, Qt.Key.Key_X)
    assert editor.brush.erases


def test_the_mask_comes_from_the_head_or_a_file(qtbot, photographed, tmp_path, monkeypatch):
    photographed.actions_by_id["photo.mask_from_head"].trigger()
    qtbot.waitUntil(lambda: bool(photographed.document.reference.mask), timeout=WAIT)
    mask = mask_of(photographed)
    assert 0.05 < mask.mean() / 255.0 < 0.7
    photographed.actions_by_id["photo.clear_mask"].trigger()
    assert not photographed.document.reference.mask
    half = np.zeros((700, 600), np.uint8)
    half[:, :300] = 255
    Image.fromarray(half).save(tmp_path / "half.png")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "half.png"), ""))
    photographed.actions_by_id["photo.load_mask"].trigger()
    qtbot.waitUntil(lambda: bool(photographed.document.reference.mask), timeout=WAIT)
    np.testing.assert_array_equal(mask_of(photographed), half)


def test_escape_goes_back_to_the_head_and_the_wheel_zooms_to_the_pointer(photographed):
    editor = editor_of(photographed, "points")
    view = editor.view
    at = QPointF(120.0, 90.0)
    under = view.to_photo(at)
    turn_wheel(view, at, 2)
    after = view.to_photo(at)
    assert view.scale > 0
    assert (after.x(), after.y()) == pytest.approx((under.x(), under.y()), abs=1e-6)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert photographed.photos.editing.editor is None


@pytest.mark.parametrize("mode", ["faces", "points", "mask"])
def test_everything_in_the_editor_has_a_name_a_hint_and_its_place(photographed, mode):
    editor = editor_of(photographed, mode)
    assert nameless(editor) == []
    assert unexplained(editor) == []
    assert out_of_order(editor) == []


def test_another_face_takes_its_own_points_and_an_undo_the_old_ones(photographed):
    editor = editor_of(photographed, "points")
    before = places(photographed)
    photographed.push(choose_face(photographed.document, FaceSeen((10.0, 10.0, 200.0, 200.0))))
    assert photographed.document.reference.points == ()
    assert editor.points.told == "No point chosen"
    trigger(photographed, Qt.Key.Key_Z, CONTROL)
    np.testing.assert_array_equal(places(photographed), before)


def test_the_group_of_the_fit_panel_shows_and_does_it(qtbot, photographed):
    photographed.workspace.show_dock("Fit")
    qtbot.waitUntil(lambda: photographed.workspace.late.fit.findChild(PhotoGroup) is not None, timeout=WAIT)
    group = photographed.workspace.late.fit.findChild(PhotoGroup)
    document = photographed.document
    press(group, "Over")
    assert document.reference.showing == "over"
    assert photographed.history.stack.undoText() == "Head over the photo"
    row = next(row for row in group.findChildren(SliderRow) if row.isVisible())
    steps = photographed.history.stack.count()
    slide(row, 50.0, 80.0)
    assert document.reference.opacity > 0.7
    assert photographed.history.stack.count() == steps + 1
    press(group, "Points: place")
    assert photographed.photos.editing.editor is not None
    assert document.reference.points_from == "the mean head"
    press(group, "Remove the photo")
    assert not document.reference
    assert photographed.photos.editing.editor is None
    assert not row.isVisible()


def test_the_chips_of_the_editor_change_what_is_worked_on_and_begin_it(photographed):
    editor = editor_of(photographed, "faces")
    press(editor, "Points")
    assert editor.mode == "points"
    assert len(photographed.document.reference.points) == 68
    press(editor, "Mask")
    assert editor.mode == "mask"
    press(editor, "Done")
    assert photographed.photos.editing.editor is None


def test_another_photo_dropped_while_one_is_worked_on_takes_its_place(qtbot, photographed, tmp_path):
    editor = editor_of(photographed, "points")
    Image.new("RGB", (320, 240), (90, 120, 90)).save(tmp_path / "other.png")
    drop(photographed, tmp_path / "other.png")
    qtbot.waitUntil(lambda: photographed.document.reference.picture.name == "other.png", timeout=WAIT)
    assert editor.faces.size == (320, 240)
    assert editor.points.points == ()
