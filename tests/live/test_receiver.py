"""The receiver, through real sockets on this machine."""

from __future__ import annotations

import errno
import socket
import time
import tracemalloc
from itertools import count

import pytest

from studio.controls.arkit import UNITS
from studio.live import receiver as receiver_module
from studio.live.receiver import MOST_FAILURES, MOST_SENDERS, Receiver
from studio.storage.errors import StudioError
from tests.live.packets import malformed, packet

JAW = UNITS.index("jawOpen")


@pytest.fixture
def frames():
    return []


@pytest.fixture
def listening(frames):
    made = Receiver(frames.append, 0)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sender():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield made


def wait(until, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.002)


def own_address():
    """An address of this machine that is not the loopback; None where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def test_a_packet_becomes_a_frame(listening, sender, frames):
    sender.sendto(packet(JawOpen=0.75, HeadYaw=0.2), listening.address)
    wait(lambda: frames)
    assert frames[0].units[JAW] == pytest.approx(0.75)
    assert frames[0].head[1] == pytest.approx(0.2)
    assert abs(frames[0].time - time.monotonic()) < 5.0
    assert listening.traffic.subject == "Phone"


def test_it_listens_on_this_machine_alone_unless_it_is_told_otherwise(listening):
    assert listening._socket.getsockname()[0] == "127.0.0.1"
    everywhere = Receiver(lambda _: None, 0, everywhere=True)
    everywhere.start()
    try:
        assert everywhere._socket.getsockname()[0] == "0.0.0.0"
    finally:
        everywhere.stop()


def test_what_is_sent_to_another_address_of_this_machine_does_not_come(listening, sender, frames):
    address = own_address()
    if address is None:
        address = "127.0.0.2"  # a loopback address that it is not bound to
    for number in range(20):
        sender.sendto(packet(JawOpen=0.5, number=number), (address, listening.address[1]))
    sender.sendto(packet(JawOpen=0.125, number=50), listening.address)
    wait(lambda: frames)
    assert [frame.units[JAW] for frame in frames] == [pytest.approx(0.125)]


def test_malformed_packets_are_counted_and_change_nothing(listening, sender, frames):
    sender.sendto(packet(JawOpen=0.5), listening.address)
    wait(lambda: frames)
    bad = [data for seed in range(3) for data in malformed(seed)]
    for place, data in enumerate(bad):
        sender.sendto(data, listening.address)
        if place % 20 == 0:
            time.sleep(0.005)
    sender.sendto(packet(JawOpen=0.625, number=1), listening.address)
    wait(lambda: len(frames) > 1)
    assert [frame.units[JAW] for frame in frames] == [pytest.approx(0.5), pytest.approx(0.625)]
    assert listening.traffic.malformed == len(bad)
    assert listening.traffic.taken == 2


def test_one_sender_is_followed_until_it_is_silent(listening, sender, frames, monkeypatch):
    monkeypatch.setattr(receiver_module, "SILENCE", 0.3)
    began = time.monotonic()
    sender.sendto(packet(JawOpen=0.25), listening.address)
    wait(lambda: frames)
    for number in range(5):
        sender.sendto(
            packet(JawOpen=0.75, device="Other", subject="Tablet", number=number), listening.address
        )
    wait(lambda: listening.traffic.ignored == 5)
    assert len(frames) == 1
    assert listening.traffic.subjects == ("Phone", "Tablet")

    def followed():
        sender.sendto(packet(JawOpen=0.75, device="Other", subject="Tablet", number=9), listening.address)
        return len(frames) > 1

    wait(followed)
    assert time.monotonic() - began > 0.3
    assert listening.traffic.subject == "Tablet"


def test_the_subject_that_is_asked_for_is_followed_alone(listening, sender, frames):
    listening.follow("Tablet")
    sender.sendto(packet(JawOpen=0.25), listening.address)
    sender.sendto(packet(JawOpen=0.75, subject="Tablet"), listening.address)
    wait(lambda: frames)
    assert frames[0].units[JAW] == pytest.approx(0.75)
    assert listening.traffic.ignored == 1


def test_a_packet_that_was_overtaken_is_left_out(listening, sender, frames):
    for number in (10, 12, 11, 13):
        sender.sendto(packet(JawOpen=number / 100, number=number), listening.address)
    wait(lambda: len(frames) == 3)
    assert [round(100 * float(frame.units[JAW])) for frame in frames] == [10, 12, 13]


def test_a_sender_whose_clock_begins_anew_is_still_followed(listening, sender, frames):
    for number in (90_000, 3, 4):
        sender.sendto(packet(JawOpen=0.5, number=number), listening.address)
    wait(lambda: len(frames) == 3)


def test_packets_that_see_no_face_are_told_and_move_nothing(listening, sender, frames):
    sender.sendto(packet([]), listening.address)
    wait(lambda: listening.traffic.faceless == 1)
    assert frames == []


def test_a_flood_neither_grows_memory_nor_stops_the_head(listening, sender, frames):
    address, junk = listening.address, b"\x06" + bytes(300)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(1, 31):
            for _ in range(500):
                sender.sendto(junk, address)
            sender.sendto(packet(JawOpen=0.5, subject="Phone", number=number), address)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 500_000
    numbers = count(number + 1)

    def moved():
        sender.sendto(packet(JawOpen=0.875, number=next(numbers)), address)
        return frames and frames[-1].units[JAW] == pytest.approx(0.875)

    wait(moved)


def test_names_of_many_senders_are_not_kept(listening, sender):
    for number in range(40):
        sender.sendto(packet(subject=f"Phone {number}"), listening.address)
    wait(lambda: listening.traffic.taken + listening.traffic.ignored == 40)
    assert len(listening.traffic.subjects) == MOST_SENDERS


def test_a_port_in_use_is_told_in_a_sentence(listening):
    other = Receiver(lambda _: None, listening.address[1])
    with pytest.raises(StudioError, match=rf"Port {listening.address[1]} is in use .* choose another port"):
        other.start()


def test_the_port_is_free_again_after_stopping(frames):
    first = Receiver(frames.append, 0)
    first.start()
    port = first.address[1]
    first.stop()
    again = Receiver(frames.append, port)
    again.start()
    again.stop()


class Failing:
    """A socket that fails with each of ``errors``, and then says that nothing came."""

    def __init__(self, errors):
        self.errors, self.asked, self.closed = list(errors), 0, False

    def recvfrom_into(self, _):
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        time.sleep(0.01)
        raise TimeoutError

    def getsockname(self):
        return ("127.0.0.1", 11_111)

    def close(self):
        self.closed = True


@pytest.fixture
def failing(monkeypatch):
    """Makes a receiver whose socket fails with the errors given."""
    monkeypatch.setattr(receiver_module, "_FAILED_WAIT", 0.001)
    made = []

    def make(errors):
        failing = Failing(errors)
        monkeypatch.setattr(receiver_module, "_bound", lambda *_: failing)
        made.append(Receiver(lambda _: None, 0))
        made[-1].start()
        return made[-1], failing

    yield make
    for receiver in made:
        receiver.stop()


def test_a_socket_that_fails_on_and_on_is_given_up_and_told(failing):
    receiver, broken = failing([OSError(errno.ENETDOWN, "Network is down")] * 1000)
    wait(lambda: receiver.traffic.problem)
    assert receiver.traffic.problem == (
        "Port 11111 cannot be listened on any more (Network is down); stop, and start again."
    )
    time.sleep(0.05)
    assert broken.asked == MOST_FAILURES
    assert receiver.traffic.malformed == 0
    receiver.stop()
    assert broken.closed


def test_failures_that_pass_are_borne(failing):
    passing = [OSError(errno.ECONNRESET, "reset")] * (MOST_FAILURES - 1)
    receiver, socket_ = failing([*passing, TimeoutError(), *passing])
    wait(lambda: socket_.asked > 2 * MOST_FAILURES)
    assert receiver.traffic.problem == ""


def test_packets_that_are_too_long_are_malformed_and_no_failure(failing):
    count = 2 * MOST_FAILURES
    receiver, _ = failing([OSError(errno.EMSGSIZE, "longer than the buffer")] * count)
    wait(lambda: receiver.traffic.malformed == count)
    assert receiver.traffic.problem == ""
