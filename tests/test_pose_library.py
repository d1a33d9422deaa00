"""Poses in the real window: saved by keys, dropped, drawn, shared, deleted, and there again next time."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QFile, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox

from studio import pose_library
from studio.controls.preset_file import read_preset, write_preset
from studio.controls.presets import Preset, preset_of
from studio.document.commands import set_component
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.params import Params
from studio.panels.pose_form import PoseForm
from studio.scripted_window import WindowStudio
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from studio.storage.errors import StudioError
from studio.thumbnails import Thumbnails
from tests.windows import WAIT, shown_window

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Poses and pictures of this test alone."""
    monkeypatch.setattr(pose_library, "user_poses", lambda: tmp_path / "poses")
    monkeypatch.setattr(pose_library, "thumbnail_folder", lambda: tmp_path / "cache")
    return tmp_path


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, thumbnails=True) as shown:
        yield shown


def form_of(window, qtbot):
    qtbot.waitUntil(lambda: any(form.isVisible() for form in window.findChildren(PoseForm)))
    return next(form for form in window.findChildren(PoseForm) if form.isVisible())


def fill(form, title, text):
    field = next(field for field in form.findChildren(QLineEdit) if field.accessibleName() == title)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    return field


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where = QPointF(window.width() / 2, window.height() / 2)
    buttons = Qt.MouseButton.LeftButton
    window.dropEvent(
        QDropEvent(where, Qt.DropAction.CopyAction, data, buttons, Qt.KeyboardModifier.NoModifier)
    )


def test_a_face_is_saved_by_keys_and_comes_back_exactly(qtbot, window, folders):
    face = Params.random(window.document.model, 5, 0.5, ("expr", "jaw_pose", "neck_pose"))
    window.document.set(takes=(window.document.take.edited(0.0, face),))
    face = window.document.params
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL | SHIFT)
    form = form_of(window, qtbot)
    fill(form, "Tags", "odd, mine")
    QTest.keyClick(fill(form, "Name", "Odd face"), Qt.Key.Key_Return)
    assert "Odd face" in window.notices.text
    (path,) = (folders / "poses").iterdir()
    preset = read_preset(path)
    assert (preset.name, preset.tags) == ("Odd face", ("odd", "mine"))
    panel = window.workspace.docks["Library"].widget()
    window.reset("all")
    assert window.document.params != face
    panel.apply(window.poses.shelf.mine[0])
    np.testing.assert_allclose(window.document.params.expr, face.expr, atol=1e-6)
    np.testing.assert_allclose(window.document.params.neck_pose, face.neck_pose, atol=1e-6)


def test_pictures_are_drawn_beside_the_hand_and_kept_on_the_disk(qtbot, window, folders):
    thumbnails = window.poses.thumbnails
    entries = window.poses.shelf.stored
    qtbot.waitUntil(lambda: thumbnails.picture(entries[3].preset) is not None, timeout=2 * WAIT)
    first, third = (thumbnails.picture(entries[place].preset) for place in (0, 3))
    assert first.hasAlphaChannel()
    assert first.pixelColor(2, 2).alpha() == 0
    assert first.pixelColor(first.width() // 2, first.height() // 2).alpha() == 255
    assert first != third
    assert list((folders / "cache").glob("*.png"))


def test_another_identity_is_drawn_anew(qtbot, window):
    thumbnails = window.poses.thumbnails
    neutral = window.poses.shelf.stored[0].preset
    qtbot.waitUntil(lambda: thumbnails.picture(neutral) is not None, timeout=2 * WAIT)
    before = thumbnails.picture(neutral)
    window.push(set_component(window.document, "Shape 1", "shape", 0, 3.0))
    qtbot.waitUntil(lambda: thumbnails.picture(neutral) != before, timeout=2 * WAIT)


def test_a_dropped_file_is_taken_in(qtbot, window, folders):
    path = folders / "gift.flamepose"
    write_preset(path, Preset("Gift", ("mouth",), {"mouthSmileLeft": 0.5}))
    drop(window, path)
    qtbot.waitUntil(lambda: "Gift" in window.notices.text, timeout=WAIT)
    assert [entry.preset.name for entry in window.poses.shelf.mine] == ["Gift"]
    path.write_text(path.read_text()[:-20])
    drop(window, path)
    qtbot.waitUntil(lambda: "gift.flamepose" in window.notices.text, timeout=WAIT)
    assert len(window.poses.shelf.mine) == 1


def test_a_pose_is_renamed_shared_and_deleted(qtbot, window, folders, monkeypatch):
    own = window.poses.shelf.save(Preset("Own", ("mouth",), {"jawOpen": 0.3}))
    panel = window.workspace.docks["Library"].widget()
    panel.edit_asked.emit(own)
    QTest.keyClick(fill(form_of(window, qtbot), "Name", "Better"), Qt.Key.Key_Return)
    (own,) = window.poses.shelf.mine
    assert own.preset.name == "Better"
    target = folders / "shared.flamepose"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    panel.share_asked.emit(own)
    assert read_preset(target) == own.preset
    monkeypatch.setattr(QFile, "moveToTrash", lambda name: False)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    panel.delete_asked.emit(own)
    assert window.poses.shelf.mine == (own,)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    panel.delete_asked.emit(own)
    assert window.poses.shelf.mine == ()
    assert not own.path.exists()


def test_a_folder_that_may_not_be_written_is_told_and_nothing_is_lost(qtbot, window, folders):
    (folders / "poses").write_text("in the way")
    window.poses.save()
    QTest.keyClick(fill(form_of(window, qtbot), "Name", "X"), Qt.Key.Key_Return)
    assert "was not written" in window.notices.text


def test_randomise_by_its_key_respects_locks(window):
    window.document.set(locks=frozenset({("jaw_pose", 0)}))
    for _ in range(5):
        QTest.keyClick(window, Qt.Key.Key_R, CONTROL)
    assert window.document.params.expr.any()
    assert window.document.params.jaw_pose[0] == 0.0
    assert window.history.stack.undoText() == "Randomise face"


@pytest.mark.parametrize("kind", ["clip", "pose", "session"])
def test_a_face_to_blend_with_comes_from_a_file(qtbot, window, folders, kind):
    model = window.document.model
    turned = Params.neutral(model).replace(neck_pose=(0.0, 0.5, 0.0))
    path = folders / {"clip": "a.npz", "pose": "a.flamepose", "session": "a.flame"}[kind]
    if kind == "clip":
        write_clip(path, Clip.still(turned, model_name=model.name, model_digest=model.digest), model)
    elif kind == "pose":
        write_preset(path, preset_of(model, turned, "Turned", ("head",)))
    else:
        from studio.session.state import Kept, State
        from studio.session.writing import write_session

        window.document.set(takes=(window.document.take.edited(0.0, turned),))
        write_session(path, State.of(window.document), Kept())
        window.document.set(takes=(window.document.take.edited(0.0, Params.neutral(model)),))
    faces = []
    window.files.open_face(Path(path), faces.append)
    qtbot.waitUntil(lambda: bool(faces), timeout=WAIT)
    np.testing.assert_allclose(faces[0].neck_pose, turned.neck_pose, atol=1e-6)


def test_the_next_window_has_the_poses_and_their_pictures(qapp, qtbot, head_model, folders):
    with shown_window(qapp, qtbot, head_model, thumbnails=True) as first:
        first.poses.shelf.save(Preset("Kept", ("mouth",), {"jawOpen": 0.2}))
        preset = first.poses.shelf.mine[0].preset
        qtbot.waitUntil(lambda: first.poses.thumbnails.picture(preset) is not None, timeout=2 * WAIT)
    with shown_window(qapp, qtbot, head_model, thumbnails=True) as second:
        assert [entry.preset.name for entry in second.poses.shelf.mine] == ["Kept"]
        again = second.poses.shelf.mine[0].preset
        qtbot.waitUntil(lambda: second.poses.thumbnails.picture(again) is not None, timeout=WAIT)


def test_pictures_stand_aside_while_the_head_moves(qtbot, head_model, monkeypatch, tmp_path):
    monkeypatch.setattr("studio.thumbnails._ASIDE", 1e6)
    monkeypatch.setattr("studio.thumbnails._PATIENCE", 1e6)
    pose = Preset("Smile", ("mouth",), {"mouthSmileLeft": 1.0})
    made = []
    for moves in (True, False):
        thumbnails = Thumbnails(tmp_path / f"cache {moves}")
        thumbnails.drawn.connect(lambda moves=moves: made.append(moves))
        thumbnails.sit(Document(head_model))
        if moves:
            thumbnails.stand_aside()
        thumbnails.want([pose])
        thumbnails.start()
        if not moves:
            qtbot.waitUntil(lambda: made == [False], timeout=WAIT)
        thumbnails.stop()
    assert not (tmp_path / "cache True").exists()


def test_pictures_and_scripts_take_the_threads_that_the_user_wants(qtbot, head_model, tmp_path, monkeypatch):
    asked = []

    def create(_name, _model, _device, threads=None):
        asked.append(threads)
        raise StudioError("Nothing is computed here.")

    monkeypatch.setattr("studio.thumbnails.create_with_fallback", create)
    monkeypatch.setattr("studio.backends.create_with_fallback", create)
    document = Document(head_model)
    thumbnails = Thumbnails(tmp_path / "cache", threads=1)
    thumbnails.sit(document)
    thumbnails.start()
    thumbnails.want([Preset("Smile", ("mouth",), {"mouthSmileLeft": 0.5})])
    qtbot.waitUntil(lambda: asked == [1], timeout=WAIT)
    thumbnails.stop()
    window = SimpleNamespace(document=document, engine=SimpleNamespace(choice=BackendChoice(threads=2)))
    with pytest.raises(StudioError):
        WindowStudio(window).surface()
    assert asked == [1, 2]
