"""The waveform on its lane: drawn where it is heard, in the theme's colours, dragged, nudged and muted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from studio.theme import current
from studio.widgets.sound_lane import ShownSound, SoundLane
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.waveform import coverage, wave_picture

LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier
RULER = TimeRuler(101, 120.0, 620.0)  # 5 pixels a frame


class Steps:
    """Two seconds: silent in the first, loud in the second."""

    seconds, highest = 2.0, 0.5

    def swing(self, seconds):
        middle = (seconds[1:] + seconds[:-1]) / 2
        loud = np.where((middle > 1.0) & (middle < 2.0), 0.5, 0.0)
        return np.stack([-loud, loud], axis=1).astype(np.float32)


@pytest.fixture
def lane(qapp, qtbot):
    made = SoundLane(lambda: RULER)
    qtbot.addWidget(made)
    made.resize(640, made.height())
    made.set_range(0, 100)
    made.set_sound(ShownSound("voice.wav", 0.4, wave=Steps()), 25.0)
    made.show()
    qtbot.waitExposed(made)
    return made


def pixels(lane):
    image = lane.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wide, high = image.width(), image.height()
    return np.frombuffer(image.constBits(), np.uint8).reshape(high, wide, 4)[..., 2::-1].astype(int)


def rows_of_wave(lane, x, colour=None):
    wanted = np.array(QColor(colour or current().data).getRgb()[:3])
    return int((np.abs(pixels(lane)[:, x] - wanted).sum(axis=1) < 40).sum())


def test_coverage_is_as_high_as_the_swing():
    covered = coverage(np.array([[-1.0, 1.0], [-0.5, 0.5], [0.0, 0.0], [0.0, 5.0]], np.float32), 100)
    np.testing.assert_allclose(covered.sum(axis=0), [99.0, 49.5, 1.0, 50.0], atol=0.6)
    assert covered[49:51, 2].sum() == 1.0


def test_a_picture_is_empty_outside_of_the_sound():
    image = wave_picture(Steps(), -1.0, 3.0, (400, 40), QColor("#ffffff"))
    alphas = [QColor(image.pixelColor(x, 20)).alpha() for x in (50, 150, 250, 350)]
    assert alphas[0] == alphas[3] == 0
    assert alphas[2] == 255


def test_the_wave_stands_where_it_is_heard(lane):
    assert rows_of_wave(lane, round(RULER.x(0.5 * 25))) <= 2  # silence
    assert rows_of_wave(lane, round(RULER.x(1.9 * 25))) > 30
    assert rows_of_wave(lane, round(RULER.x(2.6 * 25))) == 0


def test_volume_and_mute_are_seen(lane):
    x = round(RULER.x(1.9 * 25))
    whole = rows_of_wave(lane, x)
    lane.set_sound(ShownSound("voice.wav", 0.4, 0.5, wave=Steps()), 25.0)
    assert rows_of_wave(lane, x) == pytest.approx(whole / 2, abs=3)
    lane.set_sound(ShownSound("voice.wav", 0.4, 1.0, True, Steps()), 25.0)
    assert rows_of_wave(lane, x) == 0
    assert rows_of_wave(lane, x, current().disabled) > 30


def test_alt_and_a_drag_move_the_sound_in_one_gesture(lane):
    asked = []
    lane.offset_changed.connect(lambda seconds, gesture: asked.append((seconds, gesture)))
    QTest.mousePress(lane, LEFT, ALT, QPoint(300, 20))
    QTest.mouseMove(lane, QPoint(310, 20))
    QTest.mouseMove(lane, QPoint(350, 20))
    QTest.mouseRelease(lane, LEFT, ALT, QPoint(350, 20))
    assert [round(seconds, 6) for seconds, _ in asked] == [0.48, 0.8]
    assert len({gesture for _, gesture in asked}) == 1
    assert asked[0][1] is not None


def test_alt_and_an_arrow_move_it_by_a_frame(lane):
    asked = []
    lane.offset_changed.connect(lambda seconds, gesture: asked.append(seconds))
    QTest.keyClick(lane, Qt.Key.Key_Right, ALT)
    QTest.keyClick(lane, Qt.Key.Key_Left, ALT)
    QTest.keyClick(lane, Qt.Key.Key_Left)
    assert asked == pytest.approx([0.44, 0.36])


def test_a_plain_drag_scrubs(lane):
    told = []
    lane.scrub_started.connect(lambda: told.append("start"))
    lane.scrubbed.connect(told.append)
    lane.scrub_finished.connect(lambda: told.append("end"))
    QTest.mousePress(lane, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(220, 20))
    QTest.mouseMove(lane, QPoint(245, 20))
    QTest.mouseRelease(lane, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(245, 20))
    assert told == ["start", 20.0, 25.0, "end"]


def test_the_button_asks_to_mute_and_shows_what_is(lane, qtbot):
    button = lane.findChild(QToolButton)
    with qtbot.waitSignal(lane.mute_asked, timeout=1000):
        QTest.mouseClick(button, LEFT)
    assert not button.isChecked()
    lane.set_sound(ShownSound("voice.wav", muted=True), 25.0)
    assert button.isChecked()
    assert "muted" in lane.accessibleDescription()


def test_what_is_wrong_is_told_in_words(lane):
    lane.set_sound(ShownSound("voice.wav", told="voice.wav does not exist."), 25.0)
    assert "does not exist" in lane.accessibleDescription()
    assert rows_of_wave(lane, 400) == 0


def test_a_name_of_several_lines_is_told_in_one(lane):
    lane.set_sound(ShownSound("my\n voice.wav", 0.4, wave=Steps()), 25.0)
    broken = pixels(lane)
    lane.set_sound(ShownSound("my voice.wav", 0.4, wave=Steps()), 25.0)
    assert (pixels(lane) == broken).all()


def test_a_wave_that_cannot_be_drawn_takes_nothing_along(lane):
    class Broken(Steps):
        def swing(self, seconds):
            raise OSError("the samples are gone")

    lane.set_sound(ShownSound("voice.wav", 0.4, wave=Broken()), 25.0)
    with pytest.raises(OSError, match="gone"):
        lane._draw_ground(RULER)
    lane.set_sound(ShownSound("voice.wav", 0.4, wave=Steps()), 25.0)
    assert rows_of_wave(lane, round(RULER.x(1.9 * 25))) > 30
