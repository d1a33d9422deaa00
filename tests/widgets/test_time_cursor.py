"""The flag of the time cursor: in the ruler's unit, whole, and never over half a label."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from studio.sequence.timecode import TimeUnit, write_time
from studio.widgets.time_cursor import covered_labels, flag_font, flag_place, strip
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline_canvas import TimelineCanvas
from studio.widgets.timeline_paint import ruler_labels

WIDTH, FPS = 900, 25.0
RULER = TimeRuler(300, 132.0, 876.0)
UNITS: tuple[TimeUnit, ...] = ("frames", "seconds", "timecode")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("frame", range(0, 300, 7))
def test_flag_is_whole_and_what_stays_of_the_ruler_is_legible(qapp, unit: TimeUnit, frame: int) -> None:
    font, text = QFont(), write_time(frame, FPS, unit)
    flag = flag_place(RULER.x(frame), text, font, WIDTH)
    assert flag.width() >= QFontMetricsF(flag_font(font)).horizontalAdvance(text)
    assert flag.left() >= 0.0
    assert flag.right() <= WIDTH
    assert flag.left() <= RULER.x(frame) + 1.0 <= flag.right() + 1.0
    labels = ruler_labels(RULER, FPS, unit, WIDTH)
    covered = covered_labels(flag, labels, font)
    gone = {place.center().x() for place in covered}
    for place, said in labels:
        half = QFontMetricsF(font).horizontalAdvance(said) / 2
        middle = place.center().x()
        if middle not in gone:
            assert middle + half <= flag.left() or middle - half >= flag.right()
    touched = strip(RULER.x(frame), flag, covered, 200)
    for place in (flag, *covered):
        assert any(area.contains(place.toAlignedRect()) for area in touched)


@pytest.fixture
def canvas(qtbot: QtBot) -> TimelineCanvas:
    canvas = TimelineCanvas()
    canvas.set_clip(300, ())
    canvas.resize(WIDTH, 120)
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def test_flag_tells_the_unit_of_the_ruler(canvas: TimelineCanvas) -> None:
    widths = {}
    for unit in UNITS:
        canvas.set_time(FPS, unit)
        canvas.set_position(120.0)
        widths[unit] = canvas.flag.width()
    assert widths["frames"] < widths["seconds"] < widths["timecode"]


def test_moving_the_cursor_leaves_nothing_behind(qtbot: QtBot, canvas: TimelineCanvas) -> None:
    """What is on the screen after a move, drawn anew in parts, is what a whole drawing shows."""
    canvas.set_time(FPS, "timecode")
    qtbot.wait(50)
    for frame in (50.0, 61.0, 150.0, 299.0, 0.0, 131.0):
        canvas.set_position(frame)
        qtbot.wait(30)
        seen = canvas.screen().grabWindow(canvas.winId()).toImage()
        whole = canvas.grab().toImage().convertToFormat(seen.format())
        assert seen == whole
