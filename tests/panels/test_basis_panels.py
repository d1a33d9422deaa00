"""Components in the order of the model or by what they move, with pictures of where they act."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip

from studio.component_pictures import SIDE, ComponentPictures
from studio.document.document import Document
from studio.flame.reach import reaches
from studio.panels.expression_panel import ExpressionPanel
from studio.panels.shape_panel import ShapePanel
from studio.undo import History
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from studio.widgets.thumbnail import Thumbnail
from tests.panels.conftest import Desk
from tests.panels.hands import drag, row

WAIT = 30_000  # milliseconds


class Drawn(QObject):
    """Pictures that are there once :meth:`finish` is called."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int]] = []
        self._done = False

    def picture(self, field: str, index: int) -> QImage | None:
        self.asked.append((field, index))
        if not self._done:
            return None
        image = QImage(SIDE, SIDE, QImage.Format.Format_RGBA8888)
        image.fill(Qt.GlobalColor.red)
        return image

    def finish(self) -> None:
        self._done = True
        self.ready.emit()


@pytest.fixture
def desk(head_model) -> Desk:
    document = Document(head_model)
    return Desk(document, History(document))


@pytest.fixture
def drawn():
    return Drawn()


def listed(panel) -> list[str]:
    found = [r for r in panel.findChildren(SliderRow) if r.isVisible() and r.scale.label != "Strength"]
    return [r.scale.label for r in sorted(found, key=lambda r: r.mapTo(panel, QPoint(0, 0)).y())]


def sort_by_movement(panel) -> None:
    box = panel.findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)


def test_most_movement_first(desk, shown, drawn):
    panel = shown(ShapePanel(desk.document, desk.push, drawn))
    assert listed(panel)[:3] == ["Shape 1", "Shape 2", "Shape 3"]
    sort_by_movement(panel)
    order = np.argsort(-reaches(desk.document.model, "shape"))
    assert listed(panel)[:4] == [f"Shape {index + 1}" for index in order[:4]]
    first = row(panel, f"Shape {order[0] + 1}")
    drag(first, 2.0)
    assert desk.document.params.shape[order[0]] == pytest.approx(2.0, abs=0.1)
    assert np.count_nonzero(desk.document.params.shape) == 1
    assert desk.steps == [f"Shape {order[0] + 1}"]


def test_by_movement_there_are_no_groups_and_back_there_are(desk, shown, drawn):
    panel = shown(ExpressionPanel(desk.document, desk.push, drawn))
    assert panel.findChildren(Group)
    sort_by_movement(panel)
    QApplication.processEvents()
    names = desk.document.model.expression_names
    farthest = names[int(np.argmax(reaches(desk.document.model, "expr")))]
    assert listed(panel)[0].replace(" ", "").lower() == farthest.lower()
    QTest.keyClick(panel.findChild(QComboBox), Qt.Key.Key_Up)
    assert any(group.isVisible() for group in panel.findChildren(Group))


def test_only_pictures_in_view_are_asked_for(desk, shown, drawn):
    panel = shown(ShapePanel(desk.document, desk.push, drawn))
    assert drawn.asked[0] == ("shape", 0)
    assert 0 < len({index for _, index in drawn.asked}) < 30
    thumbnails = [t for t in panel.findChildren(Thumbnail) if t.isVisible()]
    assert all(t.image is None for t in thumbnails)
    drawn.finish()
    assert all(t.image is not None for t in thumbnails)
    assert thumbnails[0].grab().toImage().pixelColor(20, 20).name() == "#ff0000"


def test_the_tooltip_has_a_larger_picture_and_millimetres(desk, shown, drawn):
    panel = shown(ShapePanel(desk.document, desk.push, drawn))
    thumbnail = panel.findChildren(Thumbnail)[0]
    millimetres = 1000.0 * reaches(desk.document.model, "shape")[0]
    assert thumbnail.tip_text() == f"Shape 1: up to {millimetres:.1f} mm at 1"
    drawn.finish()
    assert thumbnail.tip_text().startswith('<img src="data:image/png;base64,')
    place = QPoint(10, 10)
    QApplication.sendEvent(
        thumbnail, QHelpEvent(QHelpEvent.Type.ToolTip, place, thumbnail.mapToGlobal(place))
    )
    assert "mm at 1" in QToolTip.text()
    QToolTip.hideText()


def test_a_narrow_panel_leaves_the_pictures_out(desk, shown, drawn):
    panel = shown(ShapePanel(desk.document, desk.push, drawn), width=250)
    QApplication.processEvents()
    assert all(t.geometry().right() < 0 for t in panel.findChildren(Thumbnail))
    assert row(panel, "Shape 1").x() == 0


def test_pictures_are_made_on_a_thread_once_and_anew_for_another_model(desk, qtbot, tiny_model):
    pictures = ComponentPictures(desk.document)
    assert pictures.picture("expr", 3) is None
    qtbot.waitUntil(lambda: pictures.picture("expr", 3) is not None, timeout=WAIT)
    first = pictures.picture("expr", 3)
    assert first.size().width() == SIDE
    assert first is pictures.picture("expr", 3)
    desk.document.set(model=tiny_model, takes=Document(tiny_model).takes)
    assert pictures.picture("expr", 3) is None
    qtbot.waitUntil(lambda: pictures.picture("expr", 3) is not None, timeout=WAIT)
    pictures.close()
    assert pictures.picture("expr", 0) is None
