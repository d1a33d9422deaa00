"""PortAudio as the studio uses it, played by a double: rates, delays, what is missing and what goes away."""

from __future__ import annotations

import builtins
import sys
import types

import numpy as np
import pytest

from studio.sound.card import CardError, open_card


class PortAudioError(Exception):
    pass


class Stream:
    latency, active, failing = 0.25, False, False

    def __init__(self, samplerate, channels, dtype, latency, callback):
        self.samplerate, self.callback = samplerate, callback
        self.kind = (channels, dtype, latency)
        self.calls = []

    def start(self):
        if self.failing:
            raise PortAudioError("Device unavailable")
        self.active = True

    def abort(self, ignore_errors):
        self.active = False
        self.calls.append("abort")

    def close(self, ignore_errors):
        self.calls.append("close")


def library(rates=(48_000.0,), devices=True):
    made = types.SimpleNamespace(PortAudioError=PortAudioError, OutputStream=Stream, begun=0)

    def check(channels, dtype, samplerate):
        if not devices or samplerate not in rates:
            raise PortAudioError("Invalid sample rate")

    def query(kind):
        if not devices:
            raise PortAudioError("Error querying device -1")
        return {"default_samplerate": rates[0]}

    def begin():
        made.begun += 1

    made.check_output_settings, made.query_devices = check, query
    made._terminate, made._initialize = lambda: None, begin
    return made


def times(now, heard):
    return types.SimpleNamespace(currentTime=now, outputBufferDacTime=heard)


@pytest.fixture
def use(monkeypatch):
    return lambda made: monkeypatch.setitem(sys.modules, "sounddevice", made)


def test_the_card_takes_the_rate_of_the_sound_where_it_can(use):
    made = library((48_000.0, 44_100.0))
    use(made)
    card = open_card(lambda out, delay: None, 44_100)
    assert (card.rate, made.begun) == (44_100, 1)


def test_else_its_own(use):
    use(library((48_000.0,)))
    assert open_card(lambda out, delay: None, 22_050).rate == 48_000


def test_it_tells_when_its_first_sample_is_heard(use):
    use(library())
    told = []
    card = open_card(lambda out, delay: told.append(delay), 48_000)
    block = np.empty((4, 2), np.float32)
    card._stream.callback(block, 4, times(10.0, 10.125), None)
    card._stream.callback(block, 4, times(0.0, 0.0), None)  # a system that tells no times
    assert told == [0.125, 0.25]


def test_it_starts_stops_at_once_and_says_when_it_is_gone(use):
    use(library())
    card = open_card(lambda out, delay: None, 48_000)
    card.start()
    assert card.running
    card.stop()
    card.close()
    assert (card.running, card._stream.calls) == (False, ["abort", "close"])
    card._stream.failing = True
    with pytest.raises(CardError, match="does not answer"):
        card.start()


def test_no_card_is_one_sentence(use):
    use(library(devices=False))
    with pytest.raises(CardError, match="no sound card was found"):
        open_card(lambda out, delay: None, 48_000)


def test_no_portaudio_is_one_sentence(monkeypatch):
    whole = builtins.__import__

    def without(name, *rest):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return whole(name, *rest)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CardError, match="PortAudio is missing"):
        open_card(lambda out, delay: None, 48_000)
