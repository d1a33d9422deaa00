"""The pointer on the canvas of the real window: pose, pull, turn, choose, pin, and take it all back."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from studio.canvas import head_canvas
from studio.controls.head_turns import head_value
from studio.document.carry import carried_over
from studio.document.commands import set_params, use_model
from studio.document.look import Look
from studio.flame.rotations import to_matrices
from studio.pointing import tools
from studio.pointing.turning import gizmo_of
from studio.render.camera import project
from studio.render.picking import is_ready
from tests.panels.hands import turn_wheel
from tests.windows import WAIT, shown_window

LEFT = Qt.MouseButton.LeftButton
NONE, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture(params=["OpenGL"])
def window(request, qapp, qtbot, head_model, monkeypatch):
    if request.param == "processor":
        monkeypatch.setattr(head_canvas, "why_no_opengl", lambda: "a test says so")
    with shown_window(qapp, qtbot, head_model, height=800) as shown:
        assert shown.canvas.uses_opengl == (request.param == "OpenGL")
        yield shown


both_canvases = pytest.mark.parametrize("window", ["OpenGL", "processor"], indirect=True)


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.result.params == window.document.params, timeout=WAIT)
    QTest.qWait(20)


def seen(window, point):
    shot = window.canvas.logical_shot()
    return project(np.asarray(point, float)[None], shot.camera, shot.size)[0, :2]


def at(window, vertex):
    x, y = seen(window, window.canvas.logical_shot().surface.vertices[vertex])
    return QPoint(round(x), round(y))


def chin(model):
    points = model.v_template
    return int(np.argmin(points[:, 1] + 1e3 * (np.abs(points[:, 0]) > 0.004) - 1.5 * points[:, 2]))


def nose(model):
    return int(model.v_template[:, 2].argmax())


def pupil(model, side):
    ball = model.regions[f"{side}_eyeball"]
    return int(ball[model.v_template[ball, 2].argmax()])


def drag(window, start, *places, keys=NONE, release=True):
    view = window.canvas.view
    QTest.mousePress(view, LEFT, keys, start)
    for place in places:
        for share in (0.5, 1.0):
            move(view, start + (place - start) * share, keys)
        start = place
    if release:
        QTest.mouseRelease(view, LEFT, keys, places[-1])


def move(view, place, keys=NONE):
    """A move with the left button and ``keys`` held, as Qt sends it."""
    where = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, QPointF(view.mapToGlobal(place)), Qt.MouseButton.NoButton, LEFT, keys
    )
    QApplication.sendEvent(view, event)
    QTest.qWait(5)


def hover(window, place):
    view = window.canvas.view
    QTest.mouseRelease(view, LEFT, pos=place)
    for step in (QPoint(3, 3), QPoint(0, 0)):
        QTest.mouseMove(view, place + step)
        QTest.qWait(60)


def key(window, name):
    QTest.keyClick(window.canvas.view, name)


def steps(window):
    stack = window.history.stack
    return [stack.text(index) for index in range(stack.index())]


def wait_for_kernels(qtbot):
    qtbot.waitUntil(is_ready, timeout=WAIT)


def open_menu(window, place):
    view = window.canvas.view
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    menus = [menu for menu in window.findChildren(QMenu, "canvas_menu") if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


def choose(window, place, text):
    menu = open_menu(window, place)
    action = next(action for action in menu.actions() if action.text().startswith(text))
    assert action.isEnabled()
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
    menu.close()


@both_canvases
def test_dragging_the_chin_opens_the_jaw_and_the_chin_stays_under_the_pointer(qtbot, window):
    key(window, Qt.Key.Key_E)
    point = chin(window.document.model)
    start = at(window, point) - QPoint(0, 4)
    before = seen(window, window.canvas.logical_shot().surface.vertices[point])
    drag(window, start, start + QPoint(0, 15), start + QPoint(0, 30))
    assert window.document.params.jaw_pose[0] > 0.1
    settle(qtbot, window)
    after = seen(window, window.canvas.logical_shot().surface.vertices[point])
    assert after - before == pytest.approx((0.0, 30.0), abs=4.0)
    assert steps(window) == ["Jaw"]
    key(window, Qt.Key.Key_Escape)
    window.history.stack.undo()
    assert (window.document.params.jaw_pose == 0.0).all()


def test_dragging_an_eye_turns_both_and_with_alt_that_one(window):
    key(window, Qt.Key.Key_E)
    start = at(window, pupil(window.document.model, "left"))
    drag(window, start, start + QPoint(8, 2))
    first, second = window.document.params.eyes_pose.reshape(2, 3)
    assert first[1] > 0.1
    assert second[1] > 0.1
    window.history.stack.undo()
    drag(window, start, start + QPoint(8, 2), keys=ALT)
    first, second = window.document.params.eyes_pose.reshape(2, 3)
    assert first[1] > 0.1
    assert (second == 0.0).all()
    assert steps(window) == ["Left eye"]


def test_dragging_the_nose_turns_the_head(window):
    key(window, Qt.Key.Key_E)
    start = at(window, nose(window.document.model))
    drag(window, start, start + QPoint(50, 0))
    assert head_value(window.document.params, "headTurn") > 0.1
    assert steps(window) == ["Head turn"]


def test_symmetric_editing_opens_the_jaw_straight(window):
    key(window, Qt.Key.Key_E)
    key(window, Qt.Key.Key_X)
    start = at(window, chin(window.document.model)) - QPoint(0, 4)
    drag(window, start, start + QPoint(20, 20))
    assert window.document.params.jaw_pose[0] > 0.05
    assert window.document.params.jaw_pose[1] == 0.0


def test_beside_the_head_and_with_the_orbit_tool_a_drag_orbits(window):
    for tool, start in (
        (Qt.Key.Key_E, QPoint(90, 300)),
        (Qt.Key.Key_R, QPoint(90, 300)),
        (Qt.Key.Key_Q, None),
    ):
        key(window, tool)
        before = window.document.camera
        start = start or at(window, nose(window.document.model))
        drag(window, start, start + QPoint(40, 10))
        assert window.document.camera.azimuth != before.azimuth
    assert steps(window) == []


def test_escape_takes_a_drag_back_and_leaves_no_step(window):
    key(window, Qt.Key.Key_E)
    start = at(window, chin(window.document.model)) - QPoint(0, 4)
    drag(window, start, start + QPoint(0, 30), release=False)
    assert window.document.params.jaw_pose[0] > 0.1
    key(window, Qt.Key.Key_Escape)
    assert (window.document.params.jaw_pose == 0.0).all()
    move(window.canvas.view, start + QPoint(0, 60))
    QTest.mouseRelease(window.canvas.view, LEFT, pos=start)
    assert (window.document.params.jaw_pose == 0.0).all()
    assert steps(window) == []


def test_what_else_changes_the_face_ends_a_drag(window, tiny_model):
    key(window, Qt.Key.Key_E)
    start = at(window, chin(window.document.model)) - QPoint(0, 4)
    drag(window, start, start + QPoint(0, 30), release=False)
    QTest.keyClick(window.canvas.view, Qt.Key.Key_Z, CONTROL)
    move(window.canvas.view, start + QPoint(0, 40))
    assert (window.document.params.jaw_pose == 0.0).all()
    QTest.mouseRelease(window.canvas.view, LEFT, pos=start)
    drag(window, start, start + QPoint(0, 30), release=False)
    takes, _ = carried_over(window.document.takes, window.document.model, tiny_model)
    window.push(use_model(window.document, tiny_model, takes))
    carried = window.document.params
    move(window.canvas.view, start + QPoint(0, 50))
    QTest.mouseRelease(window.canvas.view, LEFT, pos=start)
    assert window.document.params is carried
    assert steps(window) == ["Jaw", "Use tiny"]


def test_a_drag_ends_with_the_window(window):
    key(window, Qt.Key.Key_E)
    start = at(window, chin(window.document.model)) - QPoint(0, 4)
    drag(window, start, start + QPoint(0, 20), release=False)
    before = window.document.params
    window.close()
    assert window.closed
    QTest.mouseRelease(window.canvas.view, LEFT, pos=start + QPoint(0, 40))
    assert window.document.params == before


def test_a_tool_whose_key_is_held_lasts_one_drag(window):
    view = window.canvas.view
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_E)
    assert window.document.tools.tool == "pose"
    start = at(window, chin(window.document.model)) - QPoint(0, 4)
    drag(window, start, start + QPoint(0, 20))
    QTest.keyRelease(view, Qt.Key.Key_E)
    assert window.document.tools.tool == "orbit"
    assert steps(window) == ["Jaw"]
    key(window, Qt.Key.Key_E)
    assert window.document.tools.tool == "pose"


def ring_places(window, ring, angle):
    """Where a press on the near half of a ring is, and where it is after a turn by ``angle``."""
    gizmo = gizmo_of(window.document, window.canvas.logical_shot())
    found = gizmo.rings[ring]
    near = np.flatnonzero(found.near)
    for index in near[len(near) // 3 :]:
        place = found.points[index] + 0.0
        if gizmo.ring_at(tuple(place)) == ring:
            step = round(angle / (2.0 * np.pi) * (len(found.points) - 1))
            end = found.points[(index + step) % (len(found.points) - 1)]
            return QPoint(*np.round(place).astype(int)), QPoint(*np.round(end).astype(int))
    raise AssertionError("no piece of the ring is free")


@both_canvases
@pytest.mark.parametrize("world", [False, True])
def test_a_ring_turns_the_joint_about_its_axis(qtbot, window, world):
    window.document.set(camera=window.document.camera.replace(azimuth=0.5, elevation=0.4))
    if world:
        key(window, Qt.Key.Key_T)
    for _ in range(3):
        key(window, Qt.Key.Key_G)
    assert window.document.tools.joint == 2
    QTest.qWait(30)
    start, end = ring_places(window, 0, 0.35)
    drag(window, start, end)
    turn = window.document.params.jaw_pose
    assert turn[0] == pytest.approx(0.35, abs=0.08)
    assert np.abs(turn[1:]).max() < 1e-5
    assert steps(window) == ["Jaw turn"]


def test_ctrl_snaps_a_turn_to_five_degrees_and_its_angle_is_told(window):
    window.document.set(camera=window.document.camera.replace(azimuth=0.5, elevation=0.4))
    window.pointer.choose_joint(1)
    QTest.qWait(30)
    start, end = ring_places(window, 1, 0.3)
    hover(window, start)
    assert window.canvas.told == "Turn about Y"
    drag(window, start, end, keys=CONTROL, release=False)
    assert window.canvas.told.startswith("Y ")
    QTest.mouseRelease(window.canvas.view, LEFT, CONTROL, end)
    assert window.canvas.told == ""
    degrees = np.degrees(window.document.params.neck_pose[1])
    assert abs(degrees) > 9.0
    assert degrees == pytest.approx(5.0 * round(degrees / 5.0), abs=1e-3)


def test_a_turn_goes_on_from_the_pose_that_is_there(window):
    start_pose = window.document.params.replace(rotation=(0.2, 0.4, 0.1), neck_pose=(0.1, 0.2, 0.0))
    window.push(set_params(window.document, "Pose", start_pose))
    window.document.set(
        camera=window.document.camera.replace(azimuth=0.5, elevation=0.4),
        tools=window.document.tools.replace(joint=1, axes="world"),
    )
    QTest.qWait(60)
    start, end = ring_places(window, 1, 0.35)
    drag(window, start, end, keys=CONTROL)
    after = window.document.params
    root = to_matrices(after.rotation)
    turned = root @ to_matrices(after.neck_pose) @ (root @ to_matrices(start_pose.neck_pose)).T
    assert turned @ (0.0, 1.0, 0.0) == pytest.approx((0.0, 1.0, 0.0), abs=1e-5)


@both_canvases
def test_a_click_chooses_a_vertex_and_escape_lets_go(window):
    point = nose(window.document.model)
    place = at(window, point)
    camera = window.document.camera
    QTest.mouseClick(window.canvas.view, LEFT, pos=place)
    chosen = window.document.tools.vertex
    assert (at(window, chosen) - place).manhattanLength() < 12
    assert window.document.camera == camera
    assert len(window.canvas.overlay) == 2
    key(window, Qt.Key.Key_Escape)
    assert window.document.tools.vertex is None
    assert window.canvas.overlay == ()
    assert steps(window) == []


def test_a_click_chooses_a_landmark_or_a_joint_where_they_are_shown(window):
    window.document.set(look=Look(show_landmarks=True))
    shot = window.canvas.logical_shot()
    mark = QPoint(*np.round(seen(window, shot.surface.landmarks[30])).astype(int))
    QTest.mouseClick(window.canvas.view, LEFT, pos=mark)
    assert window.document.tools.landmark == 30
    assert window.document.tools.vertex is None
    window.document.set(look=Look(show_joints=True))
    joint = QPoint(*np.round(seen(window, shot.surface.joints[3])).astype(int))
    QTest.mouseClick(window.canvas.view, LEFT, pos=joint)
    assert window.document.tools.joint == 3
    assert window.actions_by_id["joint.3"].isChecked()
    QTest.mouseClick(window.canvas.view, LEFT, pos=QPoint(90, 400))
    assert window.document.tools.joint is None


def test_the_pointer_is_told_region_and_vertex_unless_that_is_switched_off(qtbot, window):
    wait_for_kernels(qtbot)
    place = at(window, nose(window.document.model))
    hover(window, place)
    assert window.canvas.told.startswith("Nose · vertex ")
    window.actions_by_id["telling"].trigger()
    hover(window, place + QPoint(2, 2))
    assert window.canvas.told == ""


def test_the_menu_offers_what_can_be_done_there(window):
    place = at(window, chin(window.document.model)) - QPoint(0, 6)
    choose(window, place, "Copy vertex index")
    copied = int(QGuiApplication.clipboard().text())
    assert (at(window, copied) - place).manhattanLength() < 14
    choose(window, place, "Turn the jaw")
    assert window.document.tools.joint == 2
    window.document.set(tools=window.document.tools.replace(joint=None, tool="pose"))
    drag(window, place, place + QPoint(0, 20))
    choose(window, at(window, copied), "Reset the jaw")
    assert (window.document.params.jaw_pose == 0.0).all()
    before = window.document.camera
    choose(window, at(window, nose(window.document.model)), "Frame the nose")
    assert window.document.camera.distance < before.distance


def test_a_pull_moves_the_skin_with_the_pointer_and_pins_stay(qtbot, window):
    model = window.document.model
    corner = int(model.regions["lips"][model.v_template[model.regions["lips"], 0].argmax()])
    other = int(model.regions["lips"][model.v_template[model.regions["lips"], 0].argmin()])
    choose(window, at(window, other) + QPoint(2, 0), "Pin here")
    (pin,) = window.document.pins
    key(window, Qt.Key.Key_R)
    start = at(window, corner) - QPoint(2, 0)
    before = window.canvas.logical_shot().surface.vertices.copy()
    drag(window, start, start + QPoint(6, -6), start + QPoint(12, -12))
    settle(qtbot, window)
    after = window.canvas.logical_shot().surface.vertices
    moved = after[corner] - before[corner]
    assert moved[0] > 0.001
    assert moved[1] > 0.001
    assert pin.distance(after) < 1e-3
    assert len(steps(window)) == 2
    window.history.stack.undo()
    assert not window.document.params.expr.any()
    choose(window, at(window, other) + QPoint(2, 0), "Unpin")
    assert window.document.pins == ()


def test_a_pin_that_is_dragged_goes_along_and_comes_back_in_one_step(qtbot, window):
    model = window.document.model
    lips = model.regions["lips"]
    corner = int(lips[model.v_template[lips, 0].argmax()])
    choose(window, at(window, corner) - QPoint(2, 0), "Pin here")
    before = window.document.pins[0]
    key(window, Qt.Key.Key_R)
    shot = window.canvas.logical_shot()
    head = QPoint(*np.round(seen(window, before.handle.position(shot.surface.vertices))).astype(int))
    drag(window, head, head + QPoint(8, -8))
    settle(qtbot, window)
    (after,) = window.document.pins
    assert after.target[0] > before.target[0] + 0.001
    assert after.distance(window.canvas.logical_shot().surface.vertices) < 0.003
    assert len(steps(window)) == 2
    window.history.stack.undo()
    assert window.document.pins == (before,)
    settle(qtbot, window)
    drag(window, head, head + QPoint(8, -8), release=False)
    qtbot.waitUntil(lambda: window.document.pins != (before,), timeout=WAIT)
    key(window, Qt.Key.Key_Escape)
    assert window.document.pins == (before,)
    assert not window.document.params.expr.any()


def test_a_pull_keeps_what_is_locked(qtbot, window):
    model = window.document.model
    locks = frozenset(("expr", index) for index in range(model.expression_count))
    window.document.set(locks=locks)
    key(window, Qt.Key.Key_R)
    start = at(window, chin(model)) - QPoint(0, 6)
    drag(window, start, start + QPoint(4, 20))
    assert not window.document.params.expr.any()
    assert window.document.params.jaw_pose.any()


def test_keys_widen_a_pull_and_the_wheel_zooms(qtbot, window):
    wait_for_kernels(qtbot)
    key(window, Qt.Key.Key_R)
    hover(window, at(window, nose(window.document.model)))
    before, camera = window.document.tools.radius, window.document.camera
    key(window, Qt.Key.Key_BracketRight)
    assert window.document.tools.radius > before
    key(window, Qt.Key.Key_BracketLeft)
    assert window.document.tools.radius == pytest.approx(before)
    assert window.document.camera == camera
    assert len(window.canvas.overlay) == 1
    turn_wheel(window.canvas.view, QPointF(200.0, 200.0))
    assert window.document.camera.distance < camera.distance


def test_pictures_show_nothing_of_the_tools(qtbot, window):
    plain = window.canvas.renderer.render(window.canvas.shot((200, 200)))
    window.document.set(tools=window.document.tools.replace(joint=2, vertex=5))
    QTest.qWait(50)
    assert window.canvas.overlay
    assert (window.canvas.renderer.render(window.canvas.shot((200, 200))) == plain).all()


def test_the_strip_shows_and_chooses_the_tool(window):
    buttons = {button.accessibleName(): button for button in window.canvas.findChildren(QToolButton)}
    assert {"Orbit", "Pose", "Pull", "Symmetric editing", "World axes"} <= set(buttons)
    assert buttons["Orbit"].isChecked()
    QTest.mouseClick(buttons["Pull"], LEFT)
    assert window.document.tools.tool == "pull"
    assert buttons["Pull"].isChecked()
    assert "R" in buttons["Pull"].toolTip()
    QTest.mouseClick(buttons["Symmetric editing"], LEFT)
    assert window.document.tools.symmetric


def test_a_pull_that_is_not_ready_says_so_and_turns_nothing(window, monkeypatch):
    hold = Event()
    monkeypatch.setattr("studio.controls.surface_drag.prepare", lambda *_: hold.wait(30.0))
    monkeypatch.setattr(tools, "_PATIENCE", 0.01)
    camera = window.document.camera
    key(window, Qt.Key.Key_R)
    start = at(window, nose(window.document.model))
    drag(window, start, start + QPoint(4, 20))
    hold.set()
    assert "still being measured" in window.notices.text
    assert window.document.camera == camera
    assert steps(window) == []
