"""The head driven live in the real window: by packets through a socket, with real clicks in the panel."""

from __future__ import annotations

import socket
import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLabel, QPushButton, QSpinBox

from studio.document.document import FIELDS
from studio.live.settings import LiveSettings
from studio.live.telling import LISTENING
from studio.storage.errors import StudioError
from tests.live.packets import malformed, packet
from tests.panels.hands import LEFT, drag, press, row
from tests.windows import WAIT, shown_window


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, 1000, low=True) as shown:
        shown.workspace.show_dock("Live")
        qtbot.waitUntil(lambda: bool(shown.workspace.late.live.findChildren(QPushButton)), timeout=WAIT)
        yield shown
        shown.history.stack.setClean()


@pytest.fixture
def phone(window):
    """Sends packets to the port of the window, on which nobody else listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = next(
        box for box in window.workspace.late.live.findChildren(QSpinBox) if box.accessibleName() == "Port"
    )
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, f"{port}\r")
    made = Phone(port)
    yield made
    made.close()


class Phone:
    def __init__(self, port):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address, self.number = ("127.0.0.1", port), 0
        self.sent = []  # when each packet was

    def send(self, count=1, every=0.0, **named):
        for _ in range(count):
            self.number += 1
            self.sent.append(time.monotonic())
            self._socket.sendto(packet(number=self.number, **named), self.address)
            if every:
                QTest.qWait(round(1000 * every))

    def send_raw(self, data):
        self._socket.sendto(data, self.address)

    def close(self):
        self._socket.close()


def started(window, qtbot):
    press(window.workspace.late.live, "Start")
    qtbot.waitUntil(lambda: window.driving.head.running, timeout=WAIT)


def shown(window):
    """The parameters of the head on the canvas."""
    return window.result.params


def jaw(window):
    return float(shown(window).jaw_pose[0])


def settle(qtbot, window, phone):
    """Wait until all that was sent has arrived, and the head shows the last of it."""
    preview, model = window.document.preview, window.document.model
    head = window.driving.head

    def is_shown():
        moment, came = head._performance.newest, head.source.traffic.taken == phone.number
        return came and head._shown == moment.number and shown(window) is preview.params(model, 0.0)

    qtbot.waitUntil(is_shown, timeout=WAIT)


def texts(panel):
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_the_head_follows_and_the_document_stays_as_it_is(qtbot, window, phone):
    before, steps = window.document.read(FIELDS), window.history.stack.count()
    started(window, qtbot)
    phone.send(20, 0.01, JawOpen=0.8, HeadYaw=0.4, EyeLookUpLeft=0.5)
    qtbot.waitUntil(lambda: jaw(window) > 0.2, timeout=WAIT)
    qtbot.waitUntil(lambda: float(shown(window).neck_pose[1] + shown(window).rotation[1]) > 0.3, timeout=WAIT)
    assert shown(window).eyes_pose[0] < -0.1
    assert window.document.read(FIELDS) == before
    assert window.history.stack.count() == steps
    press(window.workspace.late.live, "Stop")
    qtbot.waitUntil(lambda: jaw(window) == 0.0, timeout=WAIT)
    assert not window.driving.head.running


def test_a_chip_over_the_head_says_that_it_is_live_and_ends_it(qtbot, window, phone):
    chip = next(chip for chip in window.canvas.findChildren(QPushButton) if chip.text() == "Live")
    assert not chip.isVisible()
    started(window, qtbot)
    phone.send(20, 0.01, JawOpen=0.8)
    qtbot.waitUntil(lambda: jaw(window) > 0.2, timeout=WAIT)
    assert chip.isVisible()
    assert chip.isChecked()
    assert chip.geometry().right() < window.canvas.width()
    QTest.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: jaw(window) == 0.0, timeout=WAIT)
    assert not chip.isVisible()
    assert not window.driving.head.running


def test_malformed_packets_never_move_the_head_and_are_told_in_the_panel_alone(qtbot, window, phone):
    started(window, qtbot)
    phone.send(12, 0.01, JawOpen=0.5)
    settle(qtbot, window, phone)
    assert jaw(window) > 0.1
    before = shown(window)
    bad = malformed(7)
    for data in bad:
        phone.send_raw(data)
    qtbot.waitUntil(lambda: window.driving.head.source.traffic.malformed == len(bad), timeout=WAIT)
    QTest.qWait(300)
    assert shown(window) is before
    qtbot.waitUntil(lambda: f"{len(bad)} malformed" in texts(window.workspace.late.live), timeout=WAIT)
    assert not window.notices.isVisible()


def test_a_recording_becomes_a_take_in_one_step(qtbot, window, phone):
    started(window, qtbot)
    phone.send(5, 0.02, JawOpen=0.1)
    qtbot.waitUntil(lambda: jaw(window) > 0.0, timeout=WAIT)
    takes, steps = len(window.document.takes), window.history.stack.count()
    press(window.workspace.late.live, "Record")
    phone.sent.clear()
    phone.send(20, 0.02, JawOpen=0.1)
    phone.send(20, 0.02, JawOpen=0.9)
    keep = next(
        b for b in window.workspace.late.live.findChildren(QPushButton) if b.text().startswith("Keep take")
    )
    QTest.mouseClick(keep, LEFT)
    assert len(window.document.takes) == takes + 1
    assert window.history.stack.count() == steps + 1
    take = window.document.take
    assert take.name == "Live 1"
    assert window.history.stack.undoText() == "Record Live 1"
    assert (len(take.clip) - 1) / take.clip.fps == pytest.approx(phone.sent[-1] - phone.sent[0], abs=0.1)
    opened = take.clip.jaw_pose[:, 0]
    assert opened[-1] > 5.0 * opened[1]
    np.testing.assert_array_equal(take.clip.shape, window.document.takes[0].clip.shape)
    press(window.workspace.late.live, "Stop")
    window.history.stack.undo()
    assert len(window.document.takes) == takes


def test_recording_starts_what_does_not_run(qtbot, window, phone):
    press(window.workspace.late.live, "Record")
    qtbot.waitUntil(lambda: window.driving.head.running, timeout=WAIT)
    phone.send(10, 0.02, JawOpen=0.4)
    window.actions_by_id["live_record"].trigger()
    assert window.document.take.name == "Live 1"


def test_a_recording_of_nothing_is_told_and_is_no_take(qtbot, window, phone):
    press(window.workspace.late.live, "Record")
    press(window.workspace.late.live, "Stop")
    assert len(window.document.takes) == 1
    assert "No frame came while recording" in texts(window.notices)


def test_stopping_keeps_what_is_being_recorded(qtbot, window, phone):
    started(window, qtbot)
    press(window.workspace.late.live, "Record")
    phone.send(10, 0.02, JawOpen=0.4)
    press(window.workspace.late.live, "Stop")
    assert window.document.take.name == "Live 1"
    assert len(window.document.take.clip) > 1


def test_a_recording_that_cannot_become_a_take_yet_is_not_lost(qtbot, window, phone, monkeypatch):
    started(window, qtbot)
    press(window.workspace.late.live, "Record")
    phone.send(10, 0.02, JawOpen=0.4)

    def failing(_document):
        raise StudioError("This head has no jaw.")

    with monkeypatch.context() as patched:
        patched.setattr("studio.live_head.controls_of", failing)
        press(window.workspace.late.live, "Stop")
        assert "This head has no jaw." in texts(window.notices)
        assert len(window.document.takes) == 1
    window.driving.keep_recording()
    assert window.document.take.name == "Live 1"
    assert len(window.document.take.clip) > 1


def test_a_second_recording_has_the_next_number(qtbot, window, phone):
    started(window, qtbot)
    for number in (1, 2):
        window.actions_by_id["live_record"].trigger()
        phone.send(5, 0.02, JawOpen=0.4)
        window.actions_by_id["live_record"].trigger()
        assert window.document.take.name == f"Live {number}"


def test_calibration_makes_the_face_of_now_neutral(qtbot, window, phone):
    started(window, qtbot)
    phone.send(10, 0.01, JawOpen=0.4)
    qtbot.waitUntil(lambda: jaw(window) > 0.1, timeout=WAIT)
    press(window.workspace.late.live, "Calibrate neutral")
    phone.send(40, 0.01, JawOpen=0.4)
    qtbot.waitUntil(lambda: abs(jaw(window)) < 0.01, timeout=WAIT)
    qtbot.waitUntil(lambda: _button(window, "Forget neutral").isEnabled(), timeout=WAIT)
    press(window.workspace.late.live, "Forget neutral")
    phone.send(10, 0.01, JawOpen=0.4)
    qtbot.waitUntil(lambda: jaw(window) > 0.1, timeout=WAIT)


def _button(window, text):
    return next(b for b in window.workspace.late.live.findChildren(QPushButton) if b.text() == text)


def _check(window, text):
    check = next(c for c in window.workspace.late.live.findChildren(QCheckBox) if c.text() == text)
    QTest.mouseClick(check, LEFT, pos=QPoint(9, check.height() // 2))


def test_what_is_switched_off_stays_with_the_document(qtbot, window, phone):
    _check(window, "Head")
    _check(window, "Gaze")
    started(window, qtbot)
    phone.send(20, 0.01, JawOpen=0.8, HeadYaw=0.4, EyeLookUpLeft=0.9)
    qtbot.waitUntil(lambda: jaw(window) > 0.2, timeout=WAIT)
    assert not shown(window).rotation.any()
    assert not shown(window).eyes_pose.any()


def test_a_mirror_turns_the_other_way(qtbot, window, phone):
    _check(window, "As in a mirror")
    started(window, qtbot)
    phone.send(20, 0.01, HeadYaw=0.4)
    qtbot.waitUntil(lambda: float(shown(window).neck_pose[1]) < -0.15, timeout=WAIT)


def test_strength_and_smoothing_are_dragged_and_remembered(qtbot, window, phone):
    panel = window.workspace.late.live
    drag(row(panel, "Smoothing"), 60.0, 0.0)
    drag(row(panel, "Jaw"), 150.0, 200.0)
    kept = LiveSettings.from_text(window.settings.live)
    assert kept.smoothing == 0.0
    assert kept.gains["Jaw"] == 2.0
    started(window, qtbot)
    phone.send(20, 0.01, JawOpen=0.4)
    qtbot.waitUntil(lambda: jaw(window) > 0.0, timeout=WAIT)
    doubled = jaw(window)
    drag(row(panel, "Jaw"), 100.0)
    phone.send(20, 0.01, JawOpen=0.4)
    qtbot.waitUntil(lambda: jaw(window) == pytest.approx(0.5 * doubled, rel=0.03), timeout=WAIT)


def test_it_listens_to_this_machine_until_all_are_chosen_and_says_what_that_means(qtbot, window, phone):
    panel = window.workspace.late.live
    assert LISTENING[False] in texts(panel)
    started(window, qtbot)
    assert window.driving.head.source.address[0] == "127.0.0.1"
    press(panel, "Stop")
    box = next(b for b in panel.findChildren(QComboBox) if b.accessibleName() == "Listen to")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert "Whoever is in your network can send" in texts(panel)
    started(window, qtbot)
    assert window.driving.head.source.address[0] == "0.0.0.0"
    assert LiveSettings.from_text(window.settings.live).everywhere


def test_one_of_several_senders_is_chosen_in_the_panel(qtbot, window, phone):
    started(window, qtbot)
    phone.send(5, 0.02, JawOpen=0.2, subject="Ann")
    phone.send(5, 0.02, JawOpen=0.9, subject="Ben")
    box = next(
        b for b in window.workspace.late.live.findChildren(QComboBox) if b.accessibleName() == "Follow"
    )
    qtbot.waitUntil(lambda: box.findText("Ben") > 0, timeout=WAIT)
    assert window.driving.head.source.traffic.subject == "Ann"
    box.setFocus()
    for _ in range(box.findText("Ben")):
        QTest.keyClick(box, Qt.Key.Key_Down)
    phone.send(20, 0.02, JawOpen=0.9, subject="Ben")
    qtbot.waitUntil(lambda: jaw(window) > 0.25, timeout=WAIT)
    phone.send(20, 0.02, JawOpen=0.2, subject="Ann")
    assert jaw(window) > 0.25


def test_a_port_in_use_is_told_in_the_panel(qtbot, window, phone):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(phone.address)
        press(window.workspace.late.live, "Start")
        assert not window.driving.head.running
        assert f"Port {phone.address[1]} is in use" in texts(window.workspace.late.live)
    started(window, qtbot)


def test_a_film_without_the_landmarkers_file_says_what_is_missing(qtbot, window, monkeypatch, tmp_path):
    monkeypatch.setattr("studio.live_head.model_folders", lambda _=None: [tmp_path])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "face.mp4"), ""))
    panel = window.workspace.late.live
    press(panel, "Film")
    press(panel, "Choose film…")
    assert "face.mp4" in texts(panel)
    press(panel, "Start")
    assert not window.driving.head.running
    assert f"face_landmarker.task in {tmp_path}" in texts(panel)
    assert not window.actions_by_id["live"].isChecked()


def test_a_film_whose_landmarker_cannot_be_opened_ends_with_a_sentence(qtbot, window, monkeypatch, tmp_path):
    monkeypatch.setattr("studio.live_head.model_folders", lambda _=None: [tmp_path])
    (tmp_path / "face_landmarker.task").write_bytes(b"none")
    window.driving.head.use(LiveSettings(source="video", video=str(tmp_path / "face.mp4")))
    window.actions_by_id["live"].trigger()
    qtbot.waitUntil(lambda: not window.driving.head.running, timeout=WAIT)
    told = texts(window.workspace.late.live)
    assert "mediapipe" in told.lower()
    assert window.document.preview.owner is None


def test_another_dialogs_preview_is_not_taken_away(qtbot, window, phone):
    started(window, qtbot)
    tried = window.document.params.replace(jaw_pose=(0.05, 0.0, 0.0))
    window.document.preview.show("dialog", window.document.model, tried)
    phone.send(20, 0.01, JawOpen=0.9)
    assert window.document.preview.owner == "dialog"
    window.document.preview.clear("dialog")
    phone.send(20, 0.01, JawOpen=0.9)
    qtbot.waitUntil(lambda: jaw(window) > 0.2, timeout=WAIT)


def test_identity_can_be_changed_while_the_head_follows(qtbot, window, phone):
    from studio.document.commands import set_component

    started(window, qtbot)
    phone.send(10, 0.01, JawOpen=0.5)
    qtbot.waitUntil(lambda: jaw(window) > 0.1, timeout=WAIT)
    window.push(set_component(window.document, "Shape 1", "shape", 0, 1.5))
    qtbot.waitUntil(lambda: shown(window).shape[0] == 1.5, timeout=WAIT)
    assert jaw(window) > 0.1


def test_playing_does_not_move_a_head_that_follows_a_performer(qtbot, window, phone):
    from studio.document.commands import open_clip
    from tests.scripting.test_recall import walk

    window.push(open_clip(window.document, "Walk", walk(window.document.model)))
    started(window, qtbot)
    phone.send(15, 0.01, JawOpen=0.5)
    settle(qtbot, window, phone)
    before = jaw(window)
    assert before > 0.1
    window.player.go_to(2.0)
    QTest.qWait(200)
    assert jaw(window) == before
    press(window.workspace.late.live, "Stop")
    qtbot.waitUntil(lambda: shown(window) == window.document.params, timeout=WAIT)


def test_closing_the_window_gives_the_port_back(qapp, qtbot, head_model):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with shown_window(qapp, qtbot, head_model, low=True) as window:
        window.driving.head.use(LiveSettings(port=port))
        window.driving.head.start()
        assert window.driving.head.running
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", port))
