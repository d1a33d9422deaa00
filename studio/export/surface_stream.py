"""The surfaces of a clip one by one, for files that hold every frame."""

from __future__ import annotations

from collections.abc import Iterator

from studio.backends.base import FRAMES_AT_A_TIME, Backend, Surface
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.stream import FrameSource


def surfaces_of(
    backend: Backend, frames: FrameSource, progress: Report, cancelled: Cancelled
) -> Iterator[Surface]:
    """The surface of each of ``frames``, with normals, as it is needed; a few hundred are in memory at once.

    The arrays are used again: what is kept beyond a step must be copied.

    Raises:
        JobCancelled: it was asked to stop.
        StudioError: a frame cannot be read, or the device failed.

    """
    done, count = 0, len(frames)
    batches = (block.batch() for block in frames.blocks(FRAMES_AT_A_TIME))
    for surfaces in backend.stream(batches, normals=True):
        assert surfaces.normals is not None
        for frame in range(len(surfaces)):
            check(cancelled)
            yield Surface(
                surfaces.vertices[frame],
                surfaces.normals[frame],
                surfaces.landmarks[frame],
                surfaces.joints[frame],
                int(surfaces.contour_row[frame]),
            )
            done += 1
            progress(Progress(done, count, "Writing frames"))
