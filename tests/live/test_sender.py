"""A clip that is sent as a phone would, and received again."""

from __future__ import annotations

import time

import numpy as np
import pytest

from studio.controls.arkit import UNITS
from studio.controls.named_controls import apply_all, control_set
from studio.flame.params import Params
from studio.live.packet import parse
from studio.live.receiver import Receiver
from studio.live.sender import packets, send, told_angles
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


def test_packets_come_at_the_rate_of_the_clip():
    frames, data = [], [_data(number) for number in range(20)]
    receiver = Receiver(frames.append, 0)
    receiver.start()
    began = time.monotonic()
    assert send(data, 100.0, receiver.address) == 20
    assert 0.15 < time.monotonic() - began < 1.0
    deadline = time.monotonic() + 5.0
    while len(frames) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    receiver.stop()
    assert len(frames) == 20


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
