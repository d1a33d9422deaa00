"""What the Live panel says of a source."""

from __future__ import annotations

import pytest

from studio.live.settings import LiveSettings
from studio.live.telling import dropped_told, source_told
from studio.live.traffic import Traffic

UDP, WEBCAM, FILM = (LiveSettings(source=source) for source in ("udp", "webcam", "video"))


@pytest.mark.parametrize(
    ("settings", "traffic", "told"),
    [
        (UDP, Traffic(), "Waiting for the first packet on 192.0.2.7, port 11111."),
        (
            UDP,
            Traffic(rate=59.6, last=9.99, subject="Léa"),
            "Léa: 60 frames a second, the last one 10 ms ago.",
        ),
        (UDP, Traffic(rate=60.0, last=4.0, subject="Léa"), "Léa has sent nothing for 6 s."),
        (UDP, Traffic(last=9.9, subject="Léa", faceless=30), "Léa sees no face."),
        (WEBCAM, Traffic(), "The webcam is being opened…"),
        (FILM, Traffic(taken=1, ended=True), "The film is at its end, after 1 frame with a face."),
        (FILM, Traffic(problem="It broke; start again."), "It broke; start again."),
    ],
)
def test_how_it_goes(settings, traffic, told):
    assert source_told(settings, traffic, 10.0, "192.0.2.7") == told


@pytest.mark.parametrize(
    ("settings", "traffic", "told"),
    [
        (UDP, Traffic(taken=5, last=1.0), ""),
        (UDP, Traffic(malformed=1200, last=1.0), "Packets left out: 1,200 malformed."),
        (
            UDP,
            Traffic(malformed=1, ignored=2, faceless=3, last=1.0),
            "Packets left out: 1 malformed, 2 of others or late, 3 without a face.",
        ),
        (FILM, Traffic(faceless=1), "1 picture without a face."),
        (FILM, Traffic(), ""),
    ],
)
def test_what_was_left_out(settings, traffic, told):
    assert dropped_told(settings, traffic) == told


def test_a_phone_in_another_mode_is_told_what_to_do():
    assert "choose that in the app" in dropped_told(UDP, Traffic(malformed=60))
