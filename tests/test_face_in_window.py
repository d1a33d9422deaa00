"""The Face panel in the window: first to be seen, one with the components, and with one's own mappings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.document.control_state import control_values
from studio.panels.expression_panel import ExpressionPanel
from studio.panels.face_panel import FacePanel
from studio.widgets.slider_row import SliderRow
from studio.widgets.thumbnail import Thumbnail
from tests.controls.second_heads import rotated_head
from tests.panels.hands import drag, type_number
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model) as shown:
        yield shown
        shown.history.stack.setClean()


def row(window, dock, label):
    """The slider row of ``label`` in a dock that is brought to the front, scrolled to."""
    window.workspace.docks[dock].raise_()
    QTest.qWait(50)
    panel = window.workspace.docks[dock].widget()
    panel._search.setText(label)
    QTest.qWait(50)
    rows = [r for r in panel.findChildren(SliderRow) if r.isVisible()]
    return next(r for r in rows if r.scale.label == label)


def drop(window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPointF(window.rect().center())
    window.dropEvent(
        QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    )


def test_the_face_is_in_front_at_the_first_start(window):
    docks = window.workspace.docks
    assert list(docks)[:3] == ["Face", "Shape", "Components"]
    assert "Expression" not in docks
    face = docks["Face"].widget()
    assert isinstance(face, FacePanel)
    assert not face.visibleRegion().isEmpty()
    docks["Components"].raise_()
    QTest.qWait(50)
    assert isinstance(docks["Components"].widget(), ExpressionPanel)


def test_a_control_moves_the_head_and_its_component_follows(window, qtbot):
    before = window.result.surface.vertices.copy()
    drag(row(window, "Face", "Smile left"), 0.4, 0.8)
    qtbot.waitUntil(lambda: window.result.params == window.document.params, timeout=WAIT)
    assert np.linalg.norm(window.result.surface.vertices - before, axis=1).max() > 2e-3
    assert window.history.stack.undoText() == "Mouth smile left"
    assert row(window, "Components", "Smile left").value == pytest.approx(0.8, abs=0.05)
    type_number(row(window, "Components", "Smile left"), "0.25")
    assert row(window, "Face", "Smile left").value == pytest.approx(0.25)
    window.history.stack.undo()
    window.history.stack.undo()
    assert not window.document.params.expr.any()


def test_components_have_pictures(window, qtbot):
    window.workspace.docks["Components"].raise_()
    panel = window.workspace.docks["Components"].widget()

    def pictured() -> bool:
        seen = [t for t in panel.findChildren(Thumbnail) if not t.visibleRegion().isEmpty()]
        return bool(seen) and all(t.image is not None for t in seen)

    qtbot.waitUntil(pictured, timeout=WAIT)


def test_a_mapping_is_dropped_on_the_window(window, qtbot, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("unit,1,2,3\ncheekPuff,0,0,0.5\n")
    drop(window, path)
    qtbot.waitUntil(lambda: window.document.controls.mapping is not None, timeout=WAIT)
    assert window.history.stack.undoText() == "Use mapping mine.csv"
    type_number(row(window, "Face", "Cheek puff"), "1")
    np.testing.assert_allclose(window.document.params.expr[:4], [0.0, 0.0, 0.5, 0.0], atol=1e-6)
    window.history.stack.undo()
    window.history.stack.undo()
    assert window.document.controls.mapping is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"jawOpen": [1.0], "smirk": [2.0]}', "maps smirk, which ARKit does not have"),
        ('{"names": ["jawOpen"], "matrix": [[1.0], [2.0]]}', "has 1 names and a matrix of 2 x 1"),
        ('{"jawOpen": [' + ", ".join(["0.5"] * 99) + "]}", "maps to 99 expression components"),
    ],
)
def test_a_wrong_mapping_is_one_sentence_and_changes_nothing(window, qtbot, tmp_path, content, told):
    path = tmp_path / "wrong.json"
    path.write_text(content)
    drop(window, path)
    qtbot.waitUntil(lambda: told in window.notices.text, timeout=WAIT)
    assert "\n" not in window.notices.text
    assert window.document.controls.mapping is None
    assert not window.history.stack.count()


def test_a_mapping_is_chosen_from_the_menu_and_left_with_its_model(window, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "mine.npz"
    np.savez(path, names=np.array(["cheekPuff"]), matrix=np.ones((1, 2)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    window.actions_by_id["mapping"].trigger()
    qtbot.waitUntil(lambda: window.document.controls.mapping is not None, timeout=WAIT)
    second = replace(rotated_head(seed=31), digest="44" * 32)
    window.files.use_model(second)
    assert window.document.controls.mapping is None
    assert "mine.npz maps to Open head and was left out" in window.notices.text
    window.history.stack.undo()
    assert window.document.controls.mapping_name == "mine.npz"


def test_another_model_shows_its_controls_as_soon_as_they_are_solved(window, qtbot):
    window.files.use_model(replace(rotated_head(seed=41), digest="55" * 32))
    face = window.workspace.face
    qtbot.waitUntil(lambda: not face._state.isVisible() and face._scroll.isVisible(), timeout=WAIT)
    drag(row(window, "Face", "Smile right"), 0.7)
    assert control_values(window.document)["mouthSmileRight"] == pytest.approx(0.7, abs=0.05)
    assert np.count_nonzero(window.document.params.expr) > 20


def test_the_face_goes_along_to_another_model(window, qtbot):
    drag(row(window, "Face", "Smile left"), 0.4, 0.8)
    told = control_values(window.document)["mouthSmileLeft"]
    second = replace(rotated_head(seed=51), digest="77" * 32)
    window.files.use_model(second)
    qtbot.waitUntil(lambda: window.document.model is second, timeout=WAIT)
    assert control_values(window.document)["mouthSmileLeft"] == pytest.approx(told, abs=1e-3)
    assert "The face was carried over to second by its controls" in window.notices.text
    window.history.stack.undo()
    assert window.document.model is not second
    assert control_values(window.document)["mouthSmileLeft"] == pytest.approx(told)
