"""The pointer over a landmark: what the chip beside it says, with OpenGL and without."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from studio.canvas.landmark_hover import landmark_at
from studio.document.look import Look
from studio.flame.landmark_sets import landmark_positions, landmark_set
from studio.render.camera import orbit, project
from studio.render.framing import frame_head, view_preset
from studio.theme import apply_theme

MARKED = Look(mode="shaded", show_landmarks=True)


@pytest.fixture(params=["canvas", "processor_canvas"])
def marked(request, qtbot):
    """A canvas of either kind that shows the landmarks."""
    canvas = request.getfixturevalue(request.param)
    assert canvas.uses_opengl == (request.param == "canvas")
    canvas.set_look(MARKED)
    return canvas


def place_of(canvas, number, name="68"):
    """Where a landmark is on the view, in logical pixels."""
    shot = canvas.shot((canvas.view.width(), canvas.view.height()))
    marks = landmark_set(shot.model, name)
    points = landmark_positions(shot.surface.vertices, marks, shot.surface.contour_row)
    index = marks.indices.tolist().index(number)
    x, y, _ = project(points[index : index + 1], shot.camera, shot.size)[0]
    return QPoint(round(x), round(y))


def point_at(canvas, place):
    """Move the pointer there, no button held; its events come by way of the screen."""
    QTest.mouseRelease(canvas.view, Qt.MouseButton.LeftButton, pos=place)  # what another test's drag may hold
    for step in (QPoint(3, 3), QPoint(0, 0)):
        QTest.mouseMove(canvas.view, place + step)
        QTest.qWait(20)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (30, "30  Nose tip · nose bridge"),
        (17, "17  Right eyebrow, outer end · right eyebrow"),
        (45, "45  Left eye, outer corner · left eye"),
        (54, "54  Left mouth corner · outer lips"),
        (8, "8  Chin · jaw line"),
    ],
)
def test_the_chip_tells_the_landmark_under_the_pointer(marked, number, text):
    place = place_of(marked, number)
    point_at(marked, place)
    assert marked.landmark_told == text
    (chip,) = (label for label in marked.findChildren(QLabel) if label.text() == text)
    assert chip.isVisible()
    assert marked.rect().contains(chip.geometry())
    assert not chip.geometry().contains(marked.view.mapTo(marked, place))


def test_it_goes_with_the_pointer_and_with_the_landmarks(marked):
    point_at(marked, place_of(marked, 30))
    assert marked.landmark_told
    point_at(marked, QPoint(5, 200))
    assert marked.landmark_told == ""
    point_at(marked, place_of(marked, 30))
    marked.set_look(Look(mode="shaded"))
    assert marked.landmark_told == ""
    point_at(marked, place_of(marked, 30))
    assert marked.landmark_told == ""
    marked.set_look(MARKED)
    assert marked.landmark_told.startswith("30  ")
    QApplication.sendEvent(marked.view, QEvent(QEvent.Type.Leave))
    assert marked.landmark_told == ""


def test_it_does_not_hinder_the_hand_that_turns_the_head(marked):
    place = place_of(marked, 30)
    point_at(marked, place)
    before = marked.shot().camera
    QTest.mousePress(marked.view, Qt.MouseButton.LeftButton, pos=place)
    assert marked.landmark_told == ""
    QTest.mouseMove(marked.view, place + QPoint(40, 0))
    assert marked.shot().camera.azimuth != before.azimuth
    assert marked.landmark_told == ""
    QTest.mouseRelease(marked.view, Qt.MouseButton.LeftButton, pos=place + QPoint(40, 0))
    point_at(marked, place_of(marked, 30))
    assert marked.landmark_told.startswith("30  ")


def test_a_resting_pointer_is_told_what_came_below_it(marked):
    place = place_of(marked, 30)
    point_at(marked, place)
    marked.set_camera(orbit(marked.shot().camera, 0.6, 0.0))
    assert not marked.landmark_told.startswith("30  ")
    marked.set_look(replace(MARKED, landmark_set="70"))
    place = place_of(marked, 69, "70")
    point_at(marked, place)
    assert marked.landmark_told == "69  Left eyeball, front · left eye"
    marked.set_look(MARKED)
    assert not marked.landmark_told.startswith("69  ")


def test_a_landmark_behind_the_head_says_so(canvas, head_model):
    canvas.set_look(MARKED)
    canvas.set_camera(frame_head(head_model, view_preset("back")))
    point_at(canvas, place_of(canvas, 30))
    assert canvas.landmark_told == "30  Nose tip · nose bridge · behind the head"


def test_what_is_seen_goes_before_what_is_hidden(canvas):
    canvas.set_look(MARKED)
    shot = replace(canvas.shot((400, 400)), camera=canvas.shot().camera.replace(azimuth=math.radians(70)))
    points = shot.surface.landmarks
    places = project(points, shot.camera, shot.size)[:, :2]
    found = [landmark_at(shot, tuple(place), 12.0) for place in places]
    assert all(found)
    hidden = {one.landmark.index for one in found if one.hidden}
    assert hidden < {index for index in range(68) if points[index, 0] < 0.002}
    exact = [landmark_at(shot, tuple(place), 0.001) for place in places]
    assert [one.landmark.index for one in exact] == list(range(68))
    assert sum(one.hidden for one in exact) > len(hidden)


def test_the_chip_wears_the_theme(marked, qapp):
    point_at(marked, place_of(marked, 30))
    (chip,) = (label for label in marked.findChildren(QLabel) if label.text() == marked.landmark_told)
    shades = {}
    try:
        for theme in ("light", "dark"):
            apply_theme(qapp, theme)
            image = chip.grab().toImage()
            pixels = [image.pixelColor(x, y).lightness() for x in range(4, image.width() - 4) for y in (4, 5)]
            shades[theme] = np.median(pixels)
    finally:
        apply_theme(qapp, "dark")
    assert shades["light"] > 180 > 90 > shades["dark"]
