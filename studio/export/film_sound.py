"""Films with the sound of their frames."""

from __future__ import annotations

from dataclasses import replace

from studio.export.film import FilmJob
from studio.sequence.rates import exact_rate
from studio.sound.mixdown import Mixdown, SoundSource


def with_sound(job: FilmJob, source: SoundSource | None) -> FilmJob:
    """``job`` with what is heard of ``source`` from its first frame to its last; as it is without one."""
    if source is None:
        return job
    seconds = float(job.count / exact_rate(job.rate))
    return replace(job, sound=Mixdown(source, job.first / job.clip.fps, seconds))
