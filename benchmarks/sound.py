"""What sound costs: reading and drawing it, and each block that the card asks for."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from studio.document.media import Media
from studio.sequence.playback import Course
from studio.sound.grain import grain
from studio.sound.programme import Programme
from studio.sound.reading import Samples
from studio.sound.sound import Sound, load_sound

PART = "Sound"
RATE = 48_000
SECONDS = 300.0
BLOCK = 1024  # samples, which last 21 ms


def measure() -> list[Measure]:
    """Five minutes of stereo at 48 kHz."""
    import soundfile

    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (round(SECONDS * RATE), 2)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "noise.wav")
        soundfile.write(str(path), samples, RATE, "PCM_16")
        sounds: list[Sound] = []
        reading = median_milliseconds(lambda _: sounds.append(load_sound(Media(str(path)))), 2, 0)
    sound = sounds[-1]
    return [
        Measure(PART, "five minutes of stereo read, with peaks", reading, note="on a thread of its own"),
        Measure(PART, "1024 samples handed to the card", _handed(sound, 1.0), 1.0, "last 21 ms"),
        Measure(PART, "the same at half speed", _handed(sound, 0.5), 2.0),
        Measure(PART, "a grain while scrubbing", _grain(sound), 1.0),
        Measure(PART, "peaks for 2000 columns, all of it", _drawn(sound, SECONDS), 2.0),
        Measure(PART, "the same, one second of it", _drawn(sound, 1.0), 4.0),
    ]


def _handed(sound: Sound, speed: float) -> float:
    course = Course(0.0, 30.0, speed, 0, 8999, True)
    programme = Programme(course, sound.samples, RATE, 0.25, 0.8)
    out: Samples = np.empty((BLOCK, 2), np.float32)
    return median_milliseconds(lambda index: programme.fill(out, index * BLOCK), 200)


def _grain(sound: Sound) -> float:
    return median_milliseconds(lambda index: grain(sound.samples, RATE, index * 0.5, 0.8))


def _drawn(sound: Sound, seconds: float) -> float:
    edges = np.linspace(0.0, seconds, 2001)
    return median_milliseconds(lambda _: sound.swing(edges))
