from __future__ import annotations

import math
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton

from studio.document.camera import Camera
from studio.document.commands import set_look
from studio.document.document import Document
from studio.document.lights import PRESETS
from studio.document.look import Backdrop, Environment, Light, Look
from studio.document.media import Media
from studio.panels.landmark_set_box import LandmarkSetBox
from studio.panels.look_panel import LookPanel, with_field_of_view
from studio.undo import History
from studio.widgets.colour_button import ColourButton
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_row import SliderRow
from tests.panels.hands import LEFT, drag, press, row, rows, type_number


@pytest.fixture
def panel(desk, shown):
    return shown(LookPanel(desk.document, desk.push))


def _check(panel, text):
    return next(box for box in panel.findChildren(QCheckBox) if box.text() == text)


def test_the_mode_is_chosen_with_the_keyboard(desk, panel):
    QTest.keyClick(panel.findChild(QComboBox), Qt.Key.Key_Down)
    assert desk.document.look.mode == "shaded"
    assert desk.steps == ["Shading"]


@pytest.mark.parametrize(
    ("text", "field"),
    [("Landmarks", "show_landmarks"), ("Joints", "show_joints"), ("Smooth surface", "subdivide")],
)
def test_check_boxes_switch_and_undo(desk, panel, text, field):
    before = getattr(desk.document.look, field)
    QTest.mouseClick(_check(panel, text), LEFT, pos=QPoint(6, 8))
    assert getattr(desk.document.look, field) is not before
    desk.undo()
    assert _check(panel, text).isChecked() is before


def test_the_light_turns_in_one_step(desk, panel):
    drag(row(panel, "Direction"), 60.0, -90.0)
    assert desk.document.look.light.azimuth == pytest.approx(math.radians(-90.0), abs=0.06)
    assert desk.steps == ["Light direction"]
    press(panel, "Reset light")
    assert desk.document.look.light.azimuth == 0.6


def test_colours_are_shown_and_set(desk, panel):
    button = next(b for b in panel.findChildren(ColourButton) if b.accessibleName() == "Background")
    dialog = button.choose()
    dialog.setCurrentColor("#102030")
    dialog.setCurrentColor("#203040")
    dialog.accept()
    assert desk.document.look.background == pytest.approx((0x20 / 255, 0x30 / 255, 0x40 / 255), abs=1e-3)
    assert desk.steps == ["Background"]
    desk.push(set_look(desk.document, "x", desk.document.look.replace(background=(1.0, 1.0, 1.0))))
    assert button.text() == "#ffffff"


def test_the_lens_undoes_and_leaves_the_place_of_the_camera(desk, panel):
    type_number(row(panel, "Field of view"), "40")
    press(panel, "Orthographic")
    assert desk.document.camera.field_of_view == pytest.approx(math.radians(40.0))
    assert desk.document.camera.orthographic
    assert not row(panel, "Field of view").isEnabled()
    assert desk.steps == ["Field of view", "Orthographic"]
    desk.document.set(camera=desk.document.camera.replace(azimuth=1.0))
    desk.undo()
    desk.undo()
    camera = desk.document.camera
    assert not camera.orthographic
    assert camera.field_of_view == pytest.approx(Camera().field_of_view)
    assert camera.distance == pytest.approx(Camera().distance)
    assert camera.azimuth == 1.0


def test_dragging_the_lens_is_one_step(desk, panel):
    drag(row(panel, "Field of view"), 30.0, 40.0, 50.0)
    assert desk.steps == ["Field of view"]
    desk.undo()
    assert desk.document.camera.field_of_view == pytest.approx(Camera().field_of_view)


def test_another_lens_keeps_the_heads_size():
    before = Camera(distance=0.9, field_of_view=0.35)
    after = with_field_of_view(before, 1.0)

    def height(camera):
        return camera.distance * math.tan(camera.field_of_view / 2)

    assert height(after) == pytest.approx(height(before))


def test_it_shows_what_was_set_elsewhere(desk, panel):
    desk.push(set_look(desk.document, "Shading", desk.document.look.replace(mode="normals")))
    assert panel.findChild(QComboBox).currentText() == "Normals"


def _sets(panel):
    return panel.findChild(LandmarkSetBox)


@pytest.fixture
def head_panel(head_model, shown):
    document = Document(head_model)
    return document, shown(LookPanel(document, History(document).push))


def test_a_landmark_set_is_chosen_with_the_keyboard(head_panel):
    document, panel = head_panel
    box = _sets(panel)
    assert not box.isEnabled()
    QTest.mouseClick(_check(panel, "Landmarks"), LEFT, pos=QPoint(6, 8))
    assert box.isEnabled()
    assert box.currentText() == "68, contour follows the view"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert document.look.landmark_set == "51"
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert document.look.landmark_set == "70"


def test_sets_that_the_model_lacks_are_disabled_and_say_why(head_panel):
    _, panel = head_panel
    box = _sets(panel)
    texts = {box.itemData(row): box.itemText(row) for row in range(box.count())}
    enabled = {
        box.itemData(row): bool(box.model().index(row, 0).flags() & Qt.ItemFlag.ItemIsEnabled)
        for row in range(box.count())
    }
    assert enabled == {"68": True, "51": True, "70": True, "fixed68": False, "mediapipe": False}
    assert "needs mediapipe_landmark_embedding.npz" in texts["mediapipe"]
    assert "needs" not in texts["70"]


def test_numbers_need_landmarks(head_panel):
    document, panel = head_panel
    numbers = _check(panel, "Landmark numbers")
    assert not numbers.isEnabled()
    QTest.mouseClick(_check(panel, "Landmarks"), LEFT, pos=QPoint(6, 8))
    QTest.mouseClick(numbers, LEFT, pos=QPoint(6, 8))
    assert document.look.show_landmark_numbers


def test_the_sets_follow_the_model(desk, panel, head_model):
    box = _sets(panel)
    assert box.currentIndex() == -1
    desk.push(set_look(desk.document, "x", desk.document.look.replace(show_landmarks=True)))
    assert not box.isEnabled()
    desk.document.set(model=head_model)
    assert box.isEnabled()
    assert box.currentData() == "68"


def _box(panel, name):
    return next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)


def _choose(box, text):
    index = box.findText(text)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def _unfold(panel, title):
    group = next(group for group in panel.findChildren(Group) if group.title == title)
    group.set_unfolded(True)
    QApplication.processEvents()
    return group


def test_a_light_preset_is_chosen_and_a_change_makes_it_custom(desk, panel):
    presets = _box(panel, "Preset")
    _choose(presets, "Rembrandt")
    assert desk.document.look.light == PRESETS["Rembrandt"]
    assert desk.steps == ["Light Rembrandt"]
    drag(row(panel, "Height"), 10.0)
    assert presets.currentIndex() == -1
    assert presets.placeholderText() == "Custom"
    desk.undo()
    assert presets.currentText() == "Rembrandt"


def test_folded_groups_are_made_when_unfolded_and_follow_the_look(desk, panel):
    labels = [slider.scale.label for slider in panel.findChildren(SliderRow)]
    assert labels.count("Strength") == 1  # of the key light
    group = _unfold(panel, "Rim light")
    drag(row(group, "Strength"), 2.0)
    assert desk.document.look.light.rim.strength == pytest.approx(2.0, abs=0.05)
    assert desk.steps == ["Rim light strength"]
    desk.undo()
    assert row(group, "Strength").value == pytest.approx(Light().rim.strength, abs=1e-3)


def test_the_background_offers_what_its_kind_needs(desk, panel):
    group = _unfold(panel, "Background")
    kind = _box(panel, "Kind")

    def offered():
        return {b.accessibleName() for b in group.findChildren(ColourButton) if b.isVisible()}

    assert offered() == {"Background"}
    _choose(kind, "Two colours")
    assert desk.document.look.backdrop.kind == "gradient"
    assert offered() == {"Background top", "Background bottom"}
    _choose(kind, "Transparent")
    assert offered() == set()
    press(panel, "Reset background")
    assert desk.document.look == Look()


def test_a_background_picture_is_chosen_and_a_missing_one_is_told(desk, panel, tmp_path, monkeypatch):
    _choose(_box(panel, "Kind"), "Picture")
    path = tmp_path / "sky & sea.png"
    button = next(b for b in panel.findChildren(QPushButton) if b.accessibleName().endswith("ground picture"))
    assert button.text() == "Choose picture…"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    press(panel, "Choose a background picture")
    assert desk.document.look.backdrop.picture.path == str(path)
    notes = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("sky & sea.png does not exist" in text for text in notes)
    assert button.text() == "sky && sea.png"
    desk.undo()
    assert button.text() == "Choose picture…"


def test_the_choice_of_a_picture_asks_no_other_computer(desk, panel, monkeypatch):
    _choose(_box(panel, "Kind"), "Picture")
    asked, stat = [], Path.stat

    def watched(path, **named):
        asked.append(str(path))
        return stat(path, **named)

    monkeypatch.setattr(Path, "stat", watched)
    backdrop = Backdrop("picture", picture=Media("//there/share/sky.png"))
    desk.push(set_look(desk.document, "", desk.document.look.replace(backdrop=backdrop)))
    notes = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any("sky.png is on another computer" in text for text in notes)
    assert not any("there" in path for path in asked)


def test_resetting_the_surface_leaves_the_background(desk, panel):
    look = desk.document.look.replace(background=(0.1, 0.2, 0.3), clay=(0.4, 0.5, 0.6))
    desk.push(set_look(desk.document, "", look))
    press(panel, "Reset surface")
    assert desk.document.look == look.replace(clay=Look().clay)


def test_a_caption_is_typed(desk, panel):
    field = _unfold(panel, "Caption").findChild(QLineEdit)
    QTest.keyClicks(field, "{take}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.document.look.caption.text == "{take}"
    assert desk.steps == ["Caption"]


def test_coefficients_are_typed_and_what_is_wrong_is_told(desk, panel):
    group = _unfold(panel, "Environment")
    field = group.findChild(QLineEdit)
    assert not row(group, "Rotation").isEnabled()
    QTest.keyClicks(field, "1 2 3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert any("holds 3 numbers" in label.text() for label in group.findChildren(QLabel))
    assert desk.steps == []
    field.clear()
    QTest.keyClicks(field, "3 0 0 1 0 0 0 0 0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.document.look.environment.coefficients[:3] == (3.0, 3.0, 3.0)
    assert row(group, "Rotation").isEnabled()
    press(panel, "Remove the light from all around")
    assert desk.document.look == Look()


def test_a_panorama_is_asked_for(desk, panel, qtbot):
    _unfold(panel, "Environment")
    with qtbot.waitSignal(panel.environment_asked):
        press(panel, "Load panorama or coefficients…")
    assert desk.steps == []


def test_matcaps_are_offered_with_their_shading(desk, panel):
    matcap = _box(panel, "Matcap")
    assert not matcap.isVisible()
    _choose(panel.findChild(QComboBox), "Matcap")
    assert matcap.isVisible()
    assert not rows(panel, "Gloss")
    _choose(matcap, "Zebra")
    assert desk.document.look.finish.matcap == "zebra"


def test_long_names_of_files_make_no_panel_wider(desk, panel):
    _choose(_box(panel, "Kind"), "Picture")
    _unfold(panel, "Environment")
    QApplication.processEvents()
    name, before = "W" * 300 + ".png", panel.findChild(ScrollPanel).widget().minimumSizeHint().width()
    backdrop, light = Backdrop("picture", picture=Media(f"/{name}")), Environment((1.0,) * 27, name)
    look = desk.document.look.replace(backdrop=backdrop, environment=light)
    desk.push(set_look(desk.document, "", look))
    QApplication.processEvents()
    texts = [button.text() for button in panel.findChildren(QPushButton) if "WWW" in button.text()]
    assert len(texts) == 2
    assert all(text.endswith("W.png") and len(text) < 40 for text in texts)
    assert panel.findChild(ScrollPanel).widget().minimumSizeHint().width() < before + 400
