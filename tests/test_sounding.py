"""The sound in the real window: opened, dropped, heard with the picture, muted, scrubbed, lost and undone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QToolButton, QWidgetAction

from studio.document.commands import play_between
from studio.document.media import Media
from studio.document.sound_commands import set_sound
from studio.export.options import FilmOptions
from studio.panels.curves_view import CurvesView
from studio.sequence.examples import example_clips
from studio.sound.card import CardError
from studio.sound.card_clock import GONE
from studio.widgets.slider_row import SliderRow
from studio.widgets.sound_lane import SoundLane
from tests.export.test_film_sound import RATE as FILM_RATE
from tests.export.test_film_sound import heard, lag, murmur
from tests.sound.cards import FakeCard
from tests.sound.sounds import RATE, noise, sine, write
from tests.windows import WAIT, shown_window


class Speaker:
    """A card of the test's computer, which asks when the test says so; ``missing``: there is none."""

    def __init__(self):
        self.missing, self.dead, self.now, self.block, self.latency, self.cards = (
            False,
            False,
            0.0,
            256,
            0.0,
            [],
        )

    def open(self, fill, rate):
        if self.missing:
            raise CardError("Sound is not heard: no sound card was found, or it is in use; all else plays.")
        self.cards.append(FakeCard(fill, rate, self))
        return self.cards[-1]

    def ask(self, count=1):
        """Ask for blocks; all that was given so far (N, 2)."""
        for _ in range(count):
            self.cards[-1].ask()
        return np.concatenate(self.cards[-1].got)


@pytest.fixture
def speaker(monkeypatch):
    made = Speaker()
    monkeypatch.setattr("studio.sound.card.open_card", made.open)
    return made


@pytest.fixture
def window(qapp, qtbot, head_model, speaker):
    with shown_window(qapp, qtbot, head_model, low=True) as shown:
        yield shown


@pytest.fixture
def voice(tmp_path):
    return write(tmp_path / "voice.wav", noise(4 * RATE))


def opened(window, qtbot, path):
    """The window once the sound at ``path`` was read."""
    with qtbot.waitSignal(
        window.sounding.shown, timeout=WAIT, check_params_cb=lambda sound, _: sound is not None
    ):
        window.files.open([path])


def test_a_sound_is_dropped_lengthens_a_still_and_undoes(window, qtbot, voice):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(voice))])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(
        window.sounding.shown, timeout=WAIT, check_params_cb=lambda sound, _: sound is not None
    ):
        window.dropEvent(event)
    document = window.document
    assert document.sound.media == Media(str(voice))
    assert len(document.take) == round(4.0 * document.take.fps)
    assert window.actions_by_id["undo"].text() == "Undo Add voice.wav"
    assert window.sounding.sound.seconds == 4.0
    window.history.stack.undo()
    assert not document.sound
    assert len(document.take) == 1
    assert not window.actions_by_id["sound.mute"].isEnabled()


def test_the_dialog_replaces_the_sound(window, qtbot, voice, tmp_path, monkeypatch):
    opened(window, qtbot, voice)
    other = write(tmp_path / "other.flac", sine(1.0), kind="flac")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(other), ""))
    window.actions_by_id["open_sound"].trigger()
    qtbot.waitUntil(lambda: window.document.sound.media == Media(str(other)), timeout=WAIT)
    assert window.actions_by_id["undo"].text() == "Undo Replace voice.wav"
    assert len(window.document.take) == round(4.0 * window.document.take.fps)


def test_the_card_leads_the_picture(window, qtbot, voice, speaker):
    opened(window, qtbot, voice)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.wait(60)
    assert window.document.position == 0.0  # nothing left the card yet
    heard = speaker.ask(60)
    qtbot.waitUntil(lambda: window.document.position > 20.0, timeout=WAIT)
    np.testing.assert_array_equal(heard[:, 0], noise(4 * RATE)[: len(heard), 0])
    assert window.document.position < len(heard) / RATE * window.document.take.fps + 1
    QTest.keyClick(window, Qt.Key.Key_Space)
    before = len(heard)
    assert not speaker.ask(2)[before:].any()


def test_mute_and_offset_are_heard_at_once(window, qtbot, voice, speaker):
    opened(window, qtbot, voice)
    window.player.play()
    speaker.ask(4)
    window.actions_by_id["sound.mute"].trigger()
    assert window.actions_by_id["sound.mute"].isChecked()
    before = len(speaker.ask(0))
    assert not speaker.ask(2)[before:].any()
    window.history.stack.undo()
    assert not window.document.sound.muted
    before = len(speaker.ask(0))
    heard = speaker.ask(1)[before:, 0]
    np.testing.assert_array_equal(heard, noise(4 * RATE)[before : before + 256, 0])
    window.player.pause()


def test_moving_the_cursor_gives_a_grain_unless_it_is_switched_off(window, qtbot, voice, speaker):
    opened(window, qtbot, voice)
    window.document.set(position=30.0)
    heard = speaker.ask(3)
    start = round(30.0 / window.document.take.fps * RATE)
    assert np.corrcoef(heard[:480, 0], noise(4 * RATE)[start : start + 480, 0])[0, 1] > 0.8
    window.actions_by_id["sound.scrub"].trigger()
    assert not window.settings.scrub_sound
    before = len(heard)
    window.document.set(position=60.0)
    assert not speaker.ask(3)[before:].any()


def test_without_a_card_the_picture_plays_and_one_notice_tells(window, qtbot, voice, speaker):
    speaker.missing = True
    opened(window, qtbot, voice)
    assert "no sound card" in window.notices.text
    window.player.play()
    qtbot.waitUntil(lambda: window.document.position > 3.0, timeout=WAIT)
    window.player.pause()
    window.actions_by_id["sound.remove"].trigger()
    window.history.stack.undo()
    qtbot.waitUntil(lambda: window.sounding.sound is not None, timeout=WAIT)
    qtbot.wait(50)
    assert window.notices.text.count("no sound card") == 1


def test_a_card_that_vanishes_is_told_and_playing_goes_on(window, qtbot, voice, speaker):
    opened(window, qtbot, voice)
    window.player.play()
    speaker.ask(10)
    speaker.cards[-1].running = False
    qtbot.waitUntil(lambda: GONE in window.notices.text, timeout=WAIT)
    seen = window.document.position
    qtbot.waitUntil(lambda: window.document.position > seen + 3.0, timeout=WAIT)
    assert window.player.playing
    window.player.pause()


def test_a_card_that_comes_back_is_heard_at_the_next_play(window, qtbot, voice, speaker):
    opened(window, qtbot, voice)
    window.player.play()
    speaker.ask(10)
    speaker.cards[-1].running = False
    qtbot.waitUntil(lambda: GONE in window.notices.text, timeout=WAIT)
    window.player.pause()
    with qtbot.waitSignal(window.sounding.shown, timeout=WAIT):
        window.player.play()
    qtbot.waitUntil(lambda: len(speaker.cards) == 2 and speaker.cards[-1].running, timeout=WAIT)
    start = window.document.position
    heard = speaker.ask(20)
    assert np.abs(heard).max() > 0.1
    assert window.document.position >= start
    window.player.pause()


def test_a_bad_sound_is_one_sentence_and_leaves_the_document(window, qtbot, tmp_path):
    bad = tmp_path / "voice.wav"
    bad.write_bytes(b"RIFF\xff\xff\xff\x00WAVE" + bytes(range(256)) * 8)
    window.files.open([bad])
    qtbot.waitUntil(lambda: "voice.wav is damaged" in window.notices.text, timeout=WAIT)
    assert not window.document.sound
    assert window.history.stack.count() == 0


def test_a_sound_that_is_gone_stays_in_the_document(window, qtbot, voice):
    voice.unlink()
    window.document.set(sound=window.document.sound.replace(media=Media(str(voice))))
    qtbot.waitUntil(lambda: "voice.wav does not exist" in window.notices.text, timeout=WAIT)
    assert window.document.sound.media == Media(str(voice))
    window.player.play()


def test_the_sound_begins_at_the_cursor_and_the_take_ends_with_it(window, qtbot, voice):
    opened(window, qtbot, voice)
    document = window.document
    document.set(position=30.0)
    window.actions_by_id["sound.here"].trigger()
    assert document.sound.offset == pytest.approx(30.0 / document.take.fps)
    window.actions_by_id["sound.fit"].trigger()
    assert len(document.take) == round(4.0 * document.take.fps) + 30
    assert window.actions_by_id["undo"].text() == "Undo Fit take to sound"


def test_the_waveform_is_on_the_timeline_and_moves_with_alt(window, qtbot, voice):
    strip = window.workspace.timeline.sound
    assert strip.height() == 0
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take) > 30, timeout=WAIT)
    opened(window, qtbot, voice)
    lane = strip.findChild(SoundLane)
    qtbot.waitUntil(lambda: lane.isVisible() and strip.height() >= lane.height() > 20, timeout=WAIT)
    left, alt = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier
    QTest.mousePress(lane, left, alt, QPoint(400, 20))
    QTest.mouseMove(lane, QPoint(420, 20))
    QTest.mouseMove(lane, QPoint(450, 20))
    QTest.mouseRelease(lane, left, alt, QPoint(450, 20))
    assert 0.05 < window.document.sound.offset < 1.0
    assert window.actions_by_id["undo"].text() == "Undo Sound offset"
    window.history.stack.undo()
    assert window.document.sound.offset == 0.0
    QTest.mouseClick(lane.findChild(QToolButton), left)
    assert window.document.sound.muted
    before = window.document.position
    QTest.mouseClick(lane, left, Qt.KeyboardModifier.NoModifier, QPoint(500, 20))
    assert window.document.position > before
    window.actions_by_id["sound.remove"].trigger()
    qtbot.waitUntil(lambda: strip.height() == 0, timeout=WAIT)


def test_the_menu_of_the_lane_has_offset_and_volume(window, qtbot, voice):
    opened(window, qtbot, voice)
    strip = window.workspace.timeline.sound
    entry = strip.findChild(SoundLane).actions()[0]
    assert isinstance(entry, QWidgetAction)
    offset, volume = entry.defaultWidget().findChildren(SliderRow)
    volume.value_changed.emit(50.0, None)
    offset.value_changed.emit(1.25, None)
    assert (window.document.sound.volume, window.document.sound.offset) == (0.5, 1.25)
    assert (offset.value, volume.value) == (1.25, 50.0)


def test_a_film_of_the_window_sounds_like_the_frames_played(window, qtbot, tmp_path, monkeypatch):
    wave = murmur(3.0)
    opened(window, qtbot, write(tmp_path / "voice.wav", wave, FILM_RATE))
    document, path = window.document, tmp_path / "film.mp4"
    window.push(set_sound(document, "Sound offset", offset=0.2))
    window.push(play_between(document, "Frames played", 10, 24))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    window.exports.film(FilmOptions(size=(64, 64), samples=1))
    qtbot.waitUntil(lambda: "Saved" in window.notices.text, timeout=WAIT)
    got, fps = heard(path), document.take.fps
    assert len(got) / FILM_RATE == pytest.approx(15 / fps, abs=1 / fps)
    begin = round((10 / fps - 0.2) * FILM_RATE)
    late, likeness = lag(got, wave[begin : begin + len(got), 0])
    assert abs(late) < FILM_RATE * 0.005
    assert likeness > 0.95


def test_the_waveform_stands_under_the_curves_where_their_frames_are(window, qtbot, voice):
    title, path = example_clips()[0]
    window.files.open_example(title, path)
    qtbot.waitUntil(lambda: len(window.document.take) > 30, timeout=WAIT)
    opened(window, qtbot, voice)
    panel = window.workspace.timeline
    strip = panel.sound
    view = next(button for button in panel.findChildren(QPushButton) if button.text() == "Curves")
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    plot = panel.findChild(CurvesView).plot
    qtbot.waitUntil(lambda: plot.isVisible() and plot.width() > 100, timeout=WAIT)
    qtbot.wait(100)
    lane = strip.findChild(SoundLane)
    assert lane.isVisible()
    assert lane.mapTo(panel, QPoint()).y() >= plot.mapTo(panel, QPoint()).y() + plot.height()
    x = round(plot.mapTo(panel, QPoint()).x() + plot.x_of(20.0))
    QTest.mouseClick(lane, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert window.document.position == 20.0
