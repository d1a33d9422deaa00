"""A sound at another rate, which a sound card asks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.sound.reading import Samples
from studio.sound.store import IN_MEMORY, SampleStore
from studio.storage.errors import JobCancelled

_BLOCK = 1 << 16  # samples at a time


def resampled(
    samples: Samples,
    rate: float,
    wanted: float,
    cancelled: Callable[[], bool] = bool,
    in_memory: int = IN_MEMORY,
) -> Samples:
    """``samples`` (N, C) of ``rate`` at the rate ``wanted``, read-only; themselves where that is the same.

    Raises:
        JobCancelled: it was asked to stop.
        StudioError: there is no room for a long sound.

    """
    if rate == wanted:
        return samples
    import soxr  # not at start

    stream = soxr.ResampleStream(rate, wanted, samples.shape[1], dtype="float32", quality="HQ")
    store = SampleStore(in_memory)
    try:
        for begin in range(0, len(samples), _BLOCK):
            if cancelled():
                raise JobCancelled
            block = np.ascontiguousarray(samples[begin : begin + _BLOCK])
            made = stream.resample_chunk(block, last=begin + _BLOCK >= len(samples))
            store.add(np.ascontiguousarray(made, np.float32))
        return store.samples()
    finally:
        store.close()
