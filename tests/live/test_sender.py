"""A clip that is sent as a phone would, and received again."""

from __future__ import annotations

import time

import numpy as np
import pytest

from studio.controls.arkit import JAW_OPEN_ANGLE, UNITS
from studio.controls.named_controls import apply_all, control_set
from studio.flame.params import Params
from studio.live.face_map import FaceMap
from studio.live.packet import parse
from studio.live.performance import Performance
from studio.live.receiver import Receiver
from studio.live.sender import packets, send, told_angles
from studio.live.settings import LiveSettings
from studio.live.turns import head_turn
from studio.sequence.examples import example_clips
from tools.send_live import main


@pytest.mark.parametrize("angles", [(0.4, -0.3, 0.2), (0.0, 0.0, 0.0), (-1.2, 0.5, -0.4)])
def test_the_angles_of_a_head_come_back_as_its_turn(tiny_model, angles):
    params = Params.neutral(tiny_model).replace(rotation=head_turn(*angles))
    np.testing.assert_allclose(told_angles(params)[:3], angles, atol=1e-6)


def test_a_face_comes_back_as_it_was_sent(head_model):
    controls = control_set(head_model)
    values = {"mouthSmileLeft": 0.6, "jawOpen": 0.4, "browInnerUp": 0.5, "eyeLookOutLeft": 0.3}
    face = apply_all(controls, Params.neutral(head_model), values).replace(
        neck_pose=0.6 * head_turn(0.3, 0.1, -0.2), rotation=0.4 * head_turn(0.3, 0.1, -0.2)
    )

    class Still:
        def __len__(self):
            return 1

        def frame(self, _index):
            return face

    (data,) = packets(controls, Still(), 25.0, "Take")
    read = parse(data)
    told = np.array([values.get(name, 0.0) for name in UNITS])
    np.testing.assert_allclose(read.units, told, atol=1e-3)
    np.testing.assert_allclose(read.head, head_turn(0.3, 0.1, -0.2), atol=1e-6)
    assert (read.subject, read.rate) == ("Take", 25.0)


class Clock:
    """Time that goes by only while somebody sleeps."""

    def __init__(self):
        self.now, self.rests = 50.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.rests.append(self.now - 50.0)


def test_packets_come_at_the_rate_of_the_clip(monkeypatch):
    frames, data = [], [_data(number) for number in range(20)]
    receiver = Receiver(frames.append, 0)
    receiver.start()
    clock = Clock()
    monkeypatch.setattr("studio.live.sender.time", clock)
    assert send(data, 100.0, receiver.address) == 20
    np.testing.assert_allclose(clock.rests, np.arange(20) / 100.0, atol=1e-9)
    deadline = time.monotonic() + 5.0
    while len(frames) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    receiver.stop()
    assert len(frames) == 20


def test_a_clip_that_is_sent_and_recorded_is_the_clip(head_model):
    """Through a socket, at 50 frames a second, the head and the jaw as they were."""
    controls, base = control_set(head_model), Params.neutral(head_model)
    seconds = np.arange(75) / 50.0

    class Swing:
        def __len__(self):
            return len(seconds)

        def frame(self, index):
            face = apply_all(controls, base, {"jawOpen": 0.5 + 0.3 * np.sin(3.0 * seconds[index])})
            turn = head_turn(0.3 * np.sin(2.0 * seconds[index]), 0.1, 0.0)
            return face.replace(neck_pose=0.6 * turn, rotation=0.4 * turn)

    performance = Performance(LiveSettings(smoothing=0.0))
    performance.record()
    receiver = Receiver(performance.take, 0)
    receiver.start()
    send(list(packets(controls, Swing(), 50.0, "Take")), 50.0, receiver.address)
    deadline = time.monotonic() + 5.0
    while receiver.traffic.taken < len(seconds) and time.monotonic() < deadline:
        time.sleep(0.01)
    receiver.stop()
    recorded = performance.end_recording()
    clip = recorded.clip(head_model, FaceMap.of(controls), base, (True, True, True))
    assert clip.fps == 50.0
    assert abs(len(clip) - len(seconds)) <= 5
    times = np.arange(len(clip)) / clip.fps
    opened = JAW_OPEN_ANGLE * (0.5 + 0.3 * np.sin(3.0 * times))
    np.testing.assert_allclose(clip.jaw_pose[:, 0], opened, atol=0.05)
    np.testing.assert_allclose((clip.neck_pose + clip.rotation)[:, 1], 0.3 * np.sin(2.0 * times), atol=0.06)


def _data(number):
    from tests.live.packets import packet

    return packet(JawOpen=0.5, number=number, rate=100)


def test_the_tool_sends_an_example(capsys):
    frames = []
    receiver = Receiver(frames.append, 0)
    receiver.start()
    path = min((path for _, path in example_clips()), key=lambda path: path.stat().st_size)
    assert main([str(path), "--port", str(receiver.address[1])]) == 0
    receiver.stop()
    assert "packets were sent to 127.0.0.1" in capsys.readouterr().out
    assert len(frames) > 10


def test_the_tool_says_what_it_cannot_read(tmp_path, capsys):
    assert main([str(tmp_path / "gone.npz")]) == 1
    assert "gone.npz" in capsys.readouterr().err
