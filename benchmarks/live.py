"""A head that follows a performer: what a frame costs on the way to it, and what a flood of junk costs."""

from __future__ import annotations

import socket
import time

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from studio.controls.named_controls import control_set
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.live.face_map import FaceMap
from studio.live.frame import FaceFrame
from studio.live.packet import build, parse
from studio.live.performance import Performance
from studio.live.receiver import Receiver
from studio.live.settings import LiveSettings

PART = "Live"
FRAME = 0.3  # milliseconds from a packet to parameters
COUNT = 500
FLOOD_SECONDS = 1.0


def measure() -> list[Measure]:
    """Medians on the open head, and the share of a processor that a flood takes."""
    random = np.random.default_rng(0)
    data = [
        build("A", "Phone", n, 60, random.random(52), random.normal(0.0, 0.2, 9)) for n in range(COUNT + 10)
    ]
    model = load_open_head()
    faces, base = FaceMap.of(control_set(model)), Params.neutral(model)
    performance = Performance(LiveSettings(mirrored=True))

    def follow(number: int) -> None:
        packet = parse(data[number])
        assert packet is not None
        assert packet.units is not None
        assert packet.head is not None
        performance.take(FaceFrame(number / 60.0, packet.units, packet.head))
        moment = performance.newest
        assert moment is not None
        faces.params(base, moment.units, moment.head, (True, True, True))

    whole = median_milliseconds(follow, COUNT)
    alone = median_milliseconds(lambda number: parse(data[number]), COUNT)
    return [
        Measure(PART, "a packet to parameters, smoothed", whole, FRAME),
        Measure(PART, "reading a packet", alone),
        _flood(),
    ]


def _flood() -> Measure:
    """The time that the receiver takes of each second while junk comes as fast as one thread sends it."""
    receiver = Receiver(lambda _: None, 0)
    receiver.start()
    junk, sent = b"\x06" + bytes(300), 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sender, whole = time.thread_time(), time.process_time()
        deadline = time.monotonic() + FLOOD_SECONDS
        while time.monotonic() < deadline:
            sending.sendto(junk, receiver.address)
            sent += 1
        taken = (time.process_time() - whole) - (time.thread_time() - sender)
    receiver.stop()
    return Measure(PART, "the receiver in a second of junk", 1000.0 * taken, 100.0, f"{sent:,} packets sent")
