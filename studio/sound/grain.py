"""What is heard of a sound where the time cursor is dragged to: a short grain of it."""

from __future__ import annotations

import numpy as np

from studio.sound.reading import Samples

SECONDS = 0.06
SPACING = 0.03  # seconds between the beginnings of two grains: half of one fades in as the other fades out


def grain(samples: Samples, rate: float, seconds: float, gain: float) -> Samples:
    """The grain (n, 2) that begins at ``seconds`` of the sound, with the ends of Hann's window.

    Silent where the sound has not begun or has ended.
    """
    count = max(round(SECONDS * rate), 1)
    begin = round(seconds * rate)
    out = np.zeros((count, 2), np.float32)
    part = samples[max(begin, 0) : max(begin + count, 0)]
    lead = max(-begin, 0)
    out[lead : lead + len(part)] = part[: max(count - lead, 0)]
    return out * (np.hanning(count)[:, None] * gain).astype(np.float32)
