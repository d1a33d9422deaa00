"""Curves in the timeline panel under the mouse."""

from __future__ import annotations

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from studio.document.commands import open_clip, set_component
from studio.panels.pose_panel import _GROUPS
from studio.panels.timeline_panel import HINT, TimelinePanel
from studio.sequence.channels import channels_of
from studio.sequence.clip import Clip
from studio.theme import DARK, LIGHT, apply_theme, current
from studio.theme.series import series_colour
from studio.widgets.timeline import Timeline
from tests.panels.hands import LEFT, press


@pytest.fixture
def panel(playing_desk, shown, qapp):
    apply_theme(qapp, "dark")
    clip = playing_desk.document.take.clip
    jaw = np.zeros((len(clip), 3))
    jaw[:, 0] = np.sin(np.linspace(0.0, 6.0, len(clip))) * 0.3
    take = playing_desk.document.take
    moving = type(take)(take.name, clip.replace(jaw_pose=jaw), take.offset)
    playing_desk.document.set(takes=(playing_desk.document.takes[0], moving))
    return shown(TimelinePanel(playing_desk.document, playing_desk.push), 1000, 240)


@pytest.fixture
def curves(panel, qtbot):
    limit = pyqtgraph.getConfigOption("mouseRateLimit")
    pyqtgraph.setConfigOption("mouseRateLimit", -1)  # else moves within 10 ms of one another are left out
    press(panel, "Curves")
    view = panel._curves
    qtbot.waitUntil(lambda: view.isVisible() and view._plot._still is not None)
    yield view
    pyqtgraph.setConfigOption("mouseRateLimit", limit)


def entry(curves, title):
    return next(found for found in curves._legend.entries if found.text() == title)


def at(plot, frame, y=100):
    return QPoint(round(plot.x_of(frame)), y)


def drag(plot, start, end):
    """Drag over the plot, with enough moves that pyqtgraph takes them for a drag."""
    viewport = plot.viewport()
    QTest.mouseMove(viewport, start)
    QTest.mousePress(viewport, LEFT, pos=start)
    for step in range(1, 7):
        QTest.mouseMove(viewport, start + (end - start) * (step / 6))
    QTest.mouseRelease(viewport, LEFT, pos=end)


def has_colour(plot, colour):
    """Whether a picture of the plot shows pixels near ``colour``."""
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(-1, 3).astype(int)
    wanted = QColor(colour)
    distance = np.abs(pixels - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=1)
    return int((distance < 12).sum()) > 20


def test_the_switch_shows_curves_and_goes_back(panel, curves):
    assert not panel.findChild(Timeline).isVisible()
    assert [found.text() for found in curves._legend.entries] == ["Jaw open", "Mouth smile left"]
    assert curves._plot.accessibleName() == "Curves"
    press(panel, "Dope sheet")
    assert panel.findChild(Timeline).isVisible()
    assert not curves.isVisible()


def test_angles_are_called_what_the_pose_panel_calls_them():
    pose = {name: np.full((2, 3), 0.1) for name in ("rotation", "neck_pose", "jaw_pose", "translation")}
    clip = Clip(shape=np.zeros(1), expr=np.zeros((2, 1)), eyes_pose=np.full((2, 6), 0.1), **pose)
    titles = [channel.title for channel in channels_of(clip, ("Expression 1",))]
    assert len(titles) == 13
    assert set(titles) <= {bound.name for part in _GROUPS for bound in part.bounds()}


def test_the_cursors_line_scrubs_by_whole_frames(playing_desk, panel, curves):
    steps = len(playing_desk.steps)
    playing_desk.document.set(position=10.0)
    plot = curves._plot
    drag(plot, at(plot, 10), at(plot, 30))
    assert playing_desk.document.position == 30.0
    assert plot.position == 30.0
    assert len(playing_desk.steps) == steps


def test_a_drag_of_the_cursor_pauses_and_goes_on(panel, curves):
    heard = []

    def toggle():
        heard.append("toggle")
        panel.set_playing(len(heard) % 2 == 0)

    panel.play_toggled.connect(toggle)
    panel.set_playing(True)
    drag(curves._plot, at(curves._plot, 0), at(curves._plot, 12))
    assert heard == ["toggle", "toggle"]


def test_a_click_on_the_ruler_goes_there(playing_desk, curves):
    QTest.mouseMove(curves._plot.viewport(), at(curves._plot, 25, 12))
    QTest.mouseClick(curves._plot.viewport(), LEFT, pos=at(curves._plot, 25, 12))
    assert playing_desk.document.position == 25.0


def test_a_drag_elsewhere_moves_the_view_and_not_the_cursor(playing_desk, curves):
    plot = curves._plot
    middle = QPointF(plot.x_of(25), 100.0)
    for _ in range(3):
        wheel(plot, middle, 120)
    first, last = plot.frames_seen
    assert last - first < 45
    drag(plot, at(plot, 30), at(plot, 26))
    moved = plot.frames_seen[0] - first
    assert moved > 1.0
    assert playing_desk.document.position == 0.0
    beside = at(plot, 25, 170)  # no curve is near, on which a double click would set a key
    QTest.mouseClick(plot.viewport(), LEFT, pos=beside)
    QTest.mouseDClick(plot.viewport(), LEFT, pos=beside)
    QTest.mouseRelease(plot.viewport(), LEFT, pos=beside)
    assert plot.frames_seen == pytest.approx((-0.5, 50.5))


def wheel(plot, where, delta):
    viewport = plot.viewport()
    event = QWheelEvent(
        where,
        QPointF(viewport.mapToGlobal(where.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_the_wheel_zooms_time_around_the_mouse_and_nothing_else(curves):
    plot = curves._plot
    heights = plot._view.viewRange()[1]
    x = plot.x_of(20)
    wheel(plot, QPointF(x, 100.0), 240)
    assert plot.x_of(20) == pytest.approx(x, abs=1.5)
    assert plot._view.viewRange()[1] == heights
    wheel(plot, QPointF(x, 100.0), -2400)
    assert plot.frames_seen == pytest.approx((-0.5, 50.5))


def test_an_entry_of_the_legend_hides_its_curve(curves):
    plot = curves._plot
    colour = series_colour(0, current())
    assert has_colour(plot, colour)
    QTest.mouseClick(entry(curves, "Jaw open"), LEFT)
    assert plot.shown == [False, True]
    assert not has_colour(plot, colour)
    QTest.mouseClick(entry(curves, "Jaw open"), LEFT)
    assert has_colour(plot, colour)


def test_an_entry_is_shown_alone_with_control(curves):
    smile = entry(curves, "Mouth smile left")
    QTest.mouseClick(smile, LEFT, Qt.KeyboardModifier.ControlModifier)
    assert curves._plot.shown == [False, True]
    QTest.mouseClick(smile, LEFT, Qt.KeyboardModifier.ControlModifier)
    assert curves._plot.shown == [True, True]


def test_curves_follow_the_offset_and_stay_hidden(playing_desk, curves, qtbot):
    QTest.mouseClick(entry(curves, "Jaw open"), LEFT)
    change = set_component(playing_desk.document, "Jaw sideways", "jaw_pose", [1], 0.1)
    playing_desk.push(change)
    qtbot.waitUntil(lambda: "Jaw sideways" in [found.text() for found in curves._legend.entries])
    hidden = [found.text() for found in curves._legend.entries if not found.isChecked()]
    assert hidden == ["Jaw open"]
    assert curves._plot.shown.count(False) == 1


def test_the_theme_is_switched_while_it_runs(curves, qapp, qtbot):
    apply_theme(qapp, "light")
    assert curves._plot.colours == [series_colour(index, LIGHT) for index in range(2)]
    qtbot.waitUntil(
        lambda: has_colour(curves._plot, LIGHT.panel) and not has_colour(curves._plot, DARK.panel)
    )
    assert has_colour(curves._plot, series_colour(0, LIGHT))
    apply_theme(qapp, "dark")
    assert has_colour(curves._plot, DARK.panel)


def test_frames_not_played_are_veiled(playing_desk, curves):
    veils = curves._plot._veils
    assert [veil.isVisible() for veil in veils] == [False, False]
    playback = playing_desk.document.playback.replace(first=10, last=40)
    playing_desk.document.set(playback=playback)
    assert [veil.isVisible() for veil in veils] == [True, True]
    assert veils[0].getRegion()[1] == 10
    assert veils[1].getRegion()[0] == 40


def test_a_still_says_what_to_do(playing_desk, panel, curves):
    playing_desk.document.set(active=0)
    assert not curves._plot.isVisible()
    assert HINT in [label.text() for label in curves.findChildren(QLabel) if label.isVisible()]
    playing_desk.document.set(active=1)
    assert curves._plot.isVisible()


def test_no_menu_opens(curves):
    QTest.mouseClick(curves._plot.viewport(), Qt.MouseButton.RightButton, pos=at(curves._plot, 25))
    assert QApplication.activePopupWidget() is None
    assert not [menu for menu in curves.findChildren(QMenu) if menu.isVisible()]


def test_playing_draws_no_curve_again(playing_desk, curves, qtbot):
    QApplication.processEvents()
    QApplication.sendEvent(curves._plot, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not curves._late.isActive())
    QApplication.processEvents()
    still = curves._plot._still
    for tick in range(60):
        playing_desk.document.set(position=tick * 0.8)
        QApplication.processEvents()
    assert curves._plot._still is still


def test_a_long_take_is_seen_whole(playing_desk, curves):
    frames = 20_000
    random = np.random.default_rng(3)
    clip = Clip(
        shape=np.zeros(8),
        expr=random.random((frames, 6)),
        rotation=np.zeros((frames, 3)),
        neck_pose=random.normal(0.0, 0.1, (frames, 3)),
        jaw_pose=random.normal(0.0, 0.1, (frames, 3)),
        eyes_pose=random.normal(0.0, 0.1, (frames, 6)),
        translation=np.zeros((frames, 3)),
    )
    playing_desk.push(open_clip(playing_desk.document, "Long", clip))
    assert curves._plot.frames_seen == pytest.approx((-199.99, 20198.99))
