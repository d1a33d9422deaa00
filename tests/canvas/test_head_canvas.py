from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from vispy.visuals.shaders.program import ModularProgram

from studio.canvas.head_canvas import HeadCanvas
from studio.document.lights import PRESETS
from studio.document.look import MODES, Backdrop, Caption, Look, Shadows
from studio.document.media import Media
from studio.document.occasion import Occasion
from studio.render.camera import project
from studio.render.framing import frame_head, view_preset
from tests.render.heads import neutral_surface


def camera_of(canvas):
    return canvas.shot().camera


def drag(canvas, button, start, end, modifier=Qt.KeyboardModifier.NoModifier):
    view = canvas.view
    QTest.mousePress(view, button, modifier, start)
    for step in range(1, 5):
        QTest.mouseMove(view, start + (end - start) * step / 4)
    QTest.mouseRelease(view, button, modifier, end)


def test_the_screen_shows_what_a_picture_of_the_same_view_shows(canvas, qtbot):
    qtbot.wait(400)
    screen = canvas.read().astype(int)
    picture = canvas.renderer.render(canvas.shot()).astype(int)
    assert screen.shape == picture.shape
    assert np.abs(screen - picture).mean() < 1.5
    assert (np.abs(screen - picture).max(axis=2) > 24).mean() < 0.02


@pytest.mark.parametrize(
    "look",
    [
        Look(light=PRESETS["Rembrandt"], caption=Caption("{take} {frame}", letter_height=0.06)),
        Look(mode="matcap", backdrop=Backdrop("gradient"), wire_over=True),
        Look(backdrop=Backdrop("transparent")),
    ],
    ids=["caption", "gradient", "transparent"],
)
def test_what_is_around_the_head_is_on_the_screen_as_in_a_picture(canvas, qtbot, look):
    canvas.set_look(look)
    canvas.set_occasion(Occasion("Smile", 12))
    shot = replace(canvas.shot(), checkered=True)
    assert shot.occasion == Occasion("Smile", 12)
    picture = canvas.renderer.render(shot)

    def is_shown():
        difference = np.abs(canvas.read().astype(int) - picture)
        return difference.mean() < 1.5 and (difference.max(axis=2) > 24).mean() < 0.02

    for _ in range(10):  # to look at the screen is to draw it, and it is drawn finely only when left alone
        qtbot.wait(500)
        if is_shown():
            return
    raise AssertionError("the screen shows something else than the picture")


def test_a_missing_picture_is_told_once(canvas, qtbot, tmp_path):
    told = []
    canvas.problem.connect(told.append)
    gone = Backdrop("picture", picture=Media(str(tmp_path / "gone.png")))
    for exposure in (0.0, 0.5, 1.0):
        canvas.set_look(Look(backdrop=gone, exposure=exposure))
        qtbot.wait(10)
    assert [text for text in told if "gone.png" in text] == told
    assert len(told) == 1


def test_the_shadow_follows_a_light_that_was_moved(canvas, qtbot):
    pictures = []
    for key in (0.0, 1.0):
        light = PRESETS["Split"]
        canvas.set_look(Look(mode="shaded", light=light, shadows=Shadows(key=key)))
        qtbot.wait(500)
        pictures.append(canvas.read().astype(int))
    assert (pictures[0] - pictures[1]).max() > 40
    assert (pictures[1] - pictures[0]).max() < 12


def test_a_left_drag_turns_the_head_with_the_hand(canvas, head_model):
    nose = head_model.v_template[head_model.v_template[:, 2].argmax()]
    before = project([nose], camera_of(canvas), (400, 400))[0]
    drag(canvas, Qt.MouseButton.LeftButton, QPoint(200, 200), QPoint(260, 230))
    after = project([nose], camera_of(canvas), (400, 400))[0]
    assert after[0] > before[0] + 10
    assert after[1] > before[1] + 5
    assert camera_of(canvas).azimuth < 0 < camera_of(canvas).elevation


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_middle_and_shift_drags_pan(canvas, button, modifier):
    before = camera_of(canvas)
    target = project([before.target], before, (400, 400))[0]
    drag(canvas, button, QPoint(200, 200), QPoint(240, 180), modifier)
    after = camera_of(canvas)
    moved = project([before.target], after, (400, 400))[0]
    assert after.azimuth == before.azimuth
    assert np.allclose(moved[:2] - target[:2], (40, -20), atol=1.0)


def test_without_a_press_the_pointer_changes_nothing(canvas):
    before = camera_of(canvas)
    QTest.mouseMove(canvas.view, QPoint(30, 30))
    QTest.mouseMove(canvas.view, QPoint(300, 200))
    QTest.mouseDClick(
        canvas.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(200, 200)
    )
    assert camera_of(canvas) == before


def test_the_wheel_zooms_to_the_pointer(canvas, qtbot):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    def wheel(pixels, angle, modifiers=Qt.KeyboardModifier.NoModifier, phase=Qt.ScrollPhase.NoScrollPhase):
        place = QPointF(300.0, 120.0)
        event = QWheelEvent(
            place,
            canvas.view.mapToGlobal(place),
            pixels,
            angle,
            Qt.MouseButton.NoButton,
            modifiers,
            phase,
            False,
        )
        QApplication.sendEvent(canvas.view, event)

    before = camera_of(canvas)
    wheel(QPoint(), QPoint(0, 240))
    closer = camera_of(canvas)
    assert closer.distance < before.distance
    assert closer.target[0] > before.target[0]
    wheel(QPoint(0, 20), QPoint(0, 40), phase=Qt.ScrollPhase.ScrollUpdate)
    panned = camera_of(canvas)
    assert panned.distance == closer.distance
    assert panned.target != closer.target
    wheel(QPoint(0, 20), QPoint(0, 40), Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.ScrollUpdate)
    assert camera_of(canvas).distance < panned.distance


def test_nothing_is_linked_while_the_head_moves(canvas, qtbot, monkeypatch):
    canvas.set_look(Look(mode="wireframe", show_landmarks=True))
    qtbot.wait(400)
    built = []
    build = ModularProgram._build
    monkeypatch.setattr(ModularProgram, "_build", lambda self: (built.append(self), build(self)))
    surface = canvas.shot().surface
    for step, mode in enumerate(MODES * 2):
        canvas.set_surface(replace(surface, vertices=surface.vertices + np.float32(0.0005 * step)))
        canvas.set_look(Look(mode=mode, show_landmarks=True))
        qtbot.wait(10)
    assert not built


def test_another_model_can_be_shown_at_any_time(canvas, qtbot, tiny_model, head_model):
    qtbot.wait(300)
    head = canvas.read()
    canvas.set_model(tiny_model)
    canvas.set_surface(neutral_surface(tiny_model))
    canvas.set_camera(frame_head(tiny_model, view_preset("front")))
    qtbot.wait(300)
    assert np.abs(canvas.read().astype(int) - head).mean() > 5
    canvas.set_model(head_model)
    canvas.set_surface(neutral_surface(head_model))
    canvas.set_camera(frame_head(head_model, view_preset("front")))
    qtbot.wait(400)
    assert np.abs(canvas.read().astype(int) - head).mean() < 0.5


def test_an_unreadable_texture_is_told_and_the_head_is_drawn_without(canvas, qtbot, head_model, tmp_path):
    broken = tmp_path / "skin.jpg"
    broken.write_bytes(b"no image")
    told = []
    canvas.problem.connect(told.append)
    model = replace(head_model, albedo=broken)
    canvas.set_model(model)
    canvas.set_surface(neutral_surface(model))
    qtbot.wait(300)
    assert len(told) == 1
    assert "skin.jpg" in told[0]
    assert canvas.read()[200, 200, :3].astype(int).max() > 90


def test_opengl_that_fails_later_gives_way_to_the_processor(canvas, qtbot, monkeypatch):
    told = []
    canvas.problem.connect(told.append)

    def fail():
        raise RuntimeError("the driver is gone")

    monkeypatch.setattr(canvas._view, "_draw_scene", fail)
    canvas.set_look(Look(mode="shaded"))
    qtbot.waitUntil(lambda: bool(told) and canvas.read()[200, 200, :3].max() > 100, timeout=15_000)
    assert not canvas.uses_opengl
    assert len(told) == 1
    assert "the driver is gone" in told[0]
    assert canvas.renderer.render(canvas.shot((32, 32))).shape == (32, 32, 4)


def test_the_time_of_a_frame_is_known(canvas):
    assert 0.0 < canvas.drawing_seconds < 1.0
    assert canvas.aspect == pytest.approx(1.0)


SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.canvas.head_canvas import HeadCanvas
from studio.flame.open_head import load_open_head
from studio.render.framing import frame_head, view_preset
from tests.render.heads import neutral_surface
application = QApplication([])
canvas = HeadCanvas()
canvas.resize(200, 200)
canvas.problem.connect(lambda text: print("problem:", text))
model = load_open_head()
canvas.set_model(model)
canvas.set_surface(neutral_surface(model))
canvas.set_camera(frame_head(model, view_preset("front")))

def look():
    image = canvas.screen().grabWindow(canvas.winId()).toImage()
    print("at first:", image.pixelColor(image.width() // 2, image.height() // 2).red())

canvas.first_drawn.connect(look)
canvas.first_drawn.connect(lambda: QTimer.singleShot(500, application.quit))
QTimer.singleShot(30000, application.quit)
canvas.show()
application.exec()
print("screen:", canvas.read().shape, canvas.physical_size)
print("opengl:", canvas.uses_opengl, "middle:", canvas.read()[100, 100, :3].max())
print("picture:", canvas.renderer.render(canvas.shot((64, 64))).shape)
canvas.shut_down()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="takes OpenGL away as only the X platform lets one")
def test_without_opengl_the_processor_draws_and_says_so():
    environment = {**os.environ, "QT_XCB_GL_INTEGRATION": "none"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert "problem: OpenGL 2.1 could not be had" in done.stdout
    assert "opengl: False" in done.stdout
    assert int(done.stdout.split("middle: ")[1].split()[0]) > 100
    assert int(done.stdout.split("at first: ")[1].split()[0]) > 100
    assert "picture: (64, 64, 4)" in done.stdout
    assert done.stderr == ""


def test_shutting_down_twice_or_unshown_does_no_harm(qtbot):
    canvas = HeadCanvas()
    canvas.shut_down()
    canvas.shut_down()
    canvas.deleteLater()


def test_on_a_screen_of_fine_pixels_all_of_them_are_drawn(head_model):
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    script = SCRIPT.replace(
        'print("picture', 'print("screen:", canvas.read().shape, canvas.physical_size)\nprint("picture'
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert "screen: (400, 400, 4) (400, 400)" in done.stdout


def test_nothing_is_drawn_finely_while_time_runs(canvas, qtbot):
    """On a slow machine a fine picture would be drawn between two frames, and hold up the next."""
    qtbot.wait(400)
    fine = canvas.read()
    canvas.set_playing(True)
    camera = canvas.shot().camera
    canvas.set_camera(camera.replace(azimuth=camera.azimuth + 0.02))
    canvas.set_camera(camera)
    qtbot.wait(500)
    assert not canvas._view._fine
    canvas.set_playing(False)
    qtbot.waitUntil(lambda: canvas._view._fine, timeout=5000)
    qtbot.wait(100)
    assert np.abs(canvas.read().astype(int) - fine).mean() < 0.5
