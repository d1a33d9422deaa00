"""What a panel says of a source, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from studio.live.settings import LiveSettings
from studio.live.traffic import Traffic

_QUIET = 1.0  # seconds without anything, from which that is told

_OTHER_LAYOUT = "What comes is not what Live Link Face sends in its ARKit mode; choose that in the app."
LISTENING = {  # what each way to listen means
    False: "Only programs on this machine are heard. For a phone, listen to all machines.",
    True: "Whoever is in your network can send to this port, and nothing tells who it is. "
    "Use it where you know the others.",
}


@dataclass(frozen=True)
class LiveState:
    """What the panel shows; the same text is not drawn twice."""

    running: bool = False
    told: str = "Stopped."
    dropped: str = ""
    subjects: tuple[str, ...] = ()
    calibrating: float | None = None  # 0..1
    calibrated: bool = False
    recorded: float | None = None  # seconds; None while nothing is recorded


def source_told(settings: LiveSettings, traffic: Traffic, now: float, host: str = "") -> str:
    """How it goes.

    Args:
        settings: that the source was made by.
        traffic: what came of it.
        now: seconds on this machine's clock.
        host: the address that is sent to, where anything is.

    """
    if traffic.problem:
        return traffic.problem
    if traffic.ended:
        return f"The film is at its end, after {_counted(traffic.taken, 'frame')} with a face."
    who = {"udp": traffic.subject or "The phone", "webcam": "The webcam", "video": "The film"}[
        settings.source
    ]
    if traffic.last is None:
        if settings.source != "udp":
            return f"{who} is being opened…"
        return f"Waiting for the first packet on {host}, port {settings.port}."
    quiet = now - traffic.last
    if quiet > _QUIET:
        return f"{who} has sent nothing for {quiet:.0f} s."
    if not traffic.rate:
        return f"{who} sees no face."
    return f"{who}: {traffic.rate:.0f} frames a second, the last one {1000.0 * quiet:.0f} ms ago."


def dropped_told(settings: LiveSettings, traffic: Traffic) -> str:
    """What was not used; empty where all was."""
    if settings.source != "udp":
        return f"{_counted(traffic.faceless, 'picture')} without a face." if traffic.faceless else ""
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (traffic.malformed, "malformed"),
            (traffic.ignored, "of others or late"),
            (traffic.faceless, "without a face"),
        )
        if number
    ]
    told = f"Packets left out: {', '.join(parts)}." if parts else ""
    return f"{told} {_OTHER_LAYOUT}" if traffic.malformed and traffic.last is None else told


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
