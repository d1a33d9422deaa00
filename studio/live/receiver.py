"""Listens for Live Link Face on a UDP port: the newest packet of one sender wins, whatever else comes."""

from __future__ import annotations

import errno
import socket
import time
from threading import Event, Lock, Thread

from studio.live.frame import FaceFrame, Sink
from studio.live.packet import LONGEST_PACKET, Packet, parse
from studio.live.sender_clock import SenderClock
from studio.live.traffic import Rate, Traffic
from studio.storage.errors import StudioError

THIS_MACHINE, EVERYWHERE = "127.0.0.1", "0.0.0.0"
_ELSEWHERE = "192.0.2.1"  # an address for documentation, which nobody has
SILENCE = 3.0  # seconds after which another sender may be followed
MOST_SENDERS = 8  # that are remembered by name
MOST_FAILURES = 20  # of the socket in a row, after which nothing more is expected of it
_FAILED_WAIT = 0.05  # seconds after a failure
_BUFFER = 1 << 16  # bytes that wait in the socket
_BURST = 128  # packets at once, after which the thread rests
_BURST_SECONDS = 0.01  # that such a burst lasts at least: what comes faster is dropped by the system
_WAIT = 0.2  # seconds between two looks at whether to end


class Receiver:
    """A thread with a socket; frames go to ``sink`` on it.

    It follows the sender whose whole packet comes first, told by address and device, until that one is
    silent for ``SILENCE`` seconds. Memory does not grow with what comes, and neither does the time that is
    spent on it beyond some ten thousand packets a second.

    Args:
        sink: is given the frames.
        port: 1..65535; 0 takes any that is free.
        everywhere: whether other machines may send; else this machine alone can.

    """

    def __init__(self, sink: Sink, port: int, everywhere: bool = False) -> None:
        self._sink = sink
        self._asked = (EVERYWHERE if everywhere else THIS_MACHINE, port)
        self._socket: socket.socket | None = None
        self._thread: Thread | None = None
        self._ending = Event()
        self._lock = Lock()
        self._traffic = Traffic()
        self._subjects: dict[str, None] = {}
        self._locked: tuple[str, str, str] | None = None  # address, device and subject
        self._heard = 0.0  # when the followed sender sent last
        self._frame = -1.0  # on its clock
        self._clock = SenderClock()
        self._counts = dict.fromkeys(("taken", "malformed", "ignored", "faceless"), 0)
        self._arrivals = Rate()
        self._chosen = ""
        self._problem = ""

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: address and port."""
        if self._socket is None:
            return self._asked
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    @property
    def reached_at(self) -> str:
        """The address that others send to: of this machine in its network where they may."""
        return _address_in_network() if self.address[0] == EVERYWHERE else self.address[0]

    @property
    def traffic(self) -> Traffic:
        """What came so far."""
        with self._lock:
            counts = self._counts
            return Traffic(
                rate=self._arrivals.told(time.monotonic()),
                taken=counts["taken"],
                malformed=counts["malformed"],
                ignored=counts["ignored"],
                faceless=counts["faceless"],
                last=self._heard if counts["taken"] or counts["faceless"] else None,
                subject=self._locked[2] if self._locked is not None else "",
                subjects=tuple(self._subjects),
                problem=self._problem,
            )

    def follow(self, subject: str) -> None:
        """Follow this ``subject`` alone; empty for whoever sends first."""
        with self._lock:
            self._chosen, self._locked = subject, None

    def start(self) -> None:
        """Listen.

        Raises:
            StudioError: the port is taken, or not allowed.

        """
        self._socket = _bound(*self._asked)
        self._thread = Thread(target=self._listen, args=(self._socket,), name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no longer, and give the port back."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        if self._socket is not None:
            self._socket.close()

    def _listen(self, listening: socket.socket) -> None:
        buffer = bytearray(LONGEST_PACKET + 1)  # one byte more than a packet has tells a longer one
        began, count, failed = time.monotonic(), 0, 0
        while not self._ending.is_set():
            try:
                size, sender = listening.recvfrom_into(buffer)
            except TimeoutError:
                failed = 0
                continue
            except OSError as error:
                if (
                    error.errno != errno.EMSGSIZE
                ):  # Windows tells so of a packet that is longer than the buffer
                    failed += 1
                    if failed == MOST_FAILURES:
                        self._give_up(error)
                        return
                    self._ending.wait(_FAILED_WAIT)
                    continue
                size, sender = 0, ("", 0)
            failed = 0
            now = time.monotonic()
            self._hear(bytes(buffer[:size]), str(sender[0]), now)
            count += 1
            if now - began >= _BURST_SECONDS:
                began, count = now, 0
            elif count >= _BURST:
                self._ending.wait(_BURST_SECONDS)

    def _give_up(self, error: OSError) -> None:
        reason = error.strerror or str(error) or type(error).__name__
        with self._lock:
            self._problem = (
                f"Port {self.address[1]} cannot be listened on any more ({reason}); stop, and start again."
            )

    def _hear(self, data: bytes, address: str, now: float) -> None:
        packet = parse(data)
        with self._lock:
            kind = "malformed" if packet is None else self._kind(packet, address, now)
            self._counts[kind] += 1
        if kind == "taken" and packet is not None and packet.units is not None and packet.head is not None:
            seen = self._clock.time(packet.frame / packet.rate, now)
            self._sink(FaceFrame(seen, packet.units, packet.head))

    def _kind(self, packet: Packet, address: str, now: float) -> str:
        """What a whole packet counts as."""
        if len(self._subjects) < MOST_SENDERS:
            self._subjects[packet.subject] = None
        sender = address, packet.device, packet.subject
        if self._locked is None or (sender != self._locked and now - self._heard > SILENCE):
            if self._chosen and packet.subject != self._chosen:
                return "ignored"
            self._locked, self._frame, self._clock = sender, -1.0, SenderClock()
        if sender != self._locked:
            return "ignored"
        self._heard = now
        late = 0.0 < self._frame - packet.frame < packet.rate  # a clock that is set back by more begins anew
        if late:
            return "ignored"
        self._frame = packet.frame
        if packet.units is None:
            return "faceless"
        self._arrivals.add(now)
        return "taken"


def _address_in_network() -> str:
    """The address of this machine in the network that it goes out by; the loopback where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_ELSEWHERE, 9))  # a datagram socket sends nothing when it connects
        except OSError:
            return THIS_MACHINE
        return str(probe.getsockname()[0])


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        made.settimeout(_WAIT)
        made.bind((host, port))
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise StudioError(
                f"Port {port} is in use by another program; close that one, or choose another port here "
                "and in the app that sends."
            ) from error
        if error.errno == errno.EACCES:
            raise StudioError(f"Port {port} may not be used here; choose one above 1023.") from error
        raise StudioError(f"Port {port} cannot be listened on ({error}); choose another one.") from error
    return made
