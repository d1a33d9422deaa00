"""The photo in the real window: dropped, seen behind, over, beside and compared, left and come back to."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from studio.document.commands import set_params
from studio.document.media import Media
from studio.document.photo_camera import PhotoCamera
from studio.render.cpu_renderer import CPURenderer
from studio.render.shot import Shot
from studio.session.state import State
from studio.session.writing import write_session
from tests.test_window import drag, trigger
from tests.windows import WAIT, shown_window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        yield shown


def drop(window, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(QPointF(100, 100), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    )


def own_photo(window, path, size=(600, 700), camera=None):
    """A photo of the head as it is in the window, taken by ``camera``."""
    camera = camera or PhotoCamera(
        *size, "perspective", 1.3 * max(size), 0.0, size[0] / 2, size[1] / 2, (0.01, 0.0, -0.9)
    )
    shot = Shot(
        window.document.model,
        window.result.surface,
        window.document.look,
        camera.orbit(size[0] / size[1]),
        size,
        samples=4,
    )
    Image.fromarray(CPURenderer().render(shot)[..., :3]).save(path)
    return camera


def opened(qtbot, window, path):
    drop(window, path)
    qtbot.waitUntil(lambda: window.photos.showing.photo is not None, timeout=WAIT)
    return window.photos.showing


def test_a_dropped_photo_stands_behind_the_head_and_undoes(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    shown = opened(qtbot, window, tmp_path / "face.png")
    assert window.document.reference.picture == Media(str(tmp_path / "face.png"))
    assert window.history.stack.undoText() == "Open photo face.png"
    assert shown.is_through
    assert "face.png" in window.notices.text
    trigger(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not window.document.reference
    assert not shown.is_through
    trigger(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.document.reference


def test_a_dropped_photo_may_be_the_background_instead(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    opened(qtbot, window, tmp_path / "face.png")
    button = next(
        found for found in window.notices.findChildren(QPushButton) if found.text().startswith("Use it as")
    )
    QTest.mouseClick(button, LEFT)
    assert not window.document.reference
    assert window.document.look.backdrop.picture == Media(str(tmp_path / "face.png"))


def test_work_done_since_stays_when_a_photo_becomes_the_background(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    opened(qtbot, window, tmp_path / "face.png")
    turned = window.document.params.replace(jaw_pose=(0.2, 0.0, 0.0))
    window.push(set_params(window.document, "Jaw", turned))
    button = next(
        found for found in window.notices.findChildren(QPushButton) if found.text().startswith("Use it as")
    )
    QTest.mouseClick(button, LEFT)
    assert not window.document.reference
    assert window.document.params == turned
    assert window.document.look.backdrop.picture == Media(str(tmp_path / "face.png"))


@pytest.mark.parametrize("size", [(700, 420), (420, 700)])
@pytest.mark.parametrize("projection", ["perspective", "orthographic"])
def test_the_head_stands_exactly_on_its_photo_at_any_size_of_the_canvas(
    qtbot, window, tmp_path, size, projection
):
    camera = PhotoCamera(*size, projection, 800.0, 1500.0, size[0] / 2, size[1] / 2, (0.02, -0.01, -0.85))
    own_photo(window, tmp_path / "face.png", size, camera)
    shown = opened(qtbot, window, tmp_path / "face.png")
    window.document.set(reference=window.document.reference.replace(camera=camera))
    window.photos.show("difference")
    means = []
    shown.difference_told.connect(means.append)
    for width in (1280, 1500):
        window.resize(width, 800)
        means.clear()
        qtbot.waitUntil(lambda: shown.is_through and bool(means), timeout=WAIT)
        QTest.qWait(300)
        assert means[-1] < 0.03
    moved = window.document.params.replace(rotation=(0.0, 0.1, 0.0))
    means.clear()
    window.push(set_params(window.document, "Turn", moved))
    qtbot.waitUntil(lambda: bool(means) and means[-1] > 0.04, timeout=WAIT)


def test_the_photo_steps_back_when_the_camera_leaves_and_a_click_or_key_returns(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    shown = opened(qtbot, window, tmp_path / "face.png")
    view = window.canvas.view
    centre = QPoint(view.width() // 2, view.height() // 2)
    for back in (
        lambda: QTest.mouseClick(shown.inset, LEFT),
        lambda: trigger(window, Qt.Key.Key_6),
    ):
        drag(view, centre, centre + QPoint(60, 0))
        assert not shown.is_through
        assert shown.inset.isVisible()
        back()
        assert shown.is_through
        assert not shown.inset.isVisible()


def test_the_head_is_seen_over_the_photo_as_strongly_as_is_asked(qtbot, window, tmp_path):
    Image.new("RGB", (600, 700), (20, 220, 40)).save(tmp_path / "green.png")
    opened(qtbot, window, tmp_path / "green.png")
    view = window.canvas.view
    greens = []
    for opacity in (1.0, 0.5, 0.0):
        window.photos.show("over")
        window.document.set(reference=window.document.reference.replace(opacity=opacity))
        QTest.qWait(400)
        grabbed = window.picture().toImage()
        place = view.mapTo(window, QPoint(view.width() // 2, view.height() // 2))
        greens.append(grabbed.pixelColor(place).green() - grabbed.pixelColor(place).red())
    assert greens[0] < 0 < greens[2]
    assert greens[0] < greens[1] < greens[2]
    assert greens[2] == pytest.approx(200, abs=3)


def test_the_line_between_head_and_photo_is_dragged(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    shown = opened(qtbot, window, tmp_path / "face.png")
    window.photos.show("wipe")
    steps = window.history.stack.count()
    handle = shown.handle
    centre = handle.rect().center()
    QTest.mousePress(handle, LEFT, pos=centre)
    for _ in range(4):
        QTest.mouseMove(handle, handle.rect().center() + QPoint(20, 0))
        QTest.qWait(5)
    QTest.mouseRelease(handle, LEFT)
    assert window.document.reference.wipe > 0.55
    assert window.history.stack.count() == steps + 1


def test_pictures_stay_as_the_look_says(qtbot, window, tmp_path):
    own_photo(window, tmp_path / "face.png")
    opened(qtbot, window, tmp_path / "face.png")
    assert window.canvas.shot().look == window.document.look


@pytest.mark.parametrize("name", ["cut.jpg", "empty.png"])
def test_what_is_no_photo_is_one_sentence(qtbot, window, tmp_path, name):
    path = tmp_path / name
    if name == "cut.jpg":
        Image.fromarray(np.zeros((400, 300, 3), np.uint8)).save(path)
        path.write_bytes(path.read_bytes()[:300])
    else:
        path.write_bytes(b"")
    drop(window, path)
    qtbot.waitUntil(lambda: name in window.notices.text, timeout=WAIT)
    assert not window.document.reference
    assert window.history.stack.count() == 0


def test_a_photo_in_a_session_is_shown_when_it_is_opened_again(qtbot, window, tmp_path):
    camera = own_photo(window, tmp_path / "face.png")
    opened(qtbot, window, tmp_path / "face.png")
    window.document.set(reference=window.document.reference.replace(camera=camera))
    window.photos.look_through()
    path = tmp_path / "one.flame"
    write_session(path, State.of(window.document), {})
    window.history.stack.setClean()
    window.photos.remove()
    window.history.stack.setClean()
    window.files.open([path])
    qtbot.waitUntil(lambda: bool(window.document.reference), timeout=WAIT)
    qtbot.waitUntil(lambda: window.photos.showing.is_through, timeout=WAIT)
    assert window.document.reference.camera == camera
