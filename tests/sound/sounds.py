"""Sounds that tests make: sines and clicks, in every kind of file."""

from __future__ import annotations

import io
import struct

import numpy as np
import soundfile

RATE = 8000
FORMATS = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "mp3": ("MP3", None),
}


def sine(seconds=1.0, rate=RATE, hertz=220.0, channels=1, loud=0.5):
    """A sine (N, C); the second channel is half as loud."""
    times = np.arange(round(seconds * rate)) / rate
    wave = loud * np.sin(2.0 * np.pi * hertz * times)
    return np.stack([wave / (1 + channel) for channel in range(channels)], axis=1).astype(np.float32)


def noise(count, channels=1, seed=0):
    """Samples (N, C) no two of which are alike, exact in 16 bits."""
    random = np.random.default_rng(seed)
    return (random.integers(-30000, 30000, (count, channels)) / 32768.0).astype(np.float32)


def clicks(seconds, rate, times):
    """Silence with one full sample at each of ``times``."""
    wave = np.zeros((round(seconds * rate), 1), np.float32)
    wave[[round(time * rate) for time in times]] = 1.0
    return wave


def write(path, samples, rate=RATE, kind="wav", encoding=None):
    """``samples`` as a file at ``path``, which is given back."""
    form, usual = FORMATS[kind]
    soundfile.write(str(path), samples, rate, encoding or usual, format=form)
    return path


def content(samples, rate=RATE, kind="wav", encoding=None):
    """``samples`` as the bytes of a file."""
    form, usual = FORMATS[kind]
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, encoding or usual, format=form)
    return stream.getvalue()


def wav_header(rate=RATE, channels=1, size=0, bits=16):
    """A header of a wav file that may say anything; its samples come behind it."""
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * width & 0xFFFFFFFF, width & 0xFFFF, bits)
    return (
        b"RIFF"
        + struct.pack("<I", size + 36)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + (b"data" + struct.pack("<I", size))
    )
